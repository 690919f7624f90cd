// A PostgreSQL server of the benchmark's own, as a careful operator would set it up; the databases that are
// worked on; and what working on them costs the server.
#pragma once

#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "bench/child.h"
#include "service/schema/schema.h"
#include "service/sql/postgres_support.h"
#include "service/sql/sql.h"

namespace hotclock::bench {

// Autovacuum is off, since it would come in whichever of two runs it likes.
inline sql::ServerOptions tuned() {
  return {.durable = true,
          .tls = false,
          .settings = {"shared_buffers = 4GB", "max_wal_size = 16GB", "wal_compression = lz4",
                       "checkpoint_timeout = 30min", "jit = off", "max_connections = 50", "autovacuum = off"}};
}

// A database of its own on the benchmark's server for as long as it lives.
class Fresh {
 public:
  explicit Fresh(const sql::PostgresServer& server) : server_(server), name_("bench_" + std::to_string(++made_)) {
    server_.run("CREATE DATABASE " + name_);
  }
  ~Fresh() { server_.run("DROP DATABASE " + name_ + " WITH (FORCE)"); }
  Fresh(const Fresh&) = delete;
  Fresh& operator=(const Fresh&) = delete;
  std::string url() const { return server_.url(name_); }

 private:
  static inline int made_ = 0;
  const sql::PostgresServer& server_;
  const std::string name_;
};

// Plain libpq: what a yardstick by hand is made of. It sees both schemas, as Hotclock does.
class Hand {
 public:
  explicit Hand(const std::string& url) : db_(PQconnectdb(url.c_str())) {
    if (PQstatus(db_) != CONNECTION_OK) fail(PQerrorMessage(db_));
    PQsetNoticeReceiver(db_, [](void*, const PGresult*) {}, nullptr);
    run("SET search_path = hotclock, platform");
  }
  ~Hand() { PQfinish(db_); }
  Hand(const Hand&) = delete;
  Hand& operator=(const Hand&) = delete;

  // The first field of the first row, or how many rows were changed.
  std::string run(const std::string& text) { return first(checked(PQexec(db_, text.c_str()))); }
  void prepare(const char* name, const std::string& text) {
    PQclear(checked(PQprepare(db_, name, text.c_str(), 0, nullptr)));
  }
  std::string run_prepared(const char* name, const std::vector<std::string>& values) {
    return first(prepared(name, values, 0));
  }
  // All rows in binary, for the caller to clear.
  PGresult* read_prepared(const char* name) { return prepared(name, {}, 1); }
  double number(const std::string& text) { return std::stod(run(text)); }

 private:
  static PGresult* checked(PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) fail(PQresultErrorMessage(result));
    return result;
  }
  PGresult* prepared(const char* name, const std::vector<std::string>& values, int format) {
    std::vector<const char*> texts;
    for (const std::string& value : values) texts.push_back(value.c_str());
    return checked(PQexecPrepared(db_, name, static_cast<int>(texts.size()), texts.data(), nullptr, nullptr, format));
  }
  static std::string first(PGresult* result) {
    std::string found = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : PQcmdTuples(result);
    PQclear(result);
    return found;
  }
  PGconn* db_;
};

// Processor time of the server with all its processes, those that have ended included; in seconds.
inline double server_cpu_seconds(const sql::PostgresServer& server) {
  std::ifstream pid_file(server.directory() + "/data/postmaster.pid");
  std::string postmaster;
  pid_file >> postmaster;
  double ticks = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream stat(entry.path() / "stat");
    std::string line;
    if (!std::getline(stat, line)) continue;
    std::istringstream fields(line.substr(std::min(line.size(), line.rfind(')') + 2)));
    std::vector<std::string> words{std::istream_iterator<std::string>(fields), {}};
    if (words.size() < 15) continue;
    const bool is_postmaster = entry.path().filename() == postmaster;
    if (!is_postmaster && words[1] != postmaster) continue;
    ticks += std::stod(words[11]) + std::stod(words[12]);
    if (is_postmaster) ticks += std::stod(words[13]) + std::stod(words[14]);
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// A migrated database and the copies of it that are worked on, on a server of its own.
class ServerGround {
 public:
  ServerGround() : server_(tuned()) {
    Hand(server_.url()).run("CREATE DATABASE base");
    auto database = must(sql::open(base(), {.create = true}));
    must(schema::migrate(*database, from_millis(1'790'000'000'000)));
  }

  std::string base() const { return server_.url("base"); }
  std::string copy() const { return server_.url("copy"); }

  void keep_base(const std::vector<std::string>& statements) const {
    Hand hand(base());
    for (const std::string& statement : statements) hand.run(statement);
    hand.run("VACUUM ANALYZE");
  }
  // The state that `work` leaves becomes the base.
  void advance(const std::function<Cost()>& work) const {
    fresh();
    in_child(work);
    Hand hand(server_.url());
    hand.run("DROP DATABASE base");
    hand.run("ALTER DATABASE copy RENAME TO base");
    keep_base({});
  }
  void fresh() const {
    Hand hand(server_.url());
    hand.run("DROP DATABASE IF EXISTS copy");
    hand.run("CREATE DATABASE copy TEMPLATE base STRATEGY file_copy");
    hand.run("CHECKPOINT");
  }

  double cpu_seconds() const { return server_cpu_seconds(server_); }
  double wal_bytes() const { return Hand(server_.url()).number("SELECT pg_current_wal_lsn() - '0/0'"); }
  double copy_bytes() const { return Hand(server_.url()).number("SELECT pg_database_size('copy')"); }

 private:
  sql::PostgresServer server_;
};

}  // namespace hotclock::bench
