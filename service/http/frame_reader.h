// Frames of a client, taken apart (RFC 6455, section 5).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hotclock::http {

enum class Opcode : std::uint8_t { more = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// Bytes come in as they arrive, in pieces of any size; whole messages come out. Unmasks in place, so a
// message that arrived whole is given out where it lies, without a copy. Holds memory only while a
// message is incomplete.
class FrameReader {
 public:
  struct Event {
    enum class Kind { none, text, binary, ping, pong, close, wrong };
    Kind kind = Kind::none;  // none: all bytes are taken and nothing more is complete
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

  // 0, or the close code for what is wrong.
  bool take_header(std::span<char>& bytes);
  std::uint16_t judge_header();
  std::span<char> take_content(std::span<char>& bytes);
  Event finish_control(std::string_view content);
  Event finish_data(std::string_view content);
  Event whole(Opcode opcode, std::string_view content);
  Partial& partial();
  bool in_fragments() const { return partial_ && partial_->message != Opcode::more; }
  bool control() const { return opcode_ >= Opcode::close; }

  std::size_t max_message_;
  std::unique_ptr<Partial> partial_;
  std::unique_ptr<Partial> spent_;  // what the last event's content lies in
  std::uint64_t left_ = 0;          // of the frame's content
  std::array<unsigned char, 14> header_{};
  std::uint8_t header_size_ = 0;  // what of it has come
  std::uint8_t mask_at_ = 0;
  Opcode opcode_ = Opcode::more;
  bool final_ = false;
  bool in_frame_ = false;
};

// The header of an unmasked frame that holds a whole message.
std::string frame_header(Opcode opcode, std::size_t size);
// A whole one.
std::string frame(Opcode opcode, std::string_view content);
// A close frame; 1005 stands for none.
std::string close_frame(std::uint16_t code);

// Sec-WebSocket-Accept for a Sec-WebSocket-Key; empty where the key is none (16 bytes in base64).
std::string accept_key(std::string_view key);

}  // namespace hotclock::http
