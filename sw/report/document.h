// What a report shows, as one JSON document. Everything is computed here or comes from the
// analysis; the page only draws, filters and forms means over the points that are left.
#pragma once

#include <string>
#include <vector>

#include "sw/sweep/table.h"

namespace vctoe::report {

constexpr int kDocumentVersion = 1;

/// A run of which more than its figures is kept.
struct Kept {
  std::size_t point = 0;
  std::string timeline;  ///< JSON of lanes.h; empty: none
  std::string series;    ///< JSON of kept.h; empty: none
};

/// A parameter that the program has.
struct Setting {
  std::string path;
  std::string text;      ///< that of the base
  std::string standard;  ///< its default
  std::string doc;       ///< what it is
  /// Another parameter brings a value for it along, so a command line has to name it always.
  bool brought_along = false;
};

struct Source {
  std::string kind;  ///< "sweep" or "run"
  sweep::Table table;
  std::vector<Setting> settings;     ///< every parameter but `schemes` and `seed`
  std::vector<std::string> command;  ///< first words of what runs a point again
  std::string next_unit;             ///< one_more.json; may be empty
  std::vector<Kept> kept;
};

/// Deterministic: no time of day, no real time, no folder. Figures are rounded to 9 digits.
std::string document(const Source& source);

}  // namespace vctoe::report
