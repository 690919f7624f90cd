// What a settlement does to many slots on an engine that takes whole columns: settle_at_once.sql.
#include "service/ledger/settle_at_once.sql.h"
#include "service/ledger/settling.h"
#include "service/ledger/tally.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::settle_at_once;

namespace {

// The entries of an act, and which of them were new.
class Entering {
 public:
  void add(const JobNames::Known& job, const Entry& entry) {
    rows_.add(job.id, entry.slot.scheduled_for, entry.slot.key, to_string(entry.slot.trigger),
              entry.priority, rank_of(entry), entry.requested_by, job.line);
    entries_.push_back({job, &entry});
  }
  Result<> write(sql::Transaction& transaction, Instant now) {
    if (entries_.empty()) return {};
    Result<> found;
    const auto params = rows_.params({now});
    auto read = for_each_row(transaction, text::enter, params, [&](const sql::Rows& row) {
      if (found) found = place(row, now);
    });
    if (!read || !found) return read ? found : read;
    if (auto queued = transaction.exec(text::enqueue, queue_.params()); !queued)
      return std::move(queued).error();
    if (ended_.empty()) return {};
    auto ended = transaction.exec(text::end_unworked, ended_.params({now}));
    return ended ? Result<>() : std::move(ended).error();
  }
  // One of those that are new can be claimed only later.
  bool any_later() const { return any_later_; }

 private:
  struct One {
    JobNames::Known job;
    const Entry* entry;
  };

  static std::int64_t rank_of(const Entry& entry) {
    return claim_rank(entry.available_at, entry.priority);
  }

  // What was new comes back in the order in which it went.
  Result<> place(const sql::Rows& row, Instant now) {
    const auto is_it = [&row](const One& one) {
      return row.integer(1) == one.job.id && row.instant(2) == one.entry->slot.scheduled_for &&
             row.text(3) == one.entry->slot.key;
    };
    while (at_ < entries_.size() && !is_it(entries_[at_])) ++at_;
    if (at_ == entries_.size()) return Error(Errc::internal, "slots came back in another order");
    const auto& [job, the_entry] = entries_[at_++];
    const Entry& entry = *the_entry;
    const std::int64_t id = row.integer(0);
    if (entry.ended) {
      ended_.add(id, to_string(*entry.ended), entry.reason, entry.slot.scheduled_for);
    } else {
      const bool due = entry.available_at <= now;
      queue_.add(due ? "due" : "later", job.line, rank_of(entry), id, entry.available_at,
                 entry.reason);
      any_later_ = any_later_ || !due;
    }
    return {};
  }

  std::vector<One> entries_;
  std::size_t at_ = 0;
  bool any_later_ = false;
  sql::Arrays<std::int64_t, Instant, std::string_view, std::string_view, std::int64_t, std::int64_t,
              std::string_view, std::int64_t>
      rows_;
  sql::Arrays<std::string_view, std::int64_t, std::int64_t, std::int64_t, Instant, std::string_view>
      queue_;
  sql::Arrays<std::int64_t, std::string_view, std::string_view, Instant> ended_;
};

}  // namespace

// ---------------------------------------------------------------- endings

// All that ended for good, each out of the place it is in as a rule; what is not there is left for
// record().
Result<> Settling::end_at_once() {
  sql::Arrays<JobId, std::int64_t, std::int64_t, std::int64_t, std::string_view, std::int64_t,
              std::string_view, Instant, Instant, std::string_view, std::string_view,
              std::string_view, std::int64_t, Instant>
      rows;
  for (const Ending& ending : act_.endings) {
    const auto* ends = std::get_if<Ends>(&ending.follow);
    const Permit& permit = *ending.permit;
    if (!ends || permit.partition_of) continue;
    auto place = place_of(permit);
    if (!place) return std::move(place).error();
    rows.add(place->job_id, place->lane, permit.slot_id, permit.fence, to_string(ends->end),
             permit.attempt, rows.keep(permit.execution.text()), ending.started_at, ending.ended_at,
             ending.outcome, ending.error,
             ending.tally.empty() ? std::string_view("{}") : rows.keep(to_json(ending.tally)),
             ending.set_aside_total, permit.slot.scheduled_for);
  }
  if (rows.empty()) return {};
  recorded_.reserve(rows.size());
  const auto params = rows.params({lasting_.node.id, static_cast<std::int64_t>(rows.size())});
  return for_each_row(sql_, text::end_attempts, params, [this](const sql::Rows& row) {
    recorded_.emplace(row.integer(0), RecordedEnd{row.integer(1), row.integer(2)});
  });
}

