// Words in what went wrong and in what executions said.
//
// All words must occur, in any order; small and capital letters are the same, "time*" is every word
// that begins so. Words are letters and digits with anything else between them. Looked for in one
// of three places: the reasons of slots' ends and attempts, what jobs set aside, and the logs of
// executions (of each text its first 100,000 characters).
//
// PostgreSQL finds rare words by an index, wherever they are. Words that are in more than a
// thousand texts, and all words in SQLite, are looked for text by text, the newest first:
// texts_looked_at a page, and where a page has fewer than it may, its `next` leads on. So no page
// takes long.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::past {

constexpr int texts_looked_at = 5'000;
constexpr int rare_up_to = 1'000;

enum class Place { reasons, set_aside, logs };
std::string_view to_string(Place);
bool from_string(std::string_view text, Place& out);

struct SearchQuery {
  std::string words;
  Place in = Place::reasons;
  std::string job;  // empty: of all
  std::optional<Instant>
      since;  // of reasons, by the slot's instant; of the others, by the execution's start
  std::optional<Instant> until;  // before it
  std::string after;             // the `next` of the page before
  int limit = 50;
};

struct Hit {
  std::int64_t slot_id = 0;
  std::string job;
  Instant scheduled_for;
  std::string execution;  // empty where nothing was worked
  std::string outcome;    // of that attempt
  std::string excerpt;    // around the first word
};

struct Hits {
  std::vector<Hit> hits;  // newest first
  std::string next;       // empty: that was all
};

// Errc::invalid: there is no word in it, or more than 20; or `after` is no place that was given
// out.
Result<Hits> search(sql::Database& database, const SearchQuery& query);

}  // namespace hotclock::past
