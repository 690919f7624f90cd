#include "service/config/decimal.h"

#include <array>
#include <charconv>
#include <utility>

namespace hotclock::config {
namespace {

constexpr int most_places = 18;

constexpr std::int64_t power_of_ten(int exponent) {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

bool only_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Splits |d| into its whole part and its places, padded to 18 digits: comparable member by member.
std::pair<std::int64_t, std::int64_t> parts(const Decimal& d) {
  const std::int64_t divisor = d.divisor();
  return {d.units / divisor, d.units % divisor * power_of_ten(most_places - d.places)};
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  std::string_view fraction;
  if (point != std::string_view::npos) {
    fraction = text.substr(point + 1);
    if (!only_digits(fraction)) return std::nullopt;
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
  }
  if (!only_digits(whole) || fraction.size() > most_places) return std::nullopt;
  const std::string digits = (negative ? "-" : "") + std::string(whole) + std::string(fraction);
  Decimal out;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), out.units);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  out.places = static_cast<int>(fraction.size());
  return out;
}

std::string Decimal::text() const {
  const auto [whole, fraction] = parts(*this);
  std::string out = units < 0 ? "-" : "";
  out += std::to_string(whole < 0 ? -static_cast<std::uint64_t>(whole)
                                  : static_cast<std::uint64_t>(whole));
  if (places == 0) return out;
  const std::string digits = std::to_string(fraction < 0 ? -fraction : fraction);
  const std::string padded = std::string(most_places - digits.size(), '0') + digits;
  return out + "." + padded.substr(0, static_cast<std::size_t>(places));
}

std::int64_t Decimal::divisor() const { return power_of_ten(places); }

double Decimal::nearest_double() const {
  return static_cast<double>(units) / static_cast<double>(divisor());
}

bool operator<(const Decimal& a, const Decimal& b) { return parts(a) < parts(b); }

}  // namespace hotclock::config
