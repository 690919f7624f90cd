// A job on a database as the service runs it: the real ledger's claim, desk and chunks.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/child.h"
#include "scheduler/base/clock.h"
#include "service/ledger/node.h"
#include "service/ledger/sql_ledger.h"
#include "service/schema/schema.h"
#include "service/sql/sql.h"
#include "service/work/chunk.h"

namespace hotclock::bench {

class WorkDesk {
 public:
  WorkDesk(const std::string& file, int cache_mib)
      : WorkDesk("sqlite:" + file, sql::OpenOptions{.cache_mib = cache_mib}) {}
  WorkDesk(const std::string& url, const sql::OpenOptions& options)
      : database_(must(sql::open(url, options))),
        desk_(*database_, clock_),
        ledger_(*database_, must(ledger::register_node(*database_, {"bench", "0", "0"}, clock_.now()))) {
  }

  work::Desk& desk() { return desk_; }

  // A slot of `job` at `at`, claimed; another one each time, in every process.
  Execution claimed(const std::string& job, Instant at) {
    must(ledger_.enrol({{job, "* * * * *", clock_.now()}}));
    Settlement act;
    act.now = clock_.now();
    // Long since available, though a server's clock may be a little behind ours.
    act.entries = {{.slot = {job, at, Trigger::manual, fmt::format("{}-{}", getpid(), ++claims_)},
                    .available_at = act.now - std::chrono::seconds{10}}};
    auto claimed = settle(std::move(act), 1);
    if (claimed.size() != 1) fail("the slot was not claimed");
    return std::move(claimed[0]);
  }

  // What a slot was divided into, claimed.
  std::vector<Execution> partitions(const Execution& whole, const Divided& divided) {
    Settlement act;
    act.now = clock_.now();
    act.endings = {{.permit = whole.permit,
                    .started_at = act.now,
                    .ended_at = act.now,
                    .follow = Divides{divided.cursors, whole.progress->total},
                    .outcome = "divided"}};
    return settle(std::move(act), static_cast<int>(divided.cursors.size()));
  }

  // Runs it to its end and gives what it counted first.
  std::int64_t run(Job& job, Execution& execution) {
    const Outcome outcome = job.run(execution);
    if (const auto* failed = std::get_if<Failed>(&outcome)) fail(failed->why.message());
    const auto* done = std::get_if<Done>(&outcome);
    if (done == nullptr) fail("the job did not finish");
    return done->tally.at(0).second;
  }

 private:
  std::vector<Execution> settle(Settlement act, int room) {
    act.asked = clock_.steady();
    act.room = room;
    Policy policy;
    policy.lease = std::chrono::hours{24};
    policy.overlap = Overlap::allow;
    policy.max_running = 1000;
    const auto shared = std::make_shared<const Policy>(policy);
    Settled settled = must(ledger_.settle(act, [&](const std::string&) { return shared; }));
    std::vector<Execution> claimed;
    for (Claim& claim : settled.claims) {
      Execution& execution = claimed.emplace_back();
      execution.permit = std::move(claim.permit);
      execution.cursor = std::move(claim.cursor);
    }
    return claimed;
  }

  SystemClock clock_;
  std::unique_ptr<sql::Database> database_;
  work::Desk desk_;
  ledger::SqlLedger ledger_;
  int claims_ = 0;
};

// A migrated, empty database.
inline void make_database(const std::string& file) {
  auto database = must(sql::open("sqlite:" + file, {.create = true}));
  must(schema::migrate(*database, from_millis(1'790'000'000'000)));
}

}  // namespace hotclock::bench
