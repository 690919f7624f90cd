#include "service/app/log_observer.h"

#include <gtest/gtest.h>

namespace hotclock::app {
namespace {

using namespace std::chrono_literals;

const Instant due = from_millis(1'795'565'100'000);  // 2026-11-25T00:05:00Z
const Uuid execution = *Uuid::parse("0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a");
const Slot slot{"og-daily-bonus", due};
const std::string concerns =
    "  job=og-daily-bonus slot=2026-11-25T00:05:00Z "
    "execution=0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a";

struct LogObserverTest : testing::Test {
  ManualClock clock{due + 2s};
  std::vector<std::string> lines;
  log::Logger logger{{}, clock, [this](std::string_view line) { lines.emplace_back(line); }};
  LogObserver observer{logger};
  std::shared_ptr<Permit> permit = std::make_shared<Permit>(slot, 1, execution, 7, 2, Steady{});

  // The line that `notice` becomes, from its level on.
  std::string line(const Notice& notice) {
    lines.clear();
    observer.on(notice);
    EXPECT_EQ(lines.size(), 1u);
    return lines.empty() ? "" : lines[0].substr(25);
  }

  Ending ending(Follow follow, std::string outcome, std::string error = "") {
    Ending out;
    out.permit = permit;
    out.started_at = due;
    out.ended_at = due + 4200ms;
    out.follow = follow;
    out.outcome = std::move(outcome);
    out.error = std::move(error);
    return out;
  }
};

TEST_F(LogObserverTest, TellsOfAStart) {
  EXPECT_EQ(line(Started{permit, 12ms}),
            "info     the execution started" + concerns + " attempt=2 late=12ms");
}

TEST_F(LogObserverTest, TellsOfAGoodEndWithItsTally) {
  Ending good = ending(Ends{End::completed}, "completed");
  good.tally = {{"users", 4213}, {"coins", 723400}};
  EXPECT_EQ(line(Recorded{good}), "info     the execution ended" + concerns +
                                      " attempt=2 outcome=completed took=4.2s users=4213 "
                                      "coins=723400");
}

TEST_F(LogObserverTest, TellsOfRecordsThatWereSetAside) {
  Ending partial = ending(Ends{End::completed_with_errors}, "completed_with_errors");
  partial.set_aside_total = 3;
  const std::string said = line(Recorded{partial});
  EXPECT_TRUE(said.starts_with("error    the execution ended otherwise than well" + concerns));
  EXPECT_TRUE(said.ends_with(" set_aside=3"));
}

TEST_F(LogObserverTest, TellsOfFailuresByWhatFollows) {
  const Ending again = ending(TriesAgain{due + 5min}, "failed", "no room");
  EXPECT_EQ(line(Recorded{again}), "warning  the attempt failed and is tried again" + concerns +
                                       " attempt=2 outcome=failed took=4.2s "
                                       "again_at=2026-11-25T00:10:00Z error=\"no room\"");
  const auto begins = [&](Follow follow, std::string outcome) {
    const std::string said = line(Recorded{ending(follow, std::move(outcome))});
    return said.substr(0, said.find("  job="));
  };
  EXPECT_EQ(begins(Ends{End::failed}, "failed"),
            "error    the execution ended otherwise than well");
  EXPECT_EQ(begins(Ends{End::cancelled}, "cancelled"),
            "warning  the execution ended otherwise than well");
  EXPECT_EQ(begins(GoesBack{}, "drained"), "info     the execution stopped and is due again");
  EXPECT_EQ(begins(Waits{}, "unknown"), "error    nobody can tell what took effect: decide");
}

TEST_F(LogObserverTest, TellsWhyASlotIsRefused) {
  const Refused refused{slot, Paused{{"asha", "wallet migration", {}}}};
  EXPECT_EQ(line(RefusedSlot{refused}),
            "warning  the slot is refused  job=og-daily-bonus slot=2026-11-25T00:05:00Z "
            "kind=paused reason=\"" +
                to_words(refused.why) + "\"");
}

TEST_F(LogObserverTest, TellsOfMissedSlots) {
  EXPECT_EQ(line(MissedSlots{"throne-expiry", due, due + 10min, 3, "catch-up last"}),
            "warning  slots were missed  job=throne-expiry slot=2026-11-25T00:05:00Z "
            "last_slot=2026-11-25T00:15:00Z count=3 reason=\"catch-up last\"");
}

TEST_F(LogObserverTest, TellsWhatBecomesOfAVanishedWorkersSlot) {
  const auto begins = [&](AfterLoss after) {
    const Taken taken{slot, execution.text(), "syd-2", after};
    const std::string said = line(TakenOver{taken});
    EXPECT_TRUE(said.ends_with(concerns + " lost_node=syd-2")) << said;
    return said.substr(0, said.find("  job="));
  };
  EXPECT_EQ(begins(AfterLoss::again), "warning  its worker vanished; the slot is due again");
  EXPECT_EQ(begins(AfterLoss::unknown),
            "error    its worker vanished, and nobody can tell what took effect: decide");
  EXPECT_EQ(begins(AfterLoss::failed), "error    its workers keep vanishing; the slot failed");
}

TEST_F(LogObserverTest, TellsOfExecutionsOutOfHand) {
  EXPECT_EQ(
      line(LostLease{permit}),
      "error    the lease is lost; the execution writes nothing more" + concerns + " attempt=2");
  EXPECT_EQ(line(Stuck{permit, 15min}),
            "error    the execution does not stop; its slot stays held" + concerns +
                " attempt=2 running_for=15min");
}

TEST_F(LogObserverTest, TellsOfClockAndLedger) {
  EXPECT_EQ(line(ClockStepped{-1h}), "warning  the wall clock was set  by=-1h");
  const Error why(Errc::busy, "postgresql://u:s3cret@db is locked");
  EXPECT_EQ(line(LedgerFailed{why}),
            "error    the ledger cannot be asked; nothing new starts until it can  "
            "error=\"postgresql://u:***@db is locked\" code=busy");
  EXPECT_EQ(line(LedgerBack{3s}), "info     the ledger answers again  after=3s");
  EXPECT_EQ(
      line(WakeFailed{"throne-expiry", why}).substr(0, 80),
      std::string("warning  the job cannot say when it wants to be woken; its schedule goes on  "
                  "job=throne-expiry")
          .substr(0, 80));
}

}  // namespace
}  // namespace hotclock::app
