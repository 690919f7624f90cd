#include "service/access/principal.h"

#include <gtest/gtest.h>

#include <set>

namespace hotclock::access {
namespace {

constexpr Role roles[] = {Role::viewer, Role::operator_, Role::admin};

Principal asha(Grant grant) { return {"asha", std::move(grant), "10.0.0.7", 3}; }
std::string refused(const Principal& who, Right right, std::string_view job = {}) {
  const auto allowed = may(who, right, job);
  if (allowed) return "allowed";
  EXPECT_EQ(allowed.error().code(), Errc::forbidden);
  return allowed.error().message();
}

TEST(PrincipalTest, EveryRightAndRoleIsReadAsItIsWritten) {
  std::set<std::string_view> words;
  for (const Right right : all_rights()) {
    Right read = Right::tokens;
    EXPECT_TRUE(from_string(to_string(right), read)) << to_string(right);
    EXPECT_EQ(read, right);
    words.insert(to_string(right));
  }
  EXPECT_EQ(words.size(), all_rights().size());
  EXPECT_EQ(all_rights().size(), static_cast<std::size_t>(Right::tokens) + 1);
  for (const Role role : roles) {
    Role read = Role::admin;
    EXPECT_TRUE(from_string(to_string(role), read));
    EXPECT_EQ(read, role);
  }
  Right none = Right::kill;
  EXPECT_FALSE(from_string("everything", none));
  EXPECT_FALSE(from_string("", none));
  EXPECT_EQ(none, Right::kill);
}

TEST(PrincipalTest, AViewerLooksAndNothingElse) {
  for (const Right right : all_rights()) EXPECT_EQ(has(Role::viewer, right), right == Right::look);
}

TEST(PrincipalTest, AnOperatorWorksWithJobsFestivalsClientsAndAlertsAndApproves) {
  const std::set<Right> works{Right::look,     Right::run,      Right::cancel, Right::pause,
                              Right::schedule, Right::backfill, Right::decide, Right::festivals,
                              Right::clients,  Right::silence,  Right::approve};
  for (const Right right : all_rights())
    EXPECT_EQ(has(Role::operator_, right), works.contains(right)) << to_string(right);
}

TEST(PrincipalTest, AnAdminMayDoEverything) {
  for (const Right right : all_rights()) EXPECT_TRUE(has(Role::admin, right)) << to_string(right);
}

TEST(PrincipalTest, AGrantGivesOfItsRoleTheNamedRightsAlone) {
  const Grant grant{.role = Role::operator_, .rights = {Right::look, Right::run, Right::kill}};
  EXPECT_TRUE(allows(grant, Right::run, "og-daily-bonus"));
  EXPECT_FALSE(allows(grant, Right::pause, "og-daily-bonus"));
  EXPECT_FALSE(allows(grant, Right::kill)) << "a right that its role has not is not given by name";
}

TEST(PrincipalTest, AGrantForSomeJobsCoversThemAndWhatOnlyLooks) {
  const Grant grant{.role = Role::admin, .jobs = {"og-*", "trust-score"}};
  EXPECT_TRUE(allows(grant, Right::run, "og-daily-bonus"));
  EXPECT_TRUE(allows(grant, Right::run, "trust-score"));
  EXPECT_FALSE(allows(grant, Right::run, "trust-score-2"));
  EXPECT_FALSE(allows(grant, Right::run, "throne-expiry"));
  EXPECT_FALSE(allows(grant, Right::look, "throne-expiry"));
  EXPECT_FALSE(allows(grant, Right::run, "OG-daily-bonus"));
  EXPECT_TRUE(allows(grant, Right::look));
  for (const Right right : all_rights())
    EXPECT_EQ(allows(grant, right), right == Right::look) << to_string(right);
}

TEST(PrincipalTest, AStarInTheMiddleIsNoPattern) {
  const Grant grant{.role = Role::admin, .jobs = {"og-*-bonus"}};
  EXPECT_FALSE(allows(grant, Right::run, "og-daily-bonus"));
}

TEST(PrincipalTest, WhatIsRefusedSaysWhoMayInstead) {
  EXPECT_EQ(refused(asha({.role = Role::viewer}), Right::run, "og-daily-bonus"),
            "asha is a viewer, who may not run; an operator may");
  EXPECT_EQ(refused(asha({.role = Role::operator_}), Right::kill),
            "asha is an operator, who may not kill; an admin may");
  EXPECT_EQ(refused(asha({.role = Role::admin, .rights = {Right::look, Right::run}}), Right::kill),
            "asha may not kill: the token gives look, run alone");
  const Principal some = asha({.role = Role::admin, .jobs = {"og-*", "trust-score"}});
  EXPECT_EQ(refused(some, Right::pause, "throne-expiry"),
            "asha may not pause throne-expiry: the token is for og-*, trust-score alone");
  EXPECT_EQ(refused(some, Right::reload),
            "asha may not reload: that concerns every job, and the token is for og-*, trust-score"
            " alone");
  EXPECT_EQ(refused(some, Right::pause, "og-daily-bonus"), "allowed");
}

TEST(PrincipalTest, WhatMayBeDoneIsExactlyWhatTheGrantAllows) {
  for (const Role role : roles)
    for (const Right right : all_rights())
      for (const char* job : {"", "og-daily-bonus", "trust-score"}) {
        const Grant grant{.role = role, .rights = {}, .jobs = {"og-*"}};
        EXPECT_EQ(may(asha(grant), right, job).has_value(), allows(grant, right, job));
      }
}

TEST(PrincipalTest, NobodyCanGiveMoreThanHeHas) {
  const Grant admin{.role = Role::admin}, works{.role = Role::operator_};
  const Grant tokens_alone{.role = Role::admin, .rights = {Right::look, Right::tokens}};
  const Grant og{.role = Role::operator_, .jobs = {"og-*"}};
  EXPECT_TRUE(is_within(admin, admin));
  EXPECT_TRUE(is_within(works, admin));
  EXPECT_FALSE(is_within(admin, works));
  EXPECT_FALSE(is_within(admin, tokens_alone));
  EXPECT_TRUE(is_within({.role = Role::viewer}, tokens_alone));
  EXPECT_TRUE(is_within(og, works));
  EXPECT_FALSE(is_within(works, og));
  EXPECT_TRUE(is_within({.role = Role::operator_, .jobs = {"og-daily-bonus", "og-x*"}}, og));
  EXPECT_FALSE(is_within({.role = Role::operator_, .jobs = {"og-daily-bonus", "o*"}}, og));
  const Grant bonus{.role = Role::operator_, .jobs = {"og-daily-bonus"}};
  EXPECT_FALSE(is_within(og, bonus));
}

TEST(PrincipalTest, ANameIsOnePersonsWhateverTheCaseOfItsLetters) {
  EXPECT_TRUE(same_person("asha", "Asha"));
  EXPECT_FALSE(same_person("asha", "ashas"));
  EXPECT_FALSE(same_person("asha", ""));
}

TEST(PrincipalTest, TheAuditHasWhoFromWhereAndWithWhat) {
  const audit::Person by = person(asha({}), "migration", "r-1");
  EXPECT_EQ(by.name + by.from + by.reason + by.request, "asha10.0.0.7migrationr-1");
  EXPECT_EQ(by.token, 3);
}

}  // namespace
}  // namespace hotclock::access
