#include "service/access/sessions.h"

#include "service/access/access_support.h"
#include "service/access/retention.h"

namespace hotclock::access {
namespace {

using namespace std::chrono_literals;

constexpr SessionRules rules{.idle = 30min, .longest = 12h};

class SessionsTest : public AccessTest {
 protected:
  NewSession begin(const Principal& who, Instant now = t0) {
    return must(begin_session(db(), who, rules, now));
  }
  std::string seen(const NewSession& session, Instant now, const std::string& from = "10.0.0.7") {
    const auto who = browsing(db(), session.secret, from, rules, now);
    return who ? who->principal.name : std::string(to_string(who.error().code()));
  }
};

TEST_F(SessionsTest, ABrowserIsItsOwnerWithWhatTheTokenGrantsNow) {
  const Principal asha = with_token("asha");
  const NewSession session = begin(asha);
  EXPECT_EQ(last_act(), "session.begin by asha: ;  > ");
  must(change_grant(db(), *asha.token, {.role = Role::viewer}, boss_, t0));
  const Browsing found = must(browsing(db(), session.secret, "192.0.2.1", rules, t0));
  EXPECT_EQ(found.principal.name, "asha");
  EXPECT_EQ(found.principal.token, asha.token);
  EXPECT_EQ(found.principal.from, "192.0.2.1");
  EXPECT_EQ(found.principal.grant.role, Role::viewer);
}

TEST_F(SessionsTest, AChangeShowsWhatThePageAloneKnows) {
  const NewSession one = begin(with_token("asha")), other = begin(with_token("ben"));
  const Browsing found = must(browsing(db(), one.secret, "::1", rules, t0));
  EXPECT_TRUE(found.shows(one.csrf));
  EXPECT_FALSE(found.shows(other.csrf));
  EXPECT_FALSE(found.shows(one.secret));
  EXPECT_FALSE(found.shows(found.csrf_hash));
  EXPECT_FALSE(found.shows(""));
}

TEST_F(SessionsTest, WithoutASessionNobodyIsThere) {
  begin(with_token("asha"));
  EXPECT_EQ(why(browsing(db(), "", "::1", rules, t0)),
            "forbidden: there is no such session, or it has ended: sign in again");
  EXPECT_EQ(seen({"guess", "", t0}, t0), "forbidden");
}

TEST_F(SessionsTest, ASessionEndsWhenNobodyWasThere) {
  const NewSession session = begin(with_token("asha"));
  EXPECT_EQ(seen(session, t0 + 29min), "asha");
  EXPECT_EQ(seen(session, t0 + 58min), "asha");
  EXPECT_EQ(seen(session, t0 + 88min), "forbidden");
}

TEST_F(SessionsTest, ASessionEndsHoweverOftenSomebodyIsThere) {
  const NewSession session = begin(with_token("asha"));
  EXPECT_EQ(session.ends_at, t0 + 12h);
  for (Duration at = 20min; at < 12h; at += 20min) ASSERT_EQ(seen(session, t0 + at), "asha");
  EXPECT_EQ(seen(session, t0 + 12h), "forbidden");
}

TEST_F(SessionsTest, ASessionEndsWithItsToken) {
  const NewToken brief = make({.name = "asha", .grant = {}, .lasts = 1h});
  const Principal asha = must(principal_of(db(), brief.text, "::1", t0));
  EXPECT_EQ(begin(asha).ends_at, t0 + 1h);
  const Principal ben = with_token("ben");
  const NewSession session = begin(ben);
  const auto other = other_node();
  EXPECT_TRUE(browsing(*other, session.secret, "::1", rules, t0));
  must(revoke_token(db(), *ben.token, boss_, t0));
  EXPECT_FALSE(browsing(*other, session.secret, "::1", rules, t0));
  EXPECT_FALSE(begin_session(db(), ben, rules, t0));
}

TEST_F(SessionsTest, AfterSigningOutTheCookieIsWorthNothingOnAnyNode) {
  const NewSession session = begin(with_token("asha"));
  const auto other = other_node();
  must(end_session(*other, session.secret, t0));
  EXPECT_EQ(seen(session, t0), "forbidden");
  must(end_session(db(), session.secret, t0));
  must(end_session(db(), "guess", t0));
}

TEST_F(SessionsTest, ASessionIsGoodFromItsTokensNetworksAlone) {
  const NewToken made = make({.name = "asha", .grant = {}, .networks = {"10.0.0.0/8"}});
  const NewSession session = begin(must(principal_of(db(), made.text, "10.0.0.7", t0)));
  EXPECT_EQ(seen(session, t0, "10.9.9.9"), "asha");
  EXPECT_EQ(seen(session, t0, "192.0.2.1"), "forbidden");
}

TEST_F(SessionsTest, WithoutATokenThereIsNoSession) {
  EXPECT_EQ(
      why(begin_session(db(), {"root", {Role::admin}, "command line on web-1", {}}, rules, t0)),
      "forbidden: a session begins with a token");
}

TEST_F(SessionsTest, WhatIsOverIsForgottenAndWhatIsNotStays) {
  const Principal asha = with_token("asha");
  const NewSession out = begin(asha), over = begin(asha), open = begin(asha, t0 + 24h);
  must(end_session(db(), out.secret, t0 + 1h));
  EXPECT_EQ(must(forget_ended(db(), t0 + 1h)), 0);
  EXPECT_EQ(must(forget_ended(db(), t0 + 2h)), 1);
  EXPECT_EQ(must(forget_ended(db(), t0 + 24h)), 1);
  EXPECT_EQ(seen(open, t0 + 24h), "asha");
  EXPECT_EQ(seen(over, t0), "forbidden");
}

}  // namespace
}  // namespace hotclock::access
