// A stimulus: lists in host memory, what is asked for and when, and how the neighbours behave.
// Everything that happens follows from it, so that it can be run again and cut down.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tb/cosim/pins.h"
#include "tb/cosim/reference.h"

namespace vctoe::cosim {

struct ListRecord {
  std::uint64_t address = 0;  ///< virtual
  RawRecord raw;
  bool broken = false;  ///< reads of it come back with an error, always
};

struct ListSpec {
  std::uint32_t connection = 0, asid = 0;
  std::uint64_t head = 0;
  std::uint32_t first_sequence = 0, block_size = 0, end_sequence = 0;
  std::vector<ListRecord> records;
  bool later = false;  ///< comes into memory by kInstall only
};

enum class OpKind : std::uint8_t {
  kWalk,
  kCancel,      ///< of `list`'s connection
  kInvalidate,  ///< the page of record `record` of `list`; with `rewrite` once the list is idle
  kInstall,     ///< `list` comes into memory, once its connection is idle
  kDrain,       ///< waits until everything is over
  kReset
};

/// An operation waits for its moment, but not for ever. Its connection is that of its list.
enum class When : std::uint8_t {
  kNow,
  kQueued,        ///< a walk of the connection is in the request queue or just behind it
  kFetchStalled,  ///< one of its fetches is offered and not taken
  kFetchOut,      ///< one of its fetches is out
  kPageAsked,     ///< the host has been asked for one of its pages
  kOutStalled,    ///< one of its outputs is offered and not taken
  kBlock,         ///< a block of it has left and its walk is not over
  kReadAhead,     ///< no walk of it is in progress, and a prefetch is out
  kCount
};
const char* when_name(When when);

struct Op {
  OpKind kind = OpKind::kWalk;
  std::uint32_t list = 0;
  std::uint32_t gap = 0;  ///< cycles after the operation before
  When when = When::kNow;
  std::uint32_t txn = 0, sequence = 0, length = 0, retransmit = 0;  ///< kWalk
  std::uint32_t record = 0;                                         ///< kInvalidate
  bool rewrite = false;  ///< kCancel, kInvalidate: then the contents are others
};

/// How a side of a stream behaves.
enum class Pattern : std::uint8_t { kAlways, kRandom, kBursts, kLazy, kRare, kCount };
const char* pattern_name(Pattern p);

enum class Order : std::uint8_t { kInOrder, kRandom, kNewestFirst, kCount };
const char* order_name(Order order);

struct Traffic {
  Pattern walk{}, fill{}, invalidate{}, cancel{}, completion{}, fetch{}, out{};
  Order order = Order::kInOrder;
  std::uint32_t memory_min = 1, memory_max = 1;        ///< cycles from fetch to completion
  std::uint32_t host_min = 1, host_max = 1;            ///< from the request to the answer
  std::uint32_t error_permille = 0, fail_permille = 0; /**< of reads and answers, by chance */
  bool gate_clock = false;                             ///< it stops while the walker is quiet
  std::uint64_t seed = 0;
};

struct Scenario {
  std::string name;
  Set set = Set::kSmall;
  std::uint64_t seed = 0;  ///< of the registers before reset
  WalkerConfig config;
  Traffic traffic;
  std::vector<ListSpec> lists;
  std::set<std::pair<std::uint32_t, std::uint64_t>> bad_pages;  ///< the host cannot identify them
  std::vector<Op> ops;
};

/// Operations that ask something of the walker.
std::size_t requests(const Scenario& scenario);
/// All of it, as text for people.
std::string text_of(const Scenario& scenario);

}  // namespace vctoe::cosim
