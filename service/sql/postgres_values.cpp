#include "service/sql/postgres_values.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "service/sql/text.h"

namespace hotclock::sql {
namespace {

constexpr int in_text = 0, in_binary = 1;

// PostgreSQL counts microseconds from 2000-01-01; the largest and the smallest number are its
// 'infinity', after and before all instants.
constexpr std::int64_t epoch_millis = 946'684'800'000;
constexpr std::int64_t infinity = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t minus_infinity = std::numeric_limits<std::int64_t>::min();

std::int64_t micros(Instant t) {
  if (t > from_millis(infinity / 1000 - epoch_millis)) return infinity;
  if (t < from_millis(minus_infinity / 1000 + epoch_millis)) return minus_infinity;
  return (to_millis(t) - epoch_millis) * 1000;
}

template <class Unsigned>
Unsigned network(std::string_view bytes) {
  Unsigned value = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned) && i < bytes.size(); ++i)
    value = static_cast<Unsigned>((value << 8) | static_cast<unsigned char>(bytes[i]));
  return value;
}

std::array<char, 8> to_network(std::uint64_t value) {
  std::array<char, 8> bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (56 - 8 * i));
  return bytes;
}

// PostgreSQL's numeric: digits to the base 10,000 after a head of four 16-bit words.
struct Numeric {
  explicit Numeric(std::string_view bytes) : bytes_(bytes) {}

  int digits() const { return word(0); }
  int weight() const { return word(1); }
  bool negative() const { return word(2) == 0x4000; }
  int digit(int i) const { return i < digits() ? word(4 + i) : 0; }

  std::int64_t whole() const {
    std::int64_t value = 0;
    for (int i = 0; i <= weight(); ++i) value = value * 10'000 + digit(i);
    return negative() ? -value : value;
  }
  double real() const {
    double value = 0;
    for (int i = 0; i < digits(); ++i) value += digit(i) * std::pow(10'000.0, weight() - i);
    return negative() ? -value : value;
  }

 private:
  std::int16_t word(int at) const {
    return static_cast<std::int16_t>(
        network<std::uint16_t>(bytes_.substr(static_cast<std::size_t>(2 * at))));
  }
  std::string_view bytes_;
};

bool is_real(Oid type) { return type == pg_type::float8 || type == pg_type::float4; }

}  // namespace

bool is_text(Oid type) {
  return type == pg_type::text || type == pg_type::varchar || type == pg_type::bpchar ||
         type == pg_type::name || type == pg_type::unknown || type == pg_type::json ||
         type == pg_type::nothing;
}

bool is_readable(Oid type) {
  switch (type) {
    case pg_type::boolean:
    case pg_type::int2:
    case pg_type::int4:
    case pg_type::int8:
    case pg_type::float4:
    case pg_type::float8:
    case pg_type::numeric:
    case pg_type::timestamp:
    case pg_type::timestamptz:
      return true;
    default:
      return is_text(type);
  }
}

// A column in the form in which the server receives an array: its shape, then each value behind its
// length.
class PostgresParams::Column {
 public:
  // `room`: bytes that all values take together.
  Column(std::string& bytes, Oid type, std::size_t count, std::size_t room) : bytes_(bytes) {
    bytes_.resize((count == 0 ? 12 : 20) + 4 * count + room);
    word(count == 0 ? 0 : 1);  // dimensions
    word(0);                   // none of them is NULL
    word(type);
    if (count == 0) return;
    word(static_cast<std::uint32_t>(count));
    word(1);  // counted from
  }
  void add(std::uint64_t number) {
    const std::array<char, 8> value = to_network(number);
    add({value.data(), value.size()});
  }
  void add(std::string_view value) {
    word(static_cast<std::uint32_t>(value.size()));
    std::copy(value.begin(), value.end(), bytes_.data() + at_);
    at_ += value.size();
  }

 private:
  void word(std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes_[at_++] = static_cast<char>(value >> shift);
  }

  std::string& bytes_;
  std::size_t at_ = 0;
};

class PostgresParams::Binder {
 public:
  Binder(PostgresParams& into, std::size_t at, Oid type) : into_(into), at_(at), type_(type) {}

