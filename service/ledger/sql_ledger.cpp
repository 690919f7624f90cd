#include "service/ledger/sql_ledger.h"

#include <algorithm>

#include "service/ledger/finding.sql.h"
#include "service/ledger/queue_line.h"
#include "service/ledger/settle.sql.h"
#include "service/ledger/settling.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::settle;

namespace {

bool brings_something(const Settlement& act) {
  return !act.endings.empty() || !act.entries.empty() || !act.cursors.empty() ||
         !act.renewals.empty();
}

struct Stood {
  JobNames::Known job;  // in the queue it is in now
  JobRow row;
};

Result<std::optional<Stood>> stood(sql::Transaction& transaction, const KnownQueues& queues,
                                   const std::string& job) {
  return first_row(transaction, text::stood, {job}, [&](const sql::Rows& row) {
    const std::int64_t line = line_of_queue(row, 3);
    return Stood{{row.integer(0), line},
                 {job, std::string(row.text(1)), row.instant(2), queues.name_of(line)}};
  });
}

Result<Stood> added(sql::Transaction& transaction, const JobRow& row, std::int64_t line) {
  auto id = first_row(transaction, text::enrol,
                      {row.job, row.schedule, row.entered_until, queue_of_line(line)},
                      [](const sql::Rows& added) { return added.integer(0); });
  if (!id) return std::move(id).error();
  auto noted = transaction.exec(text::note_schedule, {**id, row.entered_until, row.schedule});
  if (!noted) return std::move(noted).error();
  return Stood{{**id, line}, row};
}

// The line of a queue, which is made known where it is new.
Result<std::int64_t> line_of(sql::Transaction& transaction, KnownQueues& queues,
                             const std::string& name) {
  if (const auto known = queues.line_of(name)) return *known;
  auto id = first_row(transaction, text::add_queue, {name},
                      [](const sql::Rows& row) { return row.integer(0); });
  if (!id) return std::move(id).error();
  queues.named.push_back({-**id, name});
  return -**id;
}

// The row as it stood, or as it is now where the job is new.
Result<Stood> enrolled(sql::Transaction& transaction, KnownQueues& queues, const JobRow& row) {
  auto line = line_of(transaction, queues, row.queue);
  if (!line) return std::move(line).error();
  auto known = stood(transaction, queues, row.job);
  if (!known) return std::move(known).error();
  if (!*known) return added(transaction, row, *line);
  Stood& job = **known;
  if (job.job.line != *line) {
    auto changed = transaction.exec(text::put_in_queue, {job.job.id, queue_of_line(*line)});
    if (!changed) return std::move(changed).error();
    job.job.line = *line;
  }
  return std::move(job);
}

}  // namespace

Result<> KnownQueues::read(sql::Transaction& transaction) {
  std::vector<One> all;
  auto done = for_each_row(transaction, text::queues, {}, [&all](const sql::Rows& row) {
    all.push_back({-row.integer(0), std::string(row.text(1))});
  });
  if (!done) return std::move(done).error().within("read the queues");
  named = std::move(all);
  are_read = true;
  return {};
}

std::optional<std::int64_t> KnownQueues::line_of(const std::string& name) const {
  if (name.empty()) return 0;
  const auto found = std::ranges::find(named, name, &One::name);
  return found == named.end() ? std::nullopt : std::optional(found->line);
}

const std::string& KnownQueues::name_of(std::int64_t line) const {
  static const std::string common;
  const auto found = std::ranges::find(named, line, &One::line);
  return found == named.end() ? common : found->name;
}

Result<JobNames::Known> JobNames::known(sql::Transaction& transaction, const std::string& name) {
  if (const auto job = jobs_.find(name); job != jobs_.end()) return job->second;
  auto job = first_row(transaction, text::job_by_name, {name}, [](const sql::Rows& row) {
    return Known{row.integer(0), line_of_queue(row, 1)};
  });
  if (!job) return std::move(job).error();
  if (!*job) return Error(Errc::not_found, "job " + name + " was never enrolled");
  learn(name, **job);
  return **job;
}

Result<std::int64_t> JobNames::id_of(sql::Transaction& transaction, const std::string& name) {
  auto job = known(transaction, name);
  if (!job) return std::move(job).error();
  return job->id;
}

Result<const std::string*> JobNames::name_of(sql::Transaction& transaction, std::int64_t id) {
  if (const auto known = names_.find(id); known != names_.end()) return &known->second;
  struct Named {
    std::string name;
    std::int64_t line;
  };
  auto job = first_row(transaction, text::job_by_id, {id}, [](const sql::Rows& row) {
    return Named{std::string(row.text(0)), line_of_queue(row, 1)};
  });
  if (!job) return std::move(job).error();
  if (!*job)
    return Error(Errc::corrupt, "a slot names job " + std::to_string(id) + ", which is not there");
  return &learn((*job)->name, {id, (*job)->line});
}

const std::string& JobNames::learn(const std::string& name, Known job) {
  jobs_.insert_or_assign(name, job);
  return names_.emplace(job.id, name).first->second;
}

