// Claiming: the common line is walked from its head, and the guard asked about each slot.
#include <algorithm>
#include <limits>

#include "service/ledger/execution_id.h"
#include "service/ledger/partitions.h"
#include "service/ledger/partitions.sql.h"
#include "service/ledger/rows.h"
#include "service/ledger/settle.sql.h"
#include "service/ledger/settling.h"

namespace hotclock::ledger {
namespace text = stmt::settle;

namespace {

// A settlement that meets thousands of slots to refuse ends in between: what it holds up is short.
constexpr int most_judged = 2000;
constexpr std::size_t most_strangers = 8;  // as many as the statement has places
// While everything is switched off a partition is looked at again this often.
constexpr Duration between_looks = std::chrono::seconds{5};
constexpr std::int64_t all_jobs = 0;  // as the statement in_trouble has it
constexpr std::int64_t before_all = std::numeric_limits<std::int64_t>::min();

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

// What is due can be claimed, unless it is a stranger's or too large.
bool Settling::may_claim_at_sight() const {
  return sight_.due && act_.room > 0 && lasting_.strangers.empty() &&
         act_.room_for_partitions > 0 && !act_.only_slot;
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
  if (auto asked = ask_about_strangers(); !asked) return std::move(asked).error();
  std::int64_t rank = before_all;
  std::int64_t slot_id = 0;
  for (;;) {
    auto some = page(rank, slot_id, page_size(), false);
    if (!some) return std::move(some).error();
    for (const Candidate& candidate : *some) {
      auto job = job_now(candidate.job_id);
      if (!job) return std::move(job).error();
      if ((*job)->policy && room_for(candidate)) return true;
    }
    if (static_cast<int>(some->size()) < page_size() || act_.only_slot) return false;
    rank = some->back().rank;
    slot_id = some->back().slot_id;
  }
}

// ---------------------------------------------------------------- the line

Result<> Settling::call_the_waiting() {
  if (!freed_.empty()) {
    ahead_.reset();
    auto anyone = first_row(sql_, text::anyone_waiting, {},
                            [](const sql::Rows& row) { return row.integer(0); });
    if (!anyone) return std::move(anyone).error().within("call waiting slots");
    for (const auto& [job, count] : freed_) {
      if (!*anyone) break;
      auto called = sql_.exec(text::call_waiting, {job, std::int64_t{count}});
      if (!called) return std::move(called).error().within("call waiting slots");
    }
    freed_.clear();
  }
  return {};
}

// What ripens, a stranger's slot or a lost one would change the line first.
std::vector<sql::Question> Settling::first_questions() const {
  const bool as_it_stands =
      may_claim_at_sight() && !act_.look_for_lost && !(sight_.later && *sight_.later <= now_);
  if (!as_it_stands) return {};
  return page_questions(before_all, 0, asked_for(), true);
}

Result<> Settling::begin_with(std::span<const std::unique_ptr<sql::Rows>> answers) {
  auto page = read_page(answers, true);
  if (!page) return std::move(page).error();
  first_page_ = std::move(page).value();
  return {};
}

// How much of the line is read at once.
int Settling::asked_for() const {
  const int missing = act_.room - static_cast<int>(answer_.claims.size());
  return std::clamp(missing, 8, page_size());
}

Result<> Settling::claim() {
  auto ripe = first_page_ ? Result<>() : sql_.post(text::ripen, {now_});
  if (!ripe) return std::move(ripe).error().within("claim");
  if (auto asked = ask_about_strangers(); !asked) return std::move(asked).error().within("claim");
  std::int64_t rank = before_all;
  std::int64_t slot_id = 0;
  while (room() && judged_ < most_judged) {
    const int most = asked_for();
    auto some = page(rank, slot_id, most, true);
    if (!some) return std::move(some).error().within("claim");
    if (!some->empty()) {
      rank = some->back().rank;
      slot_id = some->back().slot_id;
    }
    const bool last = static_cast<int>(some->size()) < most || act_.only_slot;
    auto claimed = claim_from(std::move(some).value());
    if (!claimed) return std::move(claimed).error().within("claim");
    if (last) break;
  }
  // Who has room may help.
  if (!room() && act_.room > 0) tell_ = true;
  if (auto written = write_claims(); !written) return std::move(written).error().within("claim");
  if (auto gathered = gather_partitions(); !gathered)
    return std::move(gathered).error().within("claim");
  return write_streaks();
}

// Where each page is a way to the engine and back, one holds more.
int Settling::page_size() const { return lasting_.at_once ? 1024 : 128; }

Result<std::vector<Settling::Candidate>> Settling::page(std::int64_t rank, std::int64_t slot_id,
                                                        int most, bool with_facts) {
  ahead_.reset();
  if (first_page_) return *std::exchange(first_page_, std::nullopt);
  auto answers = sql_.query_all(page_questions(rank, slot_id, most, with_facts));
  if (!answers) return std::move(answers).error();
  return read_page(*answers, with_facts);
}

std::vector<sql::Question> Settling::page_questions(std::int64_t rank, std::int64_t slot_id,
                                                    int most, bool with_facts) const {
  std::vector<sql::Question> questions{line_behind(rank, slot_id, most)};
  if (with_facts && !running_is_counted_) questions.push_back({&text::count_running});
  if (with_facts && !troubles_are_read_) questions.push_back({&text::in_trouble});
  return questions;
}

Result<std::vector<Settling::Candidate>> Settling::read_page(
    std::span<const std::unique_ptr<sql::Rows>> answers, bool with_facts) {
  const bool count = with_facts && !running_is_counted_;
  const bool trouble = with_facts && !troubles_are_read_;
  std::vector<Candidate> found;
  found.reserve(act_.only_slot ? 1 : static_cast<std::size_t>(asked_for()));
  if (trouble) troubles_.clear();
  auto answer = answers.begin();
  auto read =
      each_row(**answer++, [&](const sql::Rows& row) { found.push_back(candidate_of(row)); });
  if (read && count)
    read = each_row(**answer++, [this](const sql::Rows& row) { take_running(row); });
  if (read && trouble)
    read = each_row(**answer++, [this](const sql::Rows& row) { take_trouble(row); });
  if (!read) return std::move(read).error();
  running_is_counted_ = running_is_counted_ || count;
  troubles_are_read_ = troubles_are_read_ || trouble;
  return found;
}

Settling::Candidate Settling::candidate_of(const sql::Rows& row) {
  Candidate one;
  one.rank = row.integer(0);
  one.slot_id = row.integer(1);
  one.available_at = row.instant(2);
  one.attempt = static_cast<int>(row.integer(3));
  one.fence = row.integer(4);
  one.vanished = row.integer(5);
  one.cursor = row.text(6);
  one.progress_done = row.integer(7);
  one.job_id = row.integer(8);
  one.slot.scheduled_for = row.instant(9);
  one.slot.key = row.text(10);
  from_string(row.text(11), one.slot.trigger);
  one.entered_at = row.instant(12);
  if (!row.is_null(13)) one.partition_of = row.integer(13);
  return one;
}

sql::Question Settling::line_behind(std::int64_t rank, std::int64_t slot_id, int most) const {
  if (act_.only_slot) return {&text::candidate, {*act_.only_slot}};
  const std::int64_t limit = most;
  const auto& strangers = lasting_.strangers;
  if (strangers.empty()) return {&text::candidates, {rank, slot_id, limit}};
  sql::Question question{&text::candidates_but, {rank, slot_id, limit}};
  for (std::size_t i = 0; i < most_strangers; ++i)
    question.params.emplace_back(strangers[std::min(i, strangers.size() - 1)]);
  return question;
}

// Judges a page of the line in its order, for as long as there is room, and takes out of the line
// whatever was judged. Slots of strangers stay where they are.
Result<> Settling::claim_from(std::vector<Candidate> page) {
  // Runs of judged slots leave the line by one statement; only where the engine has left others out
  // of the page does each leave alone.
  const bool alone = !lasting_.strangers.empty();
  std::size_t run = 0, at = 0;
  for (; at < page.size() && room(); ++at) {
    auto job = job_now(page[at].job_id);
    if (!job) return std::move(job).error();
    if (!(*job)->policy || !room_for(page[at])) {
      if (!(*job)->policy) pass_over(page[at].job_id);
      if (auto done = dequeue(page, run, at); !done) return done;
      run = at + 1;
      continue;
    }
    ++judged_;
    if (auto done = consider(page[at], **job); !done) return done;
    ahead_.reset();
    if (!alone) continue;
    if (auto done = dequeue(page, run, at + 1); !done) return done;
    run = at + 1;
  }
  return dequeue(page, run, at);
}

Result<> Settling::dequeue(const std::vector<Candidate>& page, std::size_t from, std::size_t to) {
  if (from == to) return {};
  const Run run{page[from].rank, page[from].slot_id, page[to - 1].rank, page[to - 1].slot_id};
  auto gone = lasting_.at_once && !claims_at_once_.empty()
                  ? dequeue_and_claim(run)
                  : sql_.exec(text::dequeue,
                              {run.first_rank, run.first_slot, run.last_rank, run.last_slot});
  if (!gone) return std::move(gone).error();
  if (*gone != static_cast<std::int64_t>(to - from))
    return Error(Errc::conflict, "the queue changed while it was read");
  return {};
}

// ---------------------------------------------------------------- one slot

Result<> Settling::consider(Candidate& candidate, JobNow& job) {
  candidate.slot.job = *job.name;
  if (candidate.partition_of) return consider_partition(candidate, job);
  if (auto read = gather_facts(candidate.job_id, job); !read) return read;
  SlotFacts facts{std::move(candidate.slot), candidate.entered_at, candidate.attempt};
  const Verdict verdict = judge(*job.policy, job.facts, facts, now_);
  candidate.slot = std::move(facts.slot);
  if (std::holds_alternative<Admit>(verdict)) return admit(candidate, job);
  if (const auto* wait = std::get_if<Wait>(&verdict)) return make_wait(candidate, *wait);
  if (const auto* until = std::get_if<Postpone>(&verdict)) return put_off(candidate, *until);
  return refuse(candidate, std::get<Refusal>(verdict));
}

// The guard has let the whole in; what stops its partitions is a person's cancel, and what holds them
// up the kill switch.
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
  auto queued = sql_.exec(text::enqueue,
                          {"later", std::int64_t{0}, candidate.rank, candidate.slot_id, until.until,
                           std::int64_t{candidate.attempt}, candidate.fence, candidate.vanished,
                           candidate.cursor, candidate.progress_done, until.why});
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
                                         candidate.partition_of);
  answer_.claims.push_back({std::move(permit), std::move(candidate.cursor), candidate.available_at,
                            candidate.vanished > 0});
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
  constexpr Run nobody{.first_rank = 0, .first_slot = 1, .last_rank = 0, .last_slot = 0};
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
    trouble.off = SwitchedOff{std::string(row.text(6)), std::string(row.text(7)),
                              row.integer(0) == all_jobs};
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
