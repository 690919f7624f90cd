#include "service/access/approvals.h"

#include <atomic>
#include <thread>

#include "service/access/access_support.h"
#include "service/access/principal_json.h"
#include "service/access/retention.h"

namespace hotclock::access {
namespace {

using namespace std::chrono_literals;

class ApprovalsTest : public AccessTest {
 protected:
  Request bonus() const {
    return {"run", "og-daily-bonus", R"({"scheduled_for":"2026-09-21T14:05:00Z"})",
            "it was missed"};
  }
  Approval ask(const Principal& by) { return must(ask_for_approval(db(), bonus(), by, t0)); }
  std::string approved(const Approval& approval, const Principal& by, Instant now = t0) {
    const auto done = approve(db(), approval.id, approval.plan_hash, by, "seen", now);
    return done ? done->state : why(done);
  }
  std::string state(const Approval& approval, Instant now = t0) {
    return must(find_approval(db(), approval.id, now)).state;
  }

  const Principal asha_ = with_token("asha", {Role::operator_, {}, {"og-*"}});
  const Principal ben_ = with_token("ben");
};

TEST_F(ApprovalsTest, ASecondPersonSaysYesToExactlyThat) {
  const Approval asked = ask(asha_);
  const Approval yes = must(approve(db(), asked.id, asked.plan_hash, ben_, "seen it", t0 + 1h));
  EXPECT_EQ(yes.state, "approved");
  EXPECT_EQ(yes.plan, bonus().plan);
  EXPECT_EQ(yes.decided_by, "ben");
  const Approval kept = must(find_approval(db(), asked.id, t0 + 1h));
  EXPECT_EQ(kept.state, "approved");
  EXPECT_EQ(kept.reason, "it was missed");
  EXPECT_EQ(kept.decision_reason, "seen it");
  EXPECT_EQ(kept.decided_at, t0 + 1h);
  EXPECT_EQ(to_json(kept.requested_by), to_json(asha_));
  EXPECT_EQ(last_act(),
            "approval.approve by ben: 1: run, asked for by asha;  > " + asked.plan_hash);
}

TEST_F(ApprovalsTest, NobodyApprovesWhatHeAskedFor) {
  const Approval asked = ask(asha_);
  const std::string no =
      "forbidden: approve: approval 1 (run og-daily-bonus) was asked for by asha: a second person"
      " must approve it";
  EXPECT_EQ(approved(asked, asha_), no);
  EXPECT_EQ(approved(asked, with_token("asha")), no) << "with another token";
  EXPECT_EQ(approved(asked, with_token("Asha")), no) << "written otherwise";
  Principal renamed = asha_;
  renamed.name = "cleo";
  EXPECT_EQ(approved(asked, renamed), no) << "with the same token under another name";
  EXPECT_EQ(state(asked), "open");
}

TEST_F(ApprovalsTest, WhoHasNoRightToApproveThatCannot) {
  const Approval asked = ask(asha_);
  EXPECT_EQ(approved(asked, with_token("cleo", {Role::viewer})),
            "forbidden: approve: cleo is a viewer, who may not approve; an operator may");
  EXPECT_EQ(approved(asked, with_token("cleo", {Role::operator_, {}, {"trust-score"}})),
            "forbidden: approve: cleo may not approve og-daily-bonus: the token is for trust-score"
            " alone");
  EXPECT_EQ(state(asked), "open");
}

TEST_F(ApprovalsTest, AYesToAnotherPlanIsNone) {
  const Approval asked = ask(asha_);
  EXPECT_EQ(why(approve(db(), asked.id, std::string(64, '0'), ben_, "", t0)),
            "stale: approve: approval 1 (run og-daily-bonus) is for another plan than the one"
            " shown");
  EXPECT_EQ(state(asked), "open");
}

TEST_F(ApprovalsTest, NobodyIsApprovedWhereThereIsNothing) {
  EXPECT_EQ(why(approve(db(), 7, "", ben_, "", t0)), "not_found: approve: there is no approval 7");
  EXPECT_EQ(why(turn_down(db(), 7, ben_, "", t0)), "not_found: turn down: there is no approval 7");
}

TEST_F(ApprovalsTest, OfManyWhoSayYesAtOnceOneIsTaken) {
  const Approval asked = ask(asha_);
  const auto other = other_node();
  const Principal cleo = with_token("cleo");
  std::atomic<int> taken = 0, late = 0;
  {
    std::vector<std::jthread> people;
    for (int i = 0; i < 4; ++i)
      people.emplace_back([&, i] {
        sql::Database& node = i % 2 ? db() : *other;
        const auto done = approve(node, asked.id, asked.plan_hash, i % 2 ? ben_ : cleo, "", t0);
        if (done) ++taken;
        if (!done && done.error().code() == Errc::conflict) ++late;
      });
  }
  EXPECT_EQ(taken, 1);
  EXPECT_EQ(late, 3);
  EXPECT_EQ(must(audit::list(db(), {.what = "approval.approve"})).size(), 1u);
}

TEST_F(ApprovalsTest, WhatNobodyApprovedInTimeHasExpired) {
  const Approval asked = ask(asha_);
  EXPECT_EQ(state(asked, t0 + 24h - 1ms), "open");
  EXPECT_EQ(state(asked, t0 + 24h), "expired");
  EXPECT_EQ(approved(asked, ben_, t0 + 24h),
            "conflict: approve: approval 1 (run og-daily-bonus) is open no more: expired");
  EXPECT_EQ(must(list_approvals(db(), true, t0 + 24h)).size(), 0u);
  EXPECT_EQ(must(list_approvals(db(), false, t0 + 24h)).at(0).state, "expired");
}

TEST_F(ApprovalsTest, AnotherRefusesAndWhoAskedWithdraws) {
  const Approval one = ask(asha_), other = ask(asha_);
  EXPECT_EQ(must(turn_down(db(), one.id, ben_, "not today", t0)).state, "refused");
  EXPECT_EQ(last_act().find("approval.refuse by ben: 1: run"), 0u);
  EXPECT_EQ(must(turn_down(db(), other.id, asha_, "my mistake", t0)).state, "withdrawn");
  EXPECT_EQ(approved(one, ben_),
            "conflict: approve: approval 1 (run og-daily-bonus) is open no more: refused by ben");
  EXPECT_EQ(why(turn_down(db(), other.id, ben_, "", t0)),
            "conflict: turn down: approval 2 (run og-daily-bonus) is open no more: withdrawn by"
            " asha");
  const Approval third = ask(asha_);
  EXPECT_FALSE(turn_down(db(), third.id, with_token("cleo", {Role::viewer}), "", t0));
}

TEST_F(ApprovalsTest, WhatIsAskedForHasAPlanAReasonAndAnEnd) {
  const auto asked = [this](auto change) {
    Request request = bonus();
    change(request);
    return why(ask_for_approval(db(), request, asha_, t0));
  };
  EXPECT_EQ(asked([](Request& r) { r.plan = ""; }),
            "invalid: an approval needs a plan: what is said yes to");
  EXPECT_EQ(asked([](Request& r) { r.reason = ""; }), "invalid: an approval needs a reason");
  EXPECT_NE(asked([](Request& r) { r.lasts = 0ms; }).find("invalid"), std::string::npos);
  EXPECT_NE(asked([](Request& r) { r.lasts = 24h * 31; }).find("invalid"), std::string::npos);
  EXPECT_TRUE(must(list_approvals(db(), false, t0)).empty());
}

TEST_F(ApprovalsTest, WhatIsOverIsForgottenAndWhatIsOpenStays) {
  const Approval decided = ask(asha_), expired = ask(asha_);
  approved(decided, ben_, t0 + 1h);
  EXPECT_EQ(must(forget_ended(db(), t0 + 1h)), 0);
  EXPECT_EQ(must(forget_ended(db(), t0 + 2h)), 1);
  EXPECT_EQ(state(expired, t0 + 2h), "open");
  EXPECT_EQ(must(forget_ended(db(), t0 + 25h)), 1);
}

TEST(PrincipalJsonTest, APrincipalIsReadAsItIsWritten) {
  const Principal all{
      "Zoë \"z\"", {Role::operator_, {Right::run, Right::look}, {"og-*"}}, "::1", 7};
  const Principal here{"root", {Role::admin}, "command line on web-1", {}};
  for (const Principal& one : {all, here}) {
    const Principal read = must(principal_of_json(to_json(one)));
    EXPECT_EQ(to_json(read), to_json(one));
    EXPECT_EQ(read.token, one.token);
    EXPECT_EQ(read.grant.rights, one.grant.rights);
  }
}

TEST(PrincipalJsonTest, WhatIsNoPrincipalGrantsNothing) {
  const std::string good = to_json({"asha", {Role::viewer}, "::1", 7});
  EXPECT_TRUE(principal_of_json(good));
  const auto changed = [&good](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  for (const std::string& text :
       {std::string("{}"), std::string("[]"), std::string(), changed("viewer", "owner"),
        changed("\"rights\":[]", "\"rights\":[\"fly\"]"), changed("\"rights\":[]", "\"rights\":7"),
        changed("\"jobs\":[]", "\"jobs\":[7]"), changed("\"token\":7", "\"token\":\"7\""),
        changed("\"name\":\"asha\"", "\"name\":7")})
    EXPECT_FALSE(principal_of_json(text)) << text;
}

}  // namespace
}  // namespace hotclock::access
