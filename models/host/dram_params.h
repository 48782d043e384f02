// Parameters of the main memory.
#pragma once

#include <cstdint>

#include "models/sim/params.h"

namespace vctoe::host {

/// Which bank an address belongs to. With kXor the low bits of the row are mixed into the bank, so
/// that power-of-two strides do not fall on one bank.
enum class BankMapping : std::uint8_t { kPlain, kXor };
/// Whether a row stays open after an access.
enum class PagePolicy : std::uint8_t { kOpen, kClosed };

/// One 64-bit DDR4-2400 channel (JESD79-4; figures of calibration table 5). Times in clock cycles.
struct DramParams {
  sim::Bytes size = sim::Bytes::mib(64);
  double data_rate_mts = 2400;
  std::uint64_t banks = 16;
  sim::Bytes row = sim::Bytes::kib(8);
  BankMapping mapping = BankMapping::kXor;
  PagePolicy page_policy = PagePolicy::kOpen;
  std::uint64_t cl = 16;
  std::uint64_t rcd = 16;
  std::uint64_t rp = 16;
  std::uint64_t ras = 39;
  std::uint64_t rc = 55;
  std::uint64_t rtp = 12;
  std::uint64_t wr = 18;
  std::uint64_t faw = 26;
  std::uint64_t rfc = 312;
  std::uint64_t refi = 9360;
  void declare(sim::ParamList& list);
};

}  // namespace vctoe::host

template <>
struct vctoe::sim::EnumNames<vctoe::host::BankMapping> {
  static constexpr std::string_view kNames[] = {"plain", "xor"};
};
template <>
struct vctoe::sim::EnumNames<vctoe::host::PagePolicy> {
  static constexpr std::string_view kNames[] = {"open", "closed"};
};
