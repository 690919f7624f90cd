#include "service/cli/import_crontab.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "scheduler/cron/schedule.h"
#include "service/config/section.h"

namespace hotclock::cli {
namespace {

const Instant now = from_millis(1'795'478'400'000);  // 2026-11-24T00:00:00Z

ImportReport imported(std::string_view text, bool system = false, std::string zone = "UTC") {
  return import_crontab(text, {system, std::move(zone), now});
}

// The last line's verdict: "warning 3: remark; remark".
std::string verdict(std::string_view text, bool system = false, std::string zone = "UTC") {
  const ImportReport report = imported(text, system, std::move(zone));
  if (report.lines.empty()) return "no line";
  const ImportedLine& line = report.lines.back();
  std::string out(name_of(line.verdict));
  out += " " + std::to_string(line.column);
  for (std::size_t i = 0; i < line.remarks.size(); ++i) out += (i ? "; " : ": ") + line.remarks[i];
  return out;
}

TEST(ImportCrontab, TakesAPlainEntryOver) {
  const ImportReport report =
      imported("# Nightly backup\n5 0 * * *  /usr/bin/backup --all\n", false, "Australia/Sydney");
  ASSERT_EQ(report.lines.size(), 1u);
  const ImportedLine& line = report.lines[0];
  EXPECT_EQ(line.verdict, LineVerdict::ok) << line.remarks[0];
  EXPECT_EQ(line.line, 2);
  EXPECT_EQ(line.name, "nightly-backup");
  EXPECT_EQ(line.command, "/usr/bin/backup --all");
  EXPECT_EQ(line.schedule, "5 0 * * *");
  EXPECT_EQ(line.zone, "Australia/Sydney");
  EXPECT_EQ(line.description,
            Schedule::parse("5 0 * * *", {.zone = "Australia/Sydney"})->describe());
  ASSERT_EQ(line.next.size(), 3u);
  EXPECT_EQ(to_string(line.next[0]), "2026-11-24T13:05:00Z");
  EXPECT_EQ(to_string(line.next[2]), "2026-11-26T13:05:00Z");
}

TEST(ImportCrontab, SuggestsTheSchedulePartOfAJobsFile) {
  const ImportReport report =
      imported("# Say \"hi\"\nCRON_TZ=Europe/Berlin\n0 9 * * MON-FRI  say \"hi\"%in\tput\n");
  const std::string toml = report.lines.back().toml;
  EXPECT_EQ(toml,
            "# jobs.d/say.toml: the schedule part, for the job of that name.\n"
            "# Line 3 of the crontab ran: say \"hi\"\n"
            "schedule = \"0 9 * * MON-FRI\"\n"
            "zone = \"Europe/Berlin\"\n");
  config::Section section = config::Section::parse(toml);
  EXPECT_EQ(section.text("schedule", ""), "0 9 * * MON-FRI");
  EXPECT_EQ(section.text("zone", ""), "Europe/Berlin");
  EXPECT_TRUE(section.finish());
}

TEST(ImportCrontab, PutsSuggestionsOneAfterTheOther) {
  const std::string all = suggestions(imported("0 0 * * * a\nbroken\n0 1 * * * b\n"));
  EXPECT_NE(all.find("zone = \"UTC\"\n\n# jobs.d/b.toml"), std::string::npos) << all;
  EXPECT_EQ(all.find("broken"), std::string::npos);
  EXPECT_EQ(suggestions(imported("MAILTO=ops\n")), "");
}

TEST(ImportCrontab, PointsAtTheFaultInItsLine) {
  EXPECT_EQ(verdict("  0   24 * * * x"),
            "refused 7: hour 24 is out of range (0-23); did you mean 23?");
  EXPECT_EQ(verdict("0 0 * *"),
            "refused 8: the day of the week is missing: five fields, then the command");
  EXPECT_EQ(verdict("what is this"),
            "refused 1: this is neither a schedule with a command nor NAME=value");
  EXPECT_TRUE(verdict("0 0 */2 * 8 x").starts_with("refused 11: "));
  EXPECT_TRUE(verdict("@dayly x").starts_with("refused 1: "));
}

TEST(ImportCrontab, RefusesWhatNeverComesDue) {
  EXPECT_EQ(verdict("0 0 30 2 * x"), "refused 1: it never comes due: there is no such date");
  EXPECT_TRUE(verdict("0 0 29 2 * x").starts_with("warning 1: "));  // rare, but it comes
}

TEST(ImportCrontab, KeepsTheMeaningOfDaysThatBeginWithAStar) {
  const ImportReport report = imported("0 0 */2 * 1 x\n");
  EXPECT_EQ(report.lines[0].schedule, "0 0 */2 * +1");
  EXPECT_NE(verdict("0 0 */2 * 1 x").find("cron wants both the day of the month and the weekday"),
            std::string::npos);
  // 2026-11-30 is no odd day: with either being enough it would be next.
  EXPECT_EQ(to_string(report.lines[0].next[0]), "2026-12-07T00:00:00Z");
  EXPECT_EQ(imported("0 0 */2 * * x").lines[0].schedule, "0 0 */2 * *");
  EXPECT_EQ(imported("0 0 1 * 1 x").lines[0].schedule, "0 0 1 * 1");
}

TEST(ImportCrontab, WarnsWhereEitherDayIsEnough) {
  const std::string said = verdict("0 0 1 * 1 x");
  EXPECT_TRUE(said.starts_with("warning 1: ")) << said;
  EXPECT_EQ(verdict("0 0 1 * * x"), "ok 1");
}

TEST(ImportCrontab, WarnsOfUnevenSteps) {
  EXPECT_TRUE(verdict("*/45 * * * * x").starts_with("warning 1: "));
  EXPECT_EQ(verdict("*/15 * * * * x"), "ok 1");
}

TEST(ImportCrontab, WarnsOfTimesThatTheClocksSkipOrRepeat) {
  EXPECT_TRUE(verdict("30 2 * * * x", false, "America/New_York").starts_with("warning 1: "));
  EXPECT_TRUE(verdict("30 1 * * * x", false, "America/New_York").starts_with("warning 1: "));
  EXPECT_EQ(verdict("30 12 * * * x", false, "America/New_York"), "ok 1");
}

TEST(ImportCrontab, WarnsOfWhatOnlyHotclockUnderstands) {
  EXPECT_NE(verdict("0 22-2 * * * x").find("cron may read this otherwise, or not at all: "),
            std::string::npos);
  EXPECT_EQ(verdict("0 22-23 * * * x"), "ok 1");
}

TEST(ImportCrontab, SuspectsColumnsThatAreNotWhatTheySeem) {
  EXPECT_NE(verdict("0 0 5 1 * * x").find("cron has no field for seconds"), std::string::npos);
  EXPECT_TRUE(verdict("0 0 0 1 * * x").starts_with("refused 5: "));
  EXPECT_NE(verdict("0 0 0 1 * * x").find("cron has no field for seconds"), std::string::npos);
  EXPECT_NE(verdict("0 0 1 * * 5 x", true).find("cron has no field for seconds"),
            std::string::npos);
  EXPECT_NE(verdict("0 5 * * * root x").find("is this a system crontab (--system)?"),
            std::string::npos);
  EXPECT_EQ(verdict("0 5 * * * root x", true), "ok 1");
  EXPECT_EQ(verdict("0 5 * * * rooter x"), "ok 1");
}

TEST(ImportCrontab, KnowsReboot) {
  const ImportReport report = imported("@reboot x\n");
  EXPECT_EQ(report.lines[0].verdict, LineVerdict::warning);
  EXPECT_TRUE(report.lines[0].next.empty());
  EXPECT_FALSE(report.lines[0].toml.empty());
  EXPECT_EQ(verdict("@daily x"), "ok 1");
}

TEST(ImportCrontab, TellsWhatBecomesOfSettings) {
  EXPECT_EQ(verdict("MAILTO=ops@example.org"),
            "ok 1: Hotclock sends no mail: how a run ended is in its history");
  EXPECT_EQ(verdict(" TZ=UTC"),
            "ok 2: this is the zone of the commands alone: it moves no schedule (CRON_TZ does)");
  EXPECT_EQ(verdict("LANG=C"), "ok 1: a variable of the commands: it has no use here");
  EXPECT_TRUE(verdict("RANDOM_DELAY=5").starts_with("warning 1: "));
}

TEST(ImportCrontab, MovesTheZoneOfTheEntriesBelow) {
  const ImportReport report = imported(
      "0 12 * * * a\nCRON_TZ=Asia/Kathmandu\n0 12 * * * b\nCRON_TZ=Europe/Nowhere\n0 12 * * * c\n"
      "CRON_TZ=Asia/Tokyo\n0 12 * * * d\n");
  ASSERT_EQ(report.lines.size(), 7u);
  EXPECT_EQ(to_string(report.lines[0].next[0]), "2026-11-24T12:00:00Z");
  EXPECT_EQ(to_string(report.lines[2].next[0]), "2026-11-24T06:15:00Z");
  EXPECT_EQ(report.lines[3].verdict, LineVerdict::refused);
  EXPECT_EQ(report.lines[4].verdict, LineVerdict::refused);
  EXPECT_EQ(report.lines[4].remarks[0], "its zone is not known: see line 4");
  EXPECT_EQ(to_string(report.lines[6].next[0]), "2026-11-24T03:00:00Z");
}

TEST(ImportCrontab, TellsTheCommandsInput) {
  const ImportReport report = imported("0 0 * * * mail%Hello%World\n");
  EXPECT_EQ(report.lines[0].command, "mail");
  EXPECT_EQ(report.lines[0].input, "Hello\nWorld");
  EXPECT_EQ(report.lines[0].remarks[0], "what follows the first % is the command's input");
}

TEST(ImportCrontab, CountsItsVerdicts) {
  const ImportReport report = imported("0 0 * * * a\n*/45 * * * * b\nbroken\nbroken too\n");
  EXPECT_EQ(report.count(LineVerdict::ok), 1);
  EXPECT_EQ(report.count(LineVerdict::warning), 1);
  EXPECT_EQ(report.count(LineVerdict::refused), 2);
}

TEST(ImportCrontab, ShowsATable) {
  const std::string table = table_of(imported("5 0 * * * a\n0 24 * * * b\n")).text({});
  EXPECT_NE(table.find("   1  ok       a     5 0 * * *   2026-11-24 00:05:00 +00:00, "),
            std::string::npos)
      << table;
  EXPECT_NE(table.find("   2  refused  b     0 24 * * *"), std::string::npos) << table;
  EXPECT_NE(table.find("column 3: hour 24 is out of range (0-23); did you mean 23?"),
            std::string::npos);
}

TEST(ImportCrontab, AnswersInJson) {
  const auto json = boost::json::parse(
      boost::json::serialize(as_json(imported("5 0 * * * say \"\xFF\"\nA=b\n"))));
  EXPECT_EQ(json.at("ok"), 2);
  EXPECT_EQ(json.at("refused"), 0);
  const auto& line = json.at("lines").at(0);
  EXPECT_EQ(line.at("line"), 1);
  EXPECT_EQ(line.at("verdict"), "ok");
  EXPECT_EQ(line.at("command"), "say \"\xEF\xBF\xBD\"");
  EXPECT_EQ(line.at("next").at(0), "2026-11-24T00:05:00Z");
  EXPECT_FALSE(json.at("lines").at(1).as_object().contains("schedule"));
}

}  // namespace
}  // namespace hotclock::cli
