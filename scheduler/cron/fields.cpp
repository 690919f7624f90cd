#include "scheduler/cron/fields.h"

#include <array>

#include "scheduler/base/nearest.h"

namespace hotclock::cron {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                   "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays{"SUN", "MON", "TUE", "WED",
                                                    "THU", "FRI", "SAT"};

constexpr std::array<FieldKind, 7> kFields{{
    {FieldId::second, "second", 0, 59, 60, "0-59", {}},
    {FieldId::minute, "minute", 0, 59, 60, "0-59", {}},
    {FieldId::hour, "hour", 0, 23, 24, "0-23", {}},
    {FieldId::day, "day-of-month", 1, 31, 31, "1-31", {}},
    {FieldId::month, "month", 1, 12, 12, "1-12 or JAN-DEC", kMonths, 1},
    {FieldId::weekday, "day-of-week", 0, 7, 7, "0-7 or SUN-SAT", kWeekdays, 0},
    {FieldId::year, "year", kFirstYear, kLastYear, kYears, "1970-2199", {}},
}};
constexpr FieldKind kQuartzWeekday{FieldId::weekday, "day-of-week", 1, 7, 7,
                                   "1-7 or SUN-SAT", kWeekdays,     1};

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

const FieldKind& field_kind(FieldId id, Dialect dialect) {
  if (id == FieldId::weekday && dialect == Dialect::quartz) return kQuartzWeekday;
  return kFields[static_cast<std::size_t>(id)];
}

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
