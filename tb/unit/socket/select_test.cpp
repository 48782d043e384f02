// The transport for programs that wait for none of their connections.
#include "models/nic/toe/stack_types.h"
#include "tb/unit/socket/rig.h"

namespace vctoe::socket {
namespace {

using nic::CompletionKind;
using nic::SubmitOp;
using test::kProcess;
using test::kRemote;
using test::SocketRig;

/// A listener that lasts, with memory for `backlog` of three ids.
struct ListeningRig : SocketRig {
  void listen(std::uint32_t backlog) {
    SelectTransport::ListenOptions options;
    options.backlog = backlog;
    options.at_once = 3;
    options.changed = [this] { ++changes; };
    EXPECT_EQ(transport.listen(kProcess, 80, options), Status::kOk);
    first = nic.submitted(SubmitOp::kListen)->connection;
  }
  /// A peer connects and gets the `index`-th id of the listener.
  void peer(std::uint32_t index) {
    nic::CompletionEntry accepted;
    accepted.kind = CompletionKind::kAccepted;
    accepted.connection = first + index;
    accepted.ip = 7;
    accepted.port = static_cast<std::uint16_t>(100 + index);
    nic.complete(accepted);
    settle();
  }
  /// Ids that were given receive memory, in order.
  std::vector<std::uint32_t> armed() const {
    std::vector<std::uint32_t> ids;
    for (const auto& e : nic.submissions) {
      if (e.op == SubmitOp::kReceive) ids.push_back(e.connection - first);
    }
    return ids;
  }
  std::uint32_t first = 0;
  int changes = 0;
};

using Ids = std::vector<std::uint32_t>;

TEST(Select, AListenerUsesItsIdsAgain) {
  ListeningRig rig;
  rig.program([&] {
    rig.listen(2);
    EXPECT_EQ(rig.nic.submitted(SubmitOp::kListen)->length, 3U);
    EXPECT_EQ(rig.armed(), (Ids{0, 1})) << "as many as the backlog says";
    EXPECT_EQ(rig.transport.take(kProcess, 80), nullptr);
    rig.peer(0);
    EXPECT_EQ(rig.changes, 1);
    SocketObject* s = rig.transport.take(kProcess, 80);
    ASSERT_NE(s, nullptr);
    EXPECT_EQ(s->remote_port, 100);
    EXPECT_EQ(rig.transport.take(kProcess, 80), nullptr);
    EXPECT_EQ(rig.transport.refill(kProcess, 80), Status::kOk);
    EXPECT_EQ(rig.armed(), (Ids{0, 1, 2}));
    rig.peer(1);
    ASSERT_NE(rig.transport.take(kProcess, 80), nullptr);
    EXPECT_EQ(rig.transport.refill(kProcess, 80), Status::kOk);
    EXPECT_EQ(rig.armed(), (Ids{0, 1, 2})) << "all ids are in use";
    rig.transport.close(kProcess, *s);
    rig.transport.forget(kProcess, *s);
    rig.nic.complete(CompletionKind::kClosed, rig.first);
    rig.settle();
    EXPECT_EQ(rig.transport.refill(kProcess, 80), Status::kOk);
    EXPECT_EQ(rig.armed(), (Ids{0, 1, 2, 0}));
    rig.peer(0);
    EXPECT_NE(rig.transport.take(kProcess, 80), nullptr) << "a connection of an id used before";
  });
  rig.run();
}

TEST(Select, AnEndedListenerGivesItsMemoryBack) {
  ListeningRig rig;
  rig.program([&] {
    rig.listen(2);
    EXPECT_EQ(rig.transport.unlisten(kProcess, 80), Status::kOk);
    const nic::SubmitEntry& e = *rig.nic.submitted(SubmitOp::kUnlisten);
    EXPECT_EQ(e.connection, rig.first);
    EXPECT_EQ(e.length, 3U);
    for (const std::uint32_t i : {0U, 1U}) rig.nic.complete(CompletionKind::kClosed, rig.first + i);
    rig.settle();
    EXPECT_EQ(rig.transport.refill(kProcess, 80), Status::kWrongObject);
    SelectTransport::ListenOptions again;
    again.at_once = 3;
    EXPECT_EQ(rig.transport.listen(kProcess, 80, again), Status::kOk);
    EXPECT_EQ(rig.nic.submitted(SubmitOp::kListen)->connection, rig.first) << "the same ids";
  });
  rig.run();
}

TEST(Select, TheEndSaysWhy) {
  const std::pair<toe::CloseReason, Status> kEnds[] = {
      {toe::CloseReason::kReset, Status::kReset},
      {toe::CloseReason::kRefused, Status::kRefused},
      {toe::CloseReason::kTimedOut, Status::kTimedOut},
      {toe::CloseReason::kUnreachable, Status::kUnreachable}};
  SocketRig rig;
  rig.program([&] {
    for (const auto& [reason, status] : kEnds) {
      SocketObject* s = rig.transport.open(kProcess, kRemote, {});
      ASSERT_NE(s, nullptr);
      EXPECT_FALSE(rig.transport.ready(kProcess, *s).gone);
      rig.nic.complete(CompletionKind::kReset, rig.transport.connection_of(*s), 0,
                       static_cast<std::uint64_t>(reason));
      rig.settle();
      const Readiness ready = rig.transport.ready(kProcess, *s);
      EXPECT_TRUE(ready.gone);
      EXPECT_EQ(ready.end, status);
      rig.transport.forget(kProcess, *s);
    }
  });
  rig.run();
}

TEST(Select, OptionsGoToTheNic) {
  SocketRig rig;
  rig.program([&] {
    SocketObject* s = rig.transport.open(kProcess, kRemote, {5555, 4096, 700});
    ASSERT_NE(s, nullptr);
    EXPECT_EQ(rig.nic.submitted(SubmitOp::kConnect)->local_port, 5555);
    EXPECT_EQ(rig.nic.submitted(SubmitOp::kConnect)->length, 700U);
    EXPECT_EQ(rig.nic.submitted(SubmitOp::kReceive)->length, 4096U);
    EXPECT_EQ(rig.transport.open(kProcess, kRemote, {5555, 0, 0}), nullptr) << "taken";
    rig.transport.set_option(kProcess, *s, SelectTransport::Option::kNagle, 0);
    const nic::SubmitEntry& e = *rig.nic.submitted(SubmitOp::kOption);
    EXPECT_EQ(static_cast<nic::Option>(e.flags), nic::Option::kNagle);
    EXPECT_EQ(e.length, 0U);
    rig.transport.close(kProcess, *s);
    EXPECT_EQ(rig.nic.submitted(SubmitOp::kRelease)->length, 0U) << "bytes that were read";
  });
  rig.run();
}

TEST(Select, WhatIsUrgentAndWhatIsAdvisedIsTold) {
  SocketRig rig;
  rig.program([&] {
    SocketObject* s = rig.transport.open(kProcess, kRemote, {});
    ASSERT_NE(s, nullptr);
    const auto id = rig.transport.connection_of(*s);
    rig.nic.complete(CompletionKind::kAdvice, id, 0,
                     static_cast<std::uint64_t>(toe::Advice::kRetransmissions));
    rig.settle();
    EXPECT_EQ(rig.transport.ready(kProcess, *s).advices, 1U);
    EXPECT_EQ(rig.transport.ready(kProcess, *s).advice, toe::Advice::kRetransmissions);
    rig.nic.complete(CompletionKind::kUrgent, id, 0, 400);
    rig.settle();
    EXPECT_EQ(rig.transport.ready(kProcess, *s).urgent, 0U) << "of a connection that is not open";
    rig.nic.complete(CompletionKind::kEstablished, id, 0, 1000);
    rig.nic.complete(CompletionKind::kUrgent, id, 0, 400);
    rig.settle();
    EXPECT_EQ(rig.transport.ready(kProcess, *s).urgent, 400U);
    int told = 0;
    rig.transport.on_change(kProcess, *s, [&told] { ++told; });
    rig.nic.complete(CompletionKind::kAdvice, id, 0,
                     static_cast<std::uint64_t>(toe::Advice::kUnreachable));
    rig.settle();
    EXPECT_EQ(told, 1);
    const Readiness ready = rig.transport.ready(kProcess, *s);
    EXPECT_EQ(ready.advices, 2U);
    EXPECT_EQ(ready.advice, toe::Advice::kUnreachable);
    EXPECT_FALSE(ready.gone);
    rig.transport.close(kProcess, *s);
  });
  rig.run();
}

}  // namespace
}  // namespace vctoe::socket
