#include "scheduler/cron/fields.h"

namespace hotclock::cron {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// What may be shown of a token: of bounded length, and nothing in it but printable ASCII and what a
// terminal and JSON take as a character.
std::string shown(std::string_view token) {
  constexpr std::size_t kMost = 40;
  std::string out;
  for (char c : token.substr(0, kMost)) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 0x20 || u >= 0x7F) {
      if (begins_character(c)) out += '?';
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

bool Reading::fail(Fault fault) {
  std::size_t column = 1;
  for (const char* c = text_.data(); c != fault.token.data(); ++c)
    column += begins_character(*c) ? 1 : 0;
  error_ = {column,
            shown(fault.token),
            std::string(fault.field),
            std::move(fault.problem),
            std::string(fault.accepted),
            std::move(fault.suggestion)};
  return false;
}

bool Reading::fail_beside(std::string_view field, std::string_view token, std::string problem) {
  error_ = {0, shown(token), std::string(field), std::move(problem), "", ""};
  return false;
}

}  // namespace hotclock::cron
