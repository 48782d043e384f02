#include "tb/cosim/page_book.h"

#include <algorithm>

namespace vctoe::cosim {
namespace {

std::string text(const PageName& page) {
  return fmt::format("asid={:x} page={:x}", page.first, page.second);
}

}  // namespace

const PageBook::Entry* PageBook::find(const PageName& page) const {
  const auto found = pages_.find(page);
  return found == pages_.end() ? nullptr : &found->second;
}

void PageBook::requested(const PageName& page, std::uint32_t connection, bool doubtful) {
  if (const Entry* e = find(page)) {
    throw Failure("node: a page is asked for that is " +
                  std::string(e->valid ? "held" : "being asked for already") + ": " + text(page));
  }
  if (pages_.size() >= entries_) {
    throw Failure("node: more pages than there are translations",
                  fmt::format("at most {}", entries_), text(page));
  }
  pages_[page].users.insert(connection);
  pages_[page].doubtful = doubtful;
}

void PageBook::answered(const PageName& page, std::uint64_t frame, bool failed) {
  Entry& e = pages_.at(page);
  if (failed) {
    pages_.erase(page);
    return;
  }
  e.valid = true;
  e.frame = frame;
  frames_[frame] = page;
}

void PageBook::released(const PageName& page, const std::uint32_t* leaving, bool invalidating) {
  const Entry* e = find(page);
  if (e == nullptr || !e->valid) {
    throw Failure("release: a page that is not held: " + text(page));
  }
  if (e->fetches > 0) throw Failure("release: a page under a fetch: " + text(page));
  const bool left = std::all_of(e->users.begin(), e->users.end(), [&](std::uint32_t user) {
    return leaving != nullptr && *leaving == user;
  });
  if (!e->invalid && !e->doubtful && !left && !invalidating) ++evictions_;
  frames_.erase(e->frame);
  pages_.erase(page);
}

PageName PageBook::fetched(std::uint64_t address, std::uint32_t connection) {
  const auto found = frames_.find(address / 4096);
  if (found == frames_.end()) {
    throw Failure(fmt::format("fetch: address {:x} is in no page that is held", address));
  }
  Entry& e = pages_.at(found->second);
  ++e.fetches;
  e.users.insert(connection);
  return found->second;
}

void PageBook::completed(const PageName& page) {
  --pages_.at(page).fetches;
}

void PageBook::invalidated(const PageName& page) {
  const auto found = pages_.find(page);
  if (found != pages_.end() && found->second.valid) found->second.invalid = true;
}

void PageBook::cancelled(std::uint32_t connection) {
  for (auto& [page, entry] : pages_) entry.users.erase(connection);
}

void PageBook::check_rest() const {
  for (const auto& [page, e] : pages_) {
    if (!e.valid) throw Failure("node: not answered at rest: " + text(page));
    if (e.invalid) throw Failure("release: missing after an invalidation: " + text(page));
    if (e.users.empty()) throw Failure("release: missing after the last cancel: " + text(page));
  }
}

bool PageBook::asked(const PageName& page) const {
  const Entry* e = find(page);
  return e != nullptr && !e->valid;
}
bool PageBook::held(const PageName& page) const {
  const Entry* e = find(page);
  return e != nullptr && e->valid;
}
bool PageBook::stale(const PageName& page) const {
  const Entry* e = find(page);
  return e != nullptr && e->invalid;
}
bool PageBook::under_fetch(const PageName& page) const {
  const Entry* e = find(page);
  return e != nullptr && e->fetches > 0;
}
std::size_t PageBook::sharers(const PageName& page) const {
  const Entry* e = find(page);
  return e == nullptr ? 0 : e->users.size();
}

}  // namespace vctoe::cosim
