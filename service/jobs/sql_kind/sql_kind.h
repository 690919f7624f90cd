// Jobs of the kind `sql`: statements of a file of settings, worked in fenced chunks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "scheduler/core/job.h"
#include "service/config/config.h"
#include "service/jobs/sql_kind/sql_text.h"
#include "service/work/chunk.h"

namespace hotclock::sql_kind {

struct Settings {
  std::vector<SqlText> statements;
  bool repeat_while_rows = false;  // a chunk follows the other until one changes no row,
  std::int64_t max_chunks = 1000;  // or so many are done: the rest is left to the next slot
  std::string place;               // "jobs.d/cleanup.toml:4:14: jobs.cleanup.settings.statements"
};

Result<Settings> read_settings(config::Section section);

// What a job of this kind is by itself.
config::Kind kind();

// All statements in their order are one chunk: one transaction that proves the lease, so a slot
// whose chunk was committed never works it again. The cursor holds how many chunks are done and the
// rows of each statement, so that the end of the slot counts what all its attempts did.
class SqlJob final : public Job {
 public:
  // Errc::internal where a statement does not fit the database; the message says where it stands.
  static Result<std::shared_ptr<Job>> make(work::Desk& desk, Settings settings);

  Outcome run(Execution& execution) override;

 private:
  // How far a slot is.
  struct Mark {
    std::int64_t chunks = 0;
    std::vector<std::int64_t> rows;  // of each statement
    std::int64_t in_last = 0;        // of all of them in the last chunk
  };

  SqlJob(work::Desk& desk, Settings settings);

  Result<> check() const;
  Mark read(std::string_view cursor) const;
  static std::string cursor_of(const Mark& mark);
  bool is_over(const Execution& execution, const Mark& mark) const;
  Result<Mark> next_chunk(Execution& execution, const Mark& last) const;
  Result<std::int64_t> change(work::Chunk& chunk, std::size_t number, Instant slot) const;
  Tally tally(const Mark& mark) const;

  work::Desk& desk_;
  const Settings settings_;
  std::vector<std::string> names_;
  std::vector<sql::Statement> statements_;  // of names_ and settings_
};

}  // namespace hotclock::sql_kind
