#include "sw/cli/progress.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace vctoe::cli {

namespace {
constexpr std::chrono::seconds kQuiet{2};
constexpr std::chrono::milliseconds kBetween{200};
constexpr std::size_t kBarWidth = 24;
}  // namespace

Progress::Progress(std::vector<std::string> names) : names_(std::move(names)) {}

Progress::~Progress() {
  if (visible_) std::fputs("\r\033[K", stderr);
}

std::string Progress::line(const std::vector<double>& fractions, double elapsed_s) const {
  double sum = 0;
  std::string running;
  for (std::size_t i = 0; i < fractions.size(); ++i) {
    const double f = std::clamp(fractions[i], 0.0, 1.0);
    sum += f;
    if (f > 0 && f < 1) running += " " + names_[i];
  }
  const double part = fractions.empty() ? 1 : sum / static_cast<double>(fractions.size());
  const auto full = static_cast<std::size_t>(part * kBarWidth);
  std::array<char, 64> tail{};
  std::snprintf(tail.data(), tail.size(), "] %3.0f %%", std::floor(part * 100));
  std::string out = "[" + std::string(full, '#') + std::string(kBarWidth - full, '.') + tail.data();
  if (part > 0.02 && part < 1) {
    std::snprintf(tail.data(), tail.size(), "  %.0f s left ", elapsed_s * (1 - part) / part);
    out += tail.data();
  }
  return out + running;
}

void Progress::update(const std::vector<double>& fractions) {
  const auto now = Clock::now();
  if (now - start_ < kQuiet || now - drawn_ < kBetween) return;
  drawn_ = now;
  visible_ = true;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  std::fprintf(stderr, "\r%s\033[K", line(fractions, elapsed).c_str());
}

}  // namespace vctoe::cli
