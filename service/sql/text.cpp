#include "service/sql/text.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hotclock::sql {
namespace {

using Bytes = const unsigned char*;

bool continues(Bytes p, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if ((p[i] & 0xC0) != 0x80) return false;
  return true;
}

// The length of the character of two or more bytes at `p`, of which `left` bytes are there; 0 where
// it is none. Overlong forms, surrogates and what lies beyond U+10FFFF are none.
std::size_t wide_character(Bytes p, std::size_t left) {
  const unsigned lead = p[0];
  const unsigned second = left > 1 ? p[1] : 0;
  if (lead >= 0xC2 && lead <= 0xDF) return left >= 2 && continues(p + 1, 1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool overlong = lead == 0xE0 && second < 0xA0;
    const bool surrogate = lead == 0xED && second > 0x9F;
    return left >= 3 && !overlong && !surrogate && continues(p + 1, 2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool overlong = lead == 0xF0 && second < 0x90;
    const bool beyond = lead == 0xF4 && second > 0x8F;
    return left >= 4 && !overlong && !beyond && continues(p + 1, 3) ? 4 : 0;
  }
  return 0;
}

// Eight bytes from 0x01 to 0x7F: most text is nothing else.
bool plain_eight(Bytes p) {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  constexpr std::uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  return ((word | (word - ones)) & highs) == 0;
}

}  // namespace

std::optional<std::string> unfit(std::string_view text) {
  const auto bytes = reinterpret_cast<Bytes>(text.data());
  for (std::size_t at = 0; at < text.size();) {
    if (text.size() - at >= 8 && plain_eight(bytes + at)) {
      at += 8;
      continue;
    }
    if (bytes[at] == 0) return "holds a NUL character at byte " + std::to_string(at);
    const std::size_t length = bytes[at] < 0x80 ? 1 : wide_character(bytes + at, text.size() - at);
    if (length == 0) return "is not UTF-8 at byte " + std::to_string(at);
    at += length;
  }
  return std::nullopt;
}

}  // namespace hotclock::sql
