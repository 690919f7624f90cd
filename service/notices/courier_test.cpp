#include "service/notices/courier.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <set>

#include "service/notices/notices.sql.h"
#include "service/outgoing/receiver_support.h"
#include "service/outgoing/webhook.h"
#include "service/schema/schema.h"
#include "service/sql/rows.h"
#include "service/sql/sql_support.h"

namespace hotclock::notices {
namespace {

using namespace std::chrono_literals;
using outgoing::http_answer;
using outgoing::Receiver;

constexpr Instant t0 = from_millis(1'790'000'000'000);
constexpr sql::Statement to_send{"to_send", "SELECT count(*) FROM notices WHERE sent_at IS NULL"};
constexpr sql::Statement given_up{"given_up", "SELECT count(*) FROM notices WHERE given_up = 1"};
constexpr sql::Statement kept{"kept", "SELECT count(*) FROM notices"};
constexpr sql::Statement failing{
    "failing", "SELECT failures, error, failing_since FROM notifiers WHERE name = 'ops'"};

const std::string key = "whsec_" + std::string(32, 'A');

AlertText alert(const std::string& id, const std::string& state = "firing",
                const std::string& severity = "critical") {
  AlertText out{.id = id, .rule = "failed", .severity = severity, .state = state};
  out.labels = {{"job", id}};
  out.annotations = {{"summary", id + " failed"}};
  out.began = out.fired = t0;
  if (state == "resolved") out.resolved = t0 + 1min;
  return out;
}

config::Secret plain(const std::string& value) {
  return {.shown = "env:URL", .value = value, .file = {}};
}

config::NotifierConfig webhook(const std::string& url) {
  config::NotifierConfig out;
  out.name = "ops";
  out.url = plain(url);
  out.secret = plain(key);
  out.allow_private = true;
  out.timeout = 1s;
  return out;
}

// What a receiver got, in the order in which it came.
boost::json::object body_of(const outgoing::Received& one) {
  return boost::json::parse(one.body).as_object();
}
std::vector<std::string> alerts_in(const outgoing::Received& one) {
  std::vector<std::string> out;
  const auto body = body_of(one);
  for (const auto& told : body.at("data").at("alerts").as_array())
    out.push_back(std::string(told.at("id").as_string()) + " " +
                  std::string(told.at("state").as_string()));
  return out;
}
using Words = std::vector<std::string>;

class CourierTest : public testing::Test {
 protected:
  CourierTest()
      : place_(sql::tested_engine()), database_(sql::open(place_.url(), {.create = true}).value()) {
    EXPECT_TRUE(schema::migrate(*database_, t0));
    EXPECT_TRUE(sql::prepare_all(*database_, stmt::notices::all));
  }

  std::unique_ptr<Courier> courier(config::NotifierConfig settings, std::int64_t node = 1,
                                   Firing firing = {}) {
    auto notifier = make_notifier(settings);
    Heard heard{.told = [this](const std::string&, std::string_view outcome,
                               std::int64_t count) { told_[std::string(outcome)] += count; },
                .waits = [this](const std::string&, std::int64_t depth) { depth_ = depth; }};
    return std::make_unique<Courier>(
        *database_, clock_, logger_, std::move(notifier),
        CourierSettings{std::move(settings), node, std::move(firing), std::move(heard)});
  }
  void put(std::vector<AlertText> alerts, const std::string& group = "failed/critical",
           const std::string& notifier = "ops") {
    auto transaction = database_->write();
    ASSERT_TRUE(enqueue(**transaction,
                        {.notifier = notifier, .group = group, .alerts = std::move(alerts)},
                        clock_.now()));
    ASSERT_TRUE((*transaction)->commit());
  }
  // Until it says that it has to wait; how long.
  static Duration works(Courier& courier) {
    for (int steps = 0; steps < 100; ++steps)
      if (const Duration pause = courier.turn(); pause > Duration::zero()) return pause;
    ADD_FAILURE() << "it never rests";
    return Duration::zero();
  }
  void works_for(Courier& courier, Duration time, Duration step) {
    for (Duration passed{}; passed < time; passed += step) {
      clock_.advance(step);
      works(courier);
    }
  }
  std::int64_t number(const sql::Statement& statement) {
    return sql::number(**database_->read(), statement).value();
  }
  std::int64_t failures() {
    auto transaction = database_->read();
    return sql::first_row(**transaction, failing, {},
                          [](const sql::Rows& row) { return row.integer(0); })
        .value()
        .value_or(-1);
  }
  std::string error() {
    auto transaction = database_->read();
    return sql::first_row(**transaction, failing, {},
                          [](const sql::Rows& row) { return std::string(row.text(1)); })
        .value()
        .value_or("nobody");
  }

