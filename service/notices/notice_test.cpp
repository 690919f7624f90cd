#include "service/notices/notice.h"

#include <gtest/gtest.h>

#include "service/schema/schema.h"
#include "service/sql/rows.h"
#include "service/sql/sql_support.h"

namespace hotclock::notices {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'790'000'000'000);
constexpr sql::Statement count{"count", "SELECT count(*) FROM notices"};
constexpr sql::Statement contents{
    "contents", "SELECT notifier, group_key, content, due_at FROM notices ORDER BY id"};
constexpr sql::Statement send_all{"send_all", "UPDATE notices SET sent_at = created_at"};

AlertText failed(const std::string& job) {
  return {.id = "7",
          .rule = "failed",
          .severity = "critical",
          .state = "firing",
          .labels = {{"job", job}},
          .annotations = {{"summary", "a slot of " + job + " \"failed\"\n"}},
          .began = t0,
          .fired = t0 + 1s,
          .resolved = {}};
}

Notice notice(const std::string& job = "trust-score") {
  return {.notifier = "ops", .group = "failed/critical", .alerts = {failed(job)}};
}

class NoticeTest : public testing::Test {
 protected:
  NoticeTest()
      : place_(sql::tested_engine()), database_(sql::open(place_.url(), {.create = true}).value()) {
    EXPECT_TRUE(schema::migrate(*database_, t0));
  }
  Result<> put(const Notice& notice, bool commits = true) {
    auto transaction = database_->write();
    if (auto done = enqueue(**transaction, notice, t0); !done) return done;
    return commits ? (*transaction)->commit() : Result<>();
  }
  std::int64_t waiting() { return sql::number(**database_->read(), count).value(); }
  void sends_all() {
    auto transaction = database_->write();
    ASSERT_TRUE((*transaction)->exec(send_all));
    ASSERT_TRUE((*transaction)->commit());
  }

  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
};

TEST(NoticeText, ComesBackAsItWas) {
  Notice told = notice();
  told.alerts.push_back(failed("throne-expiry"));
  told.alerts[1].state = "resolved";
  told.alerts[1].resolved = t0 + 1h;
  told.test = true;
  const auto back = notice_of(to_json(told));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->alerts, told.alerts);
  EXPECT_TRUE(back->test);
}

TEST(NoticeText, IsNotTakenFromWhatIsNone) {
  for (const char* text : {"", "{", "[]", "{}", R"({"test":1,"alerts":[]})",
                           R"({"test":false,"alerts":[{}]})", R"({"test":false,"alerts":{}})"}) {
    const auto none = notice_of(text);
    ASSERT_FALSE(none) << text;
    EXPECT_EQ(none.error().code(), Errc::corrupt) << text;
  }
}

TEST_F(NoticeTest, StandsIfItsTransactionCommits) {
  ASSERT_TRUE(put(notice(), false));
  EXPECT_EQ(waiting(), 0);
  ASSERT_TRUE(put(notice()));
  auto transaction = database_->read();
  auto read = sql::for_each_row(**transaction, contents, {}, [](const sql::Rows& row) {
    EXPECT_EQ(row.text(0), "ops");
    EXPECT_EQ(row.text(1), "failed/critical");
    EXPECT_EQ(notice_of(row.text(2)).value().alerts, notice().alerts);
    EXPECT_EQ(row.instant(3), t0);
  });
  EXPECT_TRUE(read);
}

TEST_F(NoticeTest, IsInLineOnceUntilItWasSent) {
  ASSERT_TRUE(put(notice()));
  ASSERT_TRUE(put(notice()));
  EXPECT_EQ(waiting(), 1);
  ASSERT_TRUE(put(notice("throne-expiry")));
  EXPECT_EQ(waiting(), 2);
  sends_all();
  ASSERT_TRUE(put(notice()));
  EXPECT_EQ(waiting(), 3);
}

TEST_F(NoticeTest, MustTellOfSomething) {
  Notice empty = notice();
  empty.alerts.clear();
  EXPECT_EQ(put(empty).error().code(), Errc::invalid);
  Notice to_nobody = notice();
  to_nobody.notifier.clear();
  EXPECT_EQ(put(to_nobody).error().code(), Errc::invalid);
}

}  // namespace
}  // namespace hotclock::notices
