#include "service/past/exporting.h"

#include <sstream>

#include <boost/json/parse.hpp>

#include "service/past/past_support.h"

namespace hotclock::past {
namespace {

class ExportTest : public PastFixture {
 protected:
  std::string all(ledger::SlotQuery query, Format format) {
    std::string text;
    for (;;) {
      const auto page = must(export_page(db(), query, format));
      text += page.text;
      if (!page.next) return text;
      query.after = page.next;
    }
  }
};

TEST_F(ExportTest, JsonLinesAreOneObjectForEachSlot) {
  const auto execution =
      ended("pay", t0 + 5ms,
            {.end = End::failed, .late = 1s, .took = 250ms, .error = "he said \"no\"\nand left"});
  const std::string text = all({}, Format::jsonl);
  ASSERT_TRUE(text.ends_with("}\n"));
  const auto line = boost::json::parse(text).as_object();
  EXPECT_EQ(line.at("job"), "pay");
  EXPECT_EQ(line.at("end"), "failed");
  EXPECT_EQ(line.at("slot"), 1);
  EXPECT_EQ(line.at("took_ms"), 250);
  EXPECT_EQ(line.at("queue"), "default");
  EXPECT_EQ(line.at("node"), "node-a");
  EXPECT_EQ(line.at("execution").as_string(), execution);
  EXPECT_EQ(line.at("reason"), "he said \"no\"\nand left");
  EXPECT_EQ(line.at("scheduled_for"), "2026-09-21T14:13:20.005Z");
  EXPECT_EQ(line.at("ended_at"), "2026-09-21T14:13:21.255Z");
}

TEST_F(ExportTest, CsvQuotesWhatNeedsIt) {
  ended("pay", t0, {.end = End::failed, .error = "he said \"no\", and left"});
  const std::string text = all({}, Format::csv);
  EXPECT_NE(text.find(",\"he said \"\"no\"\", and left\"\r\n"), std::string::npos);
  EXPECT_EQ(std::ranges::count(csv_header(), ','), 15);
}

TEST_F(ExportTest, ASpreadsheetWorksOutNothingOfIt) {
  ended("pay", t0, {.end = End::failed, .error = "=HYPERLINK(\"http://x\")"});
  EXPECT_NE(all({}, Format::csv).find("\"'=HYPERLINK(\"\"http://x\"\")\""), std::string::npos);
}

TEST_F(ExportTest, ALongPageHasEachSlotOnceAndTheNewestFirst) {
  constexpr int many = 320;  // more than is asked at once, twice
  for (int i = 0; i < many; ++i) ended("pay", t0 + i * 1min);
  const auto page = must(export_page(db(), {.limit = 1'000}, Format::csv));
  EXPECT_FALSE(page.next);
  std::istringstream lines(page.text);
  int expected = many;
  for (std::string line; std::getline(lines, line); --expected)
    EXPECT_TRUE(line.starts_with(std::to_string(expected) + ",pay,")) << line;
  EXPECT_EQ(expected, 0);
}

TEST_F(ExportTest, PagesFollowOneAnotherAndTakeTheFiltersOfLists) {
  for (int i = 0; i < 7; ++i)
    ended("pay", t0 + i * 1min, {.end = i % 2 ? End::failed : End::completed});
  worker().enters("pay", t0 + 1h);  // has not ended
  const std::string failed = all({.ended = End::failed, .limit = 2}, Format::csv);
  EXPECT_EQ(std::ranges::count(failed, '\n'), 3);
  EXPECT_EQ(std::ranges::count(all({.limit = 2}, Format::jsonl), '\n'), 7);
  EXPECT_EQ(all({.job = "rank"}, Format::jsonl), "");
}

}  // namespace
}  // namespace hotclock::past
