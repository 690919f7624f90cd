// Frames of a client, taken apart (RFC 6455, section 5).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "service/http/frame.h"

namespace hotclock::http {

// Bytes come in as they arrive, in pieces of any size; whole messages come out. Unmasks in place,
// so a message that arrived whole is given out where it lies, without a copy. Holds memory only
// while a message is incomplete.
class FrameReader {
 public:
  struct Event {
    enum class Kind { none, text, binary, ping, pong, close, wrong };
    Kind kind = Kind::none;         // none: all bytes are taken and nothing more is complete
    std::string_view content = {};  // until the next call
    std::uint16_t code = 0;         // of close: the peer's or 1005; of wrong: what to tell it
  };

  // `max_message`: most bytes of a message, its fragments together.
  explicit FrameReader(std::size_t max_message) : max_message_(max_message) {}

  // Takes bytes from the front of `bytes` until something is complete. After close or wrong it must
  // not be called again.
  Event next(std::span<char>& bytes);

 private:
  struct Partial {
    Opcode message = Opcode::more;  // of the message whose fragments come; more: none
    std::string content;            // of the message as far as it is complete
    std::string control;            // of a control frame that came in pieces
  };

  Event step(std::span<char>& bytes);
  // Whether a header is complete.
  bool take_header(std::span<char>& bytes);
  std::size_t header_wanted() const;
  std::size_t length_bytes() const;
  bool masked() const { return (header_[1] & 0x80) != 0; }
  // The close code for what is wrong with it; 0: nothing.
  std::uint16_t judge_header() const;
  std::uint16_t judge_order() const;
  void begin_frame();
  std::string_view take_content(std::span<char>& bytes);
  void keep(std::string_view content);
  Event finish_control(std::string_view content);
  Event finish_data(std::string_view content);
  Partial& partial();
  std::size_t kept() const { return partial_ ? partial_->content.size() : 0; }
  bool in_fragments() const { return partial_ && partial_->message != Opcode::more; }
  bool control() const { return opcode_ >= Opcode::close; }

  std::size_t max_message_;
  std::unique_ptr<Partial> partial_;
  std::unique_ptr<Partial> spent_;  // what the last event's content lies in
  std::uint64_t left_ = 0;          // of the frame's content
  std::array<unsigned char, 14> header_{};
  std::uint8_t header_size_ = 0;  // what of it has come
  std::uint8_t mask_at_ = 0;
  std::array<unsigned char, 4> mask_{};
  Opcode opcode_ = Opcode::more;
  bool final_ = false;
  bool in_frame_ = false;
};

}  // namespace hotclock::http
