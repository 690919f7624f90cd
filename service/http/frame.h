// Frames of a server, put together (RFC 6455, section 5), and the opening handshake's answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hotclock::http {

enum class Opcode : std::uint8_t { more = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// The header of an unmasked frame that holds a whole message.
std::string frame_header(Opcode opcode, std::size_t size);
// A whole one.
std::string frame(Opcode opcode, std::string_view content);
// A close frame; 1005 stands for none.
std::string close_frame(std::uint16_t code);

// Sec-WebSocket-Accept for a Sec-WebSocket-Key; empty where the key is none (16 bytes in base64).
std::string accept_key(std::string_view key);

}  // namespace hotclock::http
