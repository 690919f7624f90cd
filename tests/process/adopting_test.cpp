// The example of docs/adopting.md from end to end: a platform in its own shape, the views that map it, the
// program that works through them, and what `doctor` says where a mapping is broken.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "service/sql/postgres_support.h"
#include "tests/process/program.h"

namespace hotclock {
namespace {

namespace fs = std::filesystem;

std::string content(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(HOTCLOCK_DOCUMENTS + ("/" + file)).rdbuf();
  EXPECT_FALSE(text.str().empty()) << file;
  return text.str();
}

// The operator's platform, and two roles: one makes Hotclock's schema and has no right on the platform, one
// serves.
class Adopting : public testing::Test {
 protected:
  Adopting() {
    std::string pattern = (fs::temp_directory_path() / "hotclock-adopting-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    for (const std::string& role : {maker_, server_}) outside("CREATE ROLE " + role + " LOGIN");
    outside("GRANT CREATE ON DATABASE " + scratch_.name() + " TO " + maker_);
    outside(content("adopting/app.sql"));
  }
  ~Adopting() override {
    for (const std::string& role : {maker_, server_})
      outside("DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);
    fs::remove_all(directory_);
  }

  std::string outside(const std::string& text) const { return sql::plain_postgres(scratch_.url(), text); }
  std::int64_t number(const std::string& query) const { return std::stoll(outside(query)); }

  std::string url(const std::string& role) const {
    std::string url = scratch_.url();
    return url.replace(url.find("postgres@"), 9, role + "@");
  }
  std::unique_ptr<Program> started(const std::string& role, const std::vector<std::string>& words) const {
    auto environment = environment_;
    environment["HOTCLOCK_DATABASE_URL"] = url(role);
    return std::make_unique<Program>(words, environment, directory_);
  }
  Ended as(const std::string& role, const std::vector<std::string>& words) const {
    return started(role, words)->wait();
  }
  Ended hotclock(const std::vector<std::string>& words) const { return as(server_, words); }
  void with(const std::string& variable, const std::string& value) { environment_[variable] = value; }

  void migrate() {
    const Ended made = as(maker_, {"migrate"});
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_NE(made.out.find("left out 0001_platform: these tables are yours"), std::string::npos) << made.out;
  }
  void map() { outside(content("adopting/example.sql")); }
  void grant() {
    const Ended printed = hotclock({"doctor", "--grants", server_});
    ASSERT_EQ(printed.code, 0) << printed.err;
    outside(printed.out);
  }

  // Of what must hold: the details of those that do not, by name.
  std::map<std::string, std::vector<std::string>> wrong() const {
    const Ended asked = hotclock({"doctor", "--json"});
    std::map<std::string, std::vector<std::string>> found;
    if (asked.out.empty()) ADD_FAILURE() << asked.err;
    const auto said = boost::json::parse(asked.out);
    for (const auto& finding : said.at("findings").as_array())
      if (!finding.at("ok").as_bool())
        found[finding.at("name").as_string().c_str()].emplace_back(finding.at("detail").as_string());
    EXPECT_EQ(asked.code, found.empty() ? 0 : 1);
    return found;
  }
  void expect_well() const {
    const Ended asked = hotclock({"doctor"});
    EXPECT_EQ(asked.code, 0) << asked.out << asked.err;
  }
  void runs(const std::string& job) const {
    const Ended ran = hotclock({"run", job});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  }

  const std::string& server() const { return server_; }
  const std::string& maker() const { return maker_; }

 private:
  sql::PostgresScratch scratch_;
  std::string directory_;
  const std::string maker_ = "maker_" + scratch_.name(), server_ = "clock_" + scratch_.name();
  std::map<std::string, std::string> environment_{{"HOTCLOCK_DATABASE__PLATFORM", "adopted"}};
};

TEST_F(Adopting, FromNothingToServing) {
  const std::string shape =
      "SELECT string_agg(c.oid || ':' || c.xmin, ',' ORDER BY c.oid) FROM pg_class AS c"
      " WHERE relnamespace = 'app'::regnamespace";
  const std::string before = outside(shape);
  migrate();
  EXPECT_EQ(outside(shape), before) << "Hotclock's migrations leave the platform alone";
  EXPECT_EQ(outside("SELECT count(*) FROM pg_namespace WHERE nspname = 'platform'"), "0");

  outside("GRANT USAGE ON SCHEMA hotclock TO " + server() +
          "; GRANT SELECT ON hotclock.schema_migrations TO " + server());
  const auto missing = wrong();
  EXPECT_EQ(missing.at("platform.users is as the jobs need it").front().substr(0, 46),
            "it is missing: make a table or a view with the");
  EXPECT_TRUE(missing.contains("the money can be looked at"));

  map();
  const auto lacking = wrong();
  EXPECT_NE(lacking.at("the database role may do what it must").front().find("INSERT on transactions"),
            std::string::npos);
  EXPECT_FALSE(lacking.contains("platform.users is as the jobs need it")) << "it is there, and may not be used yet";
  grant();
  expect_well();
}

// ---------------------------------------------------------------- served

class Adopted : public Adopting {
 protected:
  Adopted() { migrate(), map(), grant(); }
};

TEST_F(Adopted, TheBonusIsPaidOnceInTheOperatorsLedger) {
  runs("og-daily-bonus");
  const std::string wallets =
      "SELECT string_agg(handle || ' ' || wallet_bonus, ', ' ORDER BY account_id) FROM app.accounts";
  const std::string entries =
      "SELECT string_agg(account_id || ' ' || amount || ' ' || wallet || ' ' || state || ' ' || bonus_facts, ', '"
      " ORDER BY account_id) FROM app.wallet_entries WHERE kind = 'og_bonus'";
  const std::string paid = "asha 270, bina 150, chetan 0, dipak 0, esha 0";
  const std::string booked = R"(1 200 bonus completed {"tier":1}, 2 150 bonus completed {"tier":5})";
  EXPECT_EQ(outside(wallets), paid);
  EXPECT_EQ(outside(entries), booked);
  EXPECT_EQ(outside("SELECT string_agg(DISTINCT last_bonus_day::text, ',') FROM app.accounts"),
            outside("SELECT string_agg(DISTINCT bonus_day::text, ',') FROM app.wallet_entries"));
  runs("og-daily-bonus");
  EXPECT_EQ(outside(wallets), paid);
  EXPECT_EQ(outside(entries), booked);
  EXPECT_THROW(outside("INSERT INTO app.wallet_entries (account_id, kind, wallet, amount, bonus_day)"
                       " SELECT account_id, kind, wallet, amount, bonus_day FROM app.wallet_entries"
                       " WHERE kind = 'og_bonus'"),
               std::runtime_error)
      << "and nobody else can pay it twice either";
  expect_well();
}

TEST_F(Adopted, AMarkThatWasLostPaysNobodyAgain) {
  runs("og-daily-bonus");
  const auto paid = number("SELECT sum(wallet_bonus) FROM app.accounts");
  outside("UPDATE app.accounts SET last_bonus_day = NULL");
  const Ended again = hotclock({"run", "og-daily-bonus"});
  EXPECT_EQ(again.code, 1) << "who was marked unpaid is set aside, and told";
  EXPECT_NE(again.out.find("2 set aside"), std::string::npos) << again.out;
  EXPECT_EQ(number("SELECT sum(wallet_bonus) FROM app.accounts"), paid);
  expect_well();
}

TEST_F(Adopted, ThronesFallAndFestivalsSwitchThroughTheirTriggers) {
  runs("throne-expiry"), runs("festival-activation");
  EXPECT_EQ(outside("SELECT string_agg(throne_id || ' ' || standing, ', ' ORDER BY throne_id) FROM app.thrones"),
            "1 false, 2 true");
  EXPECT_EQ(outside("SELECT payload::json->>'username' FROM hotclock.outbox WHERE event = 'throne:expired'"), "asha");
  EXPECT_EQ(outside("SELECT string_agg(name || ' ' || running, ', ' ORDER BY festival_id) FROM app.festivals"),
            "Tihar true, Old fair false");
  EXPECT_EQ(outside("SELECT string_agg(name || ' ' || on_sale, ', ' ORDER BY gift_id) FROM app.gifts"),
            "lamp true, fair ticket false, rose true");
  EXPECT_EQ(outside("SELECT string_agg(country || ' ' || theme, ', ' ORDER BY country) FROM platform.themes"),
            R"(GLOBAL {}, NP {"colors": {"primary": "#e07a1f"}})");
  EXPECT_EQ(outside("SELECT document::json->'colors'->>'primary' FROM hotclock.theme_documents WHERE country = 'NP'"),
            "#e07a1f");
  const auto told = number("SELECT count(*) FROM hotclock.outbox");
  runs("throne-expiry"), runs("festival-activation");
  EXPECT_EQ(number("SELECT count(*) FROM hotclock.outbox"), told) << "nothing changes twice";
  expect_well();
}

TEST_F(Adopted, ShowsAreRankedAndTrustIsScored) {
  runs("stream-ranking"), runs("trust-score");
  const std::string places = "SELECT string_agg(show_id || ' ' || place, ', ' ORDER BY show_id) FROM app.show_places";
  EXPECT_EQ(outside(places), "1 1, 2 2");
  EXPECT_EQ(outside("SELECT string_agg(user_id || ' ' || score || ' ' || level, ', ' ORDER BY user_id)"
                    " FROM platform.user_trust WHERE user_id IN (1, 5)"),
            "1 45 medium, 5 0 low");
  EXPECT_EQ(outside("SELECT factors::json->>'giftsSent' FROM platform.user_trust WHERE user_id = 1"), "1");
  outside("UPDATE app.shows SET state = 'ended' WHERE show_id = 1;"
          "INSERT INTO app.karma (account_id, reason, points, given_at) VALUES (1, 'praise', 450, now())");
  runs("stream-ranking"), runs("trust-score");
  EXPECT_EQ(outside(places), "2 1") << "a show that ended loses its place";
  EXPECT_EQ(outside("SELECT level FROM platform.user_trust WHERE user_id = 1"), "verified");
  expect_well();
}

// In chunks and partitions, while the platform itself pays into the same wallets.
TEST_F(Adopted, WhatThePlatformPaysMeanwhileIsNotLost) {
  outside("INSERT INTO app.accounts (handle, vip_tier, vip_until)"
          " SELECT 'viewer ' || n, 1 + n % 5, now() + interval '9 days' FROM generate_series(1, 2000) AS n");
  with("HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__CHUNK", "50");
  with("HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__PARTITIONS", "4");
  std::atomic<bool> over = false;
  std::int64_t gifts = 0;
  std::thread platform([&] {
    for (; !over || gifts == 0; ++gifts)
      outside("UPDATE app.accounts SET wallet_bonus = wallet_bonus + 1 WHERE account_id % 7 = 0;"
              "INSERT INTO app.wallet_entries (account_id, kind, wallet, amount)"
              " SELECT account_id, 'promotion', 'bonus', 1 FROM app.accounts WHERE account_id % 7 = 0");
  });
  runs("og-daily-bonus");
  over = true;
  platform.join();
  EXPECT_GT(gifts, 0);
  EXPECT_EQ(number("SELECT count(*) FROM app.wallet_entries WHERE kind = 'og_bonus'"), 2002);
  EXPECT_EQ(number("SELECT count(*) FROM hotclock.slots WHERE partition_of IS NOT NULL"), 4);
  expect_well();
}

TEST_F(Adopted, AServerWorksThroughTheViewsByItself) {
  const auto serving = started(server(), {"serve"});
  EXPECT_TRUE(comes_true([&] {
    return outside("SELECT standing FROM app.thrones WHERE throne_id = 1") == "f" &&
           outside("SELECT running FROM app.festivals WHERE name = 'Tihar'") == "t";
  }));
  serving->signal(SIGTERM);
  const Ended ended = serving->wait();
  EXPECT_EQ(ended.code, 0) << ended.err;
  expect_well();
}

TEST_F(Adopted, TheRoleThatServesReachesNothingButTheViews) {
  EXPECT_EQ(outside("SELECT has_schema_privilege('" + server() + "', 'app', 'USAGE')::text"), "false");
  EXPECT_EQ(outside("SELECT has_column_privilege('" + server() + "', 'platform.users', 'og_level', 'UPDATE')::text"),
            "false");
}

TEST_F(Adopted, NothingElseIsWrittenIntoThePlatform) {
  const std::string tables =
      "SELECT md5(string_agg(t::text, '|')) FROM (SELECT a::text AS t FROM app.accounts AS a UNION ALL"
      " SELECT e::text FROM app.wallet_entries AS e ORDER BY 1) AS rows";
  const std::string before = outside(tables);
  const Ended demo = as(maker(), {"demo", "--users", "10"});
  EXPECT_NE(demo.code, 0);
  EXPECT_NE(demo.err.find("are the operator's: give the demo a database of its own"), std::string::npos) << demo.err;
  const Ended moved = as(maker(), {"migrate", "--from", url(maker()), "--to", url(maker())});
  EXPECT_NE(moved.code, 0);
  EXPECT_NE(moved.err.find("are the operator's: moving them is his"), std::string::npos) << moved.err;
  const Ended again = as(maker(), {"migrate"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(outside(tables), before);
}

TEST_F(Adopted, SettingsThatSayThatThePlatformIsHotclocksOwnAreRefused) {
  with("HOTCLOCK_DATABASE__PLATFORM", "own");
  for (const char* command : {"migrate", "doctor", "jobs"}) {
    const Ended refused = as(maker(), {command});
    EXPECT_EQ(refused.code, 5) << command;
    EXPECT_NE(refused.err.find("write database.platform = \"adopted\""), std::string::npos) << refused.err;
  }
}

TEST_F(Adopted, WhenHotclockGoesThePaymentsStay) {
  runs("og-daily-bonus");
  outside("DROP SCHEMA hotclock, platform CASCADE");
  EXPECT_EQ(outside("SELECT string_agg(account_id || ' ' || amount, ', ' ORDER BY account_id) FROM app.wallet_entries"
                    " WHERE kind = 'og_bonus'"),
            "1 200, 2 150");
}

// ---------------------------------------------------------------- a broken mapping

class BrokenMapping : public Adopted {
 protected:
  // The one thing that is wrong, as "name: detail".
  std::string complaint() const {
    const auto all = wrong();
    std::string text;
    for (const auto& [name, details] : all)
      for (const std::string& detail : details) text += (text.empty() ? "" : "\n") + name + ": " + detail;
    return text;
  }
  static std::string from(const std::string& text, const std::string& word) { return text.substr(text.find(word)); }
  // The view as the example has it, with one expression replaced.
  void remake_users(const std::string& what, const std::string& by) {
    std::string text = content("adopting/example.sql");
    text = text.substr(text.find("CREATE VIEW platform.users"));
    text = text.substr(0, text.find(';'));
    text.replace(text.find(what), what.size(), by);
    outside("DROP VIEW platform.users; " + text);
    grant();
  }
};

TEST_F(BrokenMapping, WithoutTheUniqueIndexTheStatementThatMakesItIsPrinted) {
  outside("DROP INDEX app.wallet_entries_bonus");
  EXPECT_EQ(complaint(),
            "a user is paid once for a date, by the database's own rule: app.wallet_entries has no unique index on "
            "(bonus_day, account_id): CREATE UNIQUE INDEX ON app.wallet_entries (bonus_day, account_id) WHERE "
            "bonus_day IS NOT NULL");
  outside(from(complaint(), "CREATE UNIQUE INDEX"));
  EXPECT_EQ(complaint(), "");
}

TEST_F(BrokenMapping, AColumnThatTheViewLacksIsNamed) {
  remake_users("       banned::int AS is_banned,\n", "");
  EXPECT_EQ(complaint(), "platform.users is as the jobs need it: column is_banned is missing: it holds 0 or 1");
}

TEST_F(BrokenMapping, AServerDoesNotBeginOnIt) {
  remake_users("       banned::int AS is_banned,\n", "");
  const Ended refused = hotclock({"serve"});
  EXPECT_NE(refused.code, 0);
  EXPECT_NE(refused.err.find("is_banned"), std::string::npos) << refused.err;
}

TEST_F(BrokenMapping, ABooleanIsToldWithWhatWouldBeRight) {
  remake_users("banned::int AS", "banned AS");
  EXPECT_EQ(complaint(),
            "platform.users is as the jobs need it: is_banned is boolean, and must be 0 or 1: write is_banned::int");
}

TEST_F(BrokenMapping, AViewThatCannotBeWrittenThroughIsToldAsTheEngineSaysIt) {
  outside("DROP TRIGGER switch ON platform.festivals");
  EXPECT_EQ(complaint(),
            "platform.festivals is as the jobs need it: is_active cannot be changed: PostgreSQL: cannot update column "
            "\"is_active\" of view \"festivals\"; show a column of the table as it is, or give the view an INSTEAD OF "
            "UPDATE trigger");
}

TEST_F(BrokenMapping, ABalanceThatIsMadeOfSomethingCannotBePaidInto) {
  remake_users("wallet_bonus AS bonus_balance", "wallet_bonus + 0 AS bonus_balance");
  EXPECT_NE(complaint().find("bonus_balance cannot be changed: "), std::string::npos) << complaint();
}

TEST_F(BrokenMapping, AViewThatWorksWithTheRightsOfTheRoleIsToldWithTheGrantsItTakes) {
  outside("ALTER VIEW platform.og_tiers SET (security_invoker = true)");
  EXPECT_EQ(complaint().substr(0, complaint().find('\n')),
            "platform.og_tiers is as the jobs need it: the view works with the rights of " + server() +
                ", who may not: GRANT SELECT ON app.vip_tiers TO \"" + server() + "\"");
  outside(from(complaint().substr(0, complaint().find('\n')), "GRANT"));
  EXPECT_EQ(complaint(), "");
}

TEST_F(BrokenMapping, ATriggerThatWorksWithTheRightsOfTheRoleIsToldWithWhatChangesIt) {
  outside("ALTER FUNCTION platform.switch_gift() SECURITY INVOKER");
  EXPECT_EQ(complaint(),
            "platform.gifts is as the jobs need it: its trigger function platform.switch_gift works with the rights of "
            "whoever writes, who may not change the tables behind the view: ALTER FUNCTION platform.switch_gift() "
            "SECURITY DEFINER");
  outside(from(complaint(), "ALTER FUNCTION"));
  EXPECT_EQ(complaint(), "");
}

TEST_F(BrokenMapping, ASequenceThatTheRoleMayNotUseIsToldWithItsGrant) {
  outside("CREATE SEQUENCE app.places;"
          "ALTER TABLE app.show_places ADD COLUMN number bigint NOT NULL DEFAULT nextval('app.places')");
  with("HOTCLOCK_JOBS__STREAM_RANKING__RETRIES__COUNT", "0");
  const Ended ranked = hotclock({"run", "stream-ranking"});
  EXPECT_NE(ranked.err.find("permission denied for sequence places"), std::string::npos) << ranked.out << ranked.err;
  EXPECT_EQ(complaint(), "platform.stream_ranks is as the jobs need it: a new row is counted by app.places with the "
                         "rights of " + server() + ", who may not: GRANT USAGE ON SEQUENCE app.places TO \"" +
                             server() + "\"");
  outside(from(complaint(), "GRANT") + "; GRANT USAGE ON SCHEMA app TO " + server());
  EXPECT_EQ(complaint(), "");
  runs("stream-ranking");
}

TEST_F(BrokenMapping, ATriggerOfThePlatformsThatARowSetsOffIsTold) {
  outside("CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
          "CREATE TRIGGER note AFTER INSERT ON app.wallet_entries FOR EACH ROW EXECUTE FUNCTION app.note()");
  const Ended asked = hotclock({"doctor", "--json"});
  EXPECT_EQ(asked.code, 0) << asked.out;
  EXPECT_NE(asked.out.find("app.note on app.wallet_entries: with the rights of the role that serves"),
            std::string::npos)
      << asked.out;
}

TEST_F(BrokenMapping, AMissingIndexForSpeedIsToldAndIsNoFault) {
  outside("DROP INDEX app.karma_by_account");
  const Ended asked = hotclock({"doctor", "--json"});
  EXPECT_EQ(asked.code, 0) << asked.out;
  EXPECT_NE(asked.out.find("slow on large tables, better: CREATE INDEX ON app.karma (account_id)"), std::string::npos)
      << asked.out;
}

TEST_F(Adopted, FestivalsAreLookedAtHereAndChangedByThePlatformAlone) {
  const Ended listed = hotclock({"festivals", "--running"});
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_NE(listed.out.find("Tihar"), std::string::npos) << listed.out;
  const std::string id = outside("SELECT id FROM platform.festivals WHERE name = 'Tihar'");
  EXPECT_EQ(hotclock({"festivals", "show", id}).code, 0);
  EXPECT_EQ(hotclock({"festivals", "preview", id}).code, 0);
  const Ended ended = hotclock({"festivals", "end", id, "--reason", "a mistake"});
  EXPECT_EQ(ended.code, 3);
  EXPECT_NE(ended.err.find("festivals are the platform's own here"), std::string::npos) << ended.err;
  EXPECT_EQ(number("SELECT count(*) FROM hotclock.audit"), 0);
}

}  // namespace
}  // namespace hotclock
