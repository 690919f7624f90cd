#include "service/ledger/ledger_support.h"

#include "service/schema/schema.h"

namespace hotclock::ledger {

std::unique_ptr<sql::Database> migrated(const std::string& url) {
  auto database = must(sql::open(url, {.create = true}));
  must(schema::migrate(*database, t0));
  return database;
}

Worker::Worker(sql::Database& database, const std::string& name, Duration patience)
    : node_(must(register_node(database, {name, "test", "test"}, t0))),
      ledger_(std::make_unique<SqlLedger>(database, node_, patience)) {}

Policy& Worker::job(const std::string& name) {
  auto& policy = policies_[name];
  policy = std::make_shared<Policy>();
  must(ledger_->enrol({{name, "* * * * * UTC", t0}}));
  return *policy;
}

Result<Settled> Worker::tried(const Settlement& act) {
  return ledger_->settle(act, [this](const std::string& name) {
    const auto known = policies_.find(name);
    return known == policies_.end() ? nullptr : std::shared_ptr<const Policy>(known->second);
  });
}

void Worker::enters(const std::string& job, Instant at, Trigger trigger) {
  auto a = act(at);
  a.entries.push_back({.slot = {job, at, trigger}, .available_at = at});
  settled(a);
}

Settled Worker::claims(int room, Instant now) {
  auto a = act(now);
  a.room = room;
  return settled(a);
}

Settled Worker::ends(const Claim& claim, Follow follow, const std::string& outcome,
                     const std::string& error, Instant now) {
  auto a = act(now);
  a.endings.push_back({.permit = claim.permit,
                       .started_at = now,
                       .ended_at = now,
                       .follow = follow,
                       .outcome = outcome,
                       .error = error});
  return settled(a);
}

std::int64_t number_in(sql::Database& database, std::string_view query) {
  const sql::Statement statement{"test.number", query};
  return sql::count(database, statement);
}

void expect_sound(sql::Database& database) {
  EXPECT_EQ(number_in(database, "SELECT count(*) FROM slot_states WHERE state IS NULL"), 0);
  EXPECT_EQ(number_in(database,
                      "SELECT (SELECT count(*) FROM slot_states) -"
                      " (SELECT count(*) FROM slots)"),
            0);
  EXPECT_EQ(number_in(database,
                      "SELECT (SELECT count(*) FROM queue) + (SELECT count(*) FROM leases)"
                      " + (SELECT count(*) FROM history WHERE ended IS NOT NULL)"
                      " - (SELECT count(*) FROM slots)"),
            0);
  EXPECT_EQ(number_in(database,
                      "SELECT count(*) FROM running_logs WHERE execution_id NOT IN"
                      " (SELECT execution_id FROM leases WHERE partitions_open = 0)"),
            0)
      << "of attempts that are over";
}

std::int64_t LedgerFixture::number(std::string_view query) { return number_in(db(), query); }
void LedgerFixture::expect_sound() { ledger::expect_sound(db()); }

}  // namespace hotclock::ledger
