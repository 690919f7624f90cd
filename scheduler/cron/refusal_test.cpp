// What is no expression is refused, with the place, the reason and what would be right.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "scheduler/cron/schedule.h"

namespace hotclock {
namespace {

ScheduleError refusal(std::string_view text, Dialect dialect = Dialect::hotclock) {
  auto read = Schedule::read(text, {.dialect = dialect, .hash_key = "job"});
  if (auto* error = std::get_if<ScheduleError>(&read)) return *error;
  ADD_FAILURE() << "accepted: " << text;
  return {};
}

bool accepted(std::string_view text, Dialect dialect = Dialect::hotclock) {
  return std::holds_alternative<Schedule>(
      Schedule::read(text, {.dialect = dialect, .hash_key = "job"}));
}

// A wrong item, and at which of its characters (from 0) the fault is seen.
struct Bad {
  std::string_view item;
  std::size_t at;
};

constexpr Bad kBadAnywhere[] = {
    {",", 0},      {"1,", 2},        {",1", 0},           {"1,,2", 2},
    {"-", 0},      {"1-", 0},        {"-1", 0},           {"1--2", 2},
    {"1-2-3", 3},  {"/", 0},         {"/2", 0},           {"1/2", 0},
    {"*/", 1},     {"*/0", 2},       {"*/x", 2},          {"*/-1", 2},
    {"*/2/2", 3},  {"*/1000", 2},    {"1-2/", 3},         {"1-2/0", 4},
    {"**", 0},     {"*5", 0},        {"*-5", 0},          {"5*", 1},
    {"*,", 2},     {"1.5", 1},       {"1x1", 1},          {"1e0", 1},
    {"+1", 0},     {"1+", 1},        {"1?", 1},           {"99", 0},
    {"999", 0},    {"1-99", 2},      {"99-1", 0},         {"99999999999999999999", 0},
    {"R", 0},      {"1~5", 1},       {"FOO", 0},          {"$", 0},
    {"1;2", 1},    {"1\xC2\xA0", 1}, {"1\n", 1},          {"\r", 0},
    {"1\v2", 1},   {"'1'", 0},       {"\"1\"", 0},        {"(1)", 0},
    {"[1]", 0},    {"1:2", 1},       {"1=1", 1},          {"a@daily", 0},
    {"h", 0},      {"H(", 2},        {"H(1-2", 0},        {"H(2)", 0},
    {"H(5-2)", 2}, {"H(1-99)", 4},   {"H/0", 2},          {"H/", 1},
    {"H/999", 2},  {"H-5", 0},       {"H5", 0},           {"HH", 0},
    {"#", 0},      {"1#", 0},        {"\xE2\x80\x93", 0},
};

// The five fields, with `item` in one of them and stars in the others.
std::string with(std::size_t field, std::string_view item) {
  std::string out;
  for (std::size_t i = 0; i < 5; ++i) {
    if (i > 0) out += ' ';
    out += i == field ? item : "*";
  }
  return out;
}

TEST(RefusalTest, NothingWrongIsAcceptedInAnyFieldAndItsColumnIsTold) {
  std::size_t refused = 0;
  for (std::size_t field = 0; field < 5; ++field) {
    for (const Bad& bad : kBadAnywhere) {
      const bool weekday = field == 4;
      // In the day-of-week field these mean something, or are wrong elsewhere.
      if (weekday && (bad.item == "+1" || bad.item == "1#")) continue;
      const ScheduleError e = refusal(with(field, bad.item));
      std::size_t at = 2 * field + bad.at + 1;
      if (bad.item == "1#") at = 2 * field + 2;
      EXPECT_EQ(e.column, at) << with(field, bad.item) << ": " << e.message();
      EXPECT_FALSE(e.problem.empty());
      ++refused;
    }
  }
  EXPECT_GT(refused, 300u);
}

struct Refused {
  std::string_view text;
  std::size_t column;
};

TEST(RefusalTest, EachFieldHasItsOwnFaults) {
  constexpr Refused kRefused[] = {
      {"60 * * * *", 1},        {"* 24 * * *", 3},        {"* * 0 * *", 5},
      {"* * 32 * *", 5},        {"* * * 0 *", 7},         {"* * * 13 *", 7},
      {"* * * * 8", 9},         {"60 * * * * *", 1},      {"* * * * * * 1969", 13},
      {"* * * * * * 2200", 13}, {"* * * * * * 99", 13},   {"* * * * * * 2030-2020", 13},
      {"* * * * * * H", 13},    {"* * * * * * L", 13},    {"JAN * * * *", 1},
      {"* MON * * *", 3},       {"* * FRI * *", 5},       {"* * * MON *", 7},
      {"* * * * JAN", 9},       {"0 0 * JAN1 *", 10},     {"0 0 * JANUARY *", 7},
      {"0 0 * * MONDAY", 9},    {"0 0 * * MO", 9},        {"0 0 1,L-31 * *", 7},
      {"0 0 l * *", 5},         {"0 0 lw * *", 5},        {"0 0 15w * *", 7},
      {"0 0 W * *", 5},         {"0 0 W15 * *", 5},       {"0 0 32W * *", 5},
      {"0 0 0W * *", 5},        {"0 0 1-5W * *", 5},      {"0 0 1W-5 * *", 7},
      {"0 0 15W/2 * *", 8},     {"0 0 *W * *", 5},        {"0 0 L-0 * *", 5},
      {"0 0 L-31 * *", 5},      {"0 0 L- * *", 5},        {"0 0 L5 * *", 5},
      {"0 0 L/2 * *", 5},       {"0 0 L-3W * *", 8},      {"0 0 15L * *", 7},
      {"L * * * *", 1},         {"* L * * *", 3},         {"0 0 * L *", 7},
      {"5W * * * *", 2},        {"0 0 * 1W *", 8},        {"0 0 * * 5W", 10},
      {"0 0 * * L", 9},         {"0 0 * * L5", 9},        {"0 0 * * 5l", 10},
      {"0 0 * * fril", 9},      {"0 0 * * 8L", 9},        {"0 0 * * 5#", 10},
      {"0 0 * * 5#0", 11},      {"0 0 * * 5#6", 11},      {"0 0 * * 5#-1", 11},
      {"0 0 * * 5#l", 11},      {"0 0 * * 5#2#3", 12},    {"0 0 * * #2", 9},
      {"0 0 * * 5#2/2", 12},    {"0 0 * * 5#2-3", 12},    {"0 0 * * *#2", 9},
      {"0 0 * * 8#1", 9},       {"0 0 5#2 * *", 6},       {"0 0 * * 5L-6", 11},
      {"0 0 1 * MON+", 12},     {"0 0 +1 * MON", 5},      {"+0 0 * * *", 1},
      {"0 0 1 * ++MON", 10},    {"0 0 1 * +", 10},        {"0 0 1 * MON,+TUE", 13},
      {"? * * * *", 1},         {"* ? * * *", 3},         {"* * * ? *", 7},
      {"0 0 ?,1 * *", 5},       {"0 0 ?/2 * *", 5},       {"0 0 1 * ?L", 9},
      {"? * * * * *", 1},       {"*/61 * * * *", 3},      {"* */25 * * *", 5},
      {"* * */32 * *", 7},      {"* * * */13 *", 9},      {"* * * * */8", 11},
      {"0 0 H(1-31) * *", 9},   {"0 0 H(29-30) * *", 10}, {"H(0-60) * * * *", 5},
      {"0 0 * * H(0-7)", 13},   {"1,60 * * * *", 3},      {"0 1-24 * * *", 5},
      {"0 0 1-32 * *", 7},      {"0 0 * FEB-FOO *", 11},  {"0 0 * * MON-FRY", 13},
  };
  for (const Refused& r : kRefused) {
    const ScheduleError e = refusal(r.text);
    EXPECT_EQ(e.column, r.column) << r.text << ": " << e.message();
  }
}

TEST(RefusalTest, TheNumberOfFieldsMustBeRight) {
  EXPECT_EQ(refusal("").problem, "the expression is empty");
  EXPECT_EQ(refusal(" \t ").problem, "the expression is empty");
  EXPECT_EQ(refusal("*").problem, "1 field are too few");
  EXPECT_EQ(refusal("* * * *").column, 8u);
  EXPECT_EQ(refusal("* * * * * * * *").column, 15u);
  EXPECT_EQ(refusal("* * * * * * * * 9").problem, "9 fields are too many");
  EXPECT_EQ(refusal("*****").column, 1u + 5u);
}

TEST(RefusalTest, NicknamesAreWrittenAsTheyAreAndStandAlone) {
  EXPECT_EQ(refusal("@Daily").suggestion, "@daily");
  EXPECT_EQ(refusal("@HOURLY").suggestion, "@hourly");
  EXPECT_EQ(refusal("@yearli").suggestion, "@yearly");
  EXPECT_EQ(refusal("@daily 5").column, 8u);
  EXPECT_EQ(refusal("@reboot x").column, 9u);
  EXPECT_EQ(refusal("5 @daily").column, 9u);
  for (std::string_view text :
       {"@", "@ daily", "@daily@daily", "@secondly", "@5minutes", "@weekdays"})
    refusal(text);
}

TEST(RefusalTest, SpansAreWholeSecondsWithUnits) {
  EXPECT_EQ(refusal("@every").column, 1u);
  EXPECT_EQ(refusal("@every 90").suggestion, "90s");
  EXPECT_EQ(refusal("@every 500ms").column, 11u);
  EXPECT_EQ(refusal("@every 0s").suggestion, "1s");
  EXPECT_EQ(refusal("@every 367d").suggestion, "366d");
  EXPECT_EQ(refusal("@every 1h 30m").column, 11u);
  for (std::string_view text : {"@every 1.5h", "@every -1s", "@every h", "@every 5x",
                                "@every 99999999999s", "@every90s", "@Every 90s", "@every 1w"})
    refusal(text);
  EXPECT_TRUE(accepted("@every 366d"));
}

TEST(RefusalTest, AZoneInFrontMustExist) {
  EXPECT_EQ(refusal("CRON_TZ=Australia/Sydny 5 0 * * *").suggestion, "Australia/Sydney");
  EXPECT_EQ(refusal("CRON_TZ=Australia/Sydny 5 0 * * *").column, 9u);
  EXPECT_EQ(refusal("TZ=0 5 0 * * *").column, 4u);
  EXPECT_EQ(refusal("TZ= 5 0 * * *").problem, "the zone's name is missing");
  EXPECT_EQ(refusal("TZ=UTC").problem, "the expression is empty");
  EXPECT_EQ(refusal("5 0 * * * TZ=UTC").column, 11u);
}

TEST(RefusalTest, AZoneGivenBesideTheTextHasNoColumn) {
  const auto read = Schedule::read("* * * * *", {.zone = "Europe/Berln"});
  const ScheduleError& e = std::get<ScheduleError>(read);
  EXPECT_EQ(e.column, 0u);
  EXPECT_EQ(e.message(), "unknown time zone \"Europe/Berln\"; did you mean \"Europe/Berlin\"?");
}

TEST(RefusalTest, StrictTakesNoExtension) {
  for (std::string_view text :
       {"0 22-2 * * *", "0 0 * NOV-FEB *", "0 0 * * FRI-MON", "0 0 * * 6-0", "0 0 L-3 * *",
        "0 0 LW * *", "0 0 1W,15W * *", "0 0 1,15W * *", "0 0 * * MON-FRI#2", "H * * * *",
        "H/15 * * * *", "@every 90s", "CRON_TZ=UTC 0 0 * * *", "TZ=UTC 0 0 * * *"}) {
    refusal(text, Dialect::strict);
    EXPECT_TRUE(accepted(text)) << text;
  }
  EXPECT_EQ(refusal("0 22-2 * * *", Dialect::strict).suggestion, "22-23,0-2");
}

TEST(RefusalTest, QuartzWantsSecondsAndOneQuestionMark) {
  for (std::string_view text :
       {"0 0 12 * * *", "0 0 12 ? * ?", "0 0 12 1 * MON", "0 12 * * ?", "@daily", "0 0 12 ? * 0",
        "0 0 12 ? * 8", "0 0 12 ? * 5#6", "0 0 12 ? * +MON", "0 0 12 H * ?", "60 * * * * ?",
        "*/60 * * * * ?", "0 0 12 ? * 5#L", "* * * * * ? 1969", "CRON_TZ=UTC 0 0 12 * * ?"})
    refusal(text, Dialect::quartz);
  EXPECT_EQ(refusal("0 0 12 * * *", Dialect::quartz).suggestion, "?");
  EXPECT_EQ(refusal("0 0 12 * * *", Dialect::quartz).column, 12u);
}

TEST(RefusalTest, AMessageHasPlaceReasonRangeAndCorrection) {
  EXPECT_EQ(refusal("0 24 * * *").message(),
            "column 3: hour 24 is out of range (0-23); did you mean 23?");
  const auto parsed = Schedule::parse("0 24 * * *");
  EXPECT_EQ(parsed.error(),
            Error(Errc::invalid, "column 3: hour 24 is out of range (0-23); did you mean 23?"));
  const ScheduleError e = refusal("0 24 * * *");
  EXPECT_EQ(e.field, "hour");
  EXPECT_EQ(e.token, "24");
  EXPECT_EQ(e.accepted, "0-23");
  EXPECT_EQ(caret("0 24 * * *", e), "0 24 * * *\n  ^^");
}

TEST(RefusalTest, TheNearestCorrectionIsTold) {
  const auto fix = [](std::string_view text) { return refusal(text).suggestion; };
  EXPECT_EQ(fix("/30 * * * *"), "*/30");
  EXPECT_EQ(fix("0/15 * * * *"), "0-59/15");
  EXPECT_EQ(fix("*5 * * * *"), "*/5");
  EXPECT_EQ(fix("1,,2 * * * *"), "1,2");
  EXPECT_EQ(fix("1, * * * *"), "1");
  EXPECT_EQ(fix("0 0 15w * *"), "15W");
  EXPECT_EQ(fix("0 0 W15 * *"), "15W");
  EXPECT_EQ(fix("0 0 * * MONDAY"), "MON");
  EXPECT_EQ(fix("0 0 * * MOM"), "MON");
  EXPECT_EQ(fix("0 0 * FEV *"), "FEB");
  EXPECT_EQ(fix("0 0 * * L"), "SAT#L");
  EXPECT_EQ(fix("0 0 * * L5"), "5L");
  EXPECT_EQ(fix("0 0 * * 5#6"), "5");
  EXPECT_EQ(fix("? * * * *"), "*");
  EXPECT_EQ(fix("* * * * * * 1969"), "1970");
}

TEST(RefusalTest, ABareLInDayOfWeekSaysWhatToWrite) {
  EXPECT_EQ(refusal("0 0 * * L").accepted,
            "5L or FRI#L is the last Friday of the month, SAT is every Saturday");
}

TEST(RefusalTest, AStepLargerThanItsFieldSaysWhatItWouldMean) {
  EXPECT_EQ(refusal("*/99 * * * *").problem,
            "step 99 is larger than the minute field: `*/99` would be no more than 0");
  EXPECT_TRUE(accepted("*/60 * * * *"));
}

TEST(RefusalTest, ColumnsCountCharactersAndTokensAreSafeToShow) {
  EXPECT_EQ(refusal("\xC3\xA4 * * * *").column, 1u);
  EXPECT_EQ(refusal("* \xC3\xA4 * * *").token, "?");
  EXPECT_EQ(refusal("* 5\xC2\xA0* * * *").column, 4u);
  EXPECT_NE(refusal("* 5\xC2\xA0* * * *").problem.find("no-break space"), std::string::npos);
  EXPECT_EQ(refusal("\x1B[31m * * * *").token, "?");
  EXPECT_LE(refusal(std::string(3000, 'x') + " * * * *").message().size(), 300u);
  EXPECT_EQ(refusal(std::string(5000, '*')).problem, "the expression is too long");
}

}  // namespace
}  // namespace hotclock
