// A DMA engine without PCIe: host memory is a vector, requests are done when the test says so.
#pragma once

#include <cstring>
#include <deque>
#include <vector>

#include "models/nic/dma.h"

namespace vctoe::nic {

class FakeDma : public DmaPort {
 public:
  explicit FakeDma(std::size_t bytes) : memory(bytes) {}

  void submit(const DmaRequest& request) override {
    Pending p{request, {request.sg, request.sg + request.count}};
    queue_.push_back(std::move(p));
  }
  std::size_t pending() const override { return queue_.size(); }

  /// Performs the oldest request.
  void finish_one(bool ok = true) {
    const Pending p = std::move(queue_.front());
    queue_.pop_front();
    std::uint8_t* data = p.request.data;
    for (const SgElement& e : p.sg) {
      if (p.request.purpose == pcie::Purpose::kInterrupt) {
        ++interrupts;
        continue;
      }
      std::uint8_t* host = memory.data() + e.address;
      std::memcpy(p.request.write ? host : data, p.request.write ? data : host, e.length);
      data += e.length;
    }
    if (p.request.client != nullptr) p.request.client->dma_done(p.request.cookie, ok);
  }
  void finish_all() {
    while (!queue_.empty()) finish_one();
  }
  const DmaRequest& front() const { return queue_.front().request; }

  std::vector<std::uint8_t> memory;
  int interrupts = 0;

 private:
  struct Pending {
    DmaRequest request;
    std::vector<SgElement> sg;
  };
  std::deque<Pending> queue_;
};

}  // namespace vctoe::nic
