// What attempts say, while they run: written as it grows, so that every node can show it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/mutex.h"
#include "scheduler/core/job.h"
#include "service/sql/sql.h"

namespace hotclock::ledger {

// A log as it is shown: a finished one, or what there is of one that grows.
struct LogView {
  std::string text;          // begins behind the first `from` bytes of all that was said
  std::int64_t dropped = 0;  // bytes at the front that are not kept
  std::int64_t from = 0;
  std::int64_t length = 0;            // of all that was said
  std::optional<Instant> written_at;  // while it grows: when the newest of it was written

  bool empty() const { return length == 0; }
};

// `from`: what stands in front of it is known already.
LogView view_of(LogText log, std::int64_t from);
// Of a running attempt; empty where nothing of it is written.
Result<LogView> running_log(sql::Transaction& transaction, std::string_view execution,
                            std::int64_t from);
// Of an attempt whose worker vanished: what was written of its log is its log.
Result<> keep_running_log(sql::Transaction& transaction, std::string_view execution);

// This process's part of it. What is new of all logs that grow here is one transaction, an insert
// for each; where there is nothing new the database is not asked. Bounded like the logs: of one
// that says more than it keeps, or in many small pieces, what was written is replaced by what is
// kept. Whoever records an end takes away what was written, in the same transaction
// (Ending::log_was_shown): the fence, and the lock on its lease where the engine has such, keep a
// piece from coming later. Threads: begins() from any; write() from one.
class LogTail final : public LogWatch {
 public:
  // It must outlive this.
  explicit LogTail(sql::Database& database) : database_(database) {}

  void begins(std::shared_ptr<const Permit> permit, std::shared_ptr<ExecutionLog> log) override;
  // What could not be written is written with what comes.
  Result<> write(Instant now);

 private:
  static constexpr int most_pieces = 100;

  struct Growing {
    std::shared_ptr<const Permit> permit;
    std::weak_ptr<ExecutionLog> log;   // gone with its attempt
    std::int64_t first = 0, told = 0;  // what stands in the database, from where to where
    int pieces = 0;
    bool anew = false;  // nobody knows what stands there
  };
  struct News {
    Growing* growing;
    ExecutionLog::Piece piece;
    bool anew;
  };

  std::vector<News> news();
  static std::optional<News> news_of(Growing& growing, ExecutionLog& log);
  Result<> written(const std::vector<News>& news, Instant now);

  sql::Database& database_;
  std::vector<Growing> growing_;  // write()'s
  Mutex m_;
  std::vector<Growing> begun_ HOTCLOCK_GUARDED_BY(m_);
};

}  // namespace hotclock::ledger