Result<std::vector<JobRow>> SqlLedger::enrol(const std::vector<JobRow>& rows) {
  auto transaction = database_.write_alone(limits_);
  if (!transaction) return std::move(transaction).error().within("enrol jobs");
  KnownQueues queues;
  if (auto read = queues.read(**transaction); !read)
    return std::move(read).error().within("enrol jobs");
  std::vector<Stood> all;
  all.reserve(rows.size());
  for (const JobRow& row : rows) {
    auto as_stood = enrolled(**transaction, queues, row);
    if (!as_stood) return std::move(as_stood).error().within("enrol job " + row.job);
    all.push_back(std::move(as_stood).value());
  }
  if (auto done = (*transaction)->commit(); !done)
    return std::move(done).error().within("enrol jobs");
  queues_ = std::move(queues);
  std::vector<JobRow> answer;
  answer.reserve(all.size());
  for (Stood& one : all) {
    names_.learn(one.row.job, one.job);
    answer.push_back(std::move(one.row));
  }
  return answer;
}

Result<Settled> SqlLedger::settle(const Settlement& act, const PolicyOf& policy_of) {
  std::vector<sql::Question> first;
  if (!brings_something(act)) {
    auto seen = looked(act, policy_of);
    if (!seen) return std::move(seen).error().within("look at the ledger");
    if (seen->found == Found::nothing) return std::move(seen->answer);
    first = std::move(seen->asks_first);
  } else if (!act.cursors.empty()) {
    first.push_back({&text::rescheduled});
  }
  auto settled = written(act, policy_of, first);
  if (!settled) return std::move(settled).error().within("settle");
  return settled;
}

// A glance whose connection was lost is no failure yet: a reading transaction finds another one.
Result<SqlLedger::Seen> SqlLedger::looked(const Settlement& act, const PolicyOf& policy_of) {
  if (!act.look_for_lost) {
    auto glance = database_.glance(limits_);
    if (!glance) return std::move(glance).error();
    auto told = seen(**glance, &Settling::glance, act, policy_of);
    if (told ? told->found != Found::unclear : told.error().code() != Errc::unavailable)
      return told;
  }
  auto transaction = database_.read(limits_);
  if (!transaction) return std::move(transaction).error();
  return seen(**transaction, &Settling::look_closely, act, policy_of);
}

Result<SqlLedger::Seen> SqlLedger::seen(sql::Transaction& transaction,
                                        Result<Found> (Settling::*look)(), const Settlement& act,
                                        const PolicyOf& policy_of) {
  Settling settling(transaction, lasting(), act, policy_of, act.now);
  auto found = (settling.*look)();
  if (!found) return std::move(found).error();
  return Seen{*found, std::move(settling.answer()), settling.first_questions()};
}

// `first`: what it is known to ask first.
Result<Settled> SqlLedger::written(const Settlement& act, const PolicyOf& policy_of,
                                   std::span<const sql::Question> first) {
  auto asked = database_.ask_alone(first, limits_);
  if (!asked) return std::move(asked).error();
  auto& transaction = asked->transaction;
  Settling settling(*transaction, lasting(), act, policy_of, turn_of(*transaction, act));
  if (!first.empty()) {
    auto begun = brings_something(act) ? settling.hear_of_changes(*asked->answers.front())
                                       : settling.begin_with(asked->answers);
    if (!begun) return std::move(begun).error();
  }
  for (const auto step :
       {&Settling::record_endings, &Settling::enter_slots, &Settling::move_cursors,
        &Settling::renew_leases, &Settling::take_lost, &Settling::call_the_waiting,
        &Settling::claim, &Settling::call_the_waiting, &Settling::look_ahead})
    if (auto done = (settling.*step)(); !done) return std::move(done).error();
  if (settling.others_should_look())
    if (auto told = transaction->notify(); !told) return std::move(told).error();
  if (auto done = transaction->commit(); !done) {
    asked->answers.clear();
    transaction.reset();
    if (done.error().code() != Errc::unknown || !stands(settling.answer()))
      return std::move(done).error();
  }
  settling.trust_the_renewed();
  return std::move(settling.answer());
}

// Whoever has the turn comes after the one whose answer was lost. What that ended or entered may be
// said again, but nobody else would know of what it claimed.
bool SqlLedger::stands(const Settled& answer) {
  if (answer.claims.empty()) return false;
  auto transaction = database_.write_alone(limits_);
  if (!transaction) return false;
  const Permit& permit = *answer.claims.front().permit;
  const auto found = first_row(**transaction, stmt::finding::is_execution,
                               {permit.slot_id, permit.execution.text()},
                               [](const sql::Rows& row) { return row.integer(0); });
  return found && *found;
}

Lasting SqlLedger::lasting() {
  const sql::Dialect& dialect = database_.dialect();
  return {node_, names_, uuids_, strangers_, queues_, dialect.locks_rows, dialect.takes_arrays};
}

Instant SqlLedger::turn_of(const sql::Transaction& transaction, const Settlement& act) {
  const std::optional<Instant> now = transaction.now();
  if (!now || clock_ == nullptr) return act.now;
  clock_->hear(*now, clock_->steady());
  return *now;
}

}  // namespace hotclock::ledger
