#include "scheduler/base/utf8.h"

#include <cstring>

namespace hotclock {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The smallest code that needs so many bytes; a smaller one is overlong.
constexpr char32_t smallest_of[] = {0, 0, 0x80, 0x800, 0x10000};

bool is_character(char32_t code, std::size_t size) {
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  return code >= smallest_of[size] && code <= 0x10ffff && !surrogate;
}

// The text after its leading ASCII characters, looked at eight at a time.
std::string_view after_ascii(std::string_view text) {
  while (text.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    if ((word & 0x8080808080808080) != 0) break;
    text.remove_prefix(8);
  }
  while (!text.empty() && static_cast<unsigned char>(text[0]) < 0x80) text.remove_prefix(1);
  return text;
}

}  // namespace

Utf8Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {1, lead};
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc0 || lead > 0xf7 || text.size() < size) return {};
  auto code = static_cast<char32_t>(lead & (0xff >> (size + 1)));
  for (const char c : text.substr(1, size - 1)) {
    if (!continues(c)) return {};
    code = code << 6 | (static_cast<unsigned char>(c) & 0x3f);
  }
  return is_character(code, size) ? Utf8Character{size, code} : Utf8Character{};
}

bool is_well_formed(std::string_view text) {
  while (!(text = after_ascii(text)).empty()) {
    const std::size_t size = first_character(text).size;
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string well_formed(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = first_character(text).size;
    out += size == 0 ? replacement_character : text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

}  // namespace hotclock
