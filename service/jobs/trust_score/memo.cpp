#include "service/jobs/trust_score/memo.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

namespace hotclock::trust_score {
namespace {

// Reads "first=1 second=2" where the keys are exactly `keys`, in their order.
template <std::size_t n>
std::optional<std::array<std::int64_t, n>> read_numbers(
    std::string_view text, const std::array<std::string_view, n>& keys) {
  std::array<std::int64_t, n> numbers{};
  for (std::size_t i = 0; i < n; ++i) {
    const std::string key = std::string(i == 0 ? "" : " ") + std::string(keys[i]) + "=";
    if (!text.starts_with(key)) return std::nullopt;
    text.remove_prefix(key.size());
    const auto read = std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
    if (read.ec != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  }
  return text.empty() ? std::optional(numbers) : std::nullopt;
}

}  // namespace

std::string to_text(const Memo& memo) {
  return fmt::format("watermark={} full_day={} half_life={}", memo.watermark, memo.full_day,
                     memo.half_life.count());
}

std::optional<Memo> parse_memo(std::string_view text) {
  const auto numbers = read_numbers<3>(text, {"watermark", "full_day", "half_life"});
  if (!numbers) return std::nullopt;
  return Memo{(*numbers)[0], (*numbers)[1], Duration{(*numbers)[2]}};
}

std::string to_text(const Underway& underway) {
  return fmt::format("user={} upto={} full_day={} half_life={}", underway.user, underway.upto,
                     underway.full_day, underway.half_life.count());
}

std::optional<Underway> parse_underway(std::string_view text) {
  const auto numbers = read_numbers<4>(text, {"user", "upto", "full_day", "half_life"});
  if (!numbers) return std::nullopt;
  return Underway{(*numbers)[0], (*numbers)[1], (*numbers)[2], Duration{(*numbers)[3]}};
}

std::string to_text(const Shared& shared) {
  return fmt::format("whole={} open={} upto={} full_day={} half_life={}", shared.whole, shared.open,
                     shared.upto, shared.full_day, shared.half_life.count());
}

std::optional<Shared> parse_shared(std::string_view text) {
  const auto numbers = read_numbers<5>(text, {"whole", "open", "upto", "full_day", "half_life"});
  if (!numbers) return std::nullopt;
  return Shared{(*numbers)[0], (*numbers)[1], (*numbers)[2], (*numbers)[3], Duration{(*numbers)[4]}};
}

std::int64_t utc_day(Instant t) {
  return std::chrono::floor<std::chrono::days>(t).time_since_epoch().count();
}

}  // namespace hotclock::trust_score
