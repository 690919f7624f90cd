#include "service/http/frame.h"

#include <openssl/sha.h>

#include <array>

#include "service/http/base64.h"

namespace hotclock::http {
namespace {

constexpr std::string_view handshake_guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

void append_number(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>(number >> shift & 0xff);
}

}  // namespace

std::string frame_header(Opcode opcode, std::size_t size) {
  std::string out(1, static_cast<char>(0x80 | static_cast<int>(opcode)));
  if (size < 126) {
    append_number(out, size, 1);
  } else if (size < 65536) {
    out += static_cast<char>(126);
    append_number(out, size, 2);
  } else {
    out += static_cast<char>(127);
    append_number(out, size, 8);
  }
  return out;
}

std::string frame(Opcode opcode, std::string_view content) {
  return frame_header(opcode, content.size()).append(content);
}

std::string close_frame(std::uint16_t code) {
  std::string content;
  if (code != 1005) append_number(content, code, 2);
  return frame(Opcode::close, content);
}

std::string accept_key(std::string_view key) {
  const auto nonce = from_base64(key);
  if (!nonce || nonce->size() != 16) return {};
  const std::string text = std::string(key).append(handshake_guid);
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return to_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace hotclock::http
