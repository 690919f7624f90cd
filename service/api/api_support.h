// For tests: pages on a server of their own, above a migrated database that can be slow or away.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/clock.h"
#include "scheduler/base/mutex.h"
#include "service/api/pages.h"
#include "service/auth/signing.h"
#include "service/http/client_support.h"
#include "service/sql/forwarding_support.h"
#include "service/sql/sql_support.h"

namespace hotclock::api {

inline constexpr Instant t0 = from_millis(1'795'478'400'000);  // 2026-11-24T00:00:00Z
inline constexpr std::string_view test_secret = "a secret for tests, longer than it has to be";

// A database whose reader counts, waits at a gate, or is refused.
class Gate final : public sql::ForwardingDatabase {
 public:
  using ForwardingDatabase::ForwardingDatabase;

  void close();  // who begins a transaction waits from here on
  void open();
  void fail(bool fails);
  int asked() const;    // transactions that were begun, or tried
  int waiting() const;  // at the gate

 private:
  Result<> may_begin() override;

  mutable Mutex m_;
  std::condition_variable changed_;
  bool closed_ HOTCLOCK_GUARDED_BY(m_) = false;
  bool fails_ HOTCLOCK_GUARDED_BY(m_) = false;
  int asked_ HOTCLOCK_GUARDED_BY(m_) = 0;
  int waiting_ HOTCLOCK_GUARDED_BY(m_) = 0;
};

class ApiFixture : public testing::Test {
  Mutex log_m_;  // before the logger that writes
  std::vector<std::string> log_ HOTCLOCK_GUARDED_BY(log_m_);

 protected:
  ApiFixture();
  ~ApiFixture() override;

  // Builds the pages and lets clients in. `adds` may add pages of its own before.
  void opens(const config::ThemesConfig& settings = {},
             const std::function<void(http::Server&, const Ground&)>& adds = {});
  http::Answer gets(std::string_view target, const http::Fields& headers = {}) {
    return http::ask(port(), "GET", target, {}, headers);
  }
  int status(std::string_view target, const http::Fields& headers = {}) {
    return gets(target, headers).status;
  }
  std::uint16_t port() const { return server_->port(); }
  Pages& pages() { return *pages_; }
  http::Loop& loop() { return loop_; }
  // A word from the loop's thread: it comes though everything else waits.
  bool loop_answers();

  // A document of `country`, as festival-activation writes it.
  void dresses(const std::string& country, std::int64_t version, std::string_view color,
               int gift = 100);
  void forgets(const std::string& country, std::int64_t version);
  // A festival that runs from so long after t0 for a day.
  void plans(std::int64_t id, const std::string& name, const std::string& country, Duration after,
             std::string_view theme = R"({"colors":{"primary":"#b3261e"}})");
  void sql(std::string_view text);
  std::int64_t count(std::string_view query) { return sql::count(*database_, {"count", query}); }

  static http::Fields as(std::int64_t user, std::vector<std::string> roles = {},
                         Duration lasts = std::chrono::hours{1},
                         std::string_view secret = test_secret);
  static http::Fields as_editor() { return as(17, {"festival-editor"}); }

  ManualClock clock{t0};
  SystemClock machine;
  std::size_t logged();  // lines
  log::Logger logger{
      {.level = log::Level::warning, .repeat_after = {}}, clock, [this](std::string_view line) {
        Lock lock(log_m_);
        log_.emplace_back(line);
      }};

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;

 protected:
  std::unique_ptr<Gate> gate;

 private:
  http::Loop loop_{machine};
  std::unique_ptr<auth::TokenVerifier> tokens_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<Pages> pages_;
};

}  // namespace hotclock::api
