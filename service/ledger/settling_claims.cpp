// Claiming: the guard is asked about a slot at the head of a line, and what it says is written.
#include <algorithm>

#include "service/ledger/execution_id.h"
#include "service/ledger/partitions.h"
#include "service/ledger/partitions.sql.h"
#include "service/ledger/settle.sql.h"
#include "service/ledger/settling.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::settle;

namespace {

// While everything is switched off a partition is looked at again this often.
constexpr Duration between_looks = std::chrono::seconds{5};
constexpr std::int64_t all_jobs = 0;  // as the statement in_trouble has it

}  // namespace

// ---------------------------------------------------------------- looking only

Result<Found> Settling::glance() {
  auto sight = first_row(sql_, text::glance, {lasting_.node.id}, [](const sql::Rows& row) {
    return Sight{!row.is_null(0), !row.is_null(2), row.instant_or_none(1)};
  });
  if (!sight) return std::move(sight).error();
  sight_ = sight->value_or(Sight{});
  if ((sight_.later && *sight_.later <= now_) || may_claim_at_sight()) return Found::something;
  if (sight_.later) answer_.next_available = *sight_.later;
  const bool told = !act_.look_for_lost && !(sight_.due && act_.room > 0) && !sight_.cancelling;
  return told ? Found::nothing : Found::unclear;
}

// What is due can be claimed, unless it is a stranger's or too large, or its queue has no room.
bool Settling::may_claim_at_sight() const {
  return sight_.due && act_.room > 0 && lasting_.strangers.empty() &&
         act_.room_for_partitions > 0 && !act_.only_slot && lasting_.queues.are_read &&
         !turns_.any_limit() && turns_.all_have_room();
}

Result<Found> Settling::look_closely() {
  auto found = glance();
  if (!found || *found != Found::unclear) return found;
  if (act_.look_for_lost) {
    auto lost = anyone_lost();
    if (!lost) return std::move(lost).error();
    if (*lost) return Found::something;
  }
  if (sight_.due && act_.room > 0) {
    auto claimable = anything_claimable();
    if (!claimable) return std::move(claimable).error();
    if (*claimable) return Found::something;
  }
  if (!sight_.cancelling) return Found::nothing;
  if (auto looked = look_ahead(); !looked) return std::move(looked).error();
  return Found::nothing;
}

Result<bool> Settling::anything_claimable() {
  if (auto learned = learn_queues(); !learned) return std::move(learned).error();
  if (auto asked = ask_about_strangers(); !asked) return std::move(asked).error();
  open_lines();
  if (auto read = ask_for_pages(false); !read) return std::move(read).error();
  auto line = next_line();
  if (!line) return std::move(line).error();
  return *line != nullptr;
}

// ---------------------------------------------------------------- one slot

Result<> Settling::consider(Candidate& candidate, JobNow& job) {
  candidate.slot.job = *job.name;
  if (candidate.partition_of) return consider_partition(candidate, job);
  if (auto read = gather_facts(candidate.job_id, job); !read) return read;
  auto objection = not_allowed(candidate);
  SlotFacts facts{std::move(candidate.slot), candidate.entered_at, candidate.attempt,
                  std::move(objection)};
  const Verdict verdict = judge(*job.policy, job.facts, facts, now_);
  candidate.slot = std::move(facts.slot);
  if (std::holds_alternative<Admit>(verdict)) return admit(candidate, job);
  if (const auto* wait = std::get_if<Wait>(&verdict)) return make_wait(candidate, *wait);
  if (const auto* until = std::get_if<Postpone>(&verdict)) return put_off(candidate, *until);
  return refuse(candidate, std::get<Refusal>(verdict));
}

// One question for all of a page that are not known yet; none where nobody's token is among them.
Result<> Settling::ask_about_tokens(const std::vector<Candidate>& page) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = 0;
  for (const Candidate& candidate : page) {
    if (!candidate.token || tokens_.contains(*candidate.token)) continue;
    first = std::min(first, *candidate.token);
    last = std::max(last, *candidate.token);
  }
  if (first > last) return {};
  auto found = access::standings(sql_, first, last, now_);
  if (!found) return std::move(found).error();
  for (access::Standing& one : *found) tokens_.insert_or_assign(one.token, std::move(one));
  return {};
}

std::optional<NotAllowed> Settling::not_allowed(const Candidate& candidate) const {
  if (!candidate.token) return std::nullopt;
  const auto found = tokens_.find(*candidate.token);
  if (found == tokens_.end()) return NotAllowed{"who asked", "the token is gone"};
  const access::Standing& standing = found->second;
  const auto right =
      candidate.slot.trigger == Trigger::backfill ? access::Right::backfill : access::Right::run;
  std::string why = access::objection(standing, right, candidate.slot.job);
  return why.empty() ? std::nullopt : std::optional(NotAllowed{standing.name, std::move(why)});
}

