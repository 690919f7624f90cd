#include "scheduler/core/execution_log.h"

#include <gtest/gtest.h>

#include <thread>

namespace hotclock {
namespace {

TEST(ExecutionLog, KeepsWhatWasSaid) {
  ExecutionLog log;
  EXPECT_TRUE(log.text().empty());
  log.line("starting");
  log.append("half a ");
  log.append("line");
  log.line("our own");
  EXPECT_EQ(log.text().text, "starting\nhalf a line\nour own\n");
  EXPECT_EQ(log.text().dropped, 0);
}

TEST(ExecutionLog, KeepsTheEndOfWhatIsTooMuchAndCountsTheRest) {
  ExecutionLog log(10);
  for (int i = 0; i < 10'000; ++i) log.append("0123456789");
  log.append("abc");
  EXPECT_EQ(log.text().text, "3456789abc");
  EXPECT_EQ(log.text().dropped, 99'993);
}

TEST(ExecutionLog, CutsNoCharacterInTwo) {
  ExecutionLog log(4);
  log.append("\xE2\x82\xAC\xE2\x82\xAC");  // two euro signs of three bytes
  EXPECT_EQ(log.text().text, "\xE2\x82\xAC");
  EXPECT_EQ(log.text().dropped, 3);
}

TEST(ExecutionLog, MakesTextOfWhatIsNone) {
  ExecutionLog log;
  log.append(std::string_view("a\0b\xFFz", 5));
  EXPECT_EQ(log.text().text,
            "a\xE2\x90\x80"
            "b\xEF\xBF\xBDz");
}

TEST(ExecutionLog, HidesASecretWhereverItIsCut) {
  const std::string said = "token=s3cret-value; again s3cret-value.";
  for (std::size_t first = 0; first <= said.size(); ++first)
    for (std::size_t second = first; second <= said.size(); ++second) {
      ExecutionLog log;
      log.hide("s3cret-value");
      log.append(said.substr(0, first));
      log.append(said.substr(first, second - first));
      log.append(said.substr(second));
      ASSERT_EQ(log.text().text, "token=***; again ***.") << first << " " << second;
    }
}

TEST(ExecutionLog, HidesASecretOneByteAtATime) {
  ExecutionLog log;
  log.hide("aab");
  log.hide("longer-than-aab");
  for (const char c : std::string("aaab longer-than-aab longer-than-aa"))
    log.append(std::string(1, c));
  EXPECT_EQ(log.text().text, "a*** *** ***");
}

TEST(ExecutionLog, HidesTheBeginningOfASecretThatWasCutOff) {
  ExecutionLog log;
  log.hide("s3cret-value");
  log.append("it is s3cret-val");
  EXPECT_EQ(log.text().text, "it is ***");
}

TEST(ExecutionLog, HidesASecretWhoseBeginningIsDropped) {
  ExecutionLog log(8);
  log.hide("s3cret-value");
  for (int i = 0; i < 1000; ++i) log.append("s3cret-value");
  EXPECT_EQ(log.text().text, "********");
}

TEST(ExecutionLog, HidesWhatNamesItselfASecretOfWhichNobodyTold) {
  ExecutionLog log(ExecutionLog::usual, {"iban"});
  log.hide("hunter2");
  log.append("env: API_TO");
  log.append("KEN=abc\niban=DE02 pw hunter2 postgres://a:b");
  EXPECT_EQ(log.text().text, "env: API_TOKEN=***\niban=*** pw *** postgres://a:***");
  EXPECT_EQ(log.behind(0).text, "env: API_TOKEN=***\niban=*** pw *** postgres://");
  log.line("over");
  EXPECT_TRUE(log.text().text.ends_with("//a:b\nover\n")) << "there is no '@': it was none";
}

TEST(ExecutionLog, ShowsWhatItHasWhileItGrows) {
  ExecutionLog log(8);
  log.hide("s3cret");
  log.append("it is s3c");
  EXPECT_EQ(log.behind(0).text, "it is ") << "what may become a secret is not shown yet";
  log.append("ond\xE2\x82");
  EXPECT_EQ(log.behind(6).text, "s3cond") << "nor half a character";
  log.append("\xAC!");
  const auto piece = log.behind(0);
  EXPECT_EQ(piece.text, "cond\xE2\x82\xAC!") << "no more than is kept";
  EXPECT_EQ(piece.begins, 8);
  EXPECT_EQ(piece.kept_from, 8);
  EXPECT_TRUE(log.behind(16).text.empty());
}

TEST(ExecutionLog, EachByteHasTheSamePlaceAtTheEnd) {
  ExecutionLog log(100);
  log.append(std::string_view("a\0b\xFF", 4));
  const auto piece = log.behind(0);
  log.append("z");
  EXPECT_EQ(log.behind(static_cast<std::int64_t>(piece.text.size())).text, "z");
  EXPECT_EQ(log.text().text, piece.text + "z");
}

TEST(ExecutionLog, ShowsNothingOnceItIsFinished) {
  ExecutionLog log, silent;
  log.append("said");
  log.behind(0);
  silent.append("said, and shown to nobody");
  const auto whole = log.finish();
  EXPECT_EQ(whole.log.text, "said");
  EXPECT_TRUE(whole.shown);
  EXPECT_TRUE(log.behind(0).text.empty());
  EXPECT_FALSE(silent.finish().shown);
}

TEST(ExecutionLog, KnowsItsLastLine) {
  ExecutionLog log;
  EXPECT_EQ(log.last_line(), "");
  log.append("first\nthe disk is \x1b[31mfull\r\n\n  \n");
  EXPECT_EQ(log.last_line(), "the disk is [31mfull");
}

TEST(ExecutionLog, TakesFromManyThreadsAtOnce) {
  ExecutionLog log(1 << 20);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&log] {
        for (int n = 0; n < 1000; ++n) log.append("x");
      });
  }
  EXPECT_EQ(log.text().text.size(), 4000U);
}

}  // namespace
}  // namespace hotclock
