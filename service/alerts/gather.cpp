#include "service/alerts/gather.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "service/alerts/facts.sql.h"
#include "service/ledger/tally.h"
#include "service/sql/rows.h"

namespace hotclock::alerts {
namespace text = stmt::facts;

namespace {

constexpr std::size_t jobs_a_pass = 200;  // whose last ends are read anew
constexpr int audit_rows_a_pass = 500;

std::optional<std::int64_t> touched_in(std::string_view tally) {
  const Tally counts = ledger::read_tally(tally);
  if (counts.empty()) return std::nullopt;
  std::int64_t all = 0;
  for (const auto& [word, count] : counts) all += count;
  return all;
}

EndedSlot ended_of(const sql::Rows& row) {
  EndedSlot slot{.slot = row.integer(0),
                 .scheduled_for = row.instant(1),
                 .ended_at = row.instant(3),
                 .started_at = row.instant_or_none(4),
                 .execution = std::string(row.text(5)),
                 .reason = std::string(row.text(6)),
                 .touched = touched_in(row.text(7)),
                 .set_aside = row.integer(8)};
  from_string(row.text(2), slot.end);
  return slot;
}

// What was read in two ways is there once; newest first.
void order(std::vector<EndedSlot>& slots) {
  std::ranges::sort(slots, [](const EndedSlot& a, const EndedSlot& b) {
    return std::pair(a.ended_at, a.slot) > std::pair(b.ended_at, b.slot);
  });
  const auto again = std::ranges::unique(slots, {}, &EndedSlot::slot);
  slots.erase(again.begin(), again.end());
}

Result<> read_running(sql::Transaction& transaction, Facts& facts) {
  std::map<std::int64_t, std::string> of_partitions;
  auto read = sql::for_each_row(transaction, text::running, {}, [&](const sql::Rows& row) {
    const std::string progress = fmt::format("{} {}", row.integer(6), row.text(7));
    if (!row.is_null(8)) {
      of_partitions[row.integer(8)] += progress + ' ';
      return;
    }
    const auto job = facts.jobs.find(std::string(row.text(0)));
    if (job == facts.jobs.end()) return;
    const bool divided = row.integer(9) > 0;
    job->second.running.push_back(
        {.slot = row.integer(1),
         .execution = std::string(row.text(2)),
         .node = std::string(row.text(3)),
         .started_at = row.instant(4),
         .lease_until = divided ? Instant::max() : row.instant(5),
         .progress = divided ? fmt::format("{} partitions open", row.integer(9)) : progress});
  });
  if (!read) return read;
  for (auto& [name, job] : facts.jobs)
    for (RunningSlot& slot : job.running)
      if (const auto found = of_partitions.find(slot.slot); found != of_partitions.end())
        slot.progress += ", " + found->second;
  return {};
}

// Partitions wait for workers with the slot that they are a part of; but an unknown one is a
// person's business.
Result<> read_queued(sql::Transaction& transaction, std::string_view phase, Facts& facts) {
  const bool unknown = phase == "unknown";
  return sql::for_each_row(transaction, text::queued, {phase}, [&](const sql::Rows& row) {
    const auto job = facts.jobs.find(std::string(row.text(0)));
    if (job == facts.jobs.end() || (!row.is_null(6) && !unknown)) return;
    QueuedSlot slot{.slot = row.integer(1),
                    .scheduled_for = row.instant(2),
                    .available_at = row.instant(3),
                    .unknown = unknown,
                    .reason = std::string(row.text(5))};
    from_string(row.text(4), slot.trigger);
    job->second.queued.push_back(std::move(slot));
  });
}

Result<> read_nodes(sql::Transaction& transaction, Instant since, Facts& facts) {
  return sql::for_each_row(transaction, text::nodes, {since}, [&facts](const sql::Rows& row) {
    NodeFacts& node = facts.nodes[std::string(row.text(0))];
    node = {.seen_at = row.instant(1),
            .stopped = !row.is_null(2),
            .clock_ahead = Duration{row.integer(3)},
            .at = row.instant(4),
            .disk = std::string(row.text(5)),
            .disk_free = row.is_null(6) ? std::nullopt : std::optional(row.real(6)),
            .database_answers = Duration{row.integer(7)},
            .reload_refused = std::string(row.text(8))};
  });
}

Result<> read_sinks(sql::Transaction& transaction, const std::set<std::string>& sinks,
                    Facts& facts) {
  return sql::for_each_row(transaction, text::sinks, {}, [&](const sql::Rows& row) {
    const std::string name(row.text(0));
    if (sinks.contains(name))
      facts.sinks[name] = {row.instant_or_none(2), std::string(row.text(1))};
  });
}

Result<> read_notifiers(sql::Transaction& transaction, Facts& facts) {
  return sql::for_each_row(transaction, text::notifiers, {}, [&facts](const sql::Rows& row) {
    facts.notifiers[std::string(row.text(0))] = {row.integer(1), row.instant(2), row.integer(3),
                                                 std::string(row.text(4))};
  });
}

Result<> read_the_rest(sql::Transaction& transaction, Facts& facts) {
  auto read =
      sql::for_each_row(transaction, text::everything_off, {}, [&facts](const sql::Rows& row) {
        facts.everything_off =
            HeldOff{std::string(row.text(0)), std::string(row.text(1)), row.instant(2)};
      });
  if (!read) return read;
  for (auto& [name, job] : facts.jobs) job.everything_off = facts.everything_off.has_value();
  return sql::for_each_row(transaction, text::differences, {}, [&facts](const sql::Rows& row) {
    facts.differences.push_back({std::string(row.text(0)), std::string(row.text(1)), row.integer(2),
                                 std::string(row.text(3))});
  });
}

std::optional<HeldOff> held_off(const sql::Rows& row, Instant now) {
  if (!row.is_null(6))
    return HeldOff{std::string(row.text(6)), std::string(row.text(7)),
                   row.instant_or_none(8).value_or(now)};
  const auto until = row.instant_or_none(5);
  if (row.is_null(2) || (until && *until <= now)) return std::nullopt;
  return HeldOff{std::string(row.text(2)), std::string(row.text(3)), row.instant(4)};
}

}  // namespace

Result<Facts> Gatherer::gather(const Rules& rules, const std::set<std::string>& sinks,
                               Instant now) {
  auto transaction = database_.read();
  if (!transaction) return std::move(transaction).error();
  sql::Transaction& sql = **transaction;
  Facts facts{.now = now};
  auto read = read_jobs(sql, rules, facts);
  if (read) read = read_ends(sql, rules, facts);
  if (read) read = read_running(sql, facts);
  for (const std::string_view phase : {"due", "later", "waiting", "unknown"})
    if (read) read = read_queued(sql, phase, facts);
  if (read) read = read_nodes(sql, now - rules.general[Rule::node_gone].within, facts);
  if (read) read = read_sinks(sql, sinks, facts);
  if (read) read = read_notifiers(sql, facts);
  if (read) read = read_the_rest(sql, facts);
  transaction->reset();
  if (read) read = walk_audit();
  if (!read) return std::move(read).error();
  facts.audit_broken = audit_broken_;
  return facts;
}

Result<> Gatherer::read_jobs(sql::Transaction& transaction, const Rules& rules, Facts& facts) {
  return sql::for_each_row(transaction, text::jobs, {}, [&](const sql::Rows& row) {
    const std::string name(row.text(1));
    if (!rules.jobs.contains(name)) return;
    ids_[name] = row.integer(0);
    facts.jobs[name].held_off = held_off(row, facts.now);
  });
}

Result<> Gatherer::read_ends(sql::Transaction& transaction, const Rules& rules, Facts& facts) {
  auto next = facts.jobs.lower_bound(next_job_);
  const std::size_t many = std::min(facts.jobs.size(), jobs_a_pass);
  for (std::size_t i = 0; i < many; ++i) {
    if (next == facts.jobs.end()) next = facts.jobs.begin();
    if (auto read = read_recent(transaction, next->first); !read) return read;
    ++next;
  }
  next_job_ = next == facts.jobs.end() ? "" : next->first;
  std::erase_if(recent_, [&facts](const auto& kept) { return !facts.jobs.contains(kept.first); });
  for (auto& [name, job] : facts.jobs) job.ended = recent_[name];
  if (auto read = read_trouble(transaction, facts.now - reach_of(rules), facts); !read) return read;
  for (auto& [name, job] : facts.jobs) order(job.ended);
  return {};
}

Result<> Gatherer::read_recent(sql::Transaction& transaction, const std::string& job) {
  std::vector<EndedSlot> ends;
  auto read = sql::for_each_row(transaction, text::recent_ends, {ids_.at(job)},
                                [&ends](const sql::Rows& row) { ends.push_back(ended_of(row)); });
  if (read) recent_[job] = std::move(ends);
  return read;
}

Result<> Gatherer::read_trouble(sql::Transaction& transaction, Instant since, Facts& facts) {
  for (const End end :
       {End::failed, End::timed_out, End::completed_with_errors, End::refused, End::missed}) {
    auto read = sql::for_each_row(transaction, text::trouble, {to_string(end), since},
                                  [&facts](const sql::Rows& row) {
                                    const auto job = facts.jobs.find(std::string(row.text(9)));
                                    if (job != facts.jobs.end())
                                      job->second.ended.push_back(ended_of(row));
                                  });
    if (!read) return read;
  }
  return {};
}

// What was found broken stays so until a whole walk finds nothing.
Result<> Gatherer::walk_audit() {
  auto walked = audit::check_on(database_, walk_, audit_rows_a_pass);
  if (!walked) return walked;
  if (!walk_.ended) return {};
  audit_broken_ = walk_.checked.broken;
  walk_ = {};
  return {};
}

}  // namespace hotclock::alerts
