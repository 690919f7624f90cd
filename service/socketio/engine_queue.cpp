#include "service/socketio/engine_queue.h"

#include <algorithm>
#include <utility>

#include "service/socketio/engine_payload.h"

namespace hotclock::socketio {

namespace {
constexpr std::uint32_t least = 4;
constexpr std::uint32_t kept_when_empty = 16;
}  // namespace

void MessageQueue::push(MessagePtr message, std::uint32_t millis) {
  if (count_ == capacity_) grow();
  bytes_ += message->size();
  at(count_++) = {std::move(message), millis};
}

std::span<const std::string_view> MessageQueue::frames(std::span<std::string_view> into) const {
  const std::size_t count = std::min<std::size_t>(count_, into.size());
  for (std::uint32_t i = 0; i < count; ++i) into[i] = at(i).message->frame();
  if (count > 0) into[0].remove_prefix(offset_);
  return into.first(count);
}

void MessageQueue::written(std::size_t bytes) {
  offset_ += bytes;
  while (count_ > 0 && offset_ >= at(0).message->size()) pop();
  if (count_ == 0) shrink();
}

void MessageQueue::pop() {
  Slot& front = at(0);
  const std::size_t size = front.message->size();
  offset_ -= size;
  bytes_ -= size;
  front.message.reset();
  first_ = (first_ + 1) & (capacity_ - 1);
  --count_;
}

std::string MessageQueue::take_payload() {
  std::string out;
  out.reserve(bytes_ + count_);
  for (std::uint32_t i = 0; i < count_; ++i) {
    if (i > 0) out += payload_separator;
    out += at(i).message->polled();
  }
  clear();
  return out;
}

void MessageQueue::clear() {
  for (std::uint32_t i = 0; i < count_; ++i) at(i).message.reset();
  count_ = first_ = 0;
  bytes_ = offset_ = 0;
  shrink();
}

void MessageQueue::grow() {
  const std::uint32_t capacity = std::max(least, capacity_ * 2);
  auto slots = std::make_unique<Slot[]>(capacity);
  for (std::uint32_t i = 0; i < count_; ++i) slots[i] = std::move(at(i));
  slots_ = std::move(slots);
  capacity_ = capacity;
  first_ = 0;
}

void MessageQueue::shrink() {
  if (capacity_ <= kept_when_empty) return;
  slots_.reset();
  capacity_ = first_ = 0;
}

}  // namespace hotclock::socketio
