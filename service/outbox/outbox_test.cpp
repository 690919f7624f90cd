#include "service/outbox/reader.h"

#include <boost/json/parse.hpp>

#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock::outbox {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'790'000'000'000);

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() {
    database_ = sql::open(place_.url(), {.create = true}).value();
    EXPECT_TRUE(schema::migrate(*database_, t0));
  }

  sql::Database& db() { return *database_; }
  Result<> post(const Event& event, Instant now = t0, bool commit = true) {
    auto transaction = db().write().value();
    Writer writer(*transaction, now, "e-1");
    if (auto done = writer.append(event); !done) return done;
    if (auto done = writer.flush(); !done) return done;
    if (commit) return transaction->commit();
    return {};
  }

 private:
  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
};

TEST_F(OutboxTest, AnEventComesOutAsItWentIn) {
  ASSERT_TRUE(post({"throne:expired", {"stream:17", "throne:17"}, {{"throneId", "5"}}}));
  ASSERT_TRUE(post({"theme:changed", {}, {{"country", "NP"}}}));
  const auto posted = Reader(db(), 0).next(10).value();
  ASSERT_EQ(posted.size(), 2u);
  EXPECT_EQ(posted[0].name, "throne:expired");
  EXPECT_EQ(posted[0].rooms, (std::vector<std::string>{"stream:17", "throne:17"}));
  EXPECT_EQ(boost::json::parse(posted[0].payload).at("throneId"), "5");
  EXPECT_EQ(posted[0].execution, "e-1");
  EXPECT_EQ(posted[0].created_at, t0);
  EXPECT_TRUE(posted[1].rooms.empty());
}

TEST_F(OutboxTest, AnEventOfATransactionThatDoesNotCommitNeverWas) {
  ASSERT_TRUE(post({"og:bonus", {"user:1"}, {}}, t0, false));
  EXPECT_TRUE(Reader(db(), 0).next(10).value().empty());
}

TEST_F(OutboxTest, EventsAreReadFromWhereTheReaderStands) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(post({"e", {}, {{"n", i}}}));
  const auto posted = Reader(db(), 2).next(2).value();
  ASSERT_EQ(posted.size(), 2u);
  EXPECT_EQ(posted[0].id, 3);
  EXPECT_EQ(posted[1].id, 4);
}

TEST_F(OutboxTest, ManyEventsOfOneChunkKeepTheirOrder) {
  auto transaction = db().write().value();
  Writer writer(*transaction, t0, "e-1");
  for (int i = 0; i < 21; ++i) ASSERT_TRUE(writer.append({"e", {}, {{"n", i}}}));
  ASSERT_TRUE(writer.flush());
  ASSERT_TRUE(transaction->commit());
  const auto posted = Reader(db(), 0).next(100).value();
  ASSERT_EQ(posted.size(), 21u);
  for (int i = 0; i < 21; ++i) EXPECT_EQ(boost::json::parse(posted[i].payload).at("n"), i);
}

TEST_F(OutboxTest, ARoomThatIsNoneIsRefused) {
  for (const char* room : {"", "user 1"}) {
    const auto refused = post({"og:bonus", {room}, {}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::invalid);
  }
  EXPECT_EQ(post({"", {}, {}}).error().code(), Errc::invalid);
}

TEST_F(OutboxTest, DeliveredAndOldEventsGoButTheNewestStays) {
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(post({"e", {}, {}}, t0 + i * 1h));
  EXPECT_EQ(trim(db(), 1, t0 + 10h).value(), 1);    // not delivered: 2 to 4
  EXPECT_EQ(trim(db(), 4, t0 + 90min).value(), 1);  // too young: 3 and 4
  EXPECT_EQ(trim(db(), 4, t0 + 10h).value(), 1);    // the newest: 4
  ASSERT_TRUE(post({"e", {}, {}}, t0));
  EXPECT_EQ(Reader(db(), 4).next(10).value().at(0).id, 5);
}

}  // namespace
}  // namespace hotclock::outbox
