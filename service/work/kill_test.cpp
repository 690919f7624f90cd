// A process that is killed at every single step between claim and end: another one takes the slot
// over at once, and its effect is there exactly once.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "service/ledger/ledger_support.h"
#include "service/ledger/slot_list.h"
#include "service/outbox/reader.h"
#include "service/sql/forwarding_support.h"
#include "service/work/chunk.h"

namespace hotclock::work {
namespace {

using namespace std::chrono_literals;
using ledger::must;
using ledger::t0;

// Kills this process before its `fatal`th step, or right after it.
struct Fate {
  int fatal = 0;
  bool after = false;
  int step = 0;

  void before() {
    if (++step == fatal && !after) kill(getpid(), SIGKILL);
  }
  void done() {
    if (step == fatal && after) kill(getpid(), SIGKILL);
  }
};

class FatalTransaction final : public sql::ForwardingTransaction {
 public:
  FatalTransaction(std::unique_ptr<sql::Transaction> real, Fate& fate)
      : ForwardingTransaction(std::move(real)), fate_(fate) {}

  Result<std::int64_t> exec(const sql::Statement& statement,
                            std::span<const sql::Param> params) override {
    fate_.before();
    auto result = real().exec(statement, params);
    fate_.done();
    return result;
  }
  Result<std::unique_ptr<sql::Rows>> query(const sql::Statement& statement,
                                           std::span<const sql::Param> params) override {
    fate_.before();
    auto result = real().query(statement, params);
    fate_.done();
    return result;
  }
  Result<> commit() override {
    fate_.before();
    auto result = real().commit();
    fate_.done();
    return result;
  }

 private:
  Fate& fate_;
};

class FatalDatabase final : public sql::ForwardingDatabase {
 public:
  FatalDatabase(sql::Database& real, Fate& fate) : ForwardingDatabase(real), fate_(fate) {}

 private:
  std::unique_ptr<sql::Transaction> wrapped(std::unique_ptr<sql::Transaction> real) override {
    return std::make_unique<FatalTransaction>(std::move(real), fate_);
  }
  Fate& fate_;
};

// The job: two chunks, an event each.
Outcome pay(Desk& desk, Execution& execution) {
  for (const std::string user : {"1", "2"}) {
    if (user <= execution.cursor) continue;
    auto chunk = desk.begin(execution);
    if (!chunk) return outcome_of(std::move(chunk).error());
    if (auto told = chunk->emit({"og:bonus", {"user:" + user}, {}}); !told)
      return outcome_of(std::move(told).error());
    if (auto done = chunk->commit(user, 1); !done) return outcome_of(std::move(done).error());
  }
  return Done{};
}

// Claims the slot, works it and ends it; whether there was one.
bool works(sql::Database& database, const std::string& name) {
  ledger::Worker node(database, name);
  node.job("pay").retry.retries = 3;
  auto a = node.act();
  a.room = 1;
  a.look_for_lost = true;
  const auto settled = node.settled(a);
  if (settled.claims.empty()) return false;
  ManualClock clock(t0);
  Desk desk(database, clock);
  Execution execution{.permit = settled.claims[0].permit, .cursor = settled.claims[0].cursor};
  if (!std::holds_alternative<Done>(pay(desk, execution))) return false;
  return node.completes(settled.claims[0]).lost.empty();
}

struct Scene {
  Scene() {
    auto database = ledger::migrated(url());
    ledger::Worker node(*database, "first");
    node.job("pay");
    node.enters("pay", t0);
    must(ledger::retire_node(*database, node.node().id, t0));
  }
  std::string url() const { return place.url(); }
  sql::ScratchPlace place;
};

// True where the process got to its end before its fatal step.
bool survives(const Scene& scene, int fatal, bool after) {
  const pid_t child = fork();
  if (child == 0) {
    Fate fate{fatal, after};
    const auto real = must(sql::open(scene.url()));
    FatalDatabase database(*real, fate);
    _exit(works(database, "killed") ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
  return WIFEXITED(status);
}

void expect_paid_once(const Scene& scene) {
  const auto database = must(sql::open(scene.url()));
  works(*database, "second");
  const auto slots = must(ledger::list_slots(*database, {})).slots;
  ASSERT_EQ(slots.size(), 1u);
  EXPECT_EQ(slots[0].ended, End::completed);
  std::vector<std::string> rooms;
  for (const auto& event : must(outbox::Reader(*database, 0).next(100)))
    rooms.push_back(event.rooms.at(0));
  EXPECT_EQ(rooms, (std::vector<std::string>{"user:1", "user:2"}));
  EXPECT_EQ(ledger::number_in(*database, "SELECT count(*) FROM leases"), 0);
  ledger::expect_sound(*database);
}

class KillTest : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(AtEachStep, KillTest, testing::Bool(),
                         [](const auto& given) { return given.param ? "AfterIt" : "BeforeIt"; });

TEST_P(KillTest, TheSlotIsTakenOverAtOnceAndItsEffectIsThereOnce) {
  int kills = 0;
  for (int fatal = 1;; ++fatal) {
    SCOPED_TRACE("killed at step " + std::to_string(fatal));
    const Scene scene;
    const bool survived = survives(scene, fatal, GetParam());
    expect_paid_once(scene);
    if (survived || HasFatalFailure()) break;
    ++kills;
  }
  EXPECT_GT(kills, 20);
}

}  // namespace
}  // namespace hotclock::work
