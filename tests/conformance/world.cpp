#include "tests/conformance/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "scheduler/memory/memory_ledger.h"
#include "service/access/tokens.h"
#include "service/ledger/control.h"
#include "service/ledger/slot_list.h"
#include "service/ledger/sql_ledger.h"
#include "service/live/live.h"
#include "service/schema/schema.h"
#include "service/sql/sql_support.h"
#include "service/work/chunk.h"

namespace hotclock::conformance {
namespace {

class MemoryWorld final : public World {
 public:
  Ledger& node(std::size_t) override { return ledger_; }

  void pause(const std::string& job, const Pause& pause, Instant) override {
    ledger_.pause(job, pause);
  }
  void resume(const std::string& job, Instant) override { ledger_.resume(job); }
  void switch_off(const std::string& job, const std::string& by, const std::string& reason,
                  Instant) override {
    ledger_.switch_off(job, by, reason);
  }
  void switch_on(const std::string& job, Instant) override { ledger_.switch_on(job); }
  std::int64_t reschedule(const std::string& job, Instant) override {
    return ledger_.reschedule(job);
  }
  Result<> cancel(std::int64_t slot_id, const std::string& by, Instant now) override {
    return ledger_.request_cancel(slot_id, by, now);
  }
  std::int64_t enter_manual(const Slot& slot, const std::string& by, Instant now,
                            std::optional<std::int64_t> token) override {
    return ledger_.enter({slot, now, 0, by, {}, {}, token}, now);
  }
  std::int64_t make_token(const std::string& name, Instant) override {
    owners_.push_back(name);
    return static_cast<std::int64_t>(owners_.size());
  }
  void revoke_token(std::int64_t token, Instant) override {
    ledger_.disallow(token, {owners_.at(static_cast<std::size_t>(token - 1)),
                             "the token was revoked"});
  }
  Result<> move_cursor(const std::shared_ptr<Permit>& permit, const std::string& cursor) override {
    return ledger_.move_cursor(*permit, cursor);
  }

  std::vector<SeenSlot> slots() override {
    std::vector<SeenSlot> seen;
    for (const auto& row : ledger_.slots())
      seen.push_back({row.id, row.slot, row.state, row.end, row.reason, row.attempt, row.cursor});
    return seen;
  }
  std::vector<SeenAttempt> attempts() override {
    std::vector<SeenAttempt> seen;
    for (const auto& row : ledger_.attempts())
      seen.push_back({row.slot_id, row.execution.text(), row.outcome, row.error, row.tally,
                      row.set_aside_total, row.log.text});
    return seen;
  }

 private:
  MemoryLedger ledger_;
  std::vector<std::string> owners_;  // of tokens
};

template <class T>
T must(Result<T> result) {
  if (!result) ADD_FAILURE() << result.error().message();
  return std::move(result).value();
}
void must(Result<> result) {
  if (!result) ADD_FAILURE() << result.error().message();
}

class SqlWorld final : public World {
 public:
  explicit SqlWorld(const std::string& engine) : place_(engine) {
    database_ = must(sql::open(place_.url(), {.create = true}));
    must(schema::migrate(*database_, Instant{}));
  }

  Ledger& node(std::size_t number) override {
    while (nodes_.size() <= number) {
      const std::string name = "node-" + std::to_string(nodes_.size());
      const auto node = must(ledger::register_node(*database_, {name, "test", "test"}, Instant{}));
      nodes_.push_back(std::make_unique<ledger::SqlLedger>(
          *database_, node, std::chrono::seconds{30}));
    }
    return *nodes_[number];
  }

