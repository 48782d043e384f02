#include "models/nic/record_reader.h"

#include <algorithm>

#include "models/pcie/tlp_extension.h"
#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::nic {
namespace {

bool same(const RecordKey& a, const RecordKey& b) {
  return a.address == b.address && a.connection == b.connection && a.asid == b.asid &&
         a.sequence == b.sequence;
}

}  // namespace

RecordReader::RecordReader(const WalkerParams& params, WalkerStats& stats, RecordCache& cache,
                           WalkOutbox& outbox, ReadListener& listener)
    : params_(params),
      stats_(stats),
      cache_(cache),
      listener_(listener),
      translations_(params.translation_cache, stats, outbox),
      tags_(params.tags) {
  for (unsigned i = static_cast<unsigned>(params.tags); i > 0; --i) free_.push_back(i - 1);
}

void RecordReader::read(const Want& want) {
  if (Tag* const tag = find(want.key)) {
    join(*tag, want);
    return;
  }
  if (begin(want, true, 0)) return;
  waiting_.push_back(want);
  listener_.read_waits(
      want.walk, free_.empty() ? WalkerStall::kWaitingFetch : WalkerStall::kWaitingTranslation);
}

/// A prefetch of the record is under way: the walk waits for that.
void RecordReader::join(Tag& tag, const Want& want) {
  tag.demand = true;
  tag.want = want;
  listener_.read_waits(want.walk, tag.state == State::kFetching ? WalkerStall::kWaitingFetch
                                                                : WalkerStall::kWaitingTranslation);
}

/// False when no tag or no translation entry is free.
bool RecordReader::begin(const Want& want, bool demand, std::uint64_t ahead) {
  if (free_.empty()) return false;
  const auto use = translations_.acquire(want.key.connection, want.key.asid,
                                         node_page(want.key.address), !demand);
  if (use.answer == TranslationCache::Answer::kBusy) return false;
  Tag& tag = tags_[free_.back()];
  free_.pop_back();
  tag.state = State::kTranslating;
  tag.demand = demand;
  tag.dead = tag.stale = false;
  tag.ahead = ahead;
  tag.entry = use.entry;
  tag.want = want;
  if (use.answer == TranslationCache::Answer::kHit) {
    send(tag);
  } else if (demand) {
    listener_.read_waits(want.walk, WalkerStall::kWaitingTranslation);
  }
  return true;
}

void RecordReader::send(Tag& tag) {
  tag.state = State::kFetching;
  const RecordKey& key = tag.want.key;
  tlm::tlm_generic_payload& gp = payloads_.get();
  const std::uint64_t address =
      translations_.frame(tag.entry) + (key.address - node_page(key.address));
  sim::set_access(gp, tlm::TLM_READ_COMMAND, address, &tag.data, sizeof tag.data);
  auto& tlp = pcie::TlpExtension::of(gp);
  tlp.txn = tag.want.txn;
  tlp.connection = key.connection;
  tlp.asid = key.asid;
  tlp.purpose = pcie::Purpose::kContext;
  auto* ext = gp.get_extension<RecordFetch>();
  if (ext == nullptr) gp.set_extension(ext = new RecordFetch);
  ext->tag = static_cast<std::size_t>(&tag - tags_.data());
  ext->sequence = key.sequence;
  ++stats_.records_fetched;
  if (!tag.demand) ++stats_.records_prefetched;
  if (tag.demand) listener_.read_waits(tag.want.walk, WalkerStall::kWaitingFetch);
  const sim::Time at = sim::max(tag.want.at, sim::now());
  listener_.send_fetch(gp, at + params_.clock * params_.translate_cycles);
}

void RecordReader::completed(tlm::tlm_generic_payload& gp, sim::Time at) {
  Tag& tag = tags_[gp.get_extension<RecordFetch>()->tag];
  const bool ok = gp.is_response_ok();
  gp.release();
  sim::ensure(tag.state == State::kFetching, "walker: completion of a fetch that is not out");
  Tag done = tag;
  if (ok) spell_out(done.data, done.want.key.address, done.want.key.sequence, done.want.shape);
  free(tag);
  translations_.release(done.entry);
  if (!ok) ++stats_.fetch_errors;
  if (!done.dead) settle(done, ok, at);
  retry();
}

bool RecordReader::demanded(const tlm::tlm_generic_payload& gp) const {
  const Tag& tag = tags_[gp.get_extension<RecordFetch>()->tag];
  return tag.demand && !tag.dead;
}

