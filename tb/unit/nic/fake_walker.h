// A walker that walks nothing: it notes what it is told and is full when the test says so.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/nic/walker.h"

namespace vctoe::nic {

struct FakeWalker : Walker {
  using Page = std::pair<std::uint16_t, std::uint64_t>;

  bool walk(const WalkRequest& request) override {
    if (room == 0) return false;
    --room;
    walks.push_back(request.txn);
    return true;
  }
  void fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame) override {
    filled.push_back({{asid, page}, frame});
  }
  void fill_failed(std::uint16_t asid, std::uint64_t page) override {
    failed.push_back({asid, page});
  }
  void invalidate(std::uint16_t, std::uint64_t) override {}
  void cancel(std::uint32_t connection) override { cancelled.push_back(connection); }
  std::size_t busy() const override { return 0; }

  std::size_t room = ~std::size_t{0};  ///< walks that it will still take
  std::vector<sim::TxnId> walks;
  std::vector<std::pair<Page, std::uint64_t>> filled;  ///< page, frame
  std::vector<Page> failed;
  std::vector<std::uint32_t> cancelled;
};

}  // namespace vctoe::nic
