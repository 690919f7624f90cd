#include "service/jobs/sql_kind/sql_kind.h"

#include <charconv>
#include <numeric>

#include <fmt/format.h>

namespace hotclock::sql_kind {
Result<Settings> read_settings(config::Section section) {
  Settings settings;
  settings.place =
      fmt::format("{}: {}.statements", section.place("statements").text(), section.path());
  const auto texts = section.texts("statements", {});
  if (texts.empty())
    section.refuse("statements", "there is none", "write statements = [\"UPDATE ...\"]");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    auto read = read_sql(texts[i]);
    if (read)
      settings.statements.push_back(std::move(read).value());
    else
      section.refuse("statements", fmt::format("statement {}: {}", i + 1, read.error().message()));
  }
  settings.repeat_while_rows = section.flag("repeat_while_rows", settings.repeat_while_rows);
  settings.max_chunks = section.integer("max_chunks", settings.max_chunks, 1, 1'000'000);
  if (auto read = section.finish(); !read) return std::move(read).error();
  return settings;
}

config::Kind kind() {
  config::Kind kind{.name = "sql"};
  kind.policy.overlap = Overlap::wait;
  kind.check = [](config::Section section, const config::Config&) {
    static_cast<void>(read_settings(std::move(section)));
  };
  return kind;
}

SqlJob::SqlJob(work::Desk& desk, Settings settings) : desk_(desk), settings_(std::move(settings)) {
  for (std::size_t i = 0; i < settings_.statements.size(); ++i)
    names_.push_back(fmt::format("{}: statement {}", settings_.place, i + 1));
  for (std::size_t i = 0; i < names_.size(); ++i)
    statements_.push_back({names_[i], settings_.statements[i].text});
}

Result<std::shared_ptr<Job>> SqlJob::make(work::Desk& desk, Settings settings) {
  std::shared_ptr<SqlJob> job(new SqlJob(desk, std::move(settings)));
  if (auto fits = job->check(); !fits) return std::move(fits).error();
  return std::shared_ptr<Job>(std::move(job));
}

Result<> SqlJob::check() const {
  std::vector<const sql::Statement*> all;
  for (const sql::Statement& statement : statements_) all.push_back(&statement);
  return sql::prepare_all(desk_.database(), all);
}

Outcome SqlJob::run(Execution& execution) {
  for (Mark mark = read(execution.cursor);;) {
    if (is_over(execution, mark)) {
      if (settings_.repeat_while_rows && mark.in_last > 0 && !execution.dry_run)
        execution.log().line(
            fmt::format("ended after {} chunks; the rest is left to the next slot", mark.chunks));
      return Done{tally(mark)};
    }
    auto next = work::patiently(execution, [&] { return next_chunk(execution, mark); });
    if (!next) return work::outcome_of(std::move(next).error());
    mark = std::move(next).value();
  }
}

// What a dry run changes is there again in the next chunk: one has to do.
bool SqlJob::is_over(const Execution& execution, const Mark& mark) const {
  if (mark.chunks == 0) return false;
  if (!settings_.repeat_while_rows || execution.dry_run) return true;
  return mark.in_last == 0 || mark.chunks >= settings_.max_chunks;
}

Result<SqlJob::Mark> SqlJob::next_chunk(Execution& execution, const Mark& last) const {
  auto chunk = desk_.begin(execution);
  if (!chunk) return std::move(chunk).error();
  Mark mark{.chunks = last.chunks + 1, .rows = last.rows};
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    auto rows = change(*chunk, i, execution.slot().scheduled_for);
    if (!rows) return std::move(rows).error();
    mark.rows[i] += *rows;
    mark.in_last += *rows;
  }
  if (auto done = chunk->commit(cursor_of(mark), mark.in_last); !done)
    return std::move(done).error();
  return mark;
}

Result<std::int64_t> SqlJob::change(work::Chunk& chunk, std::size_t number, Instant slot) const {
  std::vector<sql::Param> params;
  for (const Given given : settings_.statements[number].given)
    params.push_back(given == Given::slot ? sql::Param(slot) : sql::Param(to_millis(slot)));
  return chunk.sql().exec(statements_[number], params);
}

// "3 120 0 17": chunks, rows in the last one, rows of each statement. The settings may have had
// another number of statements then.
std::string SqlJob::cursor_of(const Mark& mark) {
  return fmt::format("{} {} {}", mark.chunks, mark.in_last, fmt::join(mark.rows, " "));
}

SqlJob::Mark SqlJob::read(std::string_view cursor) const {
  std::vector<std::int64_t> numbers;
  for (const char *at = cursor.data(), *end = at + cursor.size(); at < end; ++at) {
    std::int64_t number = 0;
    at = std::from_chars(at, end, number).ptr;
    numbers.push_back(number);
  }
  numbers.resize(statements_.size() + 2);
  return {
      .chunks = numbers[0], .rows = {numbers.begin() + 2, numbers.end()}, .in_last = numbers[1]};
}

Tally SqlJob::tally(const Mark& mark) const {
  Tally tally;
  if (mark.rows.size() == 1) return {{"rows", mark.rows[0]}};
  for (std::size_t i = 0; i < mark.rows.size(); ++i)
    tally.emplace_back(fmt::format("rows of statement {}", i + 1), mark.rows[i]);
  return tally;
}

}  // namespace hotclock::sql_kind
