// Runs a measured piece of work in a process of its own, so that its memory, its processor time and
// its bytes written are its own; and keeps the databases such work is done on.
#pragma once

#include <malloc.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include <fmt/format.h>

#include "scheduler/base/result.h"

namespace hotclock::bench {

struct Scratch {
  Scratch() {
    std::string pattern = std::filesystem::temp_directory_path() / "hotclock-bench-XXXXXX";
    path = mkdtemp(pattern.data());
  }
  ~Scratch() { std::filesystem::remove_all(path); }
  std::string path;
};

[[noreturn]] inline void fail(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(1);
}
template <class T>
T must(Result<T> result) {
  if (!result) fail(result.error().message());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

// What one piece of work cost.
struct Cost {
  double seconds = 0;
  double cpu = 0;
  double rss_mib = 0;        // the largest it was
  double mib_written = 0;    // handed to the disk
  double note = 0;           // whatever the work itself tells
  std::int64_t count = 0;    // how much it did
};

inline double cpu_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

inline double mib_written() {
  std::ifstream io("/proc/self/io");
  std::string word;
  for (double value = 0; io >> word >> value;)
    if (word == "write_bytes:") return value / (1 << 20);
  return 0;
}

inline double rss_mib() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_maxrss) / 1024;
}

// A stopwatch that the work starts when it has made ready, and reads when it is done.
class Meter {
 public:
  void start() {
    cpu_ = cpu_seconds();
    written_ = mib_written();
    begun_ = std::chrono::steady_clock::now();
  }
  Cost read(std::int64_t count) const {
    Cost cost;
    cost.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    cost.cpu = cpu_seconds() - cpu_;
    cost.mib_written = mib_written() - written_;
    cost.rss_mib = rss_mib();
    cost.count = count;
    return cost;
  }

 private:
  std::chrono::steady_clock::time_point begun_;
  double cpu_ = 0;
  double written_ = 0;
};

// What `work` gives, done in a child process.
inline Cost in_child(const std::function<Cost()>& work) {
  int ends[2];
  if (pipe(ends) != 0) fail("no pipe");
  malloc_trim(0);  // what the parent has freed and kept would count as the child's memory
  const pid_t child = fork();
  if (child < 0) fail("no child process");
  if (child == 0) {
    const Cost cost = work();
    const bool told = write(ends[1], &cost, sizeof cost) == sizeof cost;
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  Cost cost;
  const bool heard = read(ends[0], &cost, sizeof cost) == sizeof cost;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!heard || status != 0) fail("a measured run failed");
  return cost;
}

// Bare SQLite, as somebody without Hotclock would use it.
class Plain {
 public:
  explicit Plain(const std::string& file, int cache_mib = 16) {
    if (sqlite3_open(file.c_str(), &db_) != SQLITE_OK) fail(sqlite3_errmsg(db_));
    run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-" +
        std::to_string(cache_mib * 1024));
  }
  ~Plain() { sqlite3_close(db_); }
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;

  void run(const std::string& sql) {
    char* why = nullptr;
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &why) != SQLITE_OK) fail(why);
  }
  std::int64_t number(const std::string& sql) {
    sqlite3_stmt* s = prepare(sql);
    if (sqlite3_step(s) != SQLITE_ROW) fail(sqlite3_errmsg(db_));
    const std::int64_t value = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return value;
  }
  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt* s = nullptr;
    if (sqlite3_prepare_v3(db_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &s, nullptr) != SQLITE_OK)
      fail(sqlite3_errmsg(db_));
    return s;
  }
  sqlite3* db() { return db_; }
  // Everything into the main file, so that it can be copied.
  void settle() { run("PRAGMA wal_checkpoint(TRUNCATE)"); }

 private:
  sqlite3* db_ = nullptr;
};

inline void bind(sqlite3_stmt* s, int at, std::int64_t value) { sqlite3_bind_int64(s, at, value); }
inline void bind(sqlite3_stmt* s, int at, double value) { sqlite3_bind_double(s, at, value); }
inline void bind(sqlite3_stmt* s, int at, const std::string& value) {
  sqlite3_bind_text(s, at, value.c_str(), static_cast<int>(value.size()), SQLITE_STATIC);
}
// Runs a statement that gives no rows; how many it changed.
template <class... Values>
std::int64_t run(Plain& plain, sqlite3_stmt* s, const Values&... values) {
  int at = 0;
  (bind(s, ++at, values), ...);
  if (sqlite3_step(s) != SQLITE_DONE) fail(sqlite3_errmsg(plain.db()));
  sqlite3_reset(s);
  return sqlite3_changes64(plain.db());
}

}  // namespace hotclock::bench
