// What analysis and comparison say, as tables for readers.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sw/sweep/table.h"

namespace vctoe::cli {

/// The document of sweep::insights().
std::string insight_tables(const sweep::Table& table, const nlohmann::ordered_json& document);

/// The document of sweep::compare().
std::string compare_tables(const sweep::Table& a, const sweep::Table& b,
                           const nlohmann::ordered_json& document);

}  // namespace vctoe::cli
