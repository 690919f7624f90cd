#include "service/config/units.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "service/config/decimal.h"

namespace hotclock::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t size;
};

// Larger ones first.
constexpr std::array<Unit, 11> time_units{{{"w", 604'800'000},
                                           {"d", 86'400'000},
                                           {"h", 3'600'000},
                                           {"min", 60'000},
                                           {"m", 60'000},
                                           {"s", 1000},
                                           {"ms", 1},
                                           {"days", 86'400'000},
                                           {"day", 86'400'000},
                                           {"sec", 1000},
                                           {"weeks", 604'800'000}}};

constexpr std::array<Unit, 8> byte_units{{{"GiB", 1 << 30},
                                          {"MiB", 1 << 20},
                                          {"KiB", 1 << 10},
                                          {"GB", 1'000'000'000},
                                          {"MB", 1'000'000},
                                          {"kB", 1000},
                                          {"B", 1},
                                          {"", 1}}};

constexpr std::int64_t longest = 10'000LL * 366 * 86'400'000;
constexpr std::int64_t most_bytes = std::int64_t{1} << 50;

void skip_spaces(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
}

std::string_view take(std::string_view& text, bool (*belongs)(char)) {
  const auto end = std::find_if_not(text.begin(), text.end(), belongs);
  const auto taken = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(taken.size());
  return taken;
}

bool is_number(char c) { return (c >= '0' && c <= '9') || c == '.'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

const Unit* find_unit(std::span<const Unit> units, std::string_view name) {
  const auto unit = std::ranges::find(units, name, &Unit::name);
  return unit == units.end() ? nullptr : &*unit;
}

// `number` of `unit`, if that is a whole number within `most`.
std::optional<std::int64_t> amount(const Decimal& number, const Unit& unit, std::int64_t most) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(number.units, unit.size, &product)) return std::nullopt;
  const std::int64_t whole = product / number.divisor();
  if (product % number.divisor() != 0 || whole > most) return std::nullopt;
  return whole;
}

// One "90s" off the front of a span.
struct Part {
  std::int64_t millis;
  std::int64_t unit;
  bool fraction;
};

std::optional<Part> take_part(std::string_view& text) {
  const auto number = Decimal::parse(take(text, is_number));
  skip_spaces(text);
  const Unit* unit = find_unit(time_units, take(text, is_letter));
  skip_spaces(text);
  if (!number || !unit) return std::nullopt;
  const auto millis = amount(*number, *unit, longest);
  if (!millis) return std::nullopt;
  return Part{*millis, unit->size, number->places > 0};
}

std::string_view trimmed(std::string_view text) {
  skip_spaces(text);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  text = trimmed(text);
  if (text == "0") return Duration::zero();
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  std::int64_t last_unit = longest;
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part || part->unit >= last_unit || (part->fraction && !text.empty())) return std::nullopt;
    last_unit = part->unit;
    sum += part->millis;
    if (sum > longest) return std::nullopt;
  }
  return Duration{sum};
}

std::string duration_text(Duration d) {
  if (d.count() == 0) return "0 s";
  std::string out;
  std::int64_t rest = d.count();
  for (const std::string_view name : {"d", "h", "min", "s", "ms"}) {
    const Unit& unit = *find_unit(time_units, name);
    if (rest / unit.size == 0) continue;
    if (!out.empty()) out += ' ';
    out += std::to_string(rest / unit.size) + " " + std::string(name);
    rest %= unit.size;
  }
  return out;
}

std::optional<std::int64_t> parse_bytes(std::string_view text) {
  text = trimmed(text);
  const auto number = Decimal::parse(take(text, is_number));
  skip_spaces(text);
  const Unit* unit = find_unit(byte_units, text);
  if (!number || !unit) return std::nullopt;
  return amount(*number, *unit, most_bytes);
}

std::string bytes_text(std::int64_t bytes) {
  for (const std::string_view name : {"GiB", "MiB", "KiB"}) {
    const std::int64_t size = find_unit(byte_units, name)->size;
    if (bytes != 0 && bytes % size == 0)
      return std::to_string(bytes / size) + " " + std::string(name);
  }
  return std::to_string(bytes) + " B";
}

}  // namespace hotclock::config