  sql::ScratchPlace place_;
  std::unique_ptr<sql::Database> database_;
  ManualClock clock_{t0};
  log::Logger logger_{{}, clock_, [](std::string_view) {}};
  std::map<std::string, std::int64_t> told_;
  std::int64_t depth_ = -1;
};

TEST_F(CourierTest, TellsWhatWaitsSignedAndOnce) {
  Receiver receiver({http_answer("204 No Content")});
  const auto ours = courier(webhook(receiver.url()));
  put({alert("a"), alert("b")});
  works(*ours);
  works(*ours);
  ASSERT_EQ(receiver.received().size(), 1u);
  const auto one = receiver.received()[0];
  EXPECT_EQ(alerts_in(one), (Words{"a firing", "b firing"}));
  const auto body = body_of(one);
  EXPECT_EQ(body.at("type").as_string(), "alerts.firing");
  EXPECT_EQ(body.at("data").at("title").as_string(), "[firing] a failed and 1 more");
  const auto keys = outgoing::read_signing_keys(key).value();
  EXPECT_EQ(one.headers.at("webhook-signature"),
            outgoing::signature_of(keys, one.headers.at("webhook-id"), t0, one.body));
  EXPECT_EQ(number(to_send), 0);
  EXPECT_EQ(told_["sent"], 1);
  EXPECT_EQ(depth_, 0);
}

// Whatever way it is down: nothing is lost, nothing is told out of order, and what waits goes
// together.
TEST_F(CourierTest, LosesNothingWhileItsNotifierIsDown) {
  Receiver receiver(
      {http_answer("500 Oops"), http_answer("503 Busy"), "", http_answer("404 Gone away"),
       http_answer("302 Elsewhere", "location: http://127.0.0.1:1/\r\n"), http_answer("200 OK")});
  const auto ours = courier(webhook(receiver.url()));
  put({alert("a"), alert("b")});
  for (int tries = 1; tries <= 5; ++tries) {
    works(*ours);
    EXPECT_EQ(failures(), tries);
    works(*ours);
    EXPECT_EQ(static_cast<int>(receiver.received().size()), tries) << "it gives it no rest";
    if (tries < 3) put({alert("n" + std::to_string(tries))});
    if (tries == 3) put({alert("a", "resolved")});
    clock_.advance(pause_after(tries));
  }
  EXPECT_EQ(number(to_send), 4);
  works(*ours);
  ASSERT_EQ(receiver.received().size(), 6u);
  EXPECT_EQ(alerts_in(receiver.received().back()),
            (Words{"a resolved", "b firing", "n1 firing", "n2 firing"}));
  EXPECT_EQ(number(to_send), 0);
  EXPECT_EQ(failures(), 0);
  EXPECT_EQ(error(), "");
  works_for(*ours, 1h, 5min);
  EXPECT_EQ(receiver.received().size(), 6u);
}

TEST_F(CourierTest, WaitsAsLongAsItIsAskedTo) {
  Receiver receiver(
      {http_answer("429 Too Many Requests", "retry-after: 600\r\n"), http_answer("200 OK")});
  const auto ours = courier(webhook(receiver.url()));
  put({alert("a")});
  works(*ours);
  works_for(*ours, 595s, 35s);
  EXPECT_EQ(receiver.received().size(), 1u);
  works_for(*ours, 10s, 5s);
  EXPECT_EQ(receiver.received().size(), 2u);
  EXPECT_EQ(number(to_send), 0);
}

TEST_F(CourierTest, IsNotHeldUpByOneThatHangs) {
  Receiver receiver({"hang", http_answer("200 OK")});
  const auto ours = courier(webhook(receiver.url()));
  put({alert("a")});
  works(*ours);
  EXPECT_EQ(failures(), 1);
  EXPECT_NE(error().find("time"), std::string::npos) << error();
  EXPECT_EQ(number(to_send), 1);
}

TEST_F(CourierTest, StopsWhileItsNotifierHangs) {
  Receiver receiver({"hang"});
  auto settings = webhook(receiver.url());
  settings.timeout = 60s;
  const auto ours = courier(settings);
  put({alert("a")});
  ours->start();
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  while (receiver.connections() == 0 && std::chrono::steady_clock::now() < give_up)
    std::this_thread::yield();
  const auto before = std::chrono::steady_clock::now();
  ours->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, 10s);
  EXPECT_EQ(number(to_send), 1);
}

TEST_F(CourierTest, TellsOnceMoreWithTheSameIdWhereTheAnswerWasLost) {
  Receiver receiver({"", http_answer("200 OK")});
  const auto ours = courier(webhook(receiver.url()));
  put({alert("a")});
  works(*ours);
  works_for(*ours, 10s, 5s);
  ASSERT_EQ(receiver.received().size(), 2u);
  const auto both = receiver.received();
  EXPECT_EQ(both[0].headers.at("webhook-id"), both[1].headers.at("webhook-id"));
  EXPECT_EQ(both[0].body, both[1].body);
}

TEST_F(CourierTest, GoesOnWithOthersWhereOneIsRefused) {
  Receiver receiver({http_answer("400 Bad Request", "", "invalid_payload"), http_answer("200 OK")});
  const auto ours = courier(webhook(receiver.url()));
  put({alert("a")});
  put({alert("b")}, "missed/warning");
  works(*ours);
  ASSERT_EQ(receiver.received().size(), 2u);
  EXPECT_EQ(alerts_in(receiver.received()[1]), Words{"b firing"});
  EXPECT_EQ(number(to_send), 1);
  EXPECT_EQ(told_["refused"], 1);
  works_for(*ours, 70s, 10s);
  ASSERT_EQ(receiver.received().size(), 3u);
  EXPECT_EQ(alerts_in(receiver.received()[2]), Words{"a firing"});
  EXPECT_EQ(number(to_send), 0);
}

TEST_F(CourierTest, GivesUpAfterDaysAndSaysSo) {
  Receiver receiver({http_answer("500 Oops")});
  const auto ours = courier(webhook(receiver.url()));
  put({alert("a")});
  works_for(*ours, std::chrono::hours{71}, 10min);
  EXPECT_EQ(number(to_send), 1);
  EXPECT_GT(receiver.received().size(), 200u);
  EXPECT_LT(receiver.received().size(), 400u);
  works_for(*ours, 2h, 10min);
  EXPECT_EQ(number(to_send), 0);
  EXPECT_EQ(number(given_up), 1);
  EXPECT_EQ(told_["given_up"], 1);
}

TEST_F(CourierTest, SendsNoMoreThanItMayInAMinuteAndTheRestTogether) {
  Receiver receiver({http_answer("200 OK")});
  auto settings = webhook(receiver.url());
  settings.a_minute = 3;
  const auto ours = courier(settings);
  for (int i = 0; i < 20; ++i) put({alert("a" + std::to_string(i))}, "group-" + std::to_string(i));
  works(*ours);
  ASSERT_EQ(receiver.received().size(), 3u);
  EXPECT_EQ(alerts_in(receiver.received()[0]), Words{"a0 firing"});
  EXPECT_EQ(alerts_in(receiver.received()[2]).size(), 18u);
  put({alert("b")}, "later");
  put({alert("c")}, "later still");
  works(*ours);
  EXPECT_EQ(receiver.received().size(), 3u);
  works_for(*ours, 61s, 61s);
  EXPECT_EQ(receiver.received().size(), 5u);
  EXPECT_EQ(number(to_send), 0);
}

TEST_F(CourierTest, GoesOnWhereTheClockIsSetBack) {
  Receiver receiver({http_answer("200 OK")});
  auto settings = webhook(receiver.url());
  settings.a_minute = 1;
  const auto ours = courier(settings);
  put({alert("a")});
  works(*ours);
  clock_.set_wall(t0 - 48h);
  put({alert("b")});
  works(*ours);
  EXPECT_EQ(receiver.received().size(), 2u);
}

TEST_F(CourierTest, IsTheOnlyOneThatServes) {
  Receiver receiver({http_answer("200 OK")});
  const auto first = courier(webhook(receiver.url()), 1);
  const auto second = courier(webhook(receiver.url()), 2);
  works(*first);
  put({alert("a")});
  works(*second);
  EXPECT_EQ(receiver.received().size(), 0u);
  works(*first);
  EXPECT_EQ(receiver.received().size(), 1u);
}

TEST_F(CourierTest, TakesOverFromANodeThatIsGone) {
  Receiver receiver({http_answer("500 Oops"), http_answer("200 OK")});
  auto dead = courier(webhook(receiver.url()), 1);
  const auto heir = courier(webhook(receiver.url()), 2);
  put({alert("a")});
  works(*dead);  // and is never heard of again
  works_for(*heir, 30s, 5s);
  EXPECT_EQ(receiver.received().size(), 2u);
  EXPECT_EQ(number(to_send), 0);
  put({alert("b")});
  works(*dead);  // it wakes up, and finds out
  works(*heir);
  EXPECT_EQ(receiver.received().size(), 3u);
}

TEST_F(CourierTest, IsFollowedAtOnceByAnotherWhereItStops) {
  Receiver receiver({http_answer("200 OK")});
  const auto first = courier(webhook(receiver.url()), 1);
  const auto second = courier(webhook(receiver.url()), 2);
  works(*first);
  first->stop();
  put({alert("a")});
  works(*second);
  EXPECT_EQ(receiver.received().size(), 1u);
}

TEST_F(CourierTest, TellsNobodyWhatItDoesNotWant) {
  Receiver receiver({http_answer("200 OK")});
  auto settings = webhook(receiver.url());
  settings.send_resolved = false;
  const auto ours = courier(settings);
  put({alert("a", "firing", "info")});
  put({alert("b", "resolved")});
  works(*ours);
  EXPECT_EQ(receiver.received().size(), 0u);
  EXPECT_EQ(number(to_send), 0);
}

TEST_F(CourierTest, SendsToAlertmanagerAnewEachMinuteWhatFires) {
  Receiver receiver({http_answer("200 OK")});
  config::NotifierConfig settings;
  settings.name = "ops";
  settings.kind = config::NotifierKind::alertmanager;
  settings.url = plain(receiver.url("/"));
  settings.allow_private = true;
  std::vector<AlertText> fires{alert("a"), alert("quiet", "firing", "info")};
  const auto ours = courier(settings, 1, [&] { return Result<std::vector<AlertText>>(fires); });
  works_for(*ours, 3min, 10s);
  ASSERT_EQ(receiver.received().size(), 3u);
  const auto last = receiver.received().back();
  EXPECT_EQ(last.line, "POST /api/v2/alerts HTTP/1.1");
  const auto alerts = boost::json::parse(last.body).as_array();
  ASSERT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts[0].at("labels"),
            (boost::json::object{{"alertname", "failed"}, {"job", "a"}, {"severity", "critical"}}));
  EXPECT_EQ(alerts[0].at("startsAt").as_string(), to_string(t0));
  EXPECT_EQ(alerts[0].at("endsAt").as_string(), to_string(clock_.now() - 50s + 4min));
  fires.clear();
  put({alert("a", "resolved")});
  works(*ours);
  ASSERT_EQ(receiver.received().size(), 4u);
  const auto over = boost::json::parse(receiver.received().back().body).as_array();
  EXPECT_EQ(over[0].at("endsAt").as_string(), to_string(t0 + 1min));
}

