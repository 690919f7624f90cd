// For tests: a migrated database in a directory of its own, and a node with its ledger on it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "service/ledger/sql_ledger.h"
#include "service/sql/sql_support.h"

namespace hotclock::ledger {

constexpr Instant t0 = from_millis(1'790'000'000'000);

// The value, or a failed test and an end to it.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(result).value();
}
inline void must(Result<> result) {
  if (!result) throw std::runtime_error(result.error().message());
}

std::unique_ptr<sql::Database> migrated(const std::string& url);

// A node at work: claims and ends slots by plain policies.
class Worker {
 public:
  explicit Worker(sql::Database& database, const std::string& name = "node-a",
                  Duration patience = std::chrono::seconds{30});

  Policy& job(const std::string& name);
  Settlement act(Instant now = t0) const { return {.now = now, .asked = Steady{} + (now - t0)}; }
  Result<Settled> tried(const Settlement& act);
  Settled settled(const Settlement& act) { return must(tried(act)); }

  void enters(const std::string& job, Instant at, Trigger trigger = Trigger::schedule);
  Settled claims(int room = 100, Instant now = t0);
  Claim claims_one(Instant now = t0) { return claims(1, now).claims.at(0); }
  Settled ends(const Claim& claim, Follow follow, const std::string& outcome,
               const std::string& error = {}, Instant now = t0);
  Settled completes(const Claim& claim, Instant now = t0) {
    return ends(claim, Ends{End::completed}, "completed", {}, now);
  }

  const Node& node() const { return node_; }
  SqlLedger& ledger() { return *ledger_; }

 private:
  Node node_;
  std::unique_ptr<SqlLedger> ledger_;
  std::map<std::string, std::shared_ptr<Policy>> policies_;
};

class LedgerFixture : public testing::Test {
 protected:
  explicit LedgerFixture(const std::string& engine = sql::tested_engine())
      : place_(engine), database_(migrated(url())), worker_(*database_) {}

  sql::Database& db() { return *database_; }
  Worker& worker() { return worker_; }
  std::string url() const { return place_.url(); }
  // The first column of the first row.
  std::int64_t number(std::string_view query);
  // Each slot stands in exactly one place, and only what runs has a log that grows.
  void expect_sound();

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
  Worker worker_;
};

std::int64_t number_in(sql::Database& database, std::string_view query);
void expect_sound(sql::Database& database);

}  // namespace hotclock::ledger
