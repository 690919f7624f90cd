// The record of what people did, and of what they tried and were refused: who, from where, what,
// before and after, why.
//
// It is a chain. Each row carries a seal, SHA-256 over the row and the seal before it, so that a
// row that was changed, taken out or put in later breaks it, and check() says where. What it cannot
// show is that all of it was made anew by somebody who may write to the database; an exported seal
// does.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/sql/sql.h"

namespace hotclock::audit {

// Who does it, and why.
struct Person {
  std::string name;
  std::string reason = {};
  std::string from = {};  // an address, or "command line on HOST"; empty: this program itself
  std::optional<std::int64_t> token = {};  // that was shown
  std::string request = {};                // the id of the request it came with
};

enum class Outcome { done, refused };
std::string_view to_string(Outcome);

// What is written down.
struct Note {
  std::string_view what;      // "pause"
  std::string_view job = {};  // empty: no job alone
  std::optional<std::int64_t> slot_id = {};
  std::string detail = {};
  std::string was = {}, became = {};  // before and after
  Outcome outcome = Outcome::done;    // refused: `detail` says why
};

// The place of the next row. Nobody else gets one until the transaction that asked has ended.
struct Link {
  std::int64_t number = 0;  // from 1 on
  std::string before;       // the seal of the row before; empty for the first
};
// To be asked among a transaction's questions, and read.
sql::Question next_link();
Result<Link> link_of(sql::Rows& answer);

// Writes a row: it stands if and only if the transaction commits.
Result<> append(sql::Transaction& transaction, const Link& link, const Note& note, const Person& by,
                Instant now);
// The same, asking for the link itself: the last thing that a transaction does.
Result<> append(sql::Transaction& transaction, const Note& note, const Person& by, Instant now);
// In a transaction of its own.
Result<> append(sql::Database& database, const Note& note, const Person& by, Instant now);

// One row as it stands.
struct Entry {
  std::int64_t id = 0;
  std::optional<std::int64_t> number;  // none: from before there was a chain
  Instant at;
  std::string who, from, what, job;
  std::optional<std::int64_t> slot_id, token;
  std::string request, detail, was, became, reason, outcome, seal;
};

struct Query {
  std::string job, who, what, outcome;  // empty: any; `what` may end with ".*"
  std::optional<Instant> since;
  std::optional<std::int64_t> before;  // ids below it: the page that follows
  int limit = 50;
};
// Newest first.
Result<std::vector<Entry>> list(sql::Database& database, const Query& query);

// All of it, oldest first, in one snapshot and without holding it in memory. `each` gives false to
// end.
Result<> for_each(sql::Database& database, const std::function<bool(const Entry&)>& each);

// One line of JSON, without a line's end: how the record is exported.
std::string to_json(const Entry& entry);

// The seal that a row should have.
std::string seal_of(const Entry& entry, std::string_view before);

struct Checked {
  std::int64_t rows = 0;       // of the chain
  std::int64_t unchained = 0;  // from before there was one
  std::string seal;            // of its last row
  std::string broken;          // where and how; empty: it is whole
};
Result<Checked> check(sql::Database& database);

// The same in steps, each a snapshot of its own, for whoever looks again and again. A walk that
// found the chain broken has ended, as one that came to its end.
struct Walk {
  Checked checked;
  std::int64_t after = 0;  // the id of the last row that was looked at
  bool ended = false;
};
// Looks at `rows` more rows at most. REQUIRES: it has not ended.
Result<> check_on(sql::Database& database, Walk& walk, int rows);

}  // namespace hotclock::audit
