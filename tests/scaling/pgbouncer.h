// A PgBouncer of a test's own in front of a PostgreSQL server.
#pragma once

#include <sys/types.h>

#include <string>

#include "service/sql/postgres_support.h"

namespace hotclock {

class PgBouncer {
 public:
  // `mode`: "session", "transaction" or "statement"; `size`: server connections at most. `server` must
  // outlive it.
  PgBouncer(const sql::PostgresServer& server, const std::string& mode, int size = 60);
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;

  std::string url(const std::string& database = "postgres") const;

 private:
  int port_;
  pid_t pid_ = 0;
};

}  // namespace hotclock
