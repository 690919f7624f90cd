#include "scheduler/core/stored_schedule.h"

#include <fmt/format.h>

namespace hotclock {
namespace {

// Cuts the first word off `text`.
std::string_view word(std::string_view& text) {
  const auto end = text.find(' ');
  const auto first = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return first;
}

}  // namespace

std::string stored_form(const Schedule& schedule) {
  return fmt::format("{} {} {} {}", to_string(schedule.dst_rule()), to_string(schedule.dialect()),
                     schedule.zone().name(), schedule.text());
}

Result<Schedule> read_stored(std::string_view stored, std::string_view job) {
  const auto dst = parse_dst_rule(word(stored));
  if (!dst) return dst.error();
  const auto dialect = parse_dialect(word(stored));
  if (!dialect) return dialect.error();
  const auto zone = word(stored);
  return Schedule::parse(
      stored, {.zone = zone, .dst = dst.value(), .dialect = dialect.value(), .hash_key = job});
}

}  // namespace hotclock
