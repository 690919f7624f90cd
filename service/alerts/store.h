// Alerts, groups, silences and the turn to evaluate, as the database keeps them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scheduler/base/result.h"
#include "service/alerts/alert.h"
#include "service/alerts/silence.h"
#include "service/alerts/telling.h"
#include "service/audit/audit.h"
#include "service/sql/sql.h"

namespace hotclock::alerts {

// All statements of this folder, to be prepared at the start.
std::vector<const sql::Statement*> statements();

// ---------------------------------------------------------------- for a pass, in its transaction

// Those that a pass has to look at: they stand, or somebody must still be told that they are over.
Result<std::vector<Alert>> open_alerts(sql::Transaction& transaction);
// Gives it its id.
Result<> add(sql::Transaction& transaction, Alert& alert);
Result<> change(sql::Transaction& transaction, const Alert& alert);
Result<> drop(sql::Transaction& transaction, const Alert& alert);

Result<std::vector<Group>> groups(sql::Transaction& transaction);
// Makes `before` what `after` is.
Result<> put_groups(sql::Transaction& transaction, std::span<const Group> before,
                    std::span<const Group> after);

// Those that count now or will.
Result<std::vector<Silence>> silences_in_force(sql::Transaction& transaction, Instant now);

// All that fires now and is not held back, as notifiers tell of it.
Result<std::vector<notices::AlertText>> firing(sql::Database& database);

// ---------------------------------------------------------------- whose turn it is

// The fence of the turn that this node has from now until `until`; none where another has it.
Result<std::optional<std::int64_t>> take_turn(sql::Database& database, std::int64_t node,
                                              Instant now, Instant until);
// With what the rules saw. Errc::lease_lost: another node has it by now.
Result<> keep_turn(sql::Transaction& transaction, std::int64_t fence, Instant until,
                   std::span<const Look> looks, Instant now);
Result<> give_turn_up(sql::Database& database, std::int64_t fence, Instant now);

// Who evaluates; none where nobody ever did.
struct Turn {
  std::string node;
  Instant until;
  std::optional<Instant> passed;  // the last pass
};
Result<std::optional<Turn>> turn(sql::Database& database);

struct LastPass {
  Instant at;
  std::vector<Look> looks;  // what the rules saw
};
// None where nobody ever evaluated.
Result<std::optional<LastPass>> last_pass(sql::Database& database);

// ---------------------------------------------------------------- what people ask for

struct AlertQuery {
  std::optional<State> state;  // none: those that stand
  bool all = false;            // those that are over, too
  std::optional<Rule> rule;
  std::optional<Severity> severity;
  std::string job;                     // empty: any
  std::optional<std::int64_t> before;  // ids below it: the page that follows
  int limit = 50;
};
// Newest first.
Result<std::vector<Alert>> list(sql::Database& database, const AlertQuery& query);
// Errc::not_found.
Result<Alert> find(sql::Database& database, std::int64_t id);

// Newest first; `all`: those that are over, too.
Result<std::vector<Silence>> list_silences(sql::Database& database, bool all, int limit,
                                           Instant now);
// As it stands then, with its id. Errc::invalid as check() has it.
Result<Silence> make_silence(sql::Database& database, Silence silence, const audit::Person& by,
                             Instant now);
// It ends now; it stays to be seen. Errc::not_found; Errc::conflict where it was over.
Result<> lift_silence(sql::Database& database, std::int64_t id, const audit::Person& by,
                      Instant now);

// JSON objects of texts, as the columns hold them. Errc::corrupt.
std::string to_json(const Words& words);
Result<Words> words_of(std::string_view json);

}  // namespace hotclock::alerts
