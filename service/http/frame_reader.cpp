#include "service/http/frame_reader.h"

#include <algorithm>
#include <cstring>

#include "scheduler/base/utf8.h"

namespace hotclock::http {
namespace {

constexpr std::uint16_t protocol_error = 1002;
constexpr std::uint16_t not_utf8 = 1007;
constexpr std::uint16_t too_big = 1009;
constexpr std::uint16_t no_code = 1005;

using Event = FrameReader::Event;

Event wrong(std::uint16_t code) { return {Event::Kind::wrong, {}, code}; }

// XORs with the mask, whose byte `at` is next; eight bytes a step.
void unmask(std::span<char> bytes, const unsigned char* mask, std::size_t at) {
  std::array<char, 8> key;
  for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<char>(mask[(at + i) & 3]);
  std::uint64_t key_word = 0;
  std::memcpy(&key_word, key.data(), sizeof key_word);
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, sizeof word);
    word ^= key_word;
    std::memcpy(bytes.data() + i, &word, sizeof word);
  }
  for (; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ key[i & 7]);
}

bool may_be_said(std::uint16_t code) {
  const bool defined = code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
  return defined || (code >= 3000 && code <= 4999);
}

Event close_event(std::string_view content) {
  if (content.empty()) return {Event::Kind::close, {}, no_code};
  if (content.size() == 1) return wrong(protocol_error);
  const auto code = static_cast<std::uint16_t>(static_cast<unsigned char>(content[0]) << 8 |
                                               static_cast<unsigned char>(content[1]));
  if (!may_be_said(code)) return wrong(protocol_error);
  if (!is_well_formed(content.substr(2))) return wrong(not_utf8);
  return {Event::Kind::close, content.substr(2), code};
}

Event message(Opcode opcode, std::string_view content) {
  if (opcode == Opcode::binary) return {Event::Kind::binary, content};
  return is_well_formed(content) ? Event{Event::Kind::text, content} : wrong(not_utf8);
}

}  // namespace

Event FrameReader::next(std::span<char>& bytes) {
  spent_.reset();
  while (true) {
    if (!in_frame_) {
      if (!take_header(bytes)) return {};
      if (const auto code = judge_header(); code != 0) return wrong(code);
      begin_frame();
    }
    if (const Event event = step(bytes); event.kind != Event::Kind::none) return event;
    if (in_frame_) return {};
  }
}

// As much of the frame's content as is there.
Event FrameReader::step(std::span<char>& bytes) {
  const std::string_view content = take_content(bytes);
  if (left_ > 0) {
    if (!content.empty()) keep(content);
    return {};
  }
  in_frame_ = false;
  return control() ? finish_control(content) : finish_data(content);
}

bool FrameReader::take_header(std::span<char>& bytes) {
  while (header_size_ < header_wanted()) {
    const std::size_t n = std::min(bytes.size(), header_wanted() - header_size_);
    if (n == 0) return false;
    std::memcpy(header_.data() + header_size_, bytes.data(), n);
    header_size_ = static_cast<std::uint8_t>(header_size_ + n);
    bytes = bytes.subspan(n);
  }
  opcode_ = static_cast<Opcode>(header_[0] & 15);
  final_ = (header_[0] & 0x80) != 0;
  left_ = length_bytes() == 0 ? header_[1] & 127u : 0;
  if (masked())
    for (std::size_t i = 0; i < length_bytes(); ++i) left_ = left_ << 8 | header_[2 + i];
  return true;
}

std::size_t FrameReader::length_bytes() const {
  const int size = header_[1] & 127;
  return size == 127 ? 8 : size == 126 ? 2 : 0;
}

// Of a frame without mask two bytes are enough to refuse it.
std::size_t FrameReader::header_wanted() const {
  return header_size_ < 2 || !masked() ? 2 : 6 + length_bytes();
}

std::uint16_t FrameReader::judge_header() const {
  const bool reserved = (header_[0] & 0x70) != 0;
  if (reserved || !masked()) return protocol_error;
  if (const auto code = judge_order(); code != 0) return code;
  const bool oversize = left_ > max_message_ || kept() + left_ > max_message_;
  return !control() && oversize ? too_big : 0;
}

std::uint16_t FrameReader::judge_order() const {
  switch (opcode_) {
    case Opcode::more:
      return in_fragments() ? 0 : protocol_error;
    case Opcode::text:
    case Opcode::binary:
      return in_fragments() ? protocol_error : 0;
    case Opcode::close:
    case Opcode::ping:
    case Opcode::pong:
      return final_ && left_ <= 125 ? 0 : protocol_error;
  }
  return protocol_error;
}

void FrameReader::begin_frame() {
  std::copy_n(header_.begin() + (header_wanted() - 4), 4, mask_.begin());
  header_size_ = 0;
  mask_at_ = 0;
  in_frame_ = true;
}

std::string_view FrameReader::take_content(std::span<char>& bytes) {
  const auto content = bytes.first(std::min<std::uint64_t>(left_, bytes.size()));
  unmask(content, mask_.data(), mask_at_);
  mask_at_ = static_cast<std::uint8_t>((mask_at_ + content.size()) & 3);
  left_ -= content.size();
  bytes = bytes.subspan(content.size());
  return {content.data(), content.size()};
}

void FrameReader::keep(std::string_view content) {
  if (control()) {
    partial().control += content;
    return;
  }
  if (opcode_ != Opcode::more) partial().message = opcode_;
  partial().content += content;
}

Event FrameReader::finish_control(std::string_view content) {
  if (partial_ && !partial_->control.empty()) {
    spent_ = std::make_unique<Partial>();
    spent_->control = std::move(partial_->control) += content;
    partial_->control.clear();
    if (!in_fragments()) partial_.reset();
    content = spent_->control;
  }
  if (opcode_ == Opcode::close) return close_event(content);
  return {opcode_ == Opcode::ping ? Event::Kind::ping : Event::Kind::pong, content};
}

Event FrameReader::finish_data(std::string_view content) {
  const bool alone = final_ && !in_fragments();
  if (alone) return message(opcode_, content);
  keep(content);
  if (!final_) return {};
  spent_ = std::move(partial_);
  return message(spent_->message, spent_->content);
}

FrameReader::Partial& FrameReader::partial() {
  if (!partial_) partial_ = std::make_unique<Partial>();
  return *partial_;
}

}  // namespace hotclock::http