bool RecordReader::demanded(std::uint16_t asid, std::uint64_t page) const {
  return std::any_of(tags_.begin(), tags_.end(), [&](const Tag& t) {
    return t.state == State::kTranslating && t.demand && t.want.key.asid == asid &&
           node_page(t.want.key.address) == page;
  });
}

void RecordReader::settle(const Tag& tag, bool ok, sim::Time at) {
  if (tag.stale) {
    if (!tag.demand) return;
    waiting_.push_back(tag.want);  // once more, with the new translation
    listener_.read_waits(tag.want.walk, WalkerStall::kWaitingTranslation);
    return;
  }
  // One that does not begin where it should may belong to another list by now, whose size and links
  // would be spelled out otherwise.
  if (ok && tag.data.starting_sequence == tag.want.key.sequence) {
    cache_.insert(tag.want.key, tag.data);
  }
  if (tag.demand) {
    if (ok) {
      listener_.record_read(tag.want.walk, tag.data, at);
    } else {
      listener_.read_failed(tag.want.walk, Fault::kBadCompletion);
    }
  } else if (ok) {
    chase(tag.want, tag.data, tag.ahead);
  }
}

/// Follows the links through what is cached until something has to be fetched, or is on its way.
void RecordReader::chase(Want want, ContextRecord record, std::uint64_t depth) {
  for (; depth > 0; --depth) {
    if (record.next == 0 || record.next % sizeof(ContextRecord) != 0) return;
    want.key.address = record.next;
    want.key.sequence += record.data_size;
    const ContextRecord* const cached = cache_.peek(want.key);
    if (cached != nullptr) {
      record = *cached;
    } else if (Tag* const tag = find(want.key)) {
      tag->ahead = std::max(tag->ahead, depth - 1);
      return;
    } else {
      begin_ahead(want, depth - 1);
      return;
    }
  }
}

/// Walks go first: each that can be in progress always finds a tag.
void RecordReader::begin_ahead(const Want& want, std::uint64_t ahead) {
  const auto spare =
      static_cast<std::uint64_t>(std::count_if(tags_.begin(), tags_.end(), [](const Tag& t) {
        return t.state != State::kFree && !t.demand;
      }));
  if (!waiting_.empty() || spare + params_.engines + params_.parked >= params_.tags) return;
  begin(want, false, ahead);
}

RecordReader::Tag* RecordReader::find(const RecordKey& key) {
  if (reading() == 0) return nullptr;
  const auto found = std::find_if(tags_.begin(), tags_.end(), [&](const Tag& t) {
    return t.state != State::kFree && !t.dead && !t.demand && same(t.want.key, key);
  });
  return found == tags_.end() ? nullptr : &*found;
}

void RecordReader::free(Tag& tag) {
  tag.state = State::kFree;
  free_.push_back(static_cast<unsigned>(&tag - tags_.data()));
}

/// Tags or entries may have become free. Each that waits gets its chance, in order; one that still
/// has to wait does not stop those behind it.
void RecordReader::retry() {
  const auto served = [this](const Want& want) { return begin(want, true, 0); };
  waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), served), waiting_.end());
}

void RecordReader::fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame) {
  const std::size_t entry = translations_.fill(asid, page, frame);
  for (Tag& tag : tags_) {
    if (tag.state != State::kTranslating || tag.entry != entry) continue;
    translations_.hold(entry);
    send(tag);
  }
  translations_.release(entry);
  retry();
}

void RecordReader::fill_failed(std::uint16_t asid, std::uint64_t page) {
  const std::size_t entry = translations_.fail(asid, page);
  for (Tag& tag : tags_) {
    if (tag.state != State::kTranslating || tag.entry != entry) continue;
    free(tag);
    if (tag.demand) listener_.read_failed(tag.want.walk, Fault::kUnresolvable);
  }
  retry();
}

void RecordReader::invalidate(std::uint16_t asid, std::uint64_t page) {
  const std::size_t entry = translations_.invalidate(asid, page);
  for (Tag& tag : tags_) {
    if (tag.state == State::kFetching && tag.entry == entry) tag.stale = true;
  }
  retry();
}

void RecordReader::cancel(std::uint32_t connection) {
  for (Tag& tag : tags_) {
    if (tag.state == State::kFree || tag.want.key.connection != connection) continue;
    tag.dead = true;
    if (tag.state == State::kTranslating) free(tag);
  }
  const auto its = [&](const Want& want) { return want.key.connection == connection; };
  waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), its), waiting_.end());
  translations_.forget(connection);
  retry();
}

}  // namespace vctoe::nic