TEST_F(CourierTest, TellsPastADatabaseThatIsLost) {
  Receiver receiver({http_answer("500 Oops"), http_answer("200 OK")});
  const auto ours = courier(webhook(receiver.url()));
  {
    auto transaction = database_->write();
    ASSERT_TRUE((*transaction)->script("DROP TABLE notifiers"));
    ASSERT_TRUE((*transaction)->commit());
  }
  ours->tell_directly(alert("lost"));
  ours->turn();
  works_for(*ours, 30s, 5s);
  ASSERT_EQ(receiver.received().size(), 2u);
  EXPECT_EQ(alerts_in(receiver.received()[1]), Words{"lost firing"});
}

TEST_F(CourierTest, IsNotHeldUpByARowThatIsNoNotice) {
  Receiver receiver({http_answer("200 OK")});
  const auto ours = courier(webhook(receiver.url()));
  {
    auto transaction = database_->write();
    ASSERT_TRUE(
        (*transaction)
            ->exec(stmt::notices::enqueue, {"ops", "g", "{", "hash", clock_.now(), clock_.now()}));
    ASSERT_TRUE((*transaction)->commit());
  }
  put({alert("a")});
  works(*ours);
  EXPECT_EQ(receiver.received().size(), 1u);
  EXPECT_EQ(number(to_send), 0);
  EXPECT_EQ(number(given_up), 1);
}

