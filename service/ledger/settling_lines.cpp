// Claiming: each queue's line is read in pages and walked from its head, in turns.
#include <algorithm>
#include <limits>

#include "service/ledger/settle.sql.h"
#include "service/ledger/settling.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::settle;

namespace {

constexpr std::int64_t before_all = std::numeric_limits<std::int64_t>::min();

}  // namespace

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
    if (turns_.has_room(queue))
      lines_.push_back({.number = number, .queue = queue, .rank = before_all});
  };
  open(0, Turns::common);
  for (const auto& [line, name] : lasting_.queues.named) open(line, turns_.find(name));
}

Result<> Settling::claim() {
  if (auto claimed = claim_from_lines(); !claimed)
    return std::move(claimed).error().within("claim");
  // Who has room may help; where a limit held slots up, this act may have ended what they waited
  // for.
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

Result<> Settling::read_pages(std::span<const std::unique_ptr<sql::Rows>> answers,
                              bool with_facts) {
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
  auto read =
      each_row(answer, [&line](const sql::Rows& row) { line.page.push_back(candidate_of(row)); });
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
  if (!row.is_null(14)) one.token = row.integer(14);
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

// Whether the line has one that may be claimed. Slots of strangers, and partitions for which there
// is no room, stay where they are.
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
  if (candidate.token && !tokens_.contains(*candidate.token))
    if (auto asked = ask_about_tokens(line.page); !asked) return asked;
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

// Runs of judged slots leave their line by one statement; only where the engine has left others out
// of the page does each leave alone.
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

}  // namespace hotclock::ledger
