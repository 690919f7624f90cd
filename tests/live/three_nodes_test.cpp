// Three nodes at work on one PostgreSQL, each with its own connections, as three processes would
// be. What people change is in force on all of them within a second, and never for what has passed.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>

#include "service/app/engine.h"
#include "service/app/reload.h"
#include "service/ledger/control.h"
#include "service/live/live.h"
#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock {
namespace {

using namespace std::chrono_literals;

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message());
  return std::move(result).value();
}
void must(Result<> result) {
  if (!result) throw std::runtime_error(result.error().message());
}

// What waits for a condition gives up then, and the test fails.
constexpr auto patience = 60s;

bool comes_true(const std::function<bool()>& condition, Duration within = patience) {
  const auto give_up = std::chrono::steady_clock::now() + within;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    SystemClock().sleep_until(SystemClock().now() + 5ms, {});  // leaves the nodes the machine
  }
  return true;
}

// One process: its own connections, clock, engine and settings in force.
class Node {
 public:
  Node(const std::string& url, const std::string& name) {
    source_.environment = {{"HOTCLOCK_NODE", name},
                           {"HOTCLOCK_DATABASE__URL", url},
                           {"HOTCLOCK_JOBS__THRONE_EXPIRY__SCHEDULE", "* * * * * *"},
                           {"HOTCLOCK_JOBS__THRONE_EXPIRY__OVERLAP", "wait"}};
    database_ = must(sql::open(url));
    must(clock_.ask(*database_));
    const auto files = must(app::read_settings(source_));
    const auto live = must(live::in_force(*database_));
    const auto laid = must(app::lay_live(files, source_, live));
    engine_ = must(app::Engine::build(
        laid.settings, *database_, clock_, logger_,
        {.look_for_changes = [this] { static_cast<void>(reload_->hear_of_live_changes()); }}));
    reload_ = std::make_unique<app::Reload>(
        source_, laid.settings, live,
        [this](const config::Config& settings, const std::set<std::string>& jobs) {
          auto put = engine_->change_jobs(settings, jobs);
          goes_by(settings);
          return put;
        },
        *database_, clock_, logger_);
    goes_by(laid.settings);
    engine_->start();
  }
  ~Node() { engine_->stop(10s); }

  // What it goes by now.
  std::string schedule() const {
    Lock lock(m_);
    return in_force_;
  }
  Instant now() { return clock_.now(); }

 private:
  void goes_by(const config::Config& settings) {
    const std::string text = settings_of(settings);
    Lock lock(m_);
    in_force_ = text;
  }
  static std::string settings_of(const config::Config& settings) {
    return std::string(must(config::find_job(settings, "throne-expiry"))->schedule.text());
  }

  SystemClock machine_;
  sql::DatabaseClock clock_{machine_};
  log::Logger logger_{
      {.level = log::Level::error, .repeat_after = {}}, machine_, [](std::string_view) {}};
  app::SettingsSource source_;
  std::unique_ptr<sql::Database> database_;
  mutable Mutex m_;
  std::string in_force_ HOTCLOCK_GUARDED_BY(m_);
  std::unique_ptr<app::Engine> engine_;
  std::unique_ptr<app::Reload> reload_;
};

class ThreeNodes : public testing::Test {
 protected:
  ThreeNodes() {
    database_ = must(sql::open(place_.url(), {.create = true}));
    must(schema::migrate(*database_, SystemClock().now()));
    for (const char* name : {"a", "b", "c"})
      nodes_.push_back(std::make_unique<Node>(place_.url(), name));
  }
  ~ThreeNodes() override { nodes_.clear(); }

  Instant now() { return nodes_.front()->now(); }
  sql::Database& db() { return *database_; }
  std::int64_t number(const std::string& text, std::initializer_list<sql::Param> params = {}) {
    const sql::Statement statement{"number", text};
    auto transaction = must(db().read());
    auto rows = must(transaction->query(statement, params));
    return rows->next() ? rows->integer(0) : 0;
  }
  std::int64_t slots_of_the_schedule(const std::string& where,
                                     std::initializer_list<sql::Param> params = {}) {
    return number(
        "SELECT count(*) FROM slots AS s JOIN jobs AS j ON j.id = s.job_id"
        " WHERE j.name = 'throne-expiry' AND s.trigger IN ('schedule', 'catch_up') AND " +
            where,
        params);
  }
  live::Change reschedules(const std::string& text) {
    return must(live::change(
        db(), {.job = "throne-expiry", .act = "schedule.set", .set = {{"schedule", text}}},
        {"asha", "a quiet night"}, now()));
  }
  bool all_go_by(const std::string& schedule, Duration within) {
    return comes_true(
        [&] {
          return std::ranges::all_of(
              nodes_, [&](const auto& node) { return node->schedule() == schedule; });
        },
        within);
  }
  // As many as each node may ask for at once, and more.
  void people_ask_for(int slots) {
    for (int i = 0; i < slots; ++i)
      must(ledger::enter_manual(db(), {"throne-expiry", now(), "load-" + std::to_string(asked_++)},
                                {"ben", "load"}, now()));
  }

