#include "service/hub/recent.h"

#include <algorithm>
#include <functional>

namespace hotclock::hub {
namespace {

std::size_t number_of(std::string_view room) { return std::hash<std::string_view>()(room); }

// Calls `each` for every room of such a list; once with "" for everybody.
template <class Each>
void for_each_room(std::string_view rooms, Each each) {
  for (;;) {
    const std::size_t end = std::min(rooms.find(' '), rooms.size());
    each(rooms.substr(0, end));
    if (end == rooms.size()) return;
    rooms.remove_prefix(end + 1);
  }
}

}  // namespace

void Recent::add(std::int64_t id, Instant at, std::string_view rooms) {
  if (blocks_.empty()) blocks_.emplace_back();
  for_each_room(rooms, [&](std::string_view room) { add_to(number_of(room), id); });
  blocks_.back().newest = id;
  blocks_.back().newest_at = std::max(blocks_.back().newest_at, at);
  if (blocks_.back().entries.size() >= small) close_last();
  while (size_ > most_ && blocks_.size() > 1) forget_oldest();
}

void Recent::add_to(std::size_t room, std::int64_t id) {
  blocks_.back().entries.push_back({room, id});
  ++size_;
}

// Small blocks of the same size become one, so that there are few to look into.
void Recent::close_last() {
  Block& last = blocks_.back();
  std::ranges::sort(last.entries);
  if (blocks_.size() > 1) {
    Block& before = blocks_[blocks_.size() - 2];
    if (before.entries.size() + last.entries.size() <= large) {
      const auto middle = static_cast<std::ptrdiff_t>(before.entries.size());
      before.entries.insert(before.entries.end(), last.entries.begin(), last.entries.end());
      std::inplace_merge(before.entries.begin(), before.entries.begin() + middle,
                         before.entries.end());
      before.newest = last.newest;
      before.newest_at = std::max(before.newest_at, last.newest_at);
      blocks_.pop_back();
    }
  }
  blocks_.emplace_back();
}

void Recent::forget_oldest() {
  size_ -= blocks_.front().entries.size();
  complete_after_ = std::max(complete_after_, blocks_.front().newest);
  complete_since_ = std::max(complete_since_, blocks_.front().newest_at);
  blocks_.pop_front();
}

void Recent::forget_before(Instant time) {
  while (blocks_.size() > 1 && blocks_.front().newest_at < time) forget_oldest();
}

std::vector<std::int64_t> Recent::find(std::int64_t after,
                                       std::span<const std::string> rooms) const {
  std::vector<std::size_t> numbers{number_of("")};
  for (const std::string& room : rooms) numbers.push_back(number_of(room));
  std::vector<std::int64_t> found;
  for (const Block& block : blocks_) {
    if (block.newest <= after) continue;
    const bool sorted = &block != &blocks_.back();
    for (const std::size_t room : numbers) {
      const auto from = sorted ? std::ranges::upper_bound(block.entries, Entry{room, after})
                               : block.entries.begin();
      for (auto entry = from; entry != block.entries.end(); ++entry) {
        if (sorted && entry->room != room) break;
        if (entry->room == room && entry->id > after) found.push_back(entry->id);
      }
    }
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace hotclock::hub
