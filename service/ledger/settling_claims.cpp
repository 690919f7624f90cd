// Claiming: each queue's line is walked from its head, in turns, and the guard asked about each slot.
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

// ---------------------------------------------------------------- the lines

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
std::vector<sql::Question> Settling::first_questions() {
  const bool as_it_stands =
      may_claim_at_sight() && !act_.look_for_lost && !(sight_.later && *sight_.later <= now_);
  if (!as_it_stands) return {};
  open_lines();
  return page_questions(true);
}

Result<> Settling::begin_with(std::span<const std::unique_ptr<sql::Rows>> answers) {
  open_lines();
  begun_ = true;
  return read_pages(answers, true);
}

// How much of a line is read at once.
int Settling::asked_for() const {
  const int missing = act_.room - static_cast<int>(answer_.claims.size());
  return std::clamp(missing, 8, page_size());
}

// Other nodes may have put slots into queues of which this one has not heard.
Result<> Settling::learn_queues() {
  if (lasting_.queues.are_read && !act_.look_for_lost) return {};
  return lasting_.queues.read(sql_);
}

void Settling::open_lines() {
  lines_.clear();
  const auto open = [this](std::int64_t number, Turns::Queue queue) {
    turns_.runs_everywhere(queue, 0);
    if (turns_.has_room(queue)) lines_.push_back({.number = number, .queue = queue, .rank = before_all});
  };
  open(0, Turns::common);
  for (const auto& [line, name] : lasting_.queues.named) open(line, turns_.find(name));
}

Result<> Settling::claim() {
  if (auto claimed = claim_from_lines(); !claimed) return std::move(claimed).error().within("claim");
  // Who has room may help; where a limit held slots up, this act may have ended what they waited for.
  const bool made_room = turns_.any_limit() && !act_.endings.empty();
  if (!room() && (act_.room > 0 || made_room)) tell_ = true;
  if (auto written = write_claims(); !written) return std::move(written).error().within("claim");
  if (auto gathered = gather_partitions(); !gathered)
    return std::move(gathered).error().within("claim");
  return write_streaks();
}

Result<> Settling::claim_from_lines() {
  auto ripe = begun_ ? Result<>() : sql_.post(text::ripen, {now_});
  if (!ripe) return ripe;
  if (auto learned = learn_queues(); !learned) return learned;
  if (auto asked = ask_about_strangers(); !asked) return asked;
  if (!room()) return {};
  if (!begun_) {
    open_lines();
    if (auto read = ask_for_pages(true); !read) return read;
  }
  while (room() && judged_ < most_judged) {
    auto line = next_line();
    if (!line) return std::move(line).error();
    if (*line == nullptr) break;
    if (auto judged = judge_head(**line); !judged) return judged;
  }
  for (Line& line : lines_)
    if (auto left = leave(line); !left) return left;
  return {};
}

// ---------------------------------------------------------------- pages

// Where each page is a way to the engine and back, one holds more.
int Settling::page_size() const { return lasting_.at_once ? 1024 : 128; }

std::vector<sql::Question> Settling::page_questions(bool with_facts) const {
  std::vector<sql::Question> questions;
  for (const Line& line : lines_) questions.push_back(line_behind(line, asked_for()));
  if (turns_.any_limit() && !queues_are_counted_) questions.push_back({&text::count_by_queue});
  if (with_facts && !running_is_counted_) questions.push_back({&text::count_running});
  if (with_facts && !troubles_are_read_) questions.push_back({&text::in_trouble});
  return questions;
}

Result<> Settling::ask_for_pages(bool with_facts) {
  ahead_.reset();
  if (lines_.empty()) return {};
  auto answers = sql_.query_all(page_questions(with_facts));
  if (!answers) return std::move(answers).error();
  return read_pages(*answers, with_facts);
}

Result<> Settling::read_pages(std::span<const std::unique_ptr<sql::Rows>> answers, bool with_facts) {
  const bool queues = turns_.any_limit() && !queues_are_counted_;
  const bool count = with_facts && !running_is_counted_;
  const bool trouble = with_facts && !troubles_are_read_;
  if (trouble) troubles_.clear();
  auto answer = answers.begin();
  Result<> read;
  for (Line& line : lines_)
    if (read = read_page(line, **answer++, asked_for()); !read) return read;
  if (queues)
    read = each_row(**answer++, [this](const sql::Rows& row) { take_running_of_queue(row); });
  if (read && count)
    read = each_row(**answer++, [this](const sql::Rows& row) { take_running(row); });
  if (read && trouble)
    read = each_row(**answer++, [this](const sql::Rows& row) { take_trouble(row); });
  if (!read) return read;
  queues_are_counted_ = queues_are_counted_ || queues;
  running_is_counted_ = running_is_counted_ || count;
  troubles_are_read_ = troubles_are_read_ || trouble;
  return {};
}