  void pause(const std::string& job, const Pause& pause, Instant now) override {
    must(ledger::pause(*database_, job, {pause.by, pause.reason}, pause.until, now));
  }
  void resume(const std::string& job, Instant now) override {
    must(ledger::resume(*database_, job, {"asha", ""}, now));
  }
  void switch_off(const std::string& job, const std::string& by, const std::string& reason,
                  Instant now) override {
    if (job.empty()) return must(live::kill(*database_, false, {by, reason}, now));
    must(live::change(*database_, {.job = job, .act = "disable", .set = {{"enabled", "false"}}},
                      {by, reason}, now));
  }
  void switch_on(const std::string& job, Instant now) override {
    if (job.empty()) return must(live::revive(*database_, {"asha", ""}, now));
    must(live::change(*database_, {.job = job, .act = "enable", .reset = {"enabled"}},
                      {"asha", "done"}, now));
  }
  std::int64_t reschedule(const std::string& job, Instant now) override {
    const std::string minute = std::to_string(++rescheduled_ % 60);
    return must(live::change(*database_,
                             {.job = job,
                              .act = "schedule.set",
                              .set = {{"schedule", minute + " * * * *"}}},
                             {"asha", "quieter"}, now))
        .version;
  }
  Result<> cancel(std::int64_t slot_id, const std::string& by, Instant now) override {
    auto done = ledger::request_cancel(*database_, std::to_string(slot_id), {by, ""}, now);
    if (!done) return std::move(done).error();
    return {};
  }
  std::int64_t enter_manual(const Slot& slot, const std::string& by, Instant now,
                            std::optional<std::int64_t> token) override {
    const audit::Person person{.name = by, .token = token};
    return must(ledger::enter_manual(*database_, {slot.job, slot.scheduled_for, slot.key}, person,
                                     now));
  }
  std::int64_t make_token(const std::string& name, Instant now) override {
    const access::TokenOrder order{.name = name, .grant = {.role = access::Role::operator_}};
    return must(access::make_token(*database_, order, {"boss"}, now)).token.id;
  }
  void revoke_token(std::int64_t token, Instant now) override {
    must(access::revoke_token(*database_, token, {"boss"}, now));
  }
  Result<> move_cursor(const std::shared_ptr<Permit>& permit, const std::string& cursor) override {
    ManualClock clock(Instant{});
    work::Desk desk(*database_, clock);
    Execution execution{.permit = permit, .cursor = {}};
    auto chunk = desk.begin(execution);
    if (!chunk) return std::move(chunk).error();
    return chunk->commit(cursor, 1);
  }

  std::vector<SeenSlot> slots() override {
    std::vector<SeenSlot> seen;
    const auto add = [&](const ledger::SlotView& slot) {
      seen.push_back(
          {slot.id, slot.slot, slot.state, slot.ended, slot.reason, slot.attempt, slot.cursor});
    };
    for (const auto& slot : must(ledger::list_slots(*database_, {.limit = 1'000'000})).slots) {
      add(slot);
      const auto view = must(ledger::show_execution(*database_, std::to_string(slot.id)));
      std::ranges::for_each(view.partitions, add);
    }
    std::ranges::sort(seen, {}, &SeenSlot::id);
    return seen;
  }
  std::vector<SeenAttempt> attempts() override {
    std::vector<SeenAttempt> seen;
    for (const auto& slot : slots())
      for (const auto& attempt :
           must(ledger::show_execution(*database_, std::to_string(slot.id))).attempts)
        seen.push_back({slot.id, attempt.execution, attempt.outcome, attempt.error,
                        tally_of(attempt.tally), attempt.set_aside_total,
                        must(ledger::show_execution(*database_, attempt.execution)).log.text});
    return seen;
  }

 private:
  static Tally tally_of(const std::string& json) {
    Tally tally;
    const auto parsed = boost::json::parse(json);
    for (const auto& [what, count] : parsed.as_object())
      tally.emplace_back(what, count.to_number<std::int64_t>());
    return tally;
  }

  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
  std::vector<std::unique_ptr<ledger::SqlLedger>> nodes_;
  int rescheduled_ = 0;
};

}  // namespace

std::vector<std::string> engines() { return {"memory", "sqlite", "postgresql"}; }

std::unique_ptr<World> make_world(const std::string& engine) {
  if (engine == "memory") return std::make_unique<MemoryWorld>();
  return std::make_unique<SqlWorld>(engine);
}

}  // namespace hotclock::conformance