  Result<> operator()(std::nullptr_t) const {
    into_.values_[at_] = nullptr;
    return {};
  }
  Result<> operator()(std::int64_t value) const {
    if (type_ == pg_type::timestamptz) return (*this)(from_millis(value));
    if (type_ != pg_type::int8) return in_words(std::to_string(value));
    return number(static_cast<std::uint64_t>(value));
  }
  Result<> operator()(Instant t) const {
    if (type_ != pg_type::timestamptz) return in_words(to_string(t));
    return number(static_cast<std::uint64_t>(micros(t)));
  }
  Result<> operator()(double value) const {
    if (!std::isfinite(value)) return Error(Errc::invalid, "is not a finite number");
    if (type_ == pg_type::float8) return number(std::bit_cast<std::uint64_t>(value));
    char text[32];
    std::snprintf(text, sizeof text, "%.17g", value);
    return in_words(text);
  }
  Result<> operator()(std::string_view text) const {
    if (const auto why = unfit(text)) return Error(Errc::invalid, *why);
    if (!is_text(type_)) return in_words(std::string(text));
    // An empty view may have no address, and libpq would take that for NULL.
    return set(text.empty() ? "" : text.data(), text.size(), in_binary);
  }
  Result<> operator()(Integers values) const {
    return column(values, pg_type::int8s, pg_type::int8, 8 * values.size(), [](std::int64_t value) {
      return static_cast<std::uint64_t>(value);
    });
  }
  Result<> operator()(Instants values) const {
    return column(values, pg_type::timestamptzs, pg_type::timestamptz, 8 * values.size(),
                  [](Instant t) { return static_cast<std::uint64_t>(micros(t)); });
  }
  Result<> operator()(Texts values) const {
    std::size_t room = 0;
    for (const std::string_view text : values) {
      if (const auto why = unfit(text)) return Error(Errc::invalid, *why);
      room += text.size();
    }
    return column(values, pg_type::texts, pg_type::text, room, [](std::string_view text) { return text; });
  }

 private:
  Result<> set(const char* value, std::size_t length, int format) const {
    into_.values_[at_] = value;
    into_.lengths_[at_] = static_cast<int>(length);
    into_.formats_[at_] = format;
    return {};
  }
  Result<> number(std::uint64_t value) const {
    into_.numbers_[at_] = to_network(value);
    return set(into_.numbers_[at_].data(), 8, in_binary);
  }
  template <class Value, class AsSent>
  Result<> column(std::span<const Value> values, Oid type, Oid of, std::size_t room, AsSent as_sent) const {
    if (type_ != type) return Error(Errc::internal, "is a column of another type than the statement takes");
    std::string& bytes = into_.texts_.emplace_back();
    Column column(bytes, of, values.size(), room);
    for (const Value& value : values) column.add(as_sent(value));
    return set(bytes.data(), bytes.size(), in_binary);
  }
  // In words the server reads any value as the type it wants.
  Result<> in_words(std::string text) const {
    const std::string& kept = into_.texts_.emplace_back(std::move(text));
    return set(kept.c_str(), kept.size(), in_text);
  }

  PostgresParams& into_;
  std::size_t at_;
  Oid type_;
};

Result<> PostgresParams::bind(std::span<const Param> params, std::span<const Oid> types) {
  if (params.size() != types.size())
    return Error(Errc::internal, "takes " + std::to_string(types.size()) + " parameters, got " +
                                     std::to_string(params.size()));
  values_.assign(params.size(), nullptr);
  lengths_.assign(params.size(), 0);
  formats_.assign(params.size(), in_text);
  numbers_.resize(params.size());
  texts_.clear();
  for (std::size_t i = 0; i < params.size(); ++i)
    if (auto bound = std::visit(Binder(*this, i, types[i]), params[i]); !bound)
      return std::move(bound).error().within("$" + std::to_string(i + 1));
  return {};
}

std::int64_t PostgresField::integer() const {
  switch (type) {
    case pg_type::int8:
      return static_cast<std::int64_t>(network<std::uint64_t>(bytes));
    case pg_type::int4:
      return static_cast<std::int32_t>(network<std::uint32_t>(bytes));
    case pg_type::int2:
      return static_cast<std::int16_t>(network<std::uint16_t>(bytes));
    case pg_type::boolean:
      return network<std::uint8_t>(bytes);
    case pg_type::numeric:
      return Numeric(bytes).whole();
    case pg_type::float8:
    case pg_type::float4:
      return static_cast<std::int64_t>(real());
    case pg_type::timestamp:
    case pg_type::timestamptz:
      return to_millis(instant());
    default:
      return std::atoll(std::string(bytes).c_str());
  }
}

double PostgresField::real() const {
  switch (type) {
    case pg_type::float8:
      return std::bit_cast<double>(network<std::uint64_t>(bytes));
    case pg_type::float4:
      return std::bit_cast<float>(network<std::uint32_t>(bytes));
    case pg_type::numeric:
      return Numeric(bytes).real();
    default:
      return static_cast<double>(integer());
  }
}

std::string PostgresField::words() const {
  if (!is_real(type)) return std::to_string(integer());
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", real());
  return text;
}

Instant PostgresField::instant() const {
  const auto micros = static_cast<std::int64_t>(network<std::uint64_t>(bytes));
  if (micros == infinity) return Instant::max();
  if (micros == minus_infinity) return Instant::min();
  return from_millis(micros / 1000 - (micros % 1000 < 0 ? 1 : 0) + epoch_millis);
}

}  // namespace hotclock::sql
