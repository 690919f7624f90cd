// Texts in UTF-8: which bytes are a character, and texts made well-formed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hotclock {

// One character at the beginning of a text. `size` is 0 where none begins there: a stray or missing
// byte, an overlong form, a surrogate, a number beyond U+10FFFF.
struct Utf8Character {
  std::size_t size = 0;
  char32_t code = 0;
};

// REQUIRES: `text` is not empty.
Utf8Character first_character(std::string_view text);

// Whether every byte of `text` belongs to a character.
bool is_well_formed(std::string_view text);

// `text` with U+FFFD for every byte that belongs to no character.
std::string well_formed(std::string_view text);

inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

}  // namespace hotclock
