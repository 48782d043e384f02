// The timeline of a run, reduced to what a picture of it can show.
#pragma once

#include <cstddef>
#include <string>

namespace vctoe::report {

/// From timeline.json (docs/outputs.md) to
///   {"lanes": [{"host", "lane", "rows"}], "names": [..], "start": us, "end": us, "total": n,
///    "merged_below": us,
///    "slices": [lane, row, from, length, name, count, txn, ...], "marks": [lane, time, name, ...]}
/// with times in microseconds of simulated time; `start` is the first post. Above `budget` slices,
/// neighbours in a row with a gap below `merged_below` are one, named after what lasted longest in
/// it; segments that were sent again stay alone. Throws sim::Error(kUser) when the text is no
/// timeline; `name` is what it is called in that message.
std::string lanes(const std::string& text, const std::string& name, std::size_t budget);

}  // namespace vctoe::report