TEST_F(CourierTest, ForgetsWhatWasSentLongAgoAndWhatNobodySends) {
  Receiver receiver({http_answer("200 OK")});
  const auto ours = courier(webhook(receiver.url()));
  put({alert("a")});
  put({alert("b")}, "g", "nobody");
  works(*ours);
  EXPECT_EQ(number(kept), 2);
  works_for(*ours, std::chrono::days{32}, 24h);
  EXPECT_EQ(number(kept), 1);
  EXPECT_EQ(number(given_up), 1);
}

TEST_F(CourierTest, RefusesAddressesOfItsOwnNeighbourhoodUnlessTold) {
  Receiver receiver({http_answer("200 OK")});
  auto settings = webhook(receiver.url());
  settings.allow_private = false;
  const auto ours = courier(settings);
  put({alert("a")});
  works(*ours);
  EXPECT_EQ(receiver.connections(), 0);
  EXPECT_NE(error().find("a loopback address"), std::string::npos) << error();
  EXPECT_EQ(number(to_send), 1);
}

TEST_F(CourierTest, SaysNothingOfASecret) {
  auto settings = webhook("http://127.0.0.1:1/s3cret");
  std::string log;
  log::Logger logger({}, clock_, [&](std::string_view line) { log += line; });
  Courier ours(*database_, clock_, logger, make_notifier(settings), {settings, 1, {}, {}});
  put({alert("a")});
  works(ours);
  EXPECT_FALSE(log.empty());
  EXPECT_EQ(log.find("s3cret"), std::string::npos) << log;
  EXPECT_EQ(error().find("s3cret"), std::string::npos) << error();
}

}  // namespace
}  // namespace hotclock::notices
