#include "service/config/section.h"

#include <gtest/gtest.h>

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;
using Messages = std::vector<std::string>;

Messages messages(const Section& section) {
  Messages out;
  for (const Problem& problem : section.problems()) out.push_back(problem.message());
  return out;
}

TEST(Section, GivesWhatTheFileSays) {
  Section s = Section::parse(R"(
name = "wallet"
chunk = 1_000
weight = 0.25
whole = 2
dry = true
pause = "1h30m"
cache = "64 MiB"
places = ["a", "b"]
mode = "fast"
)");
  EXPECT_EQ(s.text("name", ""), "wallet");
  EXPECT_EQ(s.integer("chunk", 5, 1, 10'000), 1000);
  EXPECT_EQ(s.real("weight", 0, 0, 1), 0.25);
  EXPECT_EQ(s.real("whole", 0, 0, 3), 2.0);
  EXPECT_TRUE(s.flag("dry", false));
  EXPECT_EQ(s.duration("pause", 1s), 90min);
  EXPECT_EQ(s.bytes("cache", 0, 0, 1 << 30), 64 << 20);
  EXPECT_EQ(s.texts("places", {}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(s.choice("mode", "slow", {"slow", "fast"}), "fast");
  EXPECT_TRUE(s.finish());
}

TEST(Section, GivesTheDefaultWhereTheFileSaysNothing) {
  Section s = Section::parse("");
  EXPECT_EQ(s.text("name", "x"), "x");
  EXPECT_EQ(s.integer("chunk", 5, 1, 10), 5);
  EXPECT_EQ(s.duration("pause", 7min), 7min);
  EXPECT_EQ(s.decimal("share", {6, 1}, {0, 0}, {1, 0}), (Decimal{6, 1}));
  EXPECT_EQ(s.texts("places", {"here"}), std::vector<std::string>{"here"});
  EXPECT_TRUE(s.finish());
}

TEST(Section, ReadsDecimalsExactlyWithAndWithoutQuotes) {
  Section s = Section::parse("a = 0.6\nb = \"0.6\"\nc = 1\nd = 0.300_000\n");
  for (const char* key : {"a", "b"})
    EXPECT_EQ(s.decimal(key, {}, {0, 0}, {1, 0}), (Decimal{6, 1})) << key;
  EXPECT_EQ(s.decimal("c", {}, {0, 0}, {1, 0}), (Decimal{1, 0}));
  EXPECT_EQ(s.decimal("d", {}, {0, 0}, {1, 0}), (Decimal{3, 1}));
  EXPECT_TRUE(s.finish());
}

TEST(Section, NamesPlaceKeyMistakeAndRemedy) {
  Section s = Section::parse("a = 1\nworkers = 0\n", "hotclock.toml");
  s.integer("a", 1, 1, 2);
  EXPECT_EQ(s.integer("workers", 4, 1, 64), 4);
  EXPECT_EQ(messages(s), Messages{"hotclock.toml:2:11: workers: 0 is too small; "
                                  "write a whole number from 1 to 64"});
  EXPECT_EQ(s.problems()[0].excerpt, "workers = 0\n          ^");
}

TEST(Section, FindsAllMistakesInOneReading) {
  Section s = Section::parse(R"(
text = 1
whole = "8"
large = 65
real = "x"
flag = "true"
span = "5 parsecs"
bare = 90
cache = "lots"
share = 1.5
list = [1]
mode = "fasst"
date = 2026-11-23
)");
  s.text("text", "");
  s.integer("whole", 1, 1, 64);
  s.integer("large", 1, 1, 64);
  s.real("real", 0, 0, 1);
  s.flag("flag", false);
  s.duration("span", 1s, 1s, 1h);
  s.duration("bare", 1s, 1s, 1h);
  s.bytes("cache", 1024, 0, 2048);
  s.decimal("share", {}, {0, 0}, {1, 0});
  s.texts("list", {});
  s.choice("mode", "slow", {"slow", "fast"});
  s.text("date", "");
  const std::string span = "write a span from 1 s to 1 h, such as \"90 s\" or \"1h30m\"";
  EXPECT_EQ(messages(s),
            (Messages{
                "settings:2:8: text: 1 is a whole number; write a text in quotes",
                "settings:3:9: whole: \"8\" is a text; write a whole number from 1 to 64",
                "settings:4:9: large: 65 is too large; write a whole number from 1 to 64",
                "settings:5:8: real: \"x\" is a text; write a number from 0 to 1",
                "settings:6:8: flag: \"true\" is a text; write true or false, without quotes",
                "settings:7:8: span: \"5 parsecs\" cannot be read; " + span,
                "settings:8:8: bare: 90 has no unit; " + span,
                "settings:9:9: cache: \"lots\" cannot be read; write an amount from 0 B to 2 KiB, "
                "such as \"64 MiB\"",
                "settings:10:9: share: 1.5 is too large; write a decimal number from 0 to 1",
                "settings:11:8: list: 1 is a whole number; write a list of texts: [\"a\", \"b\"]",
                "settings:12:8: mode: \"fasst\" is not known; did you mean \"fast\"? "
                "(write one of slow, fast)",
                "settings:13:8: date: a date stands here; write a text in quotes",
            }));
  EXPECT_EQ(s.error().error().code(), Errc::invalid);
}

TEST(Section, RefusesNumbersThatAreNone) {
  Section s = Section::parse("a = nan\nb = inf\nc = nan\nd = 1e3\n");
  EXPECT_EQ(s.real("a", 0.5, 0, 1), 0.5);
  EXPECT_EQ(s.real("b", 0.5, 0, 1), 0.5);
  EXPECT_EQ(s.decimal("c", {1, 0}, {0, 0}, {9, 0}), (Decimal{1, 0}));
  EXPECT_EQ(s.decimal("d", {1, 0}, {0, 0}, {9, 0}), (Decimal{1, 0}));
  EXPECT_EQ(s.problems().size(), 4u);
}

TEST(Section, RefusesKeysNobodyAskedForWithTheNearestKnownOne) {
  Section s = Section::parse("wrokers = 4\nzzz = 1\nnode = \"a\"\n", "f");
  s.integer("workers", 4, 1, 64);
  s.text("node", "");
  EXPECT_FALSE(s.finish());
  EXPECT_EQ(messages(s), (Messages{"f:1:1: wrokers: unknown key; did you mean workers?",
                                   "f:2:1: zzz: unknown key; known here are workers, node"}));
  EXPECT_EQ(s.problems()[0].excerpt, "wrokers = 4\n^^^^^^^");
}

TEST(Section, PointsAtThePlaceOfABrokenFile) {
  Section s = Section::parse("a = 1\nb = [1,\n\nc = = 2\n", "broken.toml");
  ASSERT_EQ(s.problems().size(), 1u);
  const Problem problem = s.problems()[0];
  EXPECT_EQ(problem.place.file, "broken.toml");
  EXPECT_EQ(problem.place.line, 4);
  EXPECT_FALSE(problem.what.empty());
  EXPECT_EQ(s.integer("a", 7, 0, 9), 7);
}

TEST(Section, RefusesAHeaderWithoutAName) {
  for (const char* text : {"[\n", "[=]\n", "[ ", "[[", "[[\n]]\n", "[a.\n", "[]\n"})
    EXPECT_EQ(Section::parse(text).problems().size(), 1u) << text;
}

TEST(Section, RefusesLettersOutsideOfTextsThatAreNotAscii) {
  for (const char* text : {"größe = 1\n", "Ⱦ", "a = ß\n", "[ß]\n"})
    EXPECT_EQ(Section::parse(text).problems().size(), 1u) << text;
  Section s = Section::parse("\"größe\" = \"ß\" # Ⱦ\n");
  EXPECT_EQ(s.text("größe", ""), "ß");
  EXPECT_TRUE(s.finish());
}

TEST(Section, RefusesAKeyThatStandsTwice) {
  Section s = Section::parse("a = 1\na = 2\n");
  ASSERT_EQ(s.problems().size(), 1u);
  EXPECT_EQ(s.problems()[0].place.line, 2);
}

TEST(Section, ReadsTablesBelowIt) {
  Section s = Section::parse("[retries]\ncount = 3\nfirst_dleay = \"5 min\"\n", "f");
  Section retries = s.section("retries");
  EXPECT_EQ(retries.path(), "retries");
  EXPECT_EQ(retries.integer("count", 0, 0, 10), 3);
  retries.duration("first_delay", 1min);
  EXPECT_FALSE(retries.finish());
  EXPECT_TRUE(s.section("circuit").finish());
  EXPECT_EQ(messages(s),
            Messages{"f:3:1: retries.first_dleay: unknown key; did you mean first_delay?"});
}

TEST(Section, KnowsOnlyItsOwnProblems) {
  Section s = Section::parse("[a]\nx = 1\n[b]\ny = 1\n");
  Section a = s.section("a");
  Section b = s.section("b");
  b.integer("y", 1, 0, 9);
  EXPECT_FALSE(a.finish());
  EXPECT_TRUE(b.finish());
  EXPECT_FALSE(s.error());
}

TEST(Section, RefusesAValueWhereATableShouldBe) {
  Section s = Section::parse("retries = 3\n", "f");
  EXPECT_EQ(s.section("retries").integer("count", 1, 0, 9), 1);
  EXPECT_EQ(messages(s),
            Messages{"f:1:11: retries: 3 is a whole number; write a table: [retries]"});
}

TEST(Section, TakesTheEnvironmentBeforeTheFile) {
  Section s = Section::parse("[log]\nlevel = \"info\"\nlines = 3\n[og-bonus]\nshare = 0.5\n", "f",
                             {{"HOTCLOCK_LOG__LEVEL", "debug"},
                              {"HOTCLOCK_LOG__LINES", "12"},
                              {"HOTCLOCK_LOG__COLOUR", "false"},
                              {"HOTCLOCK_LOG__WEIGHT", "0.5"},
                              {"HOTCLOCK_LOG__KEEP", "2 d"},
                              {"HOTCLOCK_LOG__NAMES", "a, b,c"},
                              {"HOTCLOCK_OG_BONUS__SHARE", "0.6"}});
  Section log = s.section("log");
  EXPECT_EQ(log.choice("level", "warning", {"debug", "info", "warning"}), "debug");
  EXPECT_EQ(log.integer("lines", 1, 1, 20), 12);
  EXPECT_FALSE(log.flag("colour", true));
  EXPECT_EQ(log.real("weight", 0, 0, 1), 0.5);
  EXPECT_EQ(log.duration("keep", 1s), 48h);
  EXPECT_EQ(log.texts("names", {}), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(s.section("og-bonus").decimal("share", {}, {0, 0}, {1, 0}), (Decimal{6, 1}));
  EXPECT_TRUE(log.finish());
  EXPECT_TRUE(s.finish());
  EXPECT_EQ(log.place("level").text(), "HOTCLOCK_LOG__LEVEL");
  EXPECT_TRUE(log.given("keep"));
  EXPECT_FALSE(log.given("other"));
}

TEST(Section, NamesTheVariableThatIsWrong) {
  Section s =
      Section::parse("workers = 3\n", "f", {{"HOTCLOCK_WORKERS", "many"}, {"HOTCLOCK_DRY", "yes"}});
  EXPECT_EQ(s.integer("workers", 4, 1, 9), 4);
  EXPECT_TRUE(s.flag("dry", true));
  EXPECT_EQ(messages(s), (Messages{"HOTCLOCK_WORKERS: workers: \"many\" cannot be read; "
                                   "write a whole number from 1 to 9",
                                   "HOTCLOCK_DRY: dry: \"yes\" cannot be read; "
                                   "write true or false"}));
}

TEST(Section, RefusesVariablesThatLookLikeSettingsAndAreNone) {
  Section s = Section::parse("", "f",
                             {{"HOTCLOCK_LOG__LEVL", "debug"},  // nearly one of ours
                              {"HOTCLOCK_LOG_LEVEL", "debug"},  // one underscore is missing
                              {"HOTCLOCK_NO__SUCH", "1"},       // looks like one
                              {"HOTCLOCK_EDITION", "gold"},     // somebody else's
                              {"PATH", "/bin"}});
  Section log = s.section("log");
  log.text("level", "");
  EXPECT_FALSE(log.finish());
  EXPECT_FALSE(s.finish());
  const std::string near = "no setting has this name; did you mean HOTCLOCK_LOG__LEVEL?";
  EXPECT_EQ(messages(s),
            (Messages{"HOTCLOCK_LOG__LEVL: log: " + near, "HOTCLOCK_LOG_LEVEL: " + near,
                      "HOTCLOCK_NO__SUCH: no setting has this name"}));
}

TEST(Section, LeavesTheVariablesOfASectionToWhoReadsIt) {
  Section s = Section::parse("", "f", {{"HOTCLOCK_JOB__SETTINGS__SHARE", "0.5"}});
  Section job = s.section("job");
  Section settings = job.section("settings");
  EXPECT_TRUE(job.finish());
  EXPECT_TRUE(s.finish());
  settings.integer("chunk", 1, 1, 2);
  EXPECT_FALSE(settings.finish());
}

TEST(Section, LetsItsReaderRefuseWhatGettersCannotSee) {
  Section s = Section::parse("schedule = \"0 24 * * *\"\n", "f");
  s.text("schedule", "");
  s.refuse("schedule", "hour 24 is out of range", "write 0-23", 2, 2);
  s.refuse("weights", "they sum to 0.9", "let them sum to 1");
  EXPECT_EQ(messages(s), (Messages{"f:1:15: schedule: hour 24 is out of range; write 0-23",
                                   "f: weights: they sum to 0.9; let them sum to 1"}));
  EXPECT_EQ(s.problems()[0].excerpt, "schedule = \"0 24 * * *\"\n              ^^");
}

TEST(Section, RepeatsNoPasswordInAMessage) {
  Section s = Section::parse("a = 1\nurl = \"x://u:s3cret@h\"\n", "f");
  s.choice("url", "b", {"b"});
  ASSERT_EQ(s.problems().size(), 1u);
  EXPECT_EQ(s.problems()[0].message(), "f:2:7: url: \"x://u:***@h\" is not known; write one of b");
  EXPECT_EQ(s.problems()[0].excerpt, "");
  const Section broken = Section::parse("url = \"x://u:s3cret@h\" 5\n", "f");
  ASSERT_EQ(broken.problems().size(), 1u);
  EXPECT_EQ(broken.problems()[0].excerpt, "");
}

TEST(Section, ReportsAMistakeOnceHoweverOftenItIsRead) {
  Section s = Section::parse("chunk = 0\n");
  s.integer("chunk", 1, 1, 9);
  s.integer("chunk", 1, 1, 9);
  EXPECT_EQ(s.problems().size(), 1u);
}

TEST(Section, CountsColumnsInCharacters) {
  Section s = Section::parse("a = { \"größe\" = 1, n = \"x\" }\n", "f");
  Section a = s.section("a");
  a.integer("größe", 1, 0, 9);
  a.integer("n", 1, 0, 9);
  ASSERT_EQ(s.problems().size(), 1u);
  EXPECT_EQ(s.problems()[0].place.column, 24);
  EXPECT_EQ(s.problems()[0].excerpt,
            "a = { \"größe\" = 1, n = \"x\" }\n                       ^^^");
}

TEST(Section, RefusesFilesThatCannotBeSettings) {
  EXPECT_EQ(messages(Section::parse(std::string(5000, '#'), "f")),
            Messages{"f:1:1: the line is longer than 4096 characters"});
  EXPECT_EQ(messages(Section::parse(std::string((1 << 20) + 1, '\n'), "f")),
            Messages{"f:1:1: the file is larger than 1 MiB: these are no settings"});
}

TEST(Section, BearsTablesNestedAsDeepAsALineAllows) {
  std::string deep = "a";
  while (deep.size() < 4000) deep += ".a";
  Section s = Section::parse("[" + deep + "]\nx = 1\n");
  EXPECT_FALSE(s.finish());
}

}  // namespace
}  // namespace hotclock::config
