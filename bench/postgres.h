// A PostgreSQL server of the benchmark's own, as a careful operator would set it up, and what it costs.
#pragma once

#include <libpq-fe.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bench/child.h"
#include "service/sql/postgres_support.h"

namespace hotclock::bench {

inline sql::ServerOptions tuned() {
  return {.durable = true,
          .tls = false,
          .settings = {"shared_buffers = 4GB", "max_wal_size = 16GB", "wal_compression = lz4",
                       "checkpoint_timeout = 30min", "jit = off", "max_connections = 50"}};
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

// Plain libpq: what a yardstick by hand is made of.
class Hand {
 public:
  explicit Hand(const std::string& url) : db_(PQconnectdb(url.c_str())) {
    if (PQstatus(db_) != CONNECTION_OK) fail(PQerrorMessage(db_));
  }
  ~Hand() { PQfinish(db_); }
  Hand(const Hand&) = delete;
  Hand& operator=(const Hand&) = delete;

  // The first field of the first row, or how many rows were changed.
  std::string run(const std::string& text) { return read(PQexec(db_, text.c_str())); }
  void prepare(const char* name, const std::string& text) { read(PQprepare(db_, name, text.c_str(), 0, nullptr)); }
  std::string run_prepared(const char* name, const std::vector<std::string>& values) {
    std::vector<const char*> texts;
    for (const std::string& value : values) texts.push_back(value.c_str());
    return read(PQexecPrepared(db_, name, static_cast<int>(texts.size()), texts.data(), nullptr, nullptr, 0));
  }
  double number(const std::string& text) { return std::stod(run(text)); }

 private:
  std::string read(PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) fail(PQresultErrorMessage(result));
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

}  // namespace hotclock::bench
