#include "service/profiling/profiled_job.h"

#include "service/ledger/control.h"
#include "service/ledger/ledger_support.h"
#include "service/ledger/retention.h"
#include "service/outbox/event.h"
#include "service/profiling/store.h"

namespace hotclock::profiling {
namespace {

using namespace std::chrono_literals;
using ledger::must;
using ledger::t0;

constexpr sql::Statement remember{"t.remember", "INSERT INTO memos (job, memo) VALUES ($1, $2)"};
constexpr sql::Statement recall{"t.recall", "SELECT job, memo FROM memos ORDER BY job"};

// Three chunks of two rows and an event each, the last of which is given up.
class Scribe final : public Job {
 public:
  explicit Scribe(work::Desk& desk) : desk_(desk) {}

  Outcome run(Execution& execution) override {
    for (int i = 0; i < 3; ++i) {
      auto chunk = desk_.begin(execution);
      if (!chunk) return work::outcome_of(std::move(chunk).error());
      for (const char* half : {"a", "b"})
        must(chunk->sql().exec(remember, {fmt_of(i, half), std::string_view("1234567890")}));
      must(chunk->emit({"written", {"user:1"}, {{"i", i}}}));
      if (i < 2) must(chunk->commit(std::to_string(i), 2));
    }
    auto sql = must(desk_.read(execution));
    auto rows = must(sql->query(recall));
    std::int64_t seen = 0;
    while (rows->next()) seen += std::ssize(rows->text(1)) > 0 ? 1 : 0;
    return Done{{{"seen", seen}}};
  }

 private:
  std::string_view fmt_of(int i, const char* half) {
    return names_.emplace_back(std::to_string(i) + half);
  }

  work::Desk& desk_;
  std::deque<std::string> names_;
};

class ProfiledJobTest : public ledger::LedgerFixture {
 protected:
  ProfiledJobTest() : clock_(t0), desk_(db(), clock_) {
    worker().job("write");
    endings_ = std::make_shared<Endings>(db(), clock_);
  }

  Execution claimed(Trigger trigger = Trigger::schedule) {
    worker().enters("write", t0, trigger);
    return begun();
  }
  Execution begun() {
    auto act = worker().act(t0);
    act.asked = clock_.steady();
    act.room = 1;
    const auto claim = worker().settled(act).claims.at(0);
    return {.permit = claim.permit, .cursor = claim.cursor, .available_at = t0 - 5s};
  }
  std::shared_ptr<Job> job(bool always) {
    return must(profiled(desk_,
                         [this](work::Desk& desk) -> Result<std::shared_ptr<Job>> {
                           ++made_;
                           return std::shared_ptr<Job>(std::make_shared<Scribe>(desk));
                         },
                         {.always = always, .endings = endings_}));
  }
  std::int64_t profiles() { return number("SELECT count(*) FROM execution_profiles"); }

