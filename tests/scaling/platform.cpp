#include "tests/scaling/platform.h"

#include <stdlib.h>

#include <filesystem>

namespace hotclock {

namespace fs = std::filesystem;

PlatformTest::PlatformTest() {
  std::string pattern = (fs::temp_directory_path() / "hotclock-scaling-XXXXXX").string();
  directory_ = mkdtemp(pattern.data());
  with("HOTCLOCK_SCHEDULER__LOOK_FOR_LOST", "200 ms");
  // Small chunks, so that there is time to be struck in the middle of them.
  with("HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__CHUNK", "10");
}

PlatformTest::~PlatformTest() {
  servers_.clear();
  fs::remove_all(directory_);
}

std::unique_ptr<Program> PlatformTest::start(const std::vector<std::string>& words) const {
  return std::make_unique<Program>(words, environment_, directory_);
}

std::string PlatformTest::done(const std::vector<std::string>& words) const {
  const Ended ended = hotclock(words);
  EXPECT_EQ(ended.code, 0) << words[0] << ": " << ended.out << ended.err;
  return ended.out;
}

void PlatformTest::a_platform_of(int users) const {
  done({"demo", "--users", std::to_string(users), "--history-days", "0"});
}

Program& PlatformTest::serve() {
  const auto before = number("SELECT count(*) FROM hotclock.nodes");
  servers_.push_back(start({"serve"}));
  EXPECT_TRUE(comes_true([&] { return number("SELECT count(*) FROM hotclock.nodes") > before; }));
  return *servers_.back();
}

std::int64_t PlatformTest::number(const std::string& query) const {
  const std::string found = text(query);
  return found.empty() ? -1 : std::stoll(found);
}

std::int64_t PlatformTest::payments() const {
  return number("SELECT count(*) FROM platform.transactions WHERE type = 'og_bonus'");
}

bool PlatformTest::bonus_is_done() const {
  return number("SELECT count(*) FROM hotclock.slot_states WHERE job = 'og-daily-bonus'"
                " AND ended = 'completed' AND partition_of IS NULL") > 0;
}

std::string PlatformTest::slots() const {
  return text(
      "SELECT string_agg(format('%s %s %s %s %s: %s', s.id, s.slot_key, s.state, coalesce(s.ended, s.available_at::text),"
      " h.outcome, h.reason), E'\n' ORDER BY s.id, h.fence) FROM hotclock.slot_states AS s"
      " LEFT JOIN hotclock.history AS h ON h.slot_id = s.id WHERE s.job = 'og-daily-bonus'");
}

void PlatformTest::expect_everybody_is_paid_once() const {
  EXPECT_TRUE(comes_true([&] { return bonus_is_done(); })) << slots();
  EXPECT_GT(payments(), 0);
  EXPECT_EQ(payments(), number("SELECT count(*) FROM platform.users WHERE last_bonus_date IS NOT NULL"));
  EXPECT_EQ(payments(), number("SELECT count(*) FROM hotclock.outbox WHERE event = 'og:bonus'"));
  EXPECT_EQ(number("SELECT count(*) FROM (SELECT 1 FROM platform.transactions WHERE bonus_date IS NOT NULL"
                   " GROUP BY bonus_date, user_id HAVING count(*) > 1) AS twice"),
            0);
  done({"doctor"});
  const std::string again = done({"run", "og-daily-bonus", "--dry-run"});
  EXPECT_NE(again.find("would do: 0 users"), std::string::npos) << again;
}

}  // namespace hotclock
