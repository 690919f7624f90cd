// Slots that were asked for with a token: what it is granted counts when they are claimed.
#include "service/access/tokens.h"
#include "service/ledger/control.h"
#include "service/ledger/history.h"
#include "service/ledger/ledger_support.h"

namespace hotclock::ledger {
namespace {

using namespace std::chrono_literals;
using access::Grant;
using access::Right;
using access::Role;

class AskedWithTokensTest : public LedgerFixture {
 protected:
  AskedWithTokensTest() {
    for (const char* job : {"og-daily-bonus", "trust-score"}) {
      Policy& policy = worker().job(job);
      policy.overlap = Overlap::allow;
      policy.max_running = 1000;
    }
  }

  std::int64_t token(const std::string& name, Grant grant = {.role = Role::operator_},
                     std::optional<Duration> lasts = {}) {
    const access::TokenOrder order{
        .name = name, .grant = std::move(grant), .networks = {}, .lasts = lasts};
    return must(access::make_token(db(), order, boss_, t0)).token.id;
  }
  void asks(const std::string& name, std::optional<std::int64_t> token,
            const std::string& job = "og-daily-bonus") {
    const Person person{.name = name, .token = token};
    must(enter_manual(db(), {job, t0, name + std::to_string(++asked_)}, person, t0));
  }
  // Claims all that is due: the words of each refusal.
  std::vector<std::string> refused(Instant now = t0) {
    std::vector<std::string> words;
    const Settled settled = worker().claims(1000, now);
    claimed_ = settled.claims.size();
    for (const Refused& one : settled.refusals) words.push_back(to_words(one.why));
    return words;
  }

  const Person boss_{"boss", "it left the company"};
  std::size_t claimed_ = 0;

 private:
  int asked_ = 0;
};

using Words = std::vector<std::string>;

TEST_F(AskedWithTokensTest, WhatIsGrantedNowCountsForEachOfThem) {
  const auto stays = token("asha"), goes = token("ben"), less = token("cleo"),
             ends = token("dan", {Role::operator_}, 1h);
  for (const auto& [name, id] :
       {std::pair{"asha", stays}, {"ben", goes}, {"cleo", less}, {"dan", ends}})
    asks(name, id);
  asks("root", std::nullopt);
  must(access::revoke_token(db(), goes, boss_, t0));
  must(access::change_grant(db(), less, {Role::operator_, {}, {"trust-*"}}, boss_, t0));
  EXPECT_EQ(refused(t0 + 1h),
            (Words{"ben may not have it done any more: the token was revoked",
                   "cleo may not have it done any more: cleo may not run og-daily-bonus: the token"
                   " is for trust-* alone",
                   "dan may not have it done any more: the token has expired"}));
  EXPECT_EQ(claimed_, 2u);
  EXPECT_EQ(number("SELECT count(*) FROM history WHERE ended = 'refused'"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM leases"), 2);
  expect_sound();
}

TEST_F(AskedWithTokensTest, TheRestOfABackfillIsRefusedOnceTheRightIsGone) {
  const auto asha = token("asha", {Role::operator_, {Right::look, Right::backfill}});
  const Backfill plan{"og-daily-bonus", {t0 - 72h, t0 - 48h, t0 - 24h}, "backfill-1", 10min, 0};
  must(enter_backfill(db(), plan, {.name = "asha", .token = asha}, t0));
  EXPECT_EQ(refused(), Words{});
  EXPECT_EQ(claimed_, 1u);
  must(access::change_grant(db(), asha, {Role::operator_, {Right::look, Right::run}}, boss_, t0));
  EXPECT_EQ(refused(t0 + 10min), Words{"asha may not have it done any more: asha may not backfill:"
                                       " the token gives look, run alone"});
  EXPECT_EQ(claimed_, 0u);
}

TEST_F(AskedWithTokensTest, ARotatedTokensSlotsAreWorked) {
  const auto asha = token("asha");
  asks("asha", asha);
  must(access::rotate_token(db(), asha, 0ms, boss_, t0));
  EXPECT_EQ(refused(), Words{});
  EXPECT_EQ(claimed_, 1u);
}

TEST_F(AskedWithTokensTest, ATokenThatIsNotThereGrantsNothing) {
  asks("asha", 99);
  EXPECT_EQ(refused(), Words{"who asked may not have it done any more: the token is gone"});
}

TEST_F(AskedWithTokensTest, ARevocationOnOneNodeCountsForTheClaimsOfAnother) {
  const auto asha = token("asha");
  asks("asha", asha);
  const auto other = sql::open(url()).value();
  must(access::revoke_token(*other, asha, boss_, t0));
  EXPECT_EQ(refused().size(), 1u);
}

TEST_F(AskedWithTokensTest, OneWhoWasRefusedMakesWayForWhoWaitsBehind) {
  worker().job("trust-score").overlap = Overlap::wait;
  const auto asha = token("asha");
  worker().enters("trust-score", t0);
  const Claim running = worker().claims_one();
  asks("asha", asha, "trust-score");
  asks("root", std::nullopt, "trust-score");
  EXPECT_EQ(refused(), Words{});
  must(access::revoke_token(db(), asha, boss_, t0));
  worker().completes(running);
  EXPECT_EQ(refused().size(), 1u);
  EXPECT_EQ(refused(), Words{});
  EXPECT_EQ(claimed_, 1u);
  expect_sound();
}

TEST_F(AskedWithTokensTest, AWholePageOfSlotsIsJudgedEachByItsOwn) {
  const auto stays = token("asha"), goes = token("ben");
  for (int i = 0; i < 150; ++i) asks(i % 3 ? "asha" : "ben", i % 3 ? stays : goes);
  must(access::revoke_token(db(), goes, boss_, t0));
  EXPECT_EQ(refused().size(), 50u);
  EXPECT_EQ(claimed_, 100u);
}

}  // namespace
}  // namespace hotclock::ledger
