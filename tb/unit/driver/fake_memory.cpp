#include "tb/unit/driver/fake_memory.h"

#include <algorithm>

namespace vctoe::driver::test {

void FakeMemory::map(kernel::Asid asid, std::uint64_t va, std::uint64_t bytes) {
  for (std::uint64_t p = va / kPage; p <= (va + bytes - 1) / kPage; ++p) pages_[{asid, p}];
}

void FakeMemory::load(std::uint64_t physical, void* to, std::uint64_t length) const {
  const std::uint64_t low = physical % (std::uint64_t{1} << 40);
  peek(static_cast<kernel::Asid>(physical >> 40), low / (2 * kPage) * kPage + low % kPage, to,
       length);
}

kernel::PinResult FakeMemory::resolve_and_pin(kernel::Asid asid, std::uint64_t va,
                                              std::uint64_t length, kernel::PinOwner owner,
                                              sim::Why, sim::TxnId) {
  const std::string who(sim::enum_name(owner));
  if (pin_time != sim::Time::zero()) sim::wait(pin_time);
  kernel::PinResult result;
  if (!mapped(asid, va, length)) return result;
  result.status = kernel::PinStatus::kOk;
  result.token = ++last_token_;
  Held held{owner, {}};
  for (std::uint64_t at = va; at < va + length;) {
    const std::uint64_t n = std::min(va + length - at, kPage - at % kPage);
    result.sg.push_back({physical(asid, at), static_cast<std::uint32_t>(n)});
    held.pages.push_back({asid, at / kPage});
    ++pages_[{asid, at / kPage}].pins;
    at += n;
  }
  held_[result.token] = held;
  ++pins[owner];
  log_.lines.push_back("pin " + who);
  return result;
}

kernel::PinResult FakeMemory::resolve_and_pin_by_page(kernel::Asid asid, std::uint64_t va,
                                                      std::uint64_t length, kernel::PinOwner owner,
                                                      sim::Why why, sim::TxnId txn,
                                                      kernel::PinProgress& progress) {
  kernel::PinResult result = resolve_and_pin(asid, va, length, owner, why, txn);
  while (result.sg.size() > 1) {
    progress.pinned({result.sg.front()});
    result.sg.erase(result.sg.begin());
  }
  return result;
}

kernel::PinToken FakeMemory::hold_driver_memory(std::uint64_t, std::uint64_t,
                                                kernel::PinOwner owner, sim::Why, sim::TxnId) {
  held_[++last_token_] = {owner, {}};
  ++pins[owner];
  return last_token_;
}

void FakeMemory::unpin(kernel::PinToken token) {
  sim::wait(sim::Time::from_ns(15));
  const auto it = held_.find(token);
  ASSERT_NE(it, held_.end()) << "token unpinned twice";
  for (const auto& page : it->second.pages) --pages_[page].pins;
  --pins[it->second.owner];
  log_.lines.push_back("unpin " + std::string(sim::enum_name(it->second.owner)));
  held_.erase(it);
}

bool FakeMemory::make_resident(kernel::Asid asid, std::uint64_t va, std::uint64_t length) {
  if (!mapped(asid, va, length)) return false;
  log_.lines.emplace_back("resident");
  return true;
}

bool FakeMemory::write(kernel::Asid asid, std::uint64_t va, const void* from,
                       std::uint64_t length) {
  if (!mapped(asid, va, length)) return false;
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  for (std::uint64_t i = 0; i < length; ++i) written_[{asid, va + i}] = bytes[i];
  ++writes;
  return true;
}

bool FakeMemory::read(kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t length) {
  if (!mapped(asid, va, length)) return false;
  peek(asid, va, to, length);
  return true;
}

void FakeMemory::peek(kernel::Asid asid, std::uint64_t va, void* to, std::uint64_t length) const {
  auto* out = static_cast<std::uint8_t*>(to);
  for (std::uint64_t i = 0; i < length; ++i) {
    const auto it = written_.find({asid, va + i});
    out[i] = it == written_.end() ? byte(va + i) : it->second;
  }
}

std::uint32_t FakeMemory::pins_of(kernel::Asid asid, std::uint64_t va) const {
  const auto it = pages_.find({asid, va / kPage});
  return it == pages_.end() ? 0 : it->second.pins;
}

std::vector<nic::ContextRecord> FakeMemory::list(kernel::Asid asid, std::uint64_t head) const {
  std::vector<nic::ContextRecord> records;
  while (head != 0 && records.size() < 100'000) {
    records.emplace_back();
    peek(asid, head, &records.back(), sizeof(nic::ContextRecord));
    head = records.back().next;
  }
  return records;
}

bool FakeMemory::mapped(kernel::Asid asid, std::uint64_t va, std::uint64_t length) const {
  for (std::uint64_t p = va / kPage; p <= (va + length - 1) / kPage; ++p) {
    if (pages_.count({asid, p}) == 0) return false;
  }
  return length != 0;
}

}  // namespace vctoe::driver::test
