// The options that can be combined, with what each of their values sets.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sw/scenario/params.h"
#include "tb/support/pairwise.h"

namespace vctoe::scenario {

struct OptionValue {
  std::string name;
  std::function<void(ScenarioParams&)> apply;
};
struct Option {
  std::string name;
  std::vector<OptionValue> values;
};

/// Every alternative of docs/alternatives. The first option is the scheme, whose value's name is
/// the scheme's and which is not applied.
const std::vector<Option>& options();
/// False for pairs of values that the program refuses.
bool can_be_run(const test::Row& row);
/// Rows that hold every pair.
std::vector<test::Row> pairwise_rows();
ScenarioParams params_of(const test::Row& row);
/// "scheme=fig3 unpin=sent ...".
std::string name_of(const test::Row& row);

}  // namespace vctoe::scenario
