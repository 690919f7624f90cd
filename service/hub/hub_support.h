// For tests: a migrated database with nodes in it, and tokens of its users.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/clock.h"
#include "service/auth/signing.h"
#include "service/log/logger.h"
#include "service/outbox/event.h"
#include "service/sql/sql_support.h"

namespace hotclock::hub {

inline constexpr Instant t0 = from_millis(1'795'478'400'000);
inline constexpr std::string_view test_secret = "a secret for tests, longer than it has to be";

inline std::string token_of(std::int64_t user, Instant expires_at = t0 + std::chrono::hours{1}) {
  return auth::sign_hs256(test_secret, {.user = user, .expires_at = expires_at});
}

class HubFixture : public testing::Test {
 protected:
  HubFixture();

  sql::Database& db() { return *database_; }
  std::string url() const { return place_.url(); }
  // Writes one down that was seen now; its id.
  std::int64_t node(const std::string& name);
  void sees(std::int64_t node);
  // Posts events in a transaction of their own, now; the ids that they got.
  std::vector<std::int64_t> post(const std::vector<outbox::Event>& events);
  std::int64_t post(const std::string& room) { return post({{"rank:changed", {room}, {}}}).at(0); }
  void forget_event(std::int64_t id);
  std::int64_t count(std::string_view query) { return sql::count(db(), {"count", query}); }

  ManualClock clock{t0};
  std::vector<std::string> log;
  log::Logger logger{{.level = log::Level::warning, .repeat_after = {}},
                     clock,
                     [this](std::string_view line) { log.emplace_back(line); }};

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
};

}  // namespace hotclock::hub
