#include "service/access/tokens.h"

#include <set>
#include <thread>

#include "service/access/access_support.h"
#include "service/access/retention.h"
#include "service/access/secrets.h"
#include "service/access/sessions.h"

namespace hotclock::access {
namespace {

using namespace std::chrono_literals;

constexpr const char* not_good =
    "forbidden: this token is not known, has ended, or is not good from here";

class TokensTest : public AccessTest {
 protected:
  std::string shown(const std::string& text, const std::string& address = "10.0.0.7",
                    Instant now = t0) {
    const auto who = principal_of(db(), text, address, now);
    return who ? who->name : why(who);
  }
  Token token(std::int64_t id) { return must(find_token(db(), id)); }
};

TEST_F(TokensTest, WhoShowsATokenIsItsOwnerWithWhatItGrants) {
  const Grant grant{Role::operator_, {Right::look, Right::run}, {"og-*", "trust-score"}};
  const NewToken made = make("asha", grant);
  const Principal asha = must(principal_of(db(), made.text, "10.0.0.7", t0));
  EXPECT_EQ(asha.name, "asha");
  EXPECT_EQ(asha.from, "10.0.0.7");
  EXPECT_EQ(asha.token, made.token.id);
  EXPECT_EQ(asha.grant.role, Role::operator_);
  EXPECT_EQ(asha.grant.rights, grant.rights);
  EXPECT_EQ(asha.grant.jobs, grant.jobs);
}

TEST_F(TokensTest, ATokenIsOfThePrefixAndThreePartsAndNoTwoAreAlike) {
  std::set<std::string> texts, keys;
  for (int i = 0; i < 20; ++i) {
    const NewToken made = make("asha");
    EXPECT_EQ(made.text.find("hc_" + made.token.key_id + "_"), 0u);
    EXPECT_EQ(made.text.size(), 55u);
    texts.insert(made.text);
    keys.insert(made.token.key_id);
  }
  EXPECT_EQ(texts.size(), 20u);
  EXPECT_EQ(keys.size(), 20u);
}

TEST_F(TokensTest, NobodyIsToldWhyATokenIsNotGood) {
  const NewToken revoked = make("asha"), expired = make({.name = "ben", .grant = {}, .lasts = 1h}),
                 elsewhere = make({.name = "cleo", .grant = {}, .networks = {"192.0.2.0/24"}});
  must(revoke_token(db(), revoked.token.id, boss_, t0));
  std::string forged = make("dan").text;
  forged[20] = forged[20] == 'A' ? 'B' : 'A';
  EXPECT_EQ(shown(revoked.text), not_good);
  EXPECT_EQ(shown(expired.text, "10.0.0.7", t0 + 1h), not_good);
  EXPECT_EQ(shown(elsewhere.text), not_good);
  EXPECT_EQ(shown(forged), not_good);
  EXPECT_EQ(shown("hc_aaaaaaaa_" + std::string(43, 'A')), not_good);
  EXPECT_EQ(shown("Bearer"), not_good);
  EXPECT_EQ(shown(""), not_good);
}

TEST_F(TokensTest, ATokenOfOneWithTheKeyOfAnotherIsNobodys) {
  const NewToken asha = make("asha"), ben = make("ben");
  EXPECT_EQ(shown(asha.text.substr(0, 12) + ben.text.substr(12)), not_good);
}

TEST_F(TokensTest, ATokenIsGoodUntilItsLastMoment) {
  const NewToken made = make({.name = "asha", .grant = {}, .lasts = 1h});
  EXPECT_EQ(shown(made.text, "10.0.0.7", t0 + 1h - 1ms), "asha");
  EXPECT_EQ(shown(made.text, "10.0.0.7", t0 + 1h), not_good);
}

TEST_F(TokensTest, ATokenIsGoodFromItsNetworksAlone) {
  const NewToken made =
      make({.name = "asha", .grant = {}, .networks = {"10.0.0.0/8", "2001:db8::/32"}});
  EXPECT_EQ(shown(made.text, "10.255.0.1"), "asha");
  EXPECT_EQ(shown(made.text, "::ffff:10.1.2.3"), "asha");
  EXPECT_EQ(shown(made.text, "2001:db8:1::5"), "asha");
  EXPECT_EQ(shown(made.text, "11.0.0.1"), not_good);
  EXPECT_EQ(shown(made.text, "2001:db9::1"), not_good);
  EXPECT_EQ(shown(made.text, "command line on web-1"), not_good);
  EXPECT_EQ(must(list_tokens(db())).at(0).networks.size(), 2u);
}

TEST_F(TokensTest, AnotherNodeKnowsARevocationAtItsNextCall) {
  const NewToken made = make("asha");
  const auto other = other_node();
  EXPECT_TRUE(principal_of(*other, made.text, "10.0.0.7", t0));
  must(revoke_token(db(), made.token.id, boss_, t0));
  EXPECT_EQ(why(principal_of(*other, made.text, "10.0.0.7", t0)), not_good);
}

TEST_F(TokensTest, AnotherNodeKnowsWhatIsGrantedNow) {
  const NewToken made = make("asha");
  const auto other = other_node();
  EXPECT_TRUE(may(must(principal_of(*other, made.text, "::1", t0)), Right::run, "trust-score"));
  must(change_grant(db(), made.token.id, {.role = Role::operator_, .jobs = {"og-*"}}, boss_, t0));
  const Principal asha = must(principal_of(*other, made.text, "::1", t0));
  EXPECT_FALSE(may(asha, Right::run, "trust-score"));
  EXPECT_TRUE(may(asha, Right::run, "og-daily-bonus"));
  EXPECT_EQ(last_act(), "token.change by boss: 1 (" + made.token.key_id +
                            ") for asha; operator > operator; for og-*");
}

TEST_F(TokensTest, TheLastUseIsKeptToTheMinute) {
  const NewToken made = make("asha");
  EXPECT_EQ(token(made.token.id).last_used_at, std::nullopt);
  shown(made.text, "10.0.0.7", t0);
  EXPECT_EQ(token(made.token.id).last_used_at, t0);
  shown(made.text, "10.0.0.8", t0 + 59s);
  EXPECT_EQ(token(made.token.id).last_used_at, t0);
  EXPECT_EQ(token(made.token.id).last_used_from, "10.0.0.7");
  shown(made.text, "10.0.0.8", t0 + 60s);
  EXPECT_EQ(token(made.token.id).last_used_at, t0 + 60s);
  EXPECT_EQ(token(made.token.id).last_used_from, "10.0.0.8");
}

TEST_F(TokensTest, WhatIsNotGoodIsNoUse) {
  const NewToken made = make({.name = "asha", .grant = {}, .lasts = 1h});
  shown(made.text, "10.0.0.7", t0 + 2h);
  EXPECT_EQ(token(made.token.id).last_used_at, std::nullopt);
}

TEST_F(TokensTest, ARequestIsServedThoughItsUseCannotBeNoted) {
  const NewToken made = make("asha");
  const auto other = other_node();
  const auto holder = must(other->write());
  must(holder->query(audit::next_link().statement[0]));  // SQLite: nobody else writes
  EXPECT_EQ(shown(made.text), "asha");
}

TEST_F(TokensTest, AnOrderHearsOfAllThatIsWrongWithIt) {
  const TokenOrder order{.name = " ",
                         .grant = {Role::viewer, {Right::run}, {"og*bonus", "a b"}},
                         .networks = {"10.0.0.7/8", "here"},
                         .lasts = -1h};
  const auto refused = make_token(db(), order, boss_, t0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::invalid);
  EXPECT_EQ(refused.error().message(),
            "a token needs the name of its owner: 1 to 100 letters; role viewer does not hold run,"
            " so it cannot be given of it; \"og*bonus\" is no job; write a name, or its beginning"
            " and a *: \"og-*\"; \"a b\" is no job; write a name, or its beginning and a *:"
            " \"og-*\"; \"10.0.0.7/8\" has bits beyond the network; write \"10.0.0.0/8\", or"
            " \"10.0.0.7\" alone; \"here\" is no network; write \"10.0.0.0/8\","
            " \"2001:db8::/32\" or an address alone; a token lasts longer than no time and at most"
            " ten years");
  EXPECT_TRUE(must(list_tokens(db())).empty());
  EXPECT_EQ(last_act(), "nothing");
}

TEST_F(TokensTest, NamesThatHideSomethingAreRefused) {
  for (const std::string name : {"", "a\nb", "\x7F", "\xFF", " asha", "asha "})
    EXPECT_FALSE(make_token(db(), {.name = name, .grant = {}}, boss_, t0)) << name;
  EXPECT_FALSE(make_token(db(), {.name = std::string(101, 'a'), .grant = {}}, boss_, t0));
  EXPECT_TRUE(make_token(db(), {.name = "Zoë van der Berg", .grant = {}}, boss_, t0));
}

TEST_F(TokensTest, WhoMadeRotatedAndRevokedWhatStandsInTheAudit) {
  const NewToken made = make({.name = "asha", .grant = {Role::admin}, .networks = {"::1"}});
  EXPECT_EQ(last_act(),
            "token.make by boss: 1 (" + made.token.key_id + ") for asha, from ::1;  > admin");
  const NewToken next = must(rotate_token(db(), made.token.id, 1h, boss_, t0));
  EXPECT_EQ(last_act(), "token.rotate by boss: 2 (" + next.token.key_id +
                            ") for asha, from ::1; 1 (" + made.token.key_id +
                            ") for asha, from ::1 > admin");
  must(revoke_token(db(), next.token.id, boss_, t0));
  EXPECT_EQ(last_act().find("token.revoke by boss: 2"), 0u);
}

// ---------------------------------------------------------------- rotation

TEST_F(TokensTest, ARotatedTokenAndTheNewOneOverlap) {
  const NewToken old = make({.name = "asha",
                             .grant = {Role::operator_, {Right::run}, {"og-*"}},
                             .networks = {"10.0.0.0/8"},
                             .lasts = 24h});
  const NewToken next = must(rotate_token(db(), old.token.id, 1h, boss_, t0 + 12h));
  EXPECT_EQ(shown(old.text, "10.0.0.7", t0 + 13h - 1ms), "asha");
  EXPECT_EQ(shown(next.text, "10.0.0.7", t0 + 13h - 1ms), "asha");
  EXPECT_EQ(shown(old.text, "10.0.0.7", t0 + 13h), not_good);
  EXPECT_EQ(shown(next.text, "10.0.0.7", t0 + 36h - 1ms), "asha");
  EXPECT_EQ(shown(next.text, "10.0.0.7", t0 + 36h), not_good);
  EXPECT_EQ(shown(next.text, "11.0.0.7", t0 + 13h), not_good);
  EXPECT_EQ(next.token.grant.jobs, old.token.grant.jobs);
  EXPECT_EQ(next.token.grant.rights, old.token.grant.rights);
}

TEST_F(TokensTest, AnOverlapMakesNoTokenLastLonger) {
  const NewToken old = make({.name = "asha", .grant = {}, .lasts = 1h});
  must(rotate_token(db(), old.token.id, 24h, boss_, t0));
  EXPECT_EQ(shown(old.text, "10.0.0.7", t0 + 1h), not_good);
}

TEST_F(TokensTest, OnlyWhatStandsCanBeReplacedOrChanged) {
  const NewToken revoked = make("asha"), replaced = make("ben"),
                 expired = make({.name = "cleo", .grant = {}, .lasts = 1h});
  must(revoke_token(db(), revoked.token.id, boss_, t0));
  must(rotate_token(db(), replaced.token.id, 24h, boss_, t0));
  const auto rotated = [&](std::int64_t id) {
    return why(rotate_token(db(), id, 1h, boss_, t0 + 1h));
  };
  EXPECT_EQ(rotated(1), "conflict: rotate a token: token 1 was revoked by boss");
  EXPECT_EQ(rotated(2), "conflict: rotate a token: token 2 was replaced: 4 is in its place");
  EXPECT_EQ(rotated(3), "conflict: rotate a token: token 3 has expired");
  EXPECT_EQ(rotated(9), "not_found: rotate a token: there is no token 9");
  EXPECT_EQ(why(change_grant(db(), 1, {}, boss_, t0)),
            "conflict: change a token: token 1 was revoked by boss");
  EXPECT_EQ(why(change_grant(db(), 2, {}, boss_, t0)),
            "conflict: change a token: token 2 was replaced: 4 is in its place");
  EXPECT_EQ(why(change_grant(db(), 4, {Role::viewer, {Right::kill}}, boss_, t0)),
            "invalid: role viewer does not hold kill, so it cannot be given of it");
  EXPECT_EQ(why(revoke_token(db(), 1, boss_, t0)),
            "conflict: revoke a token: token 1 was revoked before");
  EXPECT_EQ(why(rotate_token(db(), 4, -1h, boss_, t0)),
            "invalid: an overlap is not less than nothing");
  EXPECT_EQ(must(list_tokens(db())).size(), 4u);
}

TEST_F(TokensTest, OfTwoWhoRotateOneTokenAtOnceOneDoes) {
  const NewToken old = make("asha");
  const auto other = other_node();
  std::atomic<int> rotated = 0;
  {
    std::vector<std::jthread> people;
    for (sql::Database* node : {&db(), other.get()})
      people.emplace_back([&, node] {
        if (rotate_token(*node, old.token.id, 1h, boss_, t0)) ++rotated;
      });
  }
  EXPECT_EQ(rotated, 1);
  EXPECT_EQ(must(list_tokens(db())).size(), 2u);
}

// ---------------------------------------------------------------- what was asked for a while ago

TEST_F(TokensTest, WhoAskedIsStillWhoHeWasWithWhatHeIsGrantedNow) {
  const Principal asha = with_token("asha");
  must(change_grant(db(), *asha.token, {.role = Role::viewer}, boss_, t0));
  const Principal now = must(still(db(), asha, t0));
  EXPECT_EQ(now.name + now.from, "asha10.0.0.7");
  EXPECT_EQ(now.grant.role, Role::viewer);
}

TEST_F(TokensTest, WhatWasAskedForWithATokenThatHasEndedStandsNoMore) {
  const Principal asha = with_token("asha");
  must(revoke_token(db(), *asha.token, boss_, t0));
  EXPECT_EQ(why(still(db(), asha, t0)), "forbidden: asha may no longer: the token was revoked");
  const Principal ben =
      must(principal_of(db(), make({.name = "ben", .grant = {}, .lasts = 1h}).text, "::1", t0));
  EXPECT_EQ(why(still(db(), ben, t0 + 1h)), "forbidden: ben may no longer: the token has expired");
  EXPECT_EQ(why(still(db(), {"cleo", {}, "::1", 99}, t0)),
            "forbidden: cleo may no longer: the token is gone");
}

TEST_F(TokensTest, WhoCameWithoutATokenIsWhatHeWas) {
  const Principal here{"root", {Role::admin}, "command line on web-1", {}};
  EXPECT_EQ(must(still(db(), here, t0)).grant.role, Role::admin);
}

TEST_F(TokensTest, WhatWasAskedForStandsWhereTheTokenWasRotated) {
  const Principal asha = with_token("asha");
  const NewToken next = must(rotate_token(db(), *asha.token, 1h, boss_, t0));
  EXPECT_TRUE(still(db(), asha, t0 + 2h)) << "the old one has expired, the new one stands";
  must(revoke_token(db(), next.token.id, boss_, t0 + 2h));
  EXPECT_FALSE(still(db(), asha, t0 + 2h));
}

TEST_F(TokensTest, WhatWasAskedForWithARevokedTokenFallsThoughItWasRotatedBefore) {
  const Principal thief = with_token("asha");
  must(rotate_token(db(), *thief.token, 1h, boss_, t0));
  must(revoke_token(db(), *thief.token, boss_, t0));
  EXPECT_FALSE(still(db(), thief, t0));
}

// ---------------------------------------------------------------- the first

TEST_F(TokensTest, TheFirstTokenIsAnAdminsAndIsMadeOnce) {
  const auto first = must(first_token(db(), t0));
  ASSERT_TRUE(first);
  EXPECT_EQ(must(principal_of(db(), first->text, "127.0.0.1", t0)).grant.role, Role::admin);
  EXPECT_EQ(last_act(),
            "token.make by hotclock: 1 (" + first->token.key_id + ") for admin;  > admin");
  EXPECT_FALSE(must(first_token(db(), t0)));
  EXPECT_EQ(must(audit::check(db())).broken, "");
}

TEST_F(TokensTest, ADatabaseWhoseTokensAreAllRevokedGetsNoFirstOne) {
  must(revoke_token(db(), make("asha").token.id, boss_, t0));
  EXPECT_FALSE(must(first_token(db(), t0)));
}

TEST_F(TokensTest, OfNodesThatStartAtOnceOneMakesTheFirstToken) {
  std::vector<std::unique_ptr<sql::Database>> nodes;
  for (int i = 0; i < 3; ++i) nodes.push_back(other_node());
  std::atomic<int> made = 0, failed = 0;
  {
    std::vector<std::jthread> starts;
    for (const auto& node : nodes)
      starts.emplace_back([&made, &failed, &node] {
        const auto first = first_token(*node, t0);
        if (!first) ++failed;
        if (first && *first) ++made;
      });
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(must(list_tokens(db())).size(), 1u);
}

// ---------------------------------------------------------------- thieves

TEST_F(TokensTest, AThiefOfTheDatabaseFindsNoSecretInIt) {
  const NewToken made = make("asha", {.role = Role::admin});
  const Principal asha = must(principal_of(db(), made.text, "10.0.0.7", t0));
  const NewSession session = must(begin_session(db(), asha, {}, t0));
  const NewToken next = must(rotate_token(db(), made.token.id, 1h, boss_, t0));
  const auto first = with_token("ben");
  const std::string all = dump();
  ASSERT_NE(all.find("tokens.key_id=" + made.token.key_id), std::string::npos);
  ASSERT_NE(all.find("tokens.secret_hash=" + hash_of(made.text)), std::string::npos);
  ASSERT_NE(all.find("browser_sessions.secret_hash=" + hash_of(session.secret)), std::string::npos);
  for (const std::string& secret :
       {made.text, made.text.substr(12), next.text.substr(12), session.secret, session.csrf})
    EXPECT_EQ(all.find(secret), std::string::npos) << secret;
  // Nor is a hash of any use where the secret is asked for.
  EXPECT_EQ(shown("hc_" + made.token.key_id + "_" + hash_of(made.text).substr(0, 43)), not_good);
  EXPECT_FALSE(browsing(db(), hash_of(session.secret), "10.0.0.7", {}, t0));
}

}  // namespace
}  // namespace hotclock::access
