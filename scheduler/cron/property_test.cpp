// Generated expressions against the naive reading of them, and what must hold for every schedule.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "scheduler/cron/naive_support.h"
#include "scheduler/cron/plan.h"
#include "scheduler/cron/schedule.h"

namespace hotclock {
namespace {

using rc::Gen;

int pick(int low, int high) { return *rc::gen::inRange(low, high + 1); }

std::string number(int low, int high) { return std::to_string(pick(low, high)); }

// A star, a value, a range or a step of a field.
std::string plain_item(int low, int high) {
  switch (pick(0, 5)) {
    case 0:
      return "*/" + number(1, high - low);
    case 1:
      return number(low, high) + "-" + number(low, high);
    case 2:
      return number(low, high) + "-" + number(low, high) + "/" + number(1, high - low);
    default:
      return number(low, high);
  }
}

template <class Item>
std::string list_of(Item item, int stars) {
  if (pick(0, 9) < stars) return "*";
  std::string out = item();
  for (int more = pick(0, 2); more > 0; --more) out += "," + item();
  return out;
}

std::string day_item() {
  switch (pick(0, 7)) {
    case 0:
      return "L";
    case 1:
      return "LW";
    case 2:
      return "L-" + number(1, 30);
    case 3:
      return number(1, 31) + "W";
    default:
      return plain_item(1, 31);
  }
}

std::string weekday_item() {
  switch (pick(0, 5)) {
    case 0:
      return number(0, 7) + "L";
    case 1:
      return number(0, 7) + "#" + number(1, 5);
    case 2:
      return "FRI-" + std::string(pick(0, 1) != 0 ? "SUN" : "MON");
    default:
      return plain_item(0, 6);
  }
}

std::string date_fields() {
  const std::string days = list_of(day_item, 4);
  const std::string months = list_of([] { return plain_item(1, 12); }, 6);
  const std::string plus = pick(0, 3) == 0 ? "+" : "";
  return days + " " + months + " " + plus + list_of(weekday_item, 4);
}

std::string expression() {
  const std::string minute = list_of([] { return plain_item(0, 59); }, 2);
  const std::string hour = list_of([] { return plain_item(0, 23); }, 3);
  return minute + " " + hour + " " + date_fields();
}

std::string some_zone() {
  static const std::vector<std::string> zones{"UTC",
                                              "America/New_York",
                                              "Europe/London",
                                              "Australia/Lord_Howe",
                                              "Antarctica/Troll",
                                              "Africa/Casablanca",
                                              "Asia/Kathmandu",
                                              "America/Santiago",
                                              "Pacific/Apia",
                                              "Africa/Cairo"};
  return zones[static_cast<std::size_t>(pick(0, static_cast<int>(zones.size()) - 1))];
}

DstRule some_rule() { return static_cast<DstRule>(pick(0, 2)); }

Schedule parsed(const std::string& text, const std::string& zone = "UTC",
                DstRule rule = DstRule::vixie) {
  return Schedule::parse(text, {.zone = zone, .dst = rule}).value();
}

// The days of 1970 to 2199 at noon.
RC_GTEST_PROP(PropertyTest, EveryDateEqualsTheNaiveCalendar, ()) {
  const std::string text = "0 12 " + date_fields();
  const Schedule schedule = parsed(text);
  const Naive naive(text);
  const std::int64_t from_year = pick(1970, 2160);
  std::vector<std::int64_t> expected;
  const std::int64_t begin = days_of(from_year, 1, 1), end = days_of(from_year + 40, 1, 1);
  for (std::int64_t day = begin; day < end; ++day)
    if (naive.names_date(civil_of(day * 86400))) expected.push_back(day * 86400 + 43200);
  RC_ASSERT(due(schedule, begin * 86400, end * 86400) == expected);
  RC_ASSERT(due_backwards(schedule, begin * 86400, end * 86400) == expected);
  if (!expected.empty()) RC_ASSERT(!schedule.never());
}

RC_GTEST_PROP(PropertyTest, EveryMinuteAroundAChangeEqualsTheDaemon, ()) {
  const std::string text = expression(), name = some_zone();
  const DstRule rule = some_rule();
  const Schedule schedule = parsed(text, name, rule);
  const auto segments = schedule.zone().segments();
  const std::int64_t middle =
      segments.size() < 2
          ? 1'800'000'000
          : segments[static_cast<std::size_t>(pick(1, static_cast<int>(segments.size()) - 1))]
                .begin;
  const std::int64_t begin = (middle - 30 * 3600) / 60 * 60, end = begin + 60 * 3600;
  if (begin < 0 || end > cron::kWallEnd) return;
  const auto expected = play_daemon(Naive(text), schedule.zone(), rule, begin, end);
  RC_ASSERT(due(schedule, begin, end) == expected);
  RC_ASSERT(due_backwards(schedule, begin, end) == expected);
}

RC_GTEST_PROP(PropertyTest, SecondsAreNamedAsTheFieldsSay, ()) {
  const std::string second = list_of([] { return plain_item(0, 59); }, 2);
  const std::string text = second + " " + expression();
  const Schedule schedule = parsed(text);
  const Naive naive(text);
  const std::int64_t begin = std::int64_t{pick(0, 80'000)} * 86400 + pick(0, 86399);
  std::vector<std::int64_t> expected;
  for (std::int64_t t = begin; t < begin + 7200; ++t)
    if (naive.names(civil_of(t))) expected.push_back(t);
  RC_ASSERT(due(schedule, begin, begin + 7200) == expected);
  RC_ASSERT(due_backwards(schedule, begin, begin + 7200) == expected);
}

// What callers build on, whatever the expression, the zone, the rule and the instant.
RC_GTEST_PROP(PropertyTest, NextPreviousAndMatchesAgree, ()) {
  const Schedule s = parsed(expression(), some_zone(), some_rule());
  const Instant t =
      from_millis(*rc::gen::inRange<std::int64_t>(-100'000'000, cron::kWallEnd * 1000));
  const auto next = s.next(t), previous = s.previous(t);
  if (next) {
    RC_ASSERT(*next > t);
    RC_ASSERT(s.matches(*next));
    RC_ASSERT(s.previous(*next).value_or(Instant::min()) <= t);
    RC_ASSERT(s.previous(*next + Duration(1)) == next);
  }
  if (previous) {
    RC_ASSERT(*previous < t);
    RC_ASSERT(s.matches(*previous));
    RC_ASSERT(s.next(*previous).value_or(Instant::max()) >= t);
    RC_ASSERT(s.next(*previous - Duration(1)) == previous);
  }
  if (s.never()) RC_ASSERT(!next && !previous);
  RC_ASSERT(s.matches(t) == (s.next(t - Duration(1)) == t));
}

// A run that the wall clock does not name says that it was made up for a gap.
RC_GTEST_PROP(PropertyTest, EveryRunIsNamedOrMadeUp, ()) {
  const std::string text = expression();
  const Schedule s = parsed(text, some_zone(), some_rule());
  const Naive naive(text);
  const auto segments = s.zone().segments();
  Instant t = from_millis(segments[segments.size() / 2].begin * 1000 - 7'200'000);
  for (int i = 0; i < 20; ++i) {
    const auto run = s.next(t);
    if (!run) return;
    const FireNote note = s.note(*run);
    RC_ASSERT(naive.names(note.due));
    RC_ASSERT((note.due == note.wall) == (note.kind != FireNote::Kind::made_up));
    RC_ASSERT(note.wall == s.zone().to_civil(*run));
    t = *run;
  }
}

// Descriptions and warnings are for any expression, and bounded.
RC_GTEST_PROP(PropertyTest, EveryScheduleCanBeDescribed, ()) {
  const Schedule s = parsed(expression(), some_zone(), some_rule());
  RC_ASSERT(!s.describe().empty());
  RC_ASSERT(s.warnings(from_millis(1'800'000'000'000)).size() < 100);
}

// Whatever is typed: an answer, and no more than that.
RC_GTEST_PROP(PropertyTest, AnyTextIsReadOrRefusedWithAPlace, ()) {
  static const std::string kLetters = "0123456789*,-/?#+LWHSUNJA@ \t()=lx";
  std::string text;
  for (int n = pick(0, 24); n > 0; --n)
    text += kLetters[static_cast<std::size_t>(pick(0, static_cast<int>(kLetters.size()) - 1))];
  const auto read = Schedule::read(text, {.hash_key = "job"});
  if (const auto* e = std::get_if<ScheduleError>(&read)) {
    RC_ASSERT(e->column >= 1 && e->column <= text.size() + 1);
    RC_ASSERT(!e->problem.empty());
    RC_ASSERT(text.substr(e->column - 1, e->token.size()) == e->token ||
              text.find('\t') != std::string::npos);
  }
}

TEST(PropertyTest, ThreadsMayShareASchedule) {
  const Schedule s = parsed("*/7 3-21 L,15W * MON#2", "America/New_York");
  const Instant from = from_millis(1'800'000'000'000);
  const auto run = [&] {
    Instant t = from;
    for (int i = 0; i < 2000; ++i) t = *s.next(t);
    return t;
  };
  const Instant expected = run();
  std::vector<Instant> found(4);
  {
    std::vector<std::jthread> threads;
    for (Instant& f : found) threads.emplace_back([&] { f = run(); });
  }
  for (Instant f : found) EXPECT_EQ(f, expected);
}

TEST(PropertyTest, AScheduleIsSmall) {
  EXPECT_EQ(sizeof(Schedule), 2 * sizeof(void*));
  EXPECT_LE(sizeof(cron::Plan) + sizeof(Schedule) + 2 * sizeof(void*), 168u);
}

}  // namespace
}  // namespace hotclock
