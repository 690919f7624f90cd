#include "service/ledger/node.h"

#include <sys/wait.h>
#include <unistd.h>

#include "service/ledger/ledger_support.h"
#include "service/ledger/serving.h"

namespace hotclock::ledger {
namespace {

class NodeTest : public LedgerFixture {};

// One process to a file.
class ServingTest : public LedgerFixture {
 protected:
  ServingTest() : LedgerFixture("sqlite") {}
};

// Runs `body` in a process of its own, which is killed when it returns; its id.
template <class Body>
pid_t killed_after(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    body();
    kill(getpid(), SIGKILL);
  }
  return child;
}

TEST(Process, ThisOneIsAlive) { EXPECT_EQ(life_of(this_process()), Life::alive); }

TEST(Process, TheSameIdWithAnotherStartIsGone) {
  Process other = this_process();
  ++other.start;
  EXPECT_EQ(life_of(other), Life::gone);
}

TEST(Process, OneOfAnEarlierBootIsGone) {
  Process other = this_process();
  other.boot_id = "earlier";
  EXPECT_EQ(life_of(other), Life::gone);
}

TEST(Process, OneOnAnotherMachineCannotBeJudgedFromHere) {
  Process other = this_process();
  other.host = "elsewhere";
  EXPECT_EQ(life_of(other), Life::elsewhere);
}

TEST(Process, AKilledOneIsGoneEvenBeforeItsParentCollectsIt) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = killed_after([&] {
    const Process self = this_process();
    (void)!write(ends[1], &self.start, sizeof self.start);
  });
  Process process = this_process();
  process.pid = child;
  ASSERT_EQ(read(ends[0], &process.start, sizeof process.start),
            static_cast<ssize_t>(sizeof process.start));
  siginfo_t info{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(life_of(process), Life::gone);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(life_of(process), Life::gone);
  close(ends[0]);
  close(ends[1]);
}

TEST_F(NodeTest, EachStartIsANodeOfItsOwn) {
  const auto first = must(register_node(db(), {"a", "1", "2026a"}, t0));
  const auto second = must(register_node(db(), {"a", "1", "2026a"}, t0));
  EXPECT_NE(first.id, second.id);
  EXPECT_EQ(first.process, this_process());
}

TEST_F(NodeTest, ANodeIsSeenAndSaysGoodbye) {
  const auto node = must(register_node(db(), {"a", "1", "2026a"}, t0));
  must(saw_node(db(), node.id, ManualClock(t0 + std::chrono::hours{1})));
  must(retire_node(db(), node.id, t0 + std::chrono::hours{2}));
  EXPECT_EQ(number("SELECT count(*) FROM nodes WHERE stopped_at IS NOT NULL"), 1);
  EXPECT_EQ(saw_node(db(), 99, ManualClock(t0)).error().code(), Errc::not_found);
}

TEST_F(ServingTest, ASecondServeIsRefusedWithTheNameOfTheFirst) {
  auto first = must(lock_serving(db(), "studio-1", t0));
  const auto second = lock_serving(db(), "studio-2", t0);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::conflict);
  EXPECT_NE(second.error().message().find("studio-1"), std::string::npos);
  EXPECT_NE(second.error().message().find(std::to_string(getpid())), std::string::npos);
}

TEST_F(ServingTest, AServeThatEndedGivesWay) {
  { auto first = must(lock_serving(db(), "studio-1", t0)); }
  EXPECT_TRUE(lock_serving(db(), "studio-2", t0));
}

TEST_F(ServingTest, AServeThatWasKilledGivesWay) {
  const pid_t child = killed_after([&] {
    auto lock = lock_serving(db(), "studio-1", t0);
    if (!lock) _exit(1);
    kill(getpid(), SIGKILL);
  });
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(lock_serving(db(), "studio-2", t0));
}

TEST_F(NodeTest, ADatabaseIsServedWhileANodeWorks) {
  const Instant later = t0 + std::chrono::hours{24};  // the ledger's own node was not seen since
  EXPECT_FALSE(must(is_served(db(), later)));
  if (db().dialect().engine == "sqlite") {
    const auto lock = must(lock_serving(db(), "studio-1", later));
    EXPECT_TRUE(must(is_served(db(), later)));
    return;
  }
  const auto node = must(register_node(db(), {"a", "1", "2026a"}, later));
  EXPECT_TRUE(must(is_served(db(), later + std::chrono::seconds{60})));
  EXPECT_FALSE(must(is_served(db(), later + std::chrono::minutes{5}))) << "nothing was heard of it";
  must(retire_node(db(), node.id, later));
  EXPECT_FALSE(must(is_served(db(), later)));
}

}  // namespace
}  // namespace hotclock::ledger
