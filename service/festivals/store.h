// Festivals in SQL, a transaction in hand: what the acts are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/festivals/festivals.h"

namespace hotclock::festivals {

using Sql = sql::Transaction;

// Of everything that a festival holds.
std::string revision_of(const Festival& festival);

// The look and the dates, as the rules of themes have them.
theme::Festival as_theme(const Festival& festival);

// Whose the tables are. An adopted platform's festivals have no type, and its gifts only ids.
enum class Platform { own, adopted };

Result<std::vector<Festival>> read_page(Sql& sql, const Query& query, Instant now,
                                        Platform platform);
// Errc::not_found names the newest there is.
Result<Festival> read_one(Sql& sql, std::int64_t id, Platform platform = Platform::own);
// The same to change it, for this transaction alone until it ends: says first of all that it is
// edited, as festival-activation wants it. Errc::conflict where it is not what `which` says it was.
Result<Festival> hold(Sql& sql, const Which& which, Instant now);

// Those that run while `festival` does, and that a country sees beside it; at most 200.
Result<std::vector<theme::Festival>> read_beside(Sql& sql, const Festival& festival);
// The same at one instant, for a country.
Result<std::vector<theme::Festival>> read_running(Sql& sql, std::string_view country, Instant t);

// The ids of gifts, and a problem for each name that is none's.
struct Gifts {
  std::vector<std::int64_t> ids;
  std::vector<Problem> problems;
};
Result<Gifts> find_gifts(Sql& sql, const std::vector<std::string>& names);

// With its gifts; the id of a new one.
Result<std::int64_t> add(Sql& sql, const Festival& festival, const std::vector<std::int64_t>& gifts,
                         Instant now);
Result<> change(Sql& sql, const Festival& festival, const std::vector<std::int64_t>& gifts);
Result<> move(Sql& sql, const Festival& festival);
Result<> take_away(Sql& sql, std::int64_t id);

// What is written beside each act.
struct Note {
  std::string_view what;  // "festival.create"
  std::string detail;
};
Result<> write_down(Sql& sql, const Festival& festival, const Note& note, const Person& by,
                    Instant now);

}  // namespace hotclock::festivals
