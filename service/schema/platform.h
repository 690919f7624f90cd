// What Hotclock needs of the platform's tables: data in code, and the one owner of that list. `doctor` checks
// a database against it and the role's rights are made of it; tests compare it with the migration that
// makes these tables, and with what the jobs' statements say.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hotclock::schema {

// What a column holds, as far as the jobs rely on it.
enum class Holds {
  id,       // a number of 64 bits: ranges of it have no end
  number,   // a whole number
  flag,     // 0 or 1
  real,     // a number
  text,     // a text that is read
  word,     // a text that is only written, or compared with a word
  instant,  // a point in time
  date,     // a local date
};

// What is done with it beside reading.
enum class Use {
  read,
  changed,  // by UPDATE
  entered,  // by INSERT
  kept,     // both: by INSERT ... ON CONFLICT DO UPDATE
};

struct PlatformColumn {
  std::string_view name;
  Holds holds;
  Use use = Use::read;
};

// A way in which rows are looked for, without which a large table is slow.
struct LookUp {
  std::string_view column;  // the first of the index
  std::string_view where;   // of the rows that count; empty for all
};

struct PlatformTable {
  std::string_view name;
  std::span<const PlatformColumn> columns;
  std::string_view key = "";  // of ON CONFLICT
  bool removed = false;       // rows are deleted
  bool money = false;         // written by the engine itself, through no trigger or rule
  std::span<const LookUp> look_ups = {};

  bool is_entered() const;
};

std::span<const PlatformTable> platform_tables();

// "bonus_balance, last_bonus_date": the columns of one use.
std::vector<std::string_view> columns_of(const PlatformTable& table, Use use);

// The columns whose values must be together unique in the platform's own storage: nobody is paid twice for
// one date.
inline constexpr std::string_view payments = "transactions";
inline constexpr std::string_view payment_date = "bonus_date";
inline constexpr std::string_view payment_user = "user_id";
inline constexpr std::string_view payment_kind = "type";

}  // namespace hotclock::schema