  ManualClock clock_;
  work::Desk desk_;
  std::shared_ptr<Endings> endings_;
  int made_ = 0;
};

TEST_F(ProfiledJobTest, WhoIsNotProfiledRunsThePlainJobAndLeavesNothing) {
  auto execution = claimed();
  EXPECT_TRUE(std::holds_alternative<Done>(job(false)->run(execution)));
  EXPECT_EQ(made_, 1);
  EXPECT_EQ(profiles(), 0);
}

TEST_F(ProfiledJobTest, AProfileTellsOfPhasesChunksAndStatements) {
  auto execution = claimed();
  const Outcome outcome = job(true)->run(execution);
  ASSERT_TRUE(std::holds_alternative<Done>(outcome));
  EXPECT_EQ(std::get<Done>(outcome).tally.at(0).second, 4) << "profiled or not, it does the same";
  const auto p = *must(find_profile(db(), execution.permit->execution.text()));
  EXPECT_EQ(p.job, "write");
  EXPECT_EQ(p.waiting, Span{5s});
  EXPECT_EQ(p.chunks, 3);
  EXPECT_EQ(p.rolled_back, 1);
  EXPECT_EQ(p.rows, 6);
  EXPECT_EQ(p.bytes, 6 * 12);
  ASSERT_EQ(p.kept_chunks.size(), 3u);
  EXPECT_TRUE(p.kept_chunks[0].committed);
  EXPECT_FALSE(p.kept_chunks[2].committed);
  EXPECT_GT(p.phases.commit, Span{});
  EXPECT_GT(p.phases.fence, Span{});
  EXPECT_GT(p.phases.statements, Span{});
  EXPECT_GT(p.reading, Span{});
  const auto of = [&](std::string_view name) {
    const auto found = std::ranges::find(p.statements, name, &StatementProfile::name);
    return found == p.statements.end() ? StatementProfile{} : *found;
  };
  EXPECT_EQ(of("t.remember").runs, 6);
  EXPECT_EQ(of("t.remember").rows_changed, 6);
  EXPECT_EQ(of("t.remember").bytes_sent, 6 * 12);
  EXPECT_EQ(of("t.recall").rows_given, 4);
  EXPECT_EQ(of("t.recall").bytes_given, 4 * 10);
  EXPECT_EQ(of("t.recall").longest, of("t.recall").took) << "its only run, with its rows";
  EXPECT_EQ(of("work.chunk.prove").runs, 2);
}

TEST_F(ProfiledJobTest, PhasesAreAllOfTheRun) {
  auto execution = claimed();
  (void)job(true)->run(execution);
  const auto p = *must(find_profile(db(), execution.permit->execution.text()));
  const Phases& in = p.phases;
  const Span sum = p.reading + in.turn + in.statements + in.events + in.fence + in.commit + in.own +
                   p.elsewhere();
  EXPECT_LE(std::chrono::abs(sum - p.run), Span{100});
}

TEST_F(ProfiledJobTest, OneSlotIsProfiledWhereItWasAskedForSo) {
  ledger::ManualSlot slot{.job = "write", .scheduled_for = t0, .key = "k", .profiled = true};
  worker().enters("write", t0 - 1h);
  worker().completes(worker().claims_one());
  must(ledger::enter_manual(db(), slot, {.name = "asha", .reason = "to see"}, t0));
  auto execution = begun();
  ASSERT_EQ(execution.slot().trigger, Trigger::manual);
  (void)job(false)->run(execution);
  EXPECT_EQ(profiles(), 1);
}

TEST_F(ProfiledJobTest, OneThatWasAskedForWithoutIsNot) {
  auto execution = claimed(Trigger::manual);
  (void)job(false)->run(execution);
  EXPECT_EQ(profiles(), 0);
}

TEST_F(ProfiledJobTest, WhatTheEndTookIsNotedOnceItIsRecorded) {
  auto execution = claimed();
  (void)job(true)->run(execution);
  clock_.advance(7ms);
  const Ending ending{.permit = execution.permit};
  endings_->on(Recorded{ending});
  const auto p = *must(find_profile(db(), execution.permit->execution.text()));
  EXPECT_EQ(p.ending, Span{7ms});
}

TEST_F(ProfiledJobTest, AJobsProfilesAreOne) {
  for (int i = 0; i < 2; ++i) {
    must(db().script("DELETE FROM memos"));
    worker().enters("write", t0 + i * 1h);
    auto execution = begun();
    (void)job(true)->run(execution);
    must(db().script("DELETE FROM leases"));
  }
  const auto p = *must(find_profile_of_job(db(), "write"));
  EXPECT_EQ(p.attempts, 2);
  EXPECT_EQ(p.chunks, 6);
  EXPECT_FALSE(must(find_profile_of_job(db(), "other")));
}

TEST_F(ProfiledJobTest, AJobThatFailsHasAProfileToo) {
  auto execution = claimed();
  const auto failing = must(profiled(desk_,
                                     [](work::Desk&) -> Result<std::shared_ptr<Job>> {
                                       struct Failing final : Job {
                                         Outcome run(Execution&) override {
                                           throw std::runtime_error("no");
                                         }
                                       };
                                       return std::shared_ptr<Job>(std::make_shared<Failing>());
                                     },
                                     {.always = true, .endings = endings_}));
  EXPECT_TRUE(std::holds_alternative<Failed>(failing->run(execution)));
  EXPECT_EQ(profiles(), 1);
}

}  // namespace
}  // namespace hotclock::profiling
