// A database of its own beside the real one, for measuring: on the same disk or server, with the
// same schema, and gone afterwards. What is real is never written.
#pragma once

#include <memory>
#include <string>

#include "scheduler/base/result.h"
#include "service/config/config.h"
#include "service/sql/sql.h"

namespace hotclock::tuning {

// SQLite: the file NAME.bench. PostgreSQL: the schemas hotclock_bench and hotclock_bench_platform;
// who connects must be allowed to make schemas. Threads: one.
class Scratch {
 public:
  // Errc::conflict where there is one already: somebody else measures, or died while doing so.
  static Result<std::unique_ptr<Scratch>> make(const config::DatabaseConfig& beside, Instant now);
  // Takes away what somebody left who died; nothing where there is none.
  static Result<> clean(const config::DatabaseConfig& beside);

  // Takes everything away. REQUIRES: nothing works on its databases any more.
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  sql::Database& database() { return *database_; }
  // The settings that lead to it.
  const config::DatabaseConfig& settings() const { return settings_; }

 private:
  explicit Scratch(config::DatabaseConfig settings) : settings_(std::move(settings)) {}

  const config::DatabaseConfig settings_;
  std::unique_ptr<sql::Database> database_;
};

}  // namespace hotclock::tuning