// The guard has let the whole in; what stops its partitions is a person's cancel, and what holds
// them up the kill switch.
Result<> Settling::consider_partition(Candidate& candidate, JobNow& job) {
  auto by = cancelled_by(sql_, candidate.job_id, *candidate.partition_of);
  if (!by) return std::move(by).error();
  if (!by->empty()) return cancel_partition(candidate, *by);
  if (auto read = read_troubles(); !read) return read;
  if (const auto killed = off(all_jobs))
    return put_off(candidate, {now_ + between_looks, to_words(Refusal(*killed))});
  return admit(candidate, job);
}

Result<> Settling::cancel_partition(const Candidate& candidate, const std::string& by) {
  auto ended = sql_.exec(text::end_unworked,
                         {candidate.slot_id, candidate.fence + 1, to_string(End::cancelled),
                          std::int64_t{candidate.attempt}, now_, "cancelled by " + by});
  if (!ended) return std::move(ended).error();
  ended_partitions_.push_back({candidate.job_id, *candidate.partition_of, candidate.progress_done});
  return {};
}

Result<> Settling::refuse(const Candidate& candidate, const Refusal& refusal) {
  auto ended = sql_.exec(text::end_unworked,
                         {candidate.slot_id, candidate.fence + 1, to_string(End::refused),
                          std::int64_t{candidate.attempt}, now_, to_words(refusal)});
  if (!ended) return std::move(ended).error();
  // It made way for one that waits behind it.
  auto called = sql_.exec(text::call_waiting, {candidate.job_id, std::int64_t{1}});
  if (!called) return std::move(called).error();
  answer_.refusals.push_back({candidate.slot, refusal});
  return {};
}

Result<> Settling::make_wait(const Candidate& candidate, const Wait& wait) {
  auto queued = sql_.exec(text::enqueue,
                          {"waiting", candidate.job_id, candidate.rank, candidate.slot_id,
                           candidate.available_at, std::int64_t{candidate.attempt}, candidate.fence,
                           candidate.vanished, candidate.cursor, candidate.progress_done, ""});
  if (!queued) return std::move(queued).error();
  if (!wait.cancel_running) return {};
  if (auto written = write_claims(); !written) return written;
  auto asked = sql_.exec(text::cancel_running, {candidate.job_id, "the next slot of its job"});
  if (!asked) return std::move(asked).error();
  tell_ = true;
  return {};
}

Result<> Settling::put_off(const Candidate& candidate, const Postpone& until) {
  auto queued = sql_.exec(
      text::go_back,
      {candidate.slot_id, "later", until.until, std::int64_t{candidate.attempt}, candidate.fence,
       candidate.vanished, candidate.cursor, candidate.progress_done, until.why});
  return queued ? Result<>() : std::move(queued).error();
}

Result<> Settling::admit(Candidate& candidate, JobNow& job) {
  const Policy& policy = *job.policy;
  const Uuid execution = execution_id(lasting_.uuids, now_, candidate.slot_id);
  const std::int64_t fence = candidate.fence + 1;
  const int attempt = candidate.attempt + 1;
  if (candidate.partition_of) {
    if (auto claimed = admit_partition(candidate, execution, now_ + policy.lease); !claimed)
      return claimed;
  } else {
    std::string text = execution.text();
    if (auto claimed = add_claim(candidate, text, policy); !claimed) return claimed;
    ++job.facts.running;
    job.facts.running_execution = std::move(text);
  }
  auto permit = std::make_shared<Permit>(std::move(candidate.slot), candidate.slot_id, execution,
                                         fence, attempt, trusted_until(act_.asked, policy.lease),
                                         candidate.partition_of, policy.lease);
  answer_.claims.push_back({std::move(permit),
                            std::move(candidate.cursor),
                            candidate.available_at,
                            candidate.vanished > 0,
                            {}});
  return {};
}

Result<> Settling::add_claim(const Candidate& c, const std::string& execution,
                             const Policy& policy) {
  const std::int64_t lane = policy.overlap == Overlap::allow ? c.slot_id : 0;
  const std::int64_t attempt = c.attempt + 1;
  const Instant until = now_ + policy.lease;
  if (!lasting_.at_once)
    return claims_.add({c.slot_id, c.job_id, lane, c.fence + 1, attempt, claims_.keep(execution),
                        lasting_.node.id, until, now_, c.available_at, c.vanished,
                        claims_.keep(c.cursor), c.progress_done});
  auto& rows = claims_at_once_;
  rows.add(c.slot_id, c.job_id, lane, c.fence + 1, attempt, rows.keep(execution), until,
           c.available_at, c.vanished, c.cursor.empty() ? std::string_view() : rows.keep(c.cursor),
           c.progress_done);
  return {};
}

Result<> Settling::write_claims() {
  if (!lasting_.at_once) return claims_.flush();
  if (claims_at_once_.empty()) return {};
  constexpr Run nobody{.line = 0, .first_rank = 0, .first_slot = 1, .last_rank = 0, .last_slot = 0};
  auto written = dequeue_and_claim(nobody);
  return written ? Result<>() : std::move(written).error();
}

