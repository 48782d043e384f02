#include "sw/sweep/spread.h"

#include <algorithm>
#include <cmath>

#include "models/sim/random.h"

namespace vctoe::sweep {

namespace {

long double at(const Span& span, long double part) {
  if (span.logarithmic) return span.low * std::pow(span.high / span.low, part);
  return span.low + (span.high - span.low) * part;
}

void add_new(std::vector<std::string>& texts, std::string text) {
  if (texts.empty() || texts.back() != text) texts.push_back(std::move(text));
}

}  // namespace

std::vector<std::string> spaced(const Design& design, const sim::ParamField& field,
                                const Span& span, std::uint64_t count) {
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto part = static_cast<long double>(i) / static_cast<long double>(count - 1);
    add_new(texts, design.text_of(field, i + 1 == count ? span.high : at(span, part)));
  }
  return texts;
}

std::vector<std::string> stepped(const Design& design, const sim::ParamField& field,
                                 const Span& span, long double step) {
  std::vector<std::string> texts;
  // A step of 0.1 reaches 1.0 although ten of them do not quite.
  const long double end = span.high + step * 1e-9L;
  for (std::uint64_t i = 0;; ++i) {
    const long double value = span.low + static_cast<long double>(i) * step;
    if (value > end) break;
    add_new(texts, design.text_of(field, std::min(value, span.high)));
  }
  return texts;
}

std::string drawn(const Design& design, const sim::ParamField& field, const Span& span, double u) {
  if (std::holds_alternative<std::uint64_t*>(field.ref)) {
    // Whole numbers stand for the unit interval above them, so that the ends are as likely.
    const Span widened{span.low, span.high + 1, span.logarithmic};
    return design.text_of(field, std::min(std::floor(at(widened, u)), span.high));
  }
  return design.text_of(field, at(span, u));
}

std::vector<double> draws(std::uint64_t seed, const std::string& name, std::uint64_t count,
                          bool stratified) {
  sim::Rng rng(seed, "sweep " + name);
  std::vector<double> out(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const double u = rng.uniform();
    out[i] = stratified ? (static_cast<double>(i) + u) / static_cast<double>(count) : u;
  }
  if (stratified) {
    for (std::uint64_t i = count; i > 1; --i) std::swap(out[i - 1], out[rng.below(i)]);
  }
  return out;
}

}  // namespace vctoe::sweep
