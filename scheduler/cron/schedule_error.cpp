#include "scheduler/cron/schedule_error.h"

namespace hotclock {
namespace {

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t characters(std::string_view text) {
  std::size_t n = 0;
  for (char c : text) n += begins_character(c) ? 1 : 0;
  return n;
}

}  // namespace

std::string ScheduleError::message() const {
  std::string out;
  if (column > 0) out = "column " + std::to_string(column) + ": ";
  out += problem;
  if (!accepted.empty()) out += " (" + accepted + ")";
  if (!suggestion.empty()) out += "; did you mean " + suggestion + "?";
  return out;
}

std::string caret(std::string_view text, const ScheduleError& error) {
  std::string out(text);
  if (error.column == 0) return out;
  out += '\n';
  out.append(error.column - 1, ' ');
  out.append(error.token.empty() ? 1 : characters(error.token), '^');
  return out;
}

}  // namespace hotclock
