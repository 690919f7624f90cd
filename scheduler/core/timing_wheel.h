// A queue of instants that costs nearly the same however many wait in it. The next seventy minutes
// lie in buckets of a second, in no order; only the bucket whose turn has come is put in order. What
// lies further off waits in a heap until the wheel comes near it.
//
// After G. Varghese and T. Lauck, "Hashed and hierarchical timing wheels" (1987).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "scheduler/base/time.h"
#include "scheduler/core/wide_heap.h"

namespace hotclock {

// `Node` has an Instant `next`, and `operator<` orders by it. Threads: one at a time.
template <class Node>
class TimingWheel {
 public:
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  // The earliest.  REQUIRES: !empty().
  const Node& top() const { return near_.top(); }

  void push(const Node& node) {
    ++size_;
    put(node);
    if (near_.empty()) turn();
  }

  // REQUIRES: !empty().
  void pop() {
    --size_;
    near_.pop();
    if (near_.empty()) turn();
  }

  template <class Predicate>
  void erase_if(Predicate goes) {
    near_.erase_if(goes);
    far_.erase_if(goes);
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      std::erase_if(buckets_[i], goes);
      if (buckets_[i].empty()) unmark(i);
    }
    size_ = near_.size() + far_.size();
    for (const auto& bucket : buckets_) size_ += bucket.size();
    if (near_.empty()) turn();
  }

 private:
  static constexpr int bucket_bits = 10;  // 1,024 ms
  static constexpr std::int64_t span = 4096;

  static std::int64_t bucket_of(const Node& node) { return to_millis(node.next) >> bucket_bits; }
  static std::size_t place_of(std::int64_t bucket) {
    return static_cast<std::size_t>(bucket & (span - 1));
  }
  void mark(std::size_t i) { filled_[i / 64] |= std::uint64_t{1} << i % 64; }
  void unmark(std::size_t i) { filled_[i / 64] &= ~(std::uint64_t{1} << i % 64); }

  void put(const Node& node) {
    const std::int64_t bucket = bucket_of(node);
    if (bucket <= turned_) {
      near_.push(node);
    } else if (bucket - turned_ < span) {
      buckets_[place_of(bucket)].push_back(node);
      mark(place_of(bucket));
    } else {
      far_.push(node);
    }
  }

  // On to the next bucket that holds anything, so that the earliest node of all is in order again.
  void turn() {
    if (size_ == 0) return;
    std::int64_t next = next_filled();
    if (next == none || (!far_.empty() && bucket_of(far_.top()) < next)) next = bucket_of(far_.top());
    turned_ = next;
    while (!far_.empty() && bucket_of(far_.top()) - turned_ < span) {
      const Node node = far_.top();
      far_.pop();
      put(node);
    }
    near_.add(buckets_[place_of(turned_)]);
    buckets_[place_of(turned_)] = {};
    unmark(place_of(turned_));
  }

  // The first bucket after `turned_` that holds anything; `none` where there is no such.
  std::int64_t next_filled() const {
    for (std::int64_t bucket = turned_ + 1; bucket < turned_ + span;) {
      const std::size_t place = place_of(bucket);
      const std::uint64_t bits = filled_[place / 64] >> place % 64;
      if (bits != 0) return bucket + std::countr_zero(bits);
      bucket += 64 - static_cast<std::int64_t>(place % 64);
    }
    return none;
  }

  static constexpr std::int64_t none = INT64_MIN;

  WideHeap<Node> near_;  // everything up to the bucket `turned_`
  WideHeap<Node> far_;   // everything from `turned_ + span` on
  std::vector<std::vector<Node>> buckets_{span};
  std::array<std::uint64_t, span / 64> filled_{};  // a bit for each bucket that holds anything
  std::int64_t turned_ = to_millis(Instant::min()) >> bucket_bits;
  std::size_t size_ = 0;
};

}  // namespace hotclock
