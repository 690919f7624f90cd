#include "service/alerts/eyes.h"

#include <gtest/gtest.h>

#include "service/ledger/ledger_support.h"
#include "service/sql/forwarding_support.h"

namespace hotclock::alerts {
namespace {

using namespace std::chrono_literals;

class DatabaseThatGoesAway final : public sql::ForwardingDatabase {
 public:
  using ForwardingDatabase::ForwardingDatabase;
  bool away = false;

 private:
  Result<> may_begin() override {
    return away ? Result<>(Error(Errc::unavailable, "nobody answers")) : Result<>();
  }
};

class EyesTest : public ledger::LedgerFixture {
 protected:
  EyesTest() { settings_->alerts.runbook = "https://live.example/runbook/{rule}"; }

  void looks_for(Duration span) {
    for (const Instant until = clock_.now() + span; clock_.now() < until; clock_.advance(2s))
      static_cast<void>(eyes_.look());
  }
  std::vector<std::string> states() const {
    std::vector<std::string> out;
    for (const notices::AlertText& one : told_) out.push_back(one.state);
    return out;
  }

  std::shared_ptr<config::Config> settings_ = std::make_shared<config::Config>();
  ManualClock clock_{ledger::t0};
  log::Logger logger_{{.level = log::Level::error}, clock_, [](std::string_view) {}};
  DatabaseThatGoesAway database_{db()};
  std::vector<notices::AlertText> told_;
  Eyes eyes_{database_,
             clock_,
             logger_,
             {.node = 1,
              .name = "node-a",
              .disk = "/",
              .settings = [this] { return settings_; },
              .tell = [this](const notices::AlertText& one) { told_.push_back(one); }}};
};

using States = std::vector<std::string>;

TEST_F(EyesTest, TellThatTheDatabaseIsLostOnceAndThatItIsBackOnce) {
  looks_for(10s);
  EXPECT_EQ(states(), States{});
  database_.away = true;
  looks_for(30s);
  ASSERT_EQ(states(), States{"firing"});
  const notices::AlertText lost = told_.front();
  EXPECT_EQ(lost.rule, "database_lost");
  EXPECT_EQ(lost.severity, "critical");
  EXPECT_EQ(lost.labels.at("node"), "node-a");
  EXPECT_NE(lost.annotations.at("detail").find("nobody answers"), std::string::npos);
  EXPECT_EQ(lost.annotations.at("runbook"), "https://live.example/runbook/database_lost");
  database_.away = false;
  looks_for(30s);
  ASSERT_EQ(states(), (States{"firing", "resolved"}));
  EXPECT_EQ(told_.back().id, lost.id) << "it is the end of the same alert";
  EXPECT_TRUE(told_.back().resolved);
}

TEST_F(EyesTest, SayNothingOfADatabaseThatIsBackInTime) {
  database_.away = true;
  looks_for(8s);
  database_.away = false;
  looks_for(30s);
  EXPECT_EQ(states(), States{});
}

TEST_F(EyesTest, SayNothingWhereTheRuleIsOff) {
  settings_->alerts.rules[config::Rule::database_lost].enabled = false;
  database_.away = true;
  looks_for(30s);
  EXPECT_EQ(states(), States{});
}

TEST_F(EyesTest, SeeHowMuchOfADiskIsFree) {
  const auto free = disk_free("/");
  ASSERT_TRUE(free);
  EXPECT_GE(*free, 0);
  EXPECT_LE(*free, 100);
  EXPECT_EQ(disk_free("/no/such/place"), std::nullopt);
}

}  // namespace
}  // namespace hotclock::alerts
