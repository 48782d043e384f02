#include "tb/support/pairwise.h"

#include <utility>

namespace vctoe::test {

namespace {

/// Which pairs are still in no row.
class Missing {
 public:
  Missing(const std::vector<std::size_t>& counts, const Legal& legal) : counts_(counts) {
    first_.push_back(0);
    for (const std::size_t n : counts) first_.push_back(first_.back() + n);
    open_.assign(first_.back() * first_.back(), false);
    Row row(counts.size(), kOpen);
    for (std::size_t a = 0; a < counts.size(); ++a) {
      for (std::size_t b = a + 1; b < counts.size(); ++b) {
        for (row[a] = 0; row[a] < counts[a]; ++row[a]) {
          for (row[b] = 0; row[b] < counts[b]; ++row[b]) {
            if (legal(row)) at(a, row[a], b, row[b]) = true, ++left_;
          }
        }
        row[a] = row[b] = kOpen;
      }
    }
  }

  bool any() const { return left_ > 0; }
  /// Of two options a < b.
  bool is(std::size_t a, std::size_t x, std::size_t b, std::size_t y) {
    return a < b ? at(a, x, b, y) : at(b, y, a, x);
  }
  /// Pairs of (option, value) with what the row has that are missing.
  std::size_t gain(const Row& row, std::size_t option, std::size_t value) {
    std::size_t n = 0;
    for (std::size_t o = 0; o < row.size(); ++o) {
      if (o != option && row[o] != kOpen && is(o, row[o], option, value)) ++n;
    }
    return n;
  }
  /// Puts the first missing pair into a row.
  void first(Row& row) {
    for (std::size_t a = 0; a < row.size(); ++a) {
      for (std::size_t b = a + 1; b < row.size(); ++b) {
        for (std::size_t x = 0; x < counts_[a]; ++x) {
          for (std::size_t y = 0; y < counts_[b]; ++y) {
            if (!at(a, x, b, y)) continue;
            row[a] = x;
            row[b] = y;
            return;
          }
        }
      }
    }
  }
  void remove(const Row& row) {
    for (std::size_t a = 0; a < row.size(); ++a) {
      for (std::size_t b = a + 1; b < row.size(); ++b) {
        auto bit = at(a, row[a], b, row[b]);
        left_ -= bit ? 1 : 0;
        bit = false;
      }
    }
  }

 private:
  std::vector<bool>::reference at(std::size_t a, std::size_t x, std::size_t b, std::size_t y) {
    return open_[(first_[a] + x) * first_.back() + first_[b] + y];
  }
  const std::vector<std::size_t>& counts_;
  std::vector<std::size_t> first_;
  std::vector<bool> open_;
  std::size_t left_ = 0;
};

void choose(Row& row, std::size_t option, std::size_t count, Missing& missing, const Legal& legal) {
  std::size_t best = kOpen;
  std::size_t most = 0;
  for (std::size_t value = 0; value < count; ++value) {
    row[option] = value;
    if (!legal(row)) continue;
    const std::size_t gain = missing.gain(row, option, value);
    if (best == kOpen || gain > most) best = value, most = gain;
  }
  row[option] = best;
}

}  // namespace

std::vector<Row> all_pairs(const std::vector<std::size_t>& counts, const Legal& legal) {
  Missing missing(counts, legal);
  std::vector<Row> rows;
  while (missing.any()) {
    Row row(counts.size(), kOpen);
    missing.first(row);
    for (std::size_t o = 0; o < counts.size(); ++o) {
      if (row[o] == kOpen) choose(row, o, counts[o], missing, legal);
    }
    missing.remove(row);
    rows.push_back(row);
  }
  return rows;
}

}  // namespace vctoe::test
