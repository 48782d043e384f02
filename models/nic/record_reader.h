// Reads context records: translation, tagged fetches, prefetch.
#pragma once

#include <limits>
#include <tlm>
#include <vector>

#include "models/nic/record_cache.h"
#include "models/nic/translation_cache.h"
#include "models/nic/walk_outbox.h"
#include "models/sim/payload_pool.h"

namespace vctoe::nic {

/// The walker, as its reader sees it. Walks are named by their index.
class ReadListener {
 public:
  virtual ~ReadListener() = default;
  /// The record is there at `at` (not before now).
  virtual void record_read(unsigned walk, const ContextRecord& record, sim::Time at) = 0;
  virtual void read_failed(unsigned walk, Fault code) = 0;
  /// What the read waits for now: kWaitingFetch or kWaitingTranslation.
  virtual void read_waits(unsigned walk, WalkerStall why) = 0;
  /// Puts a read of host memory on its way at `at`; completed() answers it.
  virtual void send_fetch(tlm::tlm_generic_payload& gp, sim::Time at) = 0;
};

/// What a fetch is for, set when it is sent and changed by nobody.
struct RecordFetch : tlm::tlm_extension<RecordFetch> {
  std::size_t tag = 0;
  std::uint32_t sequence = 0;  ///< that the record must begin at
  tlm::tlm_extension_base* clone() const override { return new RecordFetch(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    *this = static_cast<const RecordFetch&>(other);
  }
};

/// A tag is taken from the wish for a record until its fetch has completed, or until the host could
/// not identify its page. A cancelled fetch keeps its tag and its page until it has completed.
class RecordReader {
 public:
  /// A walk's need of a record, not in the cache.
  struct Want {
    RecordKey key;
    unsigned walk = 0;
    sim::TxnId txn = 0;  ///< for traces
    sim::Time at;        ///< not before this time
    ListShape shape;     ///< of the record's list
  };

  RecordReader(const WalkerParams& params, WalkerStats& stats, RecordCache& cache,
               WalkOutbox& outbox, ReadListener& listener);

  /// Answers, later, with record_read() or read_failed(); a walk has one read at a time.
  void read(const Want& want);
  /// Reads up to params.prefetch records that follow `record`, which lies at want.key, into the
  /// cache. Gives up without a word where that would need what walks need.
  void read_ahead(const Want& want, const ContextRecord& record) {
    chase(want, record, params_.prefetch);
  }

  void fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame);
  void fill_failed(std::uint16_t asid, std::uint64_t page);
  void invalidate(std::uint16_t asid, std::uint64_t page);
  /// Ends the reads of a connection and drops its share in the translations.
  void cancel(std::uint32_t connection);
  /// A fetch is back.
  void completed(tlm::tlm_generic_payload& gp, sim::Time at);

  /// True if a walk waits for this fetch, which is out.
  bool demanded(const tlm::tlm_generic_payload& gp) const;
  bool demanded(std::uint16_t asid, std::uint64_t page) const;

  /// Tags in use.
  std::size_t reading() const { return tags_.size() - free_.size(); }
  const TranslationCache& translations() const { return translations_; }

 private:
  enum class State : std::uint8_t { kFree, kTranslating, kFetching };
  struct Tag {
    State state = State::kFree;
    bool demand = false;      ///< a walk waits for it
    bool dead = false;        ///< cancelled
    bool stale = false;       ///< its page was invalidated: what comes back is void
    std::uint64_t ahead = 0;  ///< records to read after it
    std::size_t entry = 0;    ///< of the translation
    Want want;
    ContextRecord data;
  };

  bool begin(const Want& want, bool demand, std::uint64_t ahead);
  void chase(Want want, ContextRecord record, std::uint64_t depth);
  void begin_ahead(const Want& want, std::uint64_t ahead);
  Tag* find(const RecordKey& key);
  void join(Tag& tag, const Want& want);
  void send(Tag& tag);
  void free(Tag& tag);
  void settle(const Tag& tag, bool ok, sim::Time at);
  void retry();

  const WalkerParams& params_;
  WalkerStats& stats_;
  RecordCache& cache_;
  ReadListener& listener_;
  TranslationCache translations_;
  sim::PayloadPool payloads_;
  std::vector<Tag> tags_;       ///< never resized: payloads point into it
  std::vector<unsigned> free_;  ///< indices
  std::vector<Want> waiting_;   ///< for a tag or a translation entry, in order
};

}  // namespace vctoe::nic
