#include "service/cli/crontab.h"

#include <gtest/gtest.h>

namespace hotclock::cli {
namespace {

CrontabEntry entry(std::string_view text, bool system = false) {
  const auto items = read_crontab(text, system);
  const auto* found = items.empty() ? nullptr : std::get_if<CrontabEntry>(&items.back().what);
  if (!found) ADD_FAILURE() << "no entry in " << text;
  return found ? *found : CrontabEntry{};
}

CrontabFault fault(std::string_view text, bool system = false) {
  const auto items = read_crontab(text, system);
  const auto* found = items.empty() ? nullptr : std::get_if<CrontabFault>(&items.back().what);
  if (!found) ADD_FAILURE() << "no fault in " << text;
  return found ? *found : CrontabFault{};
}

TEST(Crontab, TakesAnEntryApart) {
  const CrontabEntry e = entry("  5\t0  *  *  *   /usr/bin/backup --all");
  ASSERT_EQ(e.fields.size(), 5u);
  EXPECT_EQ(e.fields[0].text, "5");
  EXPECT_EQ(e.fields[0].column, 3);
  EXPECT_EQ(e.fields[1].column, 5);
  EXPECT_EQ(e.command.text, "/usr/bin/backup --all");
  EXPECT_EQ(e.command.column, 18);
  EXPECT_EQ(e.user.text, "");
}

TEST(Crontab, KnowsTheUserOfSystemCrontabs) {
  const CrontabEntry e = entry("5 0 * * * root /usr/bin/backup", true);
  EXPECT_EQ(e.user.text, "root");
  EXPECT_EQ(e.user.column, 11);
  EXPECT_EQ(e.command.text, "/usr/bin/backup");
  EXPECT_EQ(fault("5 0 * * *", true).why, "the user is missing");
  EXPECT_EQ(fault("5 0 * * * root", true).why, "the command is missing behind the user");
}

TEST(Crontab, KnowsNicknames) {
  EXPECT_EQ(entry("@daily run me").fields[0].text, "@daily");
  EXPECT_EQ(entry("@daily run me").command.text, "run me");
  EXPECT_EQ(entry("@every 90s run me").fields[0].text, "@every 90s");
  EXPECT_EQ(entry("@reboot root run me", true).user.text, "root");
  EXPECT_EQ(fault("@daily").why, "the command is missing");
}

TEST(Crontab, PointsAtWhatIsMissing) {
  EXPECT_EQ(fault("5 0 * *").why, "the day of the week is missing: five fields, then the command");
  EXPECT_EQ(fault("5 0 * *").column, 8);
  EXPECT_EQ(fault("5 0 * * *").why, "the command is missing");
  EXPECT_EQ(fault("hello world").why, "this is neither a schedule with a command nor NAME=value");
  EXPECT_EQ(fault("a b = c").why, "\"a b\" is no variable's name");
  EXPECT_EQ(fault("=c").why, "\"\" is no variable's name");
}

TEST(Crontab, ReadsSettingsWithAndWithoutQuotes) {
  for (const char* text : {"MAILTO=ops", " MAILTO = ops ", "MAILTO=\"ops\"", "'MAILTO'='ops'"}) {
    const auto items = read_crontab(text, false);
    ASSERT_EQ(items.size(), 1u);
    const auto& setting = std::get<CrontabSetting>(items[0].what);
    EXPECT_EQ(setting.name.text, "MAILTO") << text;
    EXPECT_EQ(setting.value, "ops") << text;
  }
  EXPECT_EQ(std::get<CrontabSetting>(read_crontab("A=\"x", false)[0].what).value, "\"x");
}

TEST(Crontab, SplitsTheCommandAtPercentSigns) {
  const CrontabEntry e = entry(R"(0 0 * * * mail -s "50 \% off" x%Hello%World\%)");
  EXPECT_EQ(e.command.text, R"(mail -s "50 % off" x)");
  EXPECT_EQ(e.input, "Hello\nWorld%");
  EXPECT_EQ(entry("0 0 * * * plain").input, "");
}

TEST(Crontab, NamesAnEntryAfterTheCommentAboveIt) {
  EXPECT_EQ(entry("# Nightly backup (big)!\n0 0 * * * x").name, "nightly-backup-big");
  EXPECT_EQ(entry("# Nightly backup\n0 0 * * * x").comment, "Nightly backup");
  EXPECT_EQ(entry("## Nightly backup ##\n0 0 * * * x").name, "nightly-backup");
}

TEST(Crontab, NamesAnEntryAfterItsCommandWhereNoCommentDoes) {
  EXPECT_EQ(entry("0 0 * * * /usr/local/bin/backup.sh --all").name, "backup");
  EXPECT_EQ(entry("# Backup\n\n0 0 * * * mirror|wc").name, "mirror");   // not right above it
  EXPECT_EQ(entry("#0 5 * * * old\n0 0 * * * mirror").name, "mirror");  // switched off
  EXPECT_EQ(entry("# m h  dom mon dow command\n0 0 * * * mirror").name, "mirror");
  EXPECT_EQ(entry("###\n0 0 * * * mirror").name, "mirror");
  EXPECT_EQ(entry("# " + std::string(90, 'x') + "\n0 0 * * * mirror").name, "mirror");
  EXPECT_EQ(entry("0 0 * * * [ -x /a ]").name, "job");
}

TEST(Crontab, NamesNoTwoEntriesAlike) {
  const auto items = read_crontab("0 0 * * * a\n1 0 * * * a\n2 0 * * * a-2\n", false);
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(std::get<CrontabEntry>(items[0].what).name, "a");
  EXPECT_EQ(std::get<CrontabEntry>(items[1].what).name, "a-2");
  EXPECT_EQ(std::get<CrontabEntry>(items[2].what).name, "a-2-2");
}

TEST(Crontab, CountsLinesAndLeavesOutWhatIsNone) {
  const auto items = read_crontab("# one\r\n\r\n0 0 * * * a\r\n   \n@daily b", false);
  ASSERT_EQ(items.size(), 2u);
  EXPECT_EQ(items[0].line, 3);
  EXPECT_EQ(std::get<CrontabEntry>(items[0].what).command.text, "a");
  EXPECT_EQ(items[1].line, 5);
  EXPECT_TRUE(read_crontab("", false).empty());
}

TEST(Crontab, TakesAMinusInFront) {
  EXPECT_EQ(entry("-*/5 * * * * quiet").fields[0].text, "*/5");
  EXPECT_EQ(fault("-x").why, "this is neither a schedule with a command nor NAME=value");
}

}  // namespace
}  // namespace hotclock::cli
