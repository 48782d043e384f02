#include "sw/scenario/config_toml.h"

namespace vctoe::config {

Location locate(const std::string& file, const toml::source_region& at) {
  Location where{file, at.begin.line, at.begin.column, 1};
  if (at.end.line == at.begin.line && at.end.column > at.begin.column) {
    where.length = at.end.column - at.begin.column;
  } else if (at.end.line > at.begin.line) {
    where.length = 1000;  // cut to the line by the report
  }
  return where;
}

Value value_of_node(const toml::node& node) {
  if (const auto* i = node.as_integer()) return i->get();
  if (const auto* d = node.as_floating_point()) return d->get();
  if (const auto* b = node.as_boolean()) return b->get();
  if (const auto* s = node.as_string()) return s->get();
  if (node.is_array()) return Other{"a list"};
  if (node.is_table()) return Other{"a table"};
  return Other{"a date or time of day"};
}

}  // namespace vctoe::config
