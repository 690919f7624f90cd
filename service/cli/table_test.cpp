#include "service/cli/table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "service/cli/console.h"

namespace hotclock::cli {
namespace {

using Kind = Column::Kind;

Table jobs() {
  Table table({{"JOB"}, {"PAID", Kind::number}, {"STATE"}});
  table.add({"og-daily-bonus", "4213", {"completed", Tone::good}});
  table.add({"throne-expiry", "7", {"failed", Tone::bad}});
  return table;
}

TEST(Table, AlignsTextsLeftAndNumbersRight) {
  EXPECT_EQ(jobs().text({}),
            "JOB             PAID  STATE\n"
            "og-daily-bonus  4213  completed\n"
            "throne-expiry      7  failed\n");
}

TEST(Table, HasColourOnlyWhereTold) {
  EXPECT_EQ(jobs().text({}).find('\033'), std::string::npos);
  const std::string coloured = jobs().text({0, true});
  EXPECT_NE(coloured.find("\033[31mfailed\033[0m"), std::string::npos);
  EXPECT_NE(coloured.find("\nog-daily-bonus  4213  \033[32mcompleted\033[0m\n"), std::string::npos);
}

TEST(Table, CountsColumnsOfATerminalNotBytes) {
  Table table({{"NAME"}, {"N", Kind::number}});
  table.add({"größe", "1"});
  table.add({"दशैं", "2"});
  table.add({"祭り", "3"});
  table.add({"plain", "4"});
  EXPECT_EQ(table.text({}),
            "NAME   N\n"
            "größe  1\n"
            "दशैं     2\n"
            "祭り   3\n"
            "plain  4\n");
  EXPECT_EQ(display_width("e\xCC\x81"), 1);
  EXPECT_EQ(display_width("🎉"), 2);
  EXPECT_EQ(display_width("\xFF"), 1);
}

TEST(Table, CutsOnlyWhatMayBeCutAndOnlyWhenTooWide) {
  Table table({{"JOB"}, {"ERROR", Kind::cut}});
  table.add({"stream-ranking", "the database is locked by pid 4711"});
  EXPECT_EQ(table.text({30}),
            "JOB             ERROR\n"
            "stream-ranking  the database …\n");
  EXPECT_NE(table.text({50}).find("pid 4711\n"), std::string::npos);
  EXPECT_NE(table.text({0}).find("pid 4711\n"), std::string::npos);
}

TEST(Table, KeepsAColumnReadableHoweverNarrowTheTerminal) {
  Table table({{"JOB"}, {"ERROR", Kind::cut}});
  table.add({"stream-ranking", "the database is locked"});
  EXPECT_EQ(table.text({10}),
            "JOB             ERROR\n"
            "stream-ranking  the dat…\n");
}

TEST(Table, WrapsAtSpaces) {
  Table table({{"LINE", Kind::number}, {"REMARK", Kind::wrapped}});
  table.add({"12", "either the day or the weekday is enough"});
  EXPECT_EQ(table.text({24}),
            "LINE  REMARK\n"
            "  12  either the day or\n"
            "      the weekday is\n"
            "      enough\n");
}

TEST(Table, WrapsAWordThatIsTooLong) {
  Table table({{"A", Kind::wrapped}});
  table.add({"abcdefghijklmnop qr"});
  EXPECT_EQ(table.text({8}), "A\nabcdefgh\nijklmnop\nqr\n");
}

TEST(Table, LetsNoDataSteerTheTerminal) {
  Table table({{"A"}});
  table.add({"a\033[31mb\nc\x7f\xFF\xC2\x9B"});
  EXPECT_EQ(table.text({}), "A\na?[31mb c?\xEF\xBF\xBD?\n");
}

TEST(Table, ShowsItsTitlesAlone) {
  EXPECT_TRUE(Table({{"A"}}).empty());
  EXPECT_EQ(Table({{"A"}, {"B"}}).text({}), "A  B\n");
}

TEST(Look, KnowsATerminalAndNoColour) {
  std::istringstream in;
  std::ostringstream out, err;
  ManualClock clock{Instant{}};
  Console console{in, out, err, clock};
  console.width = 100;
  EXPECT_EQ(look_of(console).width, 0);
  EXPECT_FALSE(look_of(console).colour);
  console.out_is_terminal = true;
  EXPECT_EQ(look_of(console).width, 100);
  EXPECT_TRUE(look_of(console).colour);
  console.environment["NO_COLOR"] = "";
  EXPECT_TRUE(look_of(console).colour);
  console.environment["NO_COLOR"] = "1";
  EXPECT_FALSE(look_of(console).colour);
  EXPECT_EQ(look_of(console).width, 100);
}

}  // namespace
}  // namespace hotclock::cli