  std::vector<std::unique_ptr<Node>> nodes_;

 private:
  sql::ScratchPlace place_{"postgresql"};
  std::unique_ptr<sql::Database> database_;
  int asked_ = 0;
};

TEST_F(ThreeNodes, AChangedScheduleIsInForceOnAllWithinASecondAndNeverForThePast) {
  ASSERT_TRUE(comes_true([&] { return slots_of_the_schedule("TRUE") >= 3; }));
  people_ask_for(60);
  const auto quiet = reschedules("0 0 1 1 *");
  EXPECT_TRUE(all_go_by("0 0 1 1 *", 1s));
  people_ask_for(60);
  ASSERT_TRUE(comes_true([&] { return now() > quiet.at + 2500ms; }));
  EXPECT_EQ(slots_of_the_schedule("s.scheduled_for > $1", {quiet.at}), 0);
  // Until then the old one counted, whichever node has heard when.
  const Instant last = from_millis(to_millis(quiet.at) / 1000 * 1000);
  EXPECT_EQ(slots_of_the_schedule("s.scheduled_for = $1", {last}), 1);

  const auto busy =
      must(live::undo(db(), "throne-expiry", {}, quiet.version, {"ben", "morning"}, now()));
  EXPECT_TRUE(all_go_by("* * * * * *", 1s));
  ASSERT_TRUE(
      comes_true([&] { return slots_of_the_schedule("s.scheduled_for > $1", {busy.at}) >= 3; }));
  EXPECT_EQ(
      slots_of_the_schedule("s.scheduled_for > $1 AND s.scheduled_for <= $2", {quiet.at, busy.at}),
      0);
}

TEST_F(ThreeNodes, ManyChangesUnderLoadEndInTheSameScheduleEverywhere) {
  std::vector<live::Change> changes;
  for (int i = 0; i < 12; ++i) {
    people_ask_for(10);
    changes.push_back(reschedules(i % 2 == 0 ? "0 0 1 1 *" : "* * * * * *"));
  }
  reschedules("*/2 * * * * *");
  EXPECT_TRUE(all_go_by("*/2 * * * * *", 1s));
  const Instant since = must(live::in_force(db())).find("throne-expiry")->scheduled_at;
  ASSERT_TRUE(
      comes_true([&] { return slots_of_the_schedule("s.scheduled_for > $1", {since}) >= 2; }));
  EXPECT_EQ(
      slots_of_the_schedule(
          "s.scheduled_for > $1 AND CAST(extract(second FROM s.scheduled_for) AS INTEGER) % 2 = 1",
          {since}),
      0);
}

TEST_F(ThreeNodes, NothingStartsOnceTheKillSwitchIsOn) {
  const std::string started =
      "SELECT (SELECT count(*) FROM leases) + (SELECT count(*) FROM history WHERE execution_id IS "
      "NOT NULL)";
  people_ask_for(40);
  ASSERT_TRUE(comes_true([&] { return number(started) > 5; }));
  must(live::kill(db(), true, {"asha", "wrong amounts"}, now()));
  const Instant killed = now();
  people_ask_for(40);
  ASSERT_TRUE(comes_true([&] {
    return number("SELECT count(*) FROM queue") == 0 && number("SELECT count(*) FROM leases") == 0;
  }));
  EXPECT_EQ(number("SELECT count(*) FROM history WHERE started_at > $1", {killed}), 0);
  EXPECT_GE(number("SELECT count(*) FROM history WHERE ended = 'refused' AND reason = 'kill switch "
                   "by asha: wrong amounts'"),
            40);
  must(live::revive(db(), {"asha", "mended"}, now()));
  people_ask_for(3);
  EXPECT_TRUE(comes_true(
      [&] { return number("SELECT count(*) FROM history WHERE started_at > $1", {killed}) > 0; }));
}

}  // namespace
}  // namespace hotclock
