#include "service/past/spread.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace hotclock::past {
namespace {

// Each doubling has 64 buckets; the first two are as wide as one value.
constexpr int in_octave_bits = 6;
constexpr std::int64_t exact_below = std::int64_t{2} << in_octave_bits;
constexpr int most_buckets = (62 - in_octave_bits) << in_octave_bits;

int bucket_of(std::int64_t value) {
  if (value < exact_below) return static_cast<int>(std::max<std::int64_t>(value, 0));
  const int octave =
      static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value))) - 1 - in_octave_bits;
  return (octave << in_octave_bits) + static_cast<int>(value >> octave);
}

// Its middle.
std::int64_t value_of(int bucket) {
  if (bucket < exact_below) return bucket;
  const int octave = (bucket >> in_octave_bits) - 1;
  const std::int64_t low = std::int64_t{bucket - (octave << in_octave_bits)} << octave;
  return low + (std::int64_t{1} << octave) / 2;
}

template <class Number>
bool take(std::string_view& text, char end, Number& number) {
  const char* const last = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), last, number);
  if (failed != std::errc{} || (stop != last && *stop != end)) return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + (stop != last ? 1 : 0));
  return true;
}

}  // namespace

void Spread::add(std::int64_t value, std::int64_t times) {
  buckets_[bucket_of(value)] += times;
  count_ += times;
}

void Spread::add(const Spread& other) {
  for (const auto& [bucket, times] : other.buckets_) buckets_[bucket] += times;
  count_ += other.count_;
}

std::int64_t Spread::percentile(double part) const {
  const auto rank = static_cast<std::int64_t>(std::ceil(part * static_cast<double>(count_)));
  std::int64_t seen = 0;
  for (const auto& [bucket, times] : buckets_)
    if ((seen += times) >= rank) return value_of(bucket);
  return 0;
}

std::string Spread::text() const {
  std::string out;
  for (const auto& [bucket, times] : buckets_)
    out += fmt::format("{}{}:{}", out.empty() ? "" : " ", bucket, times);
  return out;
}

Result<Spread> Spread::parse(std::string_view text) {
  Spread spread;
  while (!text.empty()) {
    int bucket = 0;
    std::int64_t times = 0;
    const bool good = take(text, ':', bucket) && take(text, ' ', times) && bucket >= 0 &&
                      bucket < most_buckets && times > 0;
    if (!good) return Error(Errc::corrupt, "a spread of values cannot be read");
    spread.buckets_[bucket] += times;
    spread.count_ += times;
  }
  return spread;
}

}  // namespace hotclock::past