Result<> Settling::admit_partition(const Candidate& candidate, const Uuid& execution,
                                   Instant lease_until) {
  ++partitions_claimed_;
  const std::string id = execution.text();
  auto claimed = sql_.exec(stmt::partitions::claim,
                           {candidate.slot_id, candidate.job_id, candidate.fence + 1,
                            std::int64_t{candidate.attempt} + 1, id, lasting_.node.id, lease_until,
                            now_, candidate.available_at, candidate.vanished, candidate.cursor,
                            candidate.progress_done, *candidate.partition_of});
  if (!claimed) return std::move(claimed).error();
  return {};
}

// ---------------------------------------------------------------- jobs

Result<Settling::JobNow*> Settling::job_now(JobId id) {
  JobNow& job = jobs_[id];
  if (job.name) return &job;
  auto name = lasting_.names.name_of(sql_, id);
  if (!name) return std::move(name).error();
  job.name = *name;
  job.policy = policy_of_(*job.name);
  if (job.policy) std::erase(lasting_.strangers, id);
  return &job;
}

void Settling::pass_over(JobId stranger) {
  auto& strangers = lasting_.strangers;
  if (strangers.size() < most_strangers &&
      std::ranges::find(strangers, stranger) == strangers.end())
    strangers.push_back(stranger);
}

Result<> Settling::gather_facts(JobId id, JobNow& job) {
  if (job.facts_are_gathered) return {};
  if (auto read = read_troubles(); !read) return read;
  job.facts_are_gathered = true;
  JobFacts& facts = job.facts;
  if (const auto trouble = troubles_.find(id); trouble != troubles_.end()) {
    facts.pause = trouble->second.pause;
    facts.failures_in_a_row = trouble->second.failures_in_a_row;
    facts.last_failure = trouble->second.last_failure;
  }
  facts.off = off(id);
  const auto running = running_.find(id);
  if (running == running_.end()) return {};
  facts.running = running->second.count;
  facts.running_execution = running->second.youngest;
  return {};
}

// Most jobs are neither paused nor failing.
Result<> Settling::read_troubles() {
  if (troubles_are_read_) return {};
  troubles_are_read_ = true;
  troubles_.clear();
  return for_each_row(sql_, text::in_trouble, {},
                      [this](const sql::Rows& row) { take_trouble(row); });
}

void Settling::take_trouble(const sql::Rows& row) {
  Trouble& trouble = troubles_[row.integer(0)];
  if (!row.is_null(1))
    trouble.pause =
        Pause{std::string(row.text(1)), std::string(row.text(2)), row.instant_or_none(3)};
  trouble.failures_in_a_row = static_cast<int>(row.integer(4));
  trouble.last_failure = row.instant(5);
  if (!row.is_null(6))
    trouble.off =
        SwitchedOff{std::string(row.text(6)), std::string(row.text(7)), row.integer(0) == all_jobs};
}

std::optional<SwitchedOff> Settling::off(JobId id) const {
  for (const JobId one : {all_jobs, id})
    if (const auto known = troubles_.find(one); known != troubles_.end() && known->second.off)
      return known->second.off;
  return std::nullopt;
}

// A reload may have made them known.
Result<> Settling::ask_about_strangers() {
  const std::vector<JobId> strangers = lasting_.strangers;
  for (const JobId id : strangers)
    if (auto job = job_now(id); !job) return std::move(job).error();
  return {};
}

void Settling::take_running_of_queue(const sql::Rows& row) {
  for (const Line& line : lines_)
    if (line.number == row.integer(0))
      turns_.runs_everywhere(line.queue, static_cast<int>(row.integer(1)));
}

// Of all jobs at once, before the first claim: what runs is few, and what claims of this settlement
// add is counted as they are made.
void Settling::take_running(const sql::Rows& row) {
  running_[row.integer(0)] = {static_cast<int>(row.integer(1)), std::string(row.text(2))};
}

// ---------------------------------------------------------------- afterwards

std::array<sql::Question, 2> Settling::ahead_questions() const {
  return {{{&text::cancelling, {lasting_.node.id}}, {&text::next_available}}};
}

Result<Settling::Ahead> Settling::read_ahead(sql::Rows& cancelling, sql::Rows& next_available) {
  Ahead ahead;
  auto read = each_row(cancelling, [&ahead](const sql::Rows& row) {
    if (const auto execution = Uuid::parse(row.text(0))) ahead.cancelled.push_back(*execution);
  });
  if (read)
    read = each_row(next_available, [&ahead](const sql::Rows& row) {
      ahead.next_available = row.instant_or_none(0);
    });
  if (!read) return std::move(read).error();
  return ahead;
}

Result<> Settling::look_ahead() {
  if (!ahead_) {
    auto answers = sql_.query_all(ahead_questions());
    if (!answers) return std::move(answers).error().within("look ahead");
    auto ahead = read_ahead(*answers->at(0), *answers->at(1));
    if (!ahead) return std::move(ahead).error().within("look ahead");
    ahead_ = std::move(ahead).value();
  }
  answer_.cancelled = std::move(ahead_->cancelled);
  if (ahead_->next_available) answer_.next_available = *ahead_->next_available;
  // Not all of the line was looked at: come again at once.
  if (judged_ >= most_judged) answer_.next_available = act_.now;
  return {};
}

}  // namespace hotclock::ledger
