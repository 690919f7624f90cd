// Values on their way to PostgreSQL and back: binary wherever both sides know the type.
#pragma once

#include <libpq-fe.h>

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "service/sql/sql.h"

namespace hotclock::sql {

// Type numbers of PostgreSQL's catalogue; they never change.
namespace pg_type {
constexpr Oid boolean = 16, name = 19, int8 = 20, int2 = 21, int4 = 23, text = 25, json = 114,
              unknown = 705, float4 = 700, float8 = 701, bpchar = 1042, varchar = 1043,
              timestamp = 1114, timestamptz = 1184, numeric = 1700, texts = 1009, int8s = 1016,
              timestamptzs = 1185, nothing = 2278;
}

// True where a column of this type can be read.
bool is_readable(Oid type);
bool is_text(Oid type);

// The parameters of one run, in the form libpq takes them.
class PostgresParams {
 public:
  // Texts are not copied: they must live until the run is sent. Errc::invalid where a value means
  // nothing to some engine; Errc::internal where their number is wrong.
  Result<> bind(std::span<const Param> params, std::span<const Oid> types);

  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  class Binder;
  class Column;

  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::vector<std::array<char, 8>> numbers_;
  std::deque<std::string> texts_;
};

// One field of a binary result.
struct PostgresField {
  Oid type;
  std::string_view bytes;

  std::int64_t integer() const;  // of an instant: milliseconds
  double real() const;
  Instant instant() const;
  std::string words() const;  // of a number
};

}  // namespace hotclock::sql
