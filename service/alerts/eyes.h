// What only a node itself can see: its disk, how fast the database answers it, what became of its
// last reload. And whether the database is there at all.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"
#include "service/alerts/evaluator.h"
#include "service/log/logger.h"
#include "service/notices/notice.h"
#include "service/sql/sql.h"

namespace hotclock::alerts {

struct EyesOptions {
  std::int64_t node = 0;
  std::string name;            // the node's
  std::filesystem::path disk;  // whose room is looked at
  SettingsInForce settings;
  // Why the settings that were read last are not in force; "": they are. May be empty.
  std::function<std::string()> reload_refused = {};
  // Tells whoever wants to hear of it at once, without the database. Called from this object's
  // thread. May be empty: then the log alone says it.
  std::function<void(const notices::AlertText&)> tell = {};
};

// Percent of a disk's room that is free for us; none where nobody can tell.
std::optional<double> disk_free(const std::filesystem::path& path);

// Writes what it sees to this node's row each 10 s, for whoever evaluates. While the database is
// lost nothing can be written, and no node can evaluate: then each node tells its notifiers itself,
// once, and once more when the database is back. Threads: start() and stop() in one; look() in none
// while it runs.
class Eyes {
 public:
  // What is handed in outlives it.
  Eyes(sql::Database& database, Clock& clock, log::Logger& logger, EyesOptions options);
  // Stops.
  ~Eyes();
  Eyes(const Eyes&) = delete;
  Eyes& operator=(const Eyes&) = delete;

  void start();
  void stop();

  // Looks once, and writes it down. The error is that of the database.
  Result<> look();

 private:
  Result<Duration> ask();
  Result<> write(Duration answers);
  void found();
  void lost(const Error& why);
  void tell(Instant now, std::optional<Instant> resolved);

  sql::Database& database_;
  Clock& clock_;
  log::Logger& logger_;
  const EyesOptions options_;
  // Of the database being lost.
  std::optional<Steady> lost_;
  Instant began_{};
  std::optional<Instant> fired_;
  std::string why_;
  std::jthread thread_;
};

}  // namespace hotclock::alerts
