#include "service/ledger/many.h"

#include <map>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "scheduler/core/ledger.h"
#include "service/ledger/control.sql.h"
#include "service/ledger/control_steps.h"
#include "service/ledger/entering.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::control;

namespace {

namespace json = boost::json;
using Sql = sql::Transaction;

// Whether an error is this slot's alone, and the transaction is as it was.
bool is_of_the_slot(Errc code) {
  return code == Errc::conflict || code == Errc::not_found || code == Errc::forbidden;
}

// Asks for each job once.
class Gate {
 public:
  explicit Gate(const Allowed& allowed) : allowed_(allowed) {}

  const Result<int>& priority(const std::string& job) {
    auto known = answers_.find(job);
    if (known == answers_.end()) known = answers_.emplace(job, allowed_(job)).first;
    return known->second;
  }

 private:
  const Allowed& allowed_;
  std::map<std::string, Result<int>> answers_;
};

Result<> cancel_one(Sql& transaction, const Target& target, Treated& treated, const Person& by,
                    Instant now) {
  const auto done = cancel_slot(transaction, target, by, now);
  if (!done) return done.error();
  treated.outcome = *done == Cancelled::ended ? "cancelled" : "asked_to_stop";
  return {};
}

// Why a slot is none that is worked anew in a crowd; empty: it is one.
Result<std::string> why_not_anew(Sql& transaction, const Target& target) {
  if (target.partition_of) return fmt::format("it is a part of slot {}", *target.partition_of);
  std::string why = "it has not ended";
  auto read =
      for_each_row(transaction, text::how_it_ended, {target.slot_id}, [&](const sql::Rows& row) {
        why = row.text(0) == to_string(End::completed) ? "it was completed" : "";
      });
  if (!read) return std::move(read).error();
  return why;
}

Error anew_already(Sql& transaction, const Target& target, const std::string& key) {
  std::string why = "it is worked anew already";
  auto read = for_each_row(transaction, text::existing, {target.job, target.scheduled_for, key},
                           [&](const sql::Rows& row) {
                             why = fmt::format("it was worked anew as slot {}, which is {}",
                                               row.integer(0), row.text(1));
                           });
  return read ? Error(Errc::conflict, why) : std::move(read).error();
}

Result<> retry_one(Sql& transaction, const Target& target, int priority, Treated& treated,
                   const Person& by, Instant now) {
  auto why = why_not_anew(transaction, target);
  if (!why) return std::move(why).error();
  if (!why->empty()) return Error(Errc::conflict, *std::move(why));
  auto job = find_job(transaction, target.job);
  if (!job) return std::move(job).error();
  const std::string key = fmt::format("again:{}", target.slot_id);
  auto id = enter_asked(transaction, *job, {target.job, target.scheduled_for, key, now, priority},
                        by, now);
  if (!id) return std::move(id).error();
  if (!*id) return anew_already(transaction, target, key);
  treated.outcome = "worked_anew";
  treated.new_slot = **id;
  return {};
}

// What the audit keeps of each.
std::string outcomes_json(const std::vector<Treated>& all) {
  json::object out;
  for (const Treated& one : all) {
    if (one.outcome == "refused") {
      auto& refused = out["refused"];
      if (!refused.is_object()) refused.emplace_object();
      refused.as_object()[std::to_string(one.slot_id)] = one.why;
    } else {
      auto& same = out[one.outcome];
      if (!same.is_array()) same.emplace_array();
      same.as_array().emplace_back(one.slot_id);
    }
  }
  return json::serialize(out);
}

Result<> note(Sql& transaction, const Piece& piece, const std::vector<Treated>& all,
              const Person& by, Instant now) {
  std::size_t refused = 0;
  for (const Treated& one : all) refused += one.outcome == "refused" ? 1 : 0;
  return audit::append(
      transaction,
      {.what = piece.what,
       .job = piece.job,
       .detail =
           fmt::format("{}: {} done, {} refused", piece.detail, all.size() - refused, refused),
       .became = outcomes_json(all),
       .outcome = refused == all.size() ? audit::Outcome::refused : audit::Outcome::done},
      by, now);
}

template <class One>
Result<std::vector<Treated>> many(sql::Database& database, const Piece& piece,
                                  const Allowed& allowed, const Person& by, Instant now, One one) {
  const auto treat = [&](Sql& transaction, Gate& gate, Treated& treated) -> Result<> {
    auto target = find_slot(transaction, treated.slot_id);
    if (!target) return std::move(target).error();
    treated.job = target->job;
    treated.scheduled_for = target->scheduled_for;
    const auto& priority = gate.priority(target->job);
    if (!priority) return priority.error();
    return one(transaction, *target, *priority, treated);
  };
  return sql::in_one_with_news(database.write_alone(), piece.what,
                               [&](Sql& transaction) -> Result<std::vector<Treated>> {
                                 Gate gate(allowed);
                                 std::vector<Treated> all;
                                 for (const std::int64_t id : piece.slots) {
                                   Treated treated{.slot_id = id};
                                   if (auto done = treat(transaction, gate, treated); !done) {
                                     if (!is_of_the_slot(done.error().code()))
                                       return std::move(done).error();
                                     treated.outcome = "refused";
                                     treated.why = done.error().message();
                                   }
                                   all.push_back(std::move(treated));
                                 }
                                 if (auto noted = note(transaction, piece, all, by, now); !noted)
                                   return std::move(noted).error();
                                 return all;
                               });
}

}  // namespace

Result<std::vector<Treated>> cancel_many(sql::Database& database, const Piece& piece,
                                         const Allowed& allowed, const Person& by, Instant now) {
  return many(database, piece, allowed, by, now,
              [&](Sql& transaction, const Target& target, int, Treated& treated) {
                return cancel_one(transaction, target, treated, by, now);
              });
}

Result<std::vector<Treated>> retry_many(sql::Database& database, const Piece& piece,
                                        const Allowed& allowed, const Person& by, Instant now) {
  return many(database, piece, allowed, by, now,
              [&](Sql& transaction, const Target& target, int priority, Treated& treated) {
                return retry_one(transaction, target, priority, treated, by, now);
              });
}

}  // namespace hotclock::ledger
