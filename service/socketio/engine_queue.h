// What waits to be sent to one client.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "service/socketio/message.h"

namespace hotclock::socketio {

// A ring of shared messages in the order of sending. Has no memory of its own until it is first
// used, and gives back what a crowd needed once it is empty. Threads: one.
class MessageQueue {
 public:
  // `millis`: when, on any clock that does not go back.
  void push(MessagePtr message, std::uint32_t millis);

  bool empty() const { return count_ == 0; }
  std::size_t bytes() const { return bytes_ - offset_; }
  std::uint32_t oldest() const { return slots_[first_].millis; }  // REQUIRES: !empty()

  // The frames at the front, as many as there is room for: the first without what of it was
  // written.
  std::span<const std::string_view> frames(std::span<std::string_view> into) const;
  // So many bytes of frames() were written.
  void written(std::size_t bytes);

  // The body of a poll: all of it, and then it is empty. REQUIRES: nothing was written by halves.
  std::string take_payload();
  void clear();
  // Has the processor fetch what frames() will look at.
  void warm() const { __builtin_prefetch(&slots_[first_]); }

 private:
  struct Slot {
    MessagePtr message;
    std::uint32_t millis = 0;
  };

  Slot& at(std::uint32_t index) const { return slots_[(first_ + index) & (capacity_ - 1)]; }
  void pop();
  void grow();
  void shrink();

  std::unique_ptr<Slot[]> slots_;
  std::uint32_t capacity_ = 0;  // a power of two, or none
  std::uint32_t first_ = 0;
  std::uint32_t count_ = 0;
  std::size_t bytes_ = 0;
  std::size_t offset_ = 0;  // of the first, what is written
};

}  // namespace hotclock::socketio
