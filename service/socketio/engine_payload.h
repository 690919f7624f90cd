// Packets of Engine.IO as clients send them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hotclock::socketio {

struct EnginePacket {
  enum class Kind { open, close, ping, pong, text, binary, upgrade, noop };
  Kind kind = Kind::noop;
  std::string_view content = {};  // without the type
};

// A packet in its text form: a type digit and what follows; nothing where it is none.
std::optional<EnginePacket> read_packet(std::string_view text);

inline constexpr char payload_separator = '\x1e';

// The packets of a poll's body, one after the other; binary ones are decoded.
class PayloadReader {
 public:
  // `payload` outlives the reader.
  explicit PayloadReader(std::string_view payload);

  // The next packet; its content holds until the next call. Nothing at the end, or where what
  // follows is no packet: see wrong().
  std::optional<EnginePacket> next();
  bool wrong() const { return wrong_; }

 private:
  std::optional<EnginePacket> refuse();

  std::string_view rest_;
  bool ended_ = false;
  bool wrong_ = false;
  std::string decoded_;
};

}  // namespace hotclock::socketio