// Once for each: an end that is told twice is not ours the second time.
std::optional<Settling::JobId> Settling::recorded_at_once(const Ending& ending) {
  if (recorded_.empty() || !std::holds_alternative<Ends>(ending.follow)) return std::nullopt;
  const Permit& permit = *ending.permit;
  const auto found = recorded_.find(permit.slot_id);
  if (found == recorded_.end() || found->second.fence != permit.fence) return std::nullopt;
  const JobId job = found->second.job_id;
  recorded_.erase(found);
  return job;
}

// ---------------------------------------------------------------- entries

Result<> Settling::enter_at_once() {
  Entering entering;
  for (const Entry& entry : act_.entries) {
    auto wanted = is_wanted(entry);
    if (!wanted) return std::move(wanted).error().within("enter a slot of " + entry.slot.job);
    if (!*wanted) continue;
    auto job = lasting_.names.known(sql_, entry.slot.job);
    if (!job) return std::move(job).error().within("enter a slot of " + entry.slot.job);
    entering.add(*job, entry);
  }
  if (auto done = entering.write(sql_, now_); !done)
    return std::move(done).error().within("enter slots");
  if (entering.any_later()) tell_ = true;
  return {};
}

Result<> Settling::move_cursors_at_once() {
  std::map<JobId, Instant> furthest;
  for (const CursorMove& move : act_.cursors) {
    auto heard = has_heard(move.job, move.rescheduled);
    if (!heard) return std::move(heard).error().within("move a cursor");
    if (!*heard) continue;
    auto job = lasting_.names.id_of(sql_, move.job);
    if (!job) return std::move(job).error().within("move the cursor of " + move.job);
    const auto [known, is_new] = furthest.try_emplace(*job, move.entered_until);
    if (!is_new) known->second = std::max(known->second, move.entered_until);
    if (auto done = reschedule(move, *job); !done) return done;
  }
  if (furthest.empty()) return {};
  sql::Arrays<JobId, Instant> rows;
  for (const auto& [job, until] : furthest) rows.add(job, until);
  auto moved = sql_.exec(text::move_cursors, rows.params({static_cast<std::int64_t>(rows.size())}));
  return moved ? Result<>() : std::move(moved).error().within("move cursors");
}

// ---------------------------------------------------------------- claims

// As a rule it is the last that an act changes: what look_ahead() will ask goes with it.
Result<std::int64_t> Settling::dequeue_and_claim(const Run& run) {
  auto [cancelling, next_available] = ahead_questions();
  auto params = claims_at_once_.params(
      {run.first_rank, run.first_slot, run.last_rank, run.last_slot, lasting_.node.id, now_});
  params.emplace_back(run.line);
  const sql::Question questions[] = {{&text::dequeue_and_claim, std::move(params)},
                                     std::move(cancelling),
                                     std::move(next_available)};
  auto answers = sql_.query_all(questions);
  if (!answers) return std::move(answers).error();
  std::int64_t taken = 0;
  auto read = each_row(*answers->at(0), [&taken](const sql::Rows& row) { taken = row.integer(0); });
  if (!read) return std::move(read).error();
  auto ahead = read_ahead(*answers->at(1), *answers->at(2));
  if (!ahead) return std::move(ahead).error();
  ahead_ = std::move(ahead).value();
  claims_at_once_.clear();
  return taken;
}

}  // namespace hotclock::ledger
