#include "tb/unit/driver/fake_nic.h"

namespace vctoe::driver::test {

std::vector<nic::SgElement> FakeNic::sg(std::uint64_t address, std::uint32_t count) const {
  std::vector<nic::SgElement> list(count);
  host_.load(address, list.data(), count * sizeof(nic::SgElement));
  return list;
}

std::vector<nic::SgElement> FakeNic::sg(const nic::ReplyEntry& r) const {
  if (r.count <= nic::kInlineSg) return {r.inline_sg, r.inline_sg + r.count};
  return sg(r.sg_address, r.count);
}

const nic::ReplyEntry* FakeNic::reply_to(sim::TxnId txn) const {
  for (const auto& r : replies) {
    if (r.txn == txn) return &r;
  }
  return nullptr;
}

const nic::SubmitEntry* FakeNic::submitted(nic::SubmitOp op) const {
  for (auto it = submissions.rbegin(); it != submissions.rend(); ++it) {
    if (it->op == op) return &*it;
  }
  return nullptr;
}

void FakeNic::write(nic::Register r, std::uint64_t v) {
  using nic::Register;
  registers_[r] = v;
  switch (r) {
    case Register::kSubmitBase:
      submit_.base = v;
      break;
    case Register::kSubmitSize:
      submit_.size = v;
      break;
    case Register::kReplyBase:
      reply_.base = v;
      break;
    case Register::kReplySize:
      reply_.size = v;
      break;
    case Register::kRequestBase:
      request_.base = v;
      break;
    case Register::kRequestSize:
      request_.size = v;
      break;
    case Register::kCompletionBase:
      completion_.base = v;
      break;
    case Register::kCompletionSize:
      completion_.size = v;
      break;
    case Register::kRequestHead:
      EXPECT_LE(v, request_.tail);
      request_.head = v;
      break;
    case Register::kCompletionHead:
      EXPECT_LE(v, completion_.tail);
      completion_.head = v;
      break;
    case Register::kSubmitTail:
      submit_.tail = v;
      EXPECT_LE(submit_.tail - submit_.head, submit_.size) << "submit ring overrun";
      if (!asleep) take(submit_, submissions, on_submit);
      break;
    case Register::kReplyTail:
      reply_.tail = v;
      EXPECT_LE(reply_.tail - reply_.head, reply_.size) << "reply ring overrun";
      log_.lines.emplace_back("reply");
      if (!asleep) take(reply_, replies, on_reply);
      break;
    case Register::kReceiveConsumed:
      consumed.push_back(v);
      break;
    default:
      break;
  }
}

std::uint64_t FakeNic::read(nic::Register r) const {
  if (r == nic::Register::kSubmitHead) return submit_.head;
  if (r == nic::Register::kReplyHead) return reply_.head;
  return r == nic::Register::kIdentity ? nic::kIdentityValue : 0;
}

void FakeNic::wake() {
  asleep = false;
  take(submit_, submissions, on_submit);
  take(reply_, replies, on_reply);
}

}  // namespace vctoe::driver::test