Result<> Settling::next_page(Line& line) {
  ahead_.reset();
  const int most = asked_for();
  const sql::Question question = line_behind(line, most);
  auto rows = sql_.query(*question.statement, question.params);
  if (!rows) return std::move(rows).error();
  return read_page(line, **rows, most);
}

Result<> Settling::read_page(Line& line, sql::Rows& answer, int most) {
  line.page.clear();
  line.page.reserve(act_.only_slot ? 1 : static_cast<std::size_t>(most));
  line.at = line.run = 0;
  line.alone = !lasting_.strangers.empty();
  auto read = each_row(
      answer, [&line](const sql::Rows& row) { line.page.push_back(candidate_of(row)); });
  if (!read) return read;
  line.last = static_cast<int>(line.page.size()) < most || act_.only_slot.has_value();
  if (line.page.empty()) return {};
  line.rank = line.page.back().rank;
  line.slot_id = line.page.back().slot_id;
  return {};
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

sql::Question Settling::line_behind(const Line& line, int most) const {
  if (act_.only_slot) return {&text::candidate, {*act_.only_slot, line.number}};
  const std::int64_t limit = most;
  const auto& strangers = lasting_.strangers;
  if (strangers.empty()) return {&text::candidates, {line.rank, line.slot_id, limit, line.number}};
  sql::Question question{&text::candidates_but, {line.rank, line.slot_id, limit, line.number}};
  for (std::size_t i = 0; i < most_strangers; ++i)
    question.params.emplace_back(strangers[std::min(i, strangers.size() - 1)]);
  return question;
}

// ---------------------------------------------------------------- turns

Result<Settling::Line*> Settling::next_line() {
  const auto rank = [](const Line& line) { return line.page[line.at].rank; };
  Line* next = nullptr;
  for (Line& line : lines_) {
    auto found = find_head(line);
    if (!found) return std::move(found).error();
    if (!*found) continue;
    if (!next || turns_.goes_before(line.queue, rank(line), next->queue, rank(*next))) next = &line;
  }
  return next;
}

// Whether the line has one that may be claimed. Slots of strangers, and partitions for which there is no
// room, stay where they are.
Result<bool> Settling::find_head(Line& line) {
  while (turns_.has_room(line.queue)) {
    if (line.at == line.page.size()) {
      if (line.last) return false;
      if (auto left = leave(line); !left) return std::move(left).error();
      if (auto read = next_page(line); !read) return std::move(read).error();
      continue;
    }
    const Candidate& candidate = line.page[line.at];
    if (line.job == nullptr) {
      auto job = job_now(candidate.job_id);
      if (!job) return std::move(job).error();
      line.job = *job;
    }
    if (line.job->policy && room_for(line, candidate)) return true;
    if (!line.job->policy) pass_over(candidate.job_id);
    if (auto left = leave(line); !left) return std::move(left).error();
    line.job = nullptr;
    line.run = ++line.at;
  }
  return false;
}

Result<> Settling::judge_head(Line& line) {
  Candidate& candidate = line.page[line.at];
  ++judged_;
  const std::size_t before = answer_.claims.size();
  if (auto done = consider(candidate, *std::exchange(line.job, nullptr)); !done) return done;
  ++line.at;
  ahead_.reset();
  if (answer_.claims.size() > before) {
    turns_.began(line.queue, candidate.partition_of.has_value());
    answer_.claims.back().queue = turns_.name_of(line.queue);
  }
  return line.alone ? leave(line) : Result<>();
}

// Runs of judged slots leave their line by one statement; only where the engine has left others out of
// the page does each leave alone.
Result<> Settling::leave(Line& line) {
  if (line.run == line.at) return {};
  const Candidate& first = line.page[line.run];
  const Candidate& last = line.page[line.at - 1];
  const auto many = static_cast<std::int64_t>(line.at - std::exchange(line.run, line.at));
  const Run run{line.number, first.rank, first.slot_id, last.rank, last.slot_id};
  auto gone = lasting_.at_once && !claims_at_once_.empty()
                  ? dequeue_and_claim(run)
                  : sql_.exec(text::dequeue, {run.first_rank, run.first_slot, run.last_rank,
                                              run.last_slot, run.line});
  if (!gone) return std::move(gone).error();
  if (*gone != many) return Error(Errc::conflict, "the queue changed while it was read");
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
  return refuse(candidate, std::get<Refusal>(verdict));
}

// The guard has let the whole in; what stops its partitions is a person's cancel alone.
Result<> Settling::consider_partition(Candidate& candidate, JobNow& job) {
  auto by = cancelled_by(sql_, candidate.job_id, *candidate.partition_of);
  if (!by) return std::move(by).error();
  return by->empty() ? admit(candidate, job) : cancel_partition(candidate, *by);
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
                            candidate.vanished > 0, {}});
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
