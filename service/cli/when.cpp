#include "service/cli/when.h"

#include <fmt/format.h>

#include "service/config/units.h"

namespace hotclock::cli {
namespace {

Instant instant_of(const Civil& civil) { return from_millis(wall_seconds(civil) * 1000); }

Error unreadable(std::string_view text) {
  return Error(Errc::invalid,
               fmt::format("'{}' is no instant; write 2026-11-23T00:05 (the zone's wall clock), "
                           "2026-11-23T13:05:00Z, 2026-11-23T00:05+11:00, or 24h for that long ago",
                           text));
}

// "+11:00", "-0330", "+11"
std::optional<Duration> read_offset(std::string_view text) {
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  int digits[4] = {0, 0, 0, 0};
  std::size_t n = 0;
  for (const char c : text.substr(1)) {
    if (c == ':' && n == 2) continue;
    if (c < '0' || c > '9' || n == 4) return std::nullopt;
    digits[n++] = c - '0';
  }
  const int hours = digits[0] * 10 + digits[1], minutes = digits[2] * 10 + digits[3];
  if ((n != 2 && n != 4) || hours > 15 || minutes > 59) return std::nullopt;
  const Duration offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  return text[0] == '-' ? -offset : offset;
}

// The civil part and what stands behind it; a date has two '-' of its own.
Result<Instant> with_offset(std::string_view text) {
  if (text.ends_with('Z') || text.ends_with('z')) {
    const auto civil = parse_civil(text.substr(0, text.size() - 1));
    return civil ? Result<Instant>(instant_of(*civil)) : unreadable(text);
  }
  const auto sign = text.find_first_of("+-", 11);
  if (text.size() < 11 || sign == std::string_view::npos) return unreadable(text);
  const auto civil = parse_civil(text.substr(0, sign));
  const auto offset = read_offset(text.substr(sign));
  if (!civil || !offset) return unreadable(text);
  return instant_of(*civil) - *offset;
}

}  // namespace

Result<Instant> read_instant(std::string_view text, const Zone& zone, Instant now) {
  if (text.empty() || text == "now") return now;
  if (const auto ago = config::parse_duration(text)) return now - *ago;
  const auto civil = parse_civil(text);
  if (!civil) return with_offset(text);
  const Local local = zone.from_civil(*civil);
  if (local.kind == Local::Kind::skipped)
    return Error(Errc::invalid, fmt::format("{} does not exist in {}: its clocks went forward to {}",
                                            text, zone.name(), local_text(local.first, zone)));
  return local.first;
}

std::string relative_text(Instant t, Instant now) {
  if (t == now) return "now";
  return t > now ? "in " + to_words(t - now) : to_words(now - t) + " ago";
}

}  // namespace hotclock::cli
