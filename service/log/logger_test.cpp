#include "service/log/logger.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <limits>

namespace hotclock::log {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

const Instant five_past = from_millis(1'795'565'100'000);  // 2026-11-25T00:05:00Z
const Uuid execution = *Uuid::parse("0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a");

struct LoggerTest : testing::Test {
  ManualClock clock{five_past};
  Lines lines;

  Logger logger(LoggerSettings settings) {
    return Logger(std::move(settings), clock,
                  [this](std::string_view line) { lines.emplace_back(line); });
  }
};

boost::json::object parsed(const std::string& line) { return boost::json::parse(line).as_object(); }

TEST(TextLine, ReadsLikeASentenceWithItsFacts) {
  EXPECT_EQ(text_line({five_past + 250ms,
                       Level::info,
                       "paid the bonus",
                       {{"job", "og-daily-bonus"},
                        {"slot", five_past},
                        {"execution", execution},
                        {"users", 4213},
                        {"late", 4200ms},
                        {"share", 0.5},
                        {"again", false}}}),
            "2026-11-25T00:05:00.250Z info     paid the bonus  job=og-daily-bonus "
            "slot=2026-11-25T00:05:00Z execution=0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a users=4213 "
            "late=4.2s share=0.5 again=false");
}

TEST(TextLine, QuotesWhatCouldBeMisread) {
  EXPECT_EQ(
      text_line({five_past,
                 Level::error,
                 "it \"failed\"",
                 {{"why", "no room"}, {"path", "a=b"}, {"none", ""}, {"said", "\"x\""}}}),
      "2026-11-25T00:05:00.000Z error    it \"failed\"  why=\"no room\" path=\"a=b\" none=\"\" "
      "said=\"\\\"x\\\"\"");
}

TEST(TextLine, StaysOneLineWhateverItIsTold) {
  EXPECT_EQ(text_line({five_past, Level::info, "a\nb", {{"c", "d\r\n\x1b[31m"}}}),
            "2026-11-25T00:05:00.000Z info     a\\nb  c=\"d\\r\\n\\u001b[31m\"");
}

TEST(JsonLine, IsAnObjectWithTypedFields) {
  const auto line = parsed(json_line({five_past,
                                      Level::warning,
                                      "the slot is late",
                                      {{"job", "og-daily-bonus"},
                                       {"slot", five_past},
                                       {"execution", execution},
                                       {"users", std::size_t{7}},
                                       {"late", 4200ms},
                                       {"again", true},
                                       {"share", 0.25}},
                                      "syd-1"}));
  EXPECT_EQ(line.at("time"), "2026-11-25T00:05:00.000Z");
  EXPECT_EQ(line.at("level"), "warning");
  EXPECT_EQ(line.at("message"), "the slot is late");
  EXPECT_EQ(line.at("job"), "og-daily-bonus");
  EXPECT_EQ(line.at("slot"), "2026-11-25T00:05:00Z");
  EXPECT_EQ(line.at("execution"), boost::json::string(execution.text()));
  EXPECT_EQ(line.at("users"), 7);
  EXPECT_EQ(line.at("late_ms"), 4200);
  EXPECT_EQ(line.at("again"), true);
  EXPECT_EQ(line.at("share"), 0.25);
  EXPECT_EQ(line.at("node"), "syd-1");
}

TEST(JsonLine, IsValidWhateverTheTextsHold) {
  std::string every_byte;
  for (int c = 0; c < 256; ++c) every_byte += static_cast<char>(c);
  const std::string line =
      json_line({five_past, Level::info, every_byte, {{every_byte, every_byte}}});
  const auto object = parsed(line);  // Boost.JSON refuses broken UTF-8
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_TRUE(object.at("message").as_string().starts_with(std::string_view("\0\x01\x02", 3)));
}

TEST(JsonLine, KeepsGoodCharactersAndReplacesBrokenOnes) {
  const auto said = [](std::string_view text) {
    return std::string(parsed(json_line({five_past, Level::info, text})).at("message").as_string());
  };
  for (const char* good : {"größe", "दशैं", "🎉", "\xED\x9F\xBF", "\xF4\x8F\xBF\xBF"})
    EXPECT_EQ(said(good), good);
  EXPECT_EQ(said("a\xff"
                 "b"),
            "a\xEF\xBF\xBD"
            "b");
  for (const char* broken : {"\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE0\x80\x80",
                             "\xF0\x80\x80\x80", "\x80", "\xF5\x80\x80\x80"})
    EXPECT_TRUE(said(broken).starts_with("\xEF\xBF\xBD")) << broken;
}

TEST(JsonLine, HasNoNameTwice) {
  const auto line = parsed(json_line({five_past, Level::info, "m", {{"level", 3}, {"time", "x"}}}));
  EXPECT_EQ(line.at("level"), "info");
  EXPECT_EQ(line.at("level_"), 3);
  EXPECT_EQ(line.at("time_"), "x");
}

TEST(JsonLine, KnowsNoInfinity) {
  const auto line = parsed(json_line({five_past,
                                      Level::info,
                                      "m",
                                      {{"a", std::numeric_limits<double>::infinity()},
                                       {"b", std::numeric_limits<double>::quiet_NaN()}}}));
  EXPECT_TRUE(line.at("a").is_null());
  EXPECT_TRUE(line.at("b").is_null());
}

TEST(BothLines, TellNoPasswords) {
  const Entry entry{five_past,
                    Level::error,
                    "cannot reach postgresql://u:s3cret@db/x",
                    {{"url", "postgresql://u:s3cret@db/x"}, {"dsn", "password=s3cret"}}};
  for (const std::string& line : {text_line(entry), json_line(entry)})
    EXPECT_EQ(line.find("s3cret"), std::string::npos) << line;
}

TEST_F(LoggerTest, WritesWhatIsAtOrAboveItsLevel) {
  Logger log = logger({.level = Level::warning});
  log.info("too quiet");
  log.warning("loud enough");
  EXPECT_EQ(lines, Lines{"2026-11-25T00:05:00.000Z warning  loud enough"});
}

TEST_F(LoggerTest, WritesInItsFormatWithItsNode) {
  Logger log = logger({.format = Format::json, .node = "syd-1"});
  log.info("hello", {{"job", "a"}});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(parsed(lines[0]).at("node"), "syd-1");
}

TEST_F(LoggerTest, LeavesOutRepeatedErrorsAndCountsThem) {
  Logger log = logger({.repeat_after = 10s});
  for (int i = 0; i < 5; ++i) log.error("the ledger is away", {{"attempt", i}});
  ASSERT_EQ(lines.size(), 1u);
  clock.advance(10s);
  log.error("the ledger is away", {{"attempt", 5}});
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[1].find("attempt=5 left_out=4"), std::string::npos) << lines[1];
}

