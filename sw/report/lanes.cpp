#include "sw/report/lanes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "models/sim/error.h"

namespace vctoe::report {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kRowsOfLane = 1000;      ///< threads of a lane, see sw/scenario/outputs_timeline.h
constexpr std::size_t kMarks = 2'000;  ///< instants
constexpr double kFirstGap = 0.01;     ///< us

struct Slice {
  double from = 0, length = 0;
  int name = 0;
  std::size_t count = 1;
  std::uint64_t txn = 0;
  double longest = 0;  ///< of those that are in it
};

struct Mark {
  int lane;
  double at;
  int name;
};

class Reducer {
 public:
  void read_event(const Json& event);
  void sort();
  void fit(std::size_t budget);
  Json json() const;

 private:
  using Place = std::pair<int, int>;  ///< host, thread

  int name_of(const std::string& text) {
    const auto [at, fresh] = codes_.try_emplace(text, static_cast<int>(names_.size()));
    if (fresh) names_.push_back(text);
    return at->second;
  }
  std::vector<Slice> merged(const std::vector<Slice>& row, double gap) const;
  bool stays_alone(const Slice& s) const {
    return names_[static_cast<std::size_t>(s.name)] == "RETX";
  }
  std::size_t lane_index(const Place& place) const;

  std::map<int, std::string> hosts_;
  std::map<Place, std::string> lanes_;  ///< the thread is that of its first row
  std::map<Place, std::vector<Slice>> rows_;
  std::map<Place, std::size_t> row_counts_;
  std::vector<std::pair<Place, Mark>> marks_;
  std::map<std::string, int> codes_;
  std::vector<std::string> names_;
  std::size_t total_ = 0;
  double merged_below_ = 0, start_ = -1, end_ = 0;
};

bool is_marked(const std::string& name) {
  // What tells a story; hundreds of other instants lie under slices that show the same.
  for (const char* part : {"timeout", "rto", "drop", "retransmit"}) {
    if (name.find(part) != std::string::npos) return true;
  }
  return false;
}

void Reducer::read_event(const Json& event) {
  const std::string& kind = event.at("ph").get_ref<const std::string&>();
  const Place place{event.at("pid").get<int>(), event.at("tid").get<int>()};
  const Place lane{place.first, place.second / kRowsOfLane * kRowsOfLane};
  const std::string& name = event.at("name").get_ref<const std::string&>();
  if (kind == "M") {
    if (name == "process_name") hosts_[place.first] = event.at("args").at("name");
    if (name == "thread_name" && place == lane) lanes_[lane] = event.at("args").at("name");
  } else if (kind == "X") {
    Slice slice{event.at("ts"), event.at("dur"), name_of(name), 1, 0, event.at("dur")};
    if (event.contains("args")) slice.txn = event.at("args").value("txn", std::uint64_t{0});
    if (start_ < 0 && name == "post") start_ = slice.from;
    end_ = std::max(end_, slice.from + slice.length);
    rows_[place].push_back(slice);
    ++total_;
  } else if (kind == "i" && marks_.size() < kMarks && is_marked(name)) {
    marks_.push_back({lane, {0, event.at("ts"), name_of(name)}});
  }
}

void Reducer::sort() {
  for (auto& [place, row] : rows_) {
    std::stable_sort(row.begin(), row.end(),
                     [](const Slice& a, const Slice& b) { return a.from < b.from; });
    std::size_t& rows = row_counts_[{place.first, place.second / kRowsOfLane * kRowsOfLane}];
    rows = std::max(rows, static_cast<std::size_t>(place.second % kRowsOfLane) + 1);
  }
}

std::vector<Slice> Reducer::merged(const std::vector<Slice>& row, double gap) const {
  std::vector<Slice> out;
  for (const Slice& s : row) {
    Slice* last = out.empty() ? nullptr : &out.back();
    const bool near = last != nullptr && s.from - last->from - last->length < gap;
    if (!near || stays_alone(s) || stays_alone(*last)) {
      out.push_back(s);
      continue;
    }
    if (s.longest > last->longest) {
      last->longest = s.longest;
      last->name = s.name;
    }
    last->length = std::max(last->length, s.from + s.length - last->from);
    last->count += s.count;
    if (last->txn != s.txn) last->txn = 0;
  }
  return out;
}

void Reducer::fit(std::size_t budget) {
  std::size_t n = total_;
  for (double gap = kFirstGap; n > budget && gap < end_; gap *= 2) {
    n = 0;
    for (auto& [place, row] : rows_) {
      row = merged(row, gap);
      n += row.size();
    }
    merged_below_ = gap;
  }
}

std::size_t Reducer::lane_index(const Place& place) const {
  return static_cast<std::size_t>(std::distance(lanes_.begin(), lanes_.find(place)));
}

double nanoseconds(double us) {
  return std::round(us * 1e3) / 1e3;
}

Json Reducer::json() const {
  Json lanes = Json::array(), slices = Json::array(), marks = Json::array();
  for (const auto& [place, name] : lanes_) {
    const auto host = hosts_.find(place.first);
    const auto rows = row_counts_.find(place);
    lanes.push_back({{"host", host == hosts_.end() ? "" : host->second},
                     {"lane", name},
                     {"rows", rows == row_counts_.end() ? 0 : rows->second}});
  }
  for (const auto& [place, row] : rows_) {
    const Place lane{place.first, place.second / kRowsOfLane * kRowsOfLane};
    if (lanes_.find(lane) == lanes_.end()) continue;
    for (const Slice& s : row) {
      slices.push_back(lane_index(lane));
      slices.push_back(place.second % kRowsOfLane);
      slices.push_back(nanoseconds(s.from));
      slices.push_back(nanoseconds(s.length));
      slices.push_back(s.name);
      slices.push_back(s.count);
      slices.push_back(s.txn);
    }
  }
  for (const auto& [place, mark] : marks_) {
    if (lanes_.find(place) == lanes_.end()) continue;
    marks.push_back(lane_index(place));
    marks.push_back(nanoseconds(mark.at));
    marks.push_back(mark.name);
  }
  return {{"lanes", std::move(lanes)},
          {"names", names_},
          {"start", std::max(start_, 0.0)},
          {"end", end_},
          {"total", total_},
          {"merged_below", merged_below_},
          {"slices", std::move(slices)},
          {"marks", std::move(marks)}};
}

}  // namespace

std::string lanes(const std::string& text, const std::string& name, std::size_t budget) {
  try {
    Reducer reducer;
    // An event is forgotten once it is read: a timeline of a minute has millions of them.
    const auto take = [&](int depth, Json::parse_event_t kind, Json& event) {
      if (depth != 2 || kind != Json::parse_event_t::object_end) return true;
      reducer.read_event(event);
      return false;
    };
    Json::parse(text, take).at("traceEvents");
    reducer.sort();
    reducer.fit(budget);
    return reducer.json().dump(-1, ' ', false, Json::error_handler_t::replace);
  } catch (const Json::exception&) {
    sim::user_error(name + " is no timeline of a run");
  }
}

}  // namespace vctoe::report
