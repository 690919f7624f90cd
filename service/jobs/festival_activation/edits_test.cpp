// Edits that come while the job works, which is where one could be lost.
#include <gtest/gtest.h>

#include <functional>

#include "service/jobs/festival_activation/calendar_support.h"

namespace hotclock::festival_activation {
namespace {

// Lets somebody else act between two of its steps: before the step of that number, counted from 1.
class Interrupted final : public sql::ForwardingDatabase {
 public:
  Interrupted(sql::Database& real, int step, std::function<void()> act)
      : ForwardingDatabase(real), acts_at_(step), act_(std::move(act)) {}

  bool acted() const { return taken_ >= acts_at_; }
  void step() {
    if (++taken_ == acts_at_) act_();
  }

 private:
  class Transaction final : public sql::ForwardingTransaction {
   public:
    Transaction(Interrupted& owner, std::unique_ptr<sql::Transaction> real)
        : ForwardingTransaction(std::move(real)), owner_(owner) {}

    Result<std::int64_t> exec(const sql::Statement& statement,
                              std::span<const sql::Param> params) override {
      owner_.step();
      return real().exec(statement, params);
    }
    Result<std::unique_ptr<sql::Rows>> query(const sql::Statement& statement,
                                             std::span<const sql::Param> params) override {
      owner_.step();
      return real().query(statement, params);
    }
    Result<> commit() override {
      owner_.step();
      return real().commit();
    }

   private:
    Interrupted& owner_;
  };

  std::unique_ptr<sql::Transaction> wrapped(std::unique_ptr<sql::Transaction> real) override {
    return std::make_unique<Transaction>(*this, std::move(real));
  }

  const int acts_at_;
  const std::function<void()> act_;
  int taken_ = 0;
};

TEST(Edits, AreSeenOrWaitForTheNextRunWhereverTheyComeInBetween) {
  if (sql::tested_engine() == "sqlite") GTEST_SKIP() << "there nobody writes while a chunk is open";
  bool in_between = true;
  for (int step = 1; in_between; ++step) {
    ASSERT_LT(step, 100);
    Calendar c;
    c.festival(1, 0, 9);
    c.run(1);
    Interrupted database(c.database(), step, [&] { c.edit(1, "name", "Tihar"); });
    const ManualClock clock(Calendar::day(2));
    work::Desk desk(database, clock);
    FestivalActivation job(desk);
    Execution execution = c.claimed("festival-activation", Calendar::day(2));
    EXPECT_TRUE(kit::is_done(job.run(execution)));
    in_between = database.acted();
    if (!in_between) break;
    const bool wakes =
        FestivalActivation(c.desk()).next_wake(Calendar::day(2)).value() == Calendar::day(2);
    EXPECT_TRUE(wakes || c.wears("NP") == "Tihar") << "lost before step " << step;
    c.run(3);
    EXPECT_EQ(c.wears("NP"), "Tihar");
  }
}

}  // namespace
}  // namespace hotclock::festival_activation