TEST_F(LoggerTest, WritesAnErrorAgainWhenItsTimeIsOver) {
  Logger log = logger({.repeat_after = 10s});
  log.error("away");
  clock.advance(9s);
  log.error("away");
  EXPECT_EQ(lines.size(), 1u);
  clock.advance(11s);
  log.error("away");
  clock.advance(10s);
  log.error("away");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_NE(lines[1].find("left_out=1"), std::string::npos);
  EXPECT_EQ(lines[2].find("left_out"), std::string::npos);
}

TEST_F(LoggerTest, TellsJobsLevelsAndMessagesApart) {
  Logger log = logger({});
  log.error("failed", {{"job", "a"}});
  log.error("failed", {{"job", "b"}});
  log.warning("failed", {{"job", "a"}});
  log.error("stuck", {{"job", "a"}});
  EXPECT_EQ(lines.size(), 4u);
}

TEST_F(LoggerTest, NeverLeavesOutWhatIsNoWarning) {
  Logger log = logger({});
  for (int i = 0; i < 3; ++i) log.info("done");
  EXPECT_EQ(lines.size(), 3u);
}

TEST_F(LoggerTest, LeavesOutNothingWhereToldSo) {
  Logger log = logger({.repeat_after = 0s});
  for (int i = 0; i < 3; ++i) log.error("away");
  EXPECT_EQ(lines.size(), 3u);
}

TEST_F(LoggerTest, TellsOfRepeatedLinesThatCameToAnEnd) {
  Logger log = logger({.repeat_after = 10s});
  log.error("away", {{"job", "a"}});
  log.error("away", {{"job", "a"}});
  clock.advance(5s);
  log.info("something else");
  EXPECT_EQ(lines.size(), 2u);
  clock.advance(5s);
  log.info("something else");
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_NE(lines[2].find("away  job=a left_out=1"), std::string::npos) << lines[2];
}

TEST_F(LoggerTest, TellsOfAllRepeatedLinesWhenItEnds) {
  {
    Logger log = logger({});
    log.error("away");
    log.error("away");
  }
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_NE(lines[1].find("left_out=1"), std::string::npos);
}

TEST_F(LoggerTest, RemembersNoMoreThanAThousandDifferentErrors) {
  Logger log = logger({});
  for (int i = 0; i < 1100; ++i) log.error("failed " + std::to_string(i));
  log.error("failed 7");
  EXPECT_EQ(lines.size(), 1100u);
  log.error("failed 1099");
  EXPECT_EQ(lines.size(), 1101u);
}

TEST(ToStderr, WritesWholeLines) {
  testing::internal::CaptureStderr();
  to_stderr()("one line");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "one line\n");
}

}  // namespace
}  // namespace hotclock::log
