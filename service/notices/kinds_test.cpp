#include "service/notices/kinds.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <thread>

#include "service/log/logger.h"
#include "service/notices/beat.h"
#include "service/notices/couriers.h"
#include "service/outgoing/receiver_support.h"
#include "service/sql/sql_support.h"

namespace hotclock::notices {
namespace {

using namespace std::chrono_literals;
using outgoing::http_answer;
using outgoing::Receiver;
using Fate = Answer::Fate;

constexpr Instant t0 = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

config::Secret plain(const std::string& value) {
  return {.shown = "env:URL", .value = value, .file = {}};
}

Message message(int alerts = 1) {
  Message out{.id = "notice_1", .group = "failed/critical", .alerts = {}, .created = t0};
  for (int i = 0; i < alerts; ++i) {
    AlertText one{
        .id = std::to_string(i), .rule = "failed", .severity = "critical", .state = "firing"};
    one.labels = {{"job", "trust-score"}};
    one.annotations = {{"summary", "trust-score <failed>"}};
    one.began = one.fired = t0;
    out.alerts.push_back(std::move(one));
  }
  return out;
}

config::NotifierConfig of(config::NotifierKind kind, const std::string& url = "") {
  config::NotifierConfig out;
  out.name = "ops";
  out.kind = kind;
  out.url = plain(url);
  out.allow_private = true;
  return out;
}

Answer told(const config::NotifierConfig& settings, const Message& message) {
  return make_notifier(settings)->tell(message, t0, {});
}

TEST(Slack, IsToldInItsOwnWords) {
  Receiver receiver({http_answer("200 OK", "", "ok")});
  const Answer answer = told(of(config::NotifierKind::slack, receiver.url()), message());
  EXPECT_EQ(answer.fate, Fate::sent);
  EXPECT_EQ(answer.said, "HTTP 200");
  const auto body = boost::json::parse(receiver.received()[0].body).as_object();
  EXPECT_EQ(body.at("text").as_string(), "[firing] trust-score &lt;failed&gt;");
  const auto attachment = body.at("attachments").as_array()[0].as_object();
  EXPECT_EQ(attachment.at("color").as_string(), "danger");
  EXPECT_NE(attachment.at("text").as_string().find("since 2026-11-25T12:00:00Z"),
            std::string::npos);
}

TEST(Slack, SaysWhatItRefuses) {
  Receiver receiver({http_answer("400 Bad Request", "", "invalid_payload\n")});
  const Answer answer = told(of(config::NotifierKind::slack, receiver.url()), message());
  EXPECT_EQ(answer.fate, Fate::refused);
  EXPECT_EQ(answer.said, "HTTP 400: invalid_payload");
}

TEST(Webhook, HoldsAHundredAlertsAtMostAndSaysHowManyMoreThereAre) {
  Receiver receiver({http_answer("200 OK")});
  told(of(config::NotifierKind::webhook, receiver.url()), message(1000));
  const auto body = boost::json::parse(receiver.received()[0].body).as_object();
  const auto data = body.at("data").as_object();
  EXPECT_EQ(data.at("alerts").as_array().size(), 100u);
  EXPECT_EQ(data.at("count"), 1000);
  EXPECT_EQ(data.at("left_out"), 900);
  EXPECT_EQ(body.at("timestamp").as_string(), "2026-11-25T12:00:00Z");
}

TEST(Webhook, ShowsItsAuthorization) {
  Receiver receiver({http_answer("200 OK")});
  auto settings = of(config::NotifierKind::webhook, receiver.url());
  settings.authorization = plain("Bearer abc");
  told(settings, message());
  EXPECT_EQ(receiver.received()[0].headers.at("authorization"), "Bearer abc");
  settings.authorization = plain("Bearer abc\r\nX-Evil: 1");
  EXPECT_EQ(told(settings, message()).said, "authorization: it is more than one line");
  EXPECT_EQ(receiver.connections(), 1);
}

TEST(Webhook, IsAwayWhileItsSecretIsNone) {
  auto settings = of(config::NotifierKind::webhook, "http://127.0.0.1:1/");
  settings.secret = plain("whsec_short");
  const Answer answer = told(settings, message());
  EXPECT_EQ(answer.fate, Fate::away);
  EXPECT_EQ(answer.said.find("short"), std::string::npos);
}

class CommandNotifier : public testing::Test {
 protected:
  Answer sh(const std::string& script, const Message& told_of = message(), Duration timeout = 10s) {
    auto settings = of(config::NotifierKind::command);
    settings.argv = {"/bin/sh", "-c", script, "sh", directory_.file("got")};
    settings.timeout = timeout;
    return told(settings, told_of);
  }
  std::string got() const {
    std::ifstream in(directory_.file("got"));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  sql::ScratchDirectory directory_;
};

TEST_F(CommandNotifier, ReadsTheMessageAsJson) {
  EXPECT_EQ(sh("cat > \"$1\"").fate, Fate::sent);
  const auto body = boost::json::parse(got()).as_object();
  EXPECT_EQ(body.at("type").as_string(), "alerts.firing");
  EXPECT_EQ(body.at("data").at("notifier").as_string(), "ops");
}

TEST_F(CommandNotifier, IsToldItsNoticeAndNothingElseOfOurs) {
  setenv("HOTCLOCK_SECRET_OF_OURS", "s3cret", 1);
  EXPECT_EQ(sh("env > \"$1\"").fate, Fate::sent);
  unsetenv("HOTCLOCK_SECRET_OF_OURS");
  EXPECT_NE(got().find("HOTCLOCK_NOTICE=notice_1\n"), std::string::npos);
  EXPECT_EQ(got().find("s3cret"), std::string::npos);
}

TEST_F(CommandNotifier, SaysByItsExitWhatCameOfIt) {
  const Answer failed = sh("echo no such pager >&2; exit 3");
  EXPECT_EQ(failed.fate, Fate::away);
  EXPECT_EQ(failed.said, "exit 3: no such pager");
  EXPECT_EQ(sh("exit 65").fate, Fate::refused);
  EXPECT_EQ(sh("kill -9 $$").said, "killed by SIGKILL");
}

TEST_F(CommandNotifier, IsEndedWhenItsTimeIsOverWithAllItStarted) {
  const auto before = std::chrono::steady_clock::now();
  const Answer answer = sh("sleep 1000 & echo $! > \"$1\"; sleep 1000", message(), 200ms);
  EXPECT_EQ(answer.fate, Fate::away);
  EXPECT_TRUE(answer.said.starts_with("it took too long")) << answer.said;
  EXPECT_LT(std::chrono::steady_clock::now() - before, 20s);
  EXPECT_NE(kill(std::stoi(got()), 0), 0);
}

TEST_F(CommandNotifier, EndsWithTheNode) {
  auto settings = of(config::NotifierKind::command);
  settings.argv = {"/bin/sleep", "1000"};
  settings.timeout = 60s;
  std::stop_source stop;
  std::jthread later([&stop] { stop.request_stop(); });
  const Answer answer = make_notifier(settings)->tell(message(), t0, stop.get_token());
  EXPECT_EQ(answer.fate, Fate::away);
}

TEST_F(CommandNotifier, MayNotUseMoreThanItsMemory) {
  auto settings = of(config::NotifierKind::command);
  settings.argv = {"/bin/sh", "-c", "ulimit -v"};
  settings.memory = 64 << 20;
  EXPECT_EQ(told(settings, message()).said, "exit 0: 65536");
}

TEST(TryOut, SaysWhatCameBackOfEach) {
  Receiver receiver({http_answer("200 OK")});
  auto chat = of(config::NotifierKind::slack, receiver.url());
  chat.name = "chat";
  auto gone = of(config::NotifierKind::webhook, "http://127.0.0.1:1/");
  gone.name = "gone";
  const ManualClock clock(t0);
  const auto both = try_out({chat, gone}, "", clock, {});
  ASSERT_TRUE(both);
  ASSERT_EQ(both->size(), 2u);
  EXPECT_EQ((*both)[0].notifier, "chat");
  EXPECT_EQ((*both)[0].kind, "slack");
  EXPECT_EQ((*both)[0].answer.said, "HTTP 200");
  EXPECT_EQ((*both)[1].answer.fate, Fate::away);
  EXPECT_FALSE((*both)[1].answer.said.empty());
  EXPECT_EQ(try_out({chat, gone}, "chat", clock, {})->size(), 1u);
  const std::string body = receiver.received()[0].body;
  EXPECT_NE(body.find("[test] a test of the notifier chat"), std::string::npos) << body;
}

TEST(TryOut, NamesTheNearest) {
  const ManualClock clock(t0);
  EXPECT_EQ(try_out({of(config::NotifierKind::slack)}, "opps", clock, {}).error().message(),
            "there is no notifier \"opps\"; did you mean ops?");
  EXPECT_EQ(try_out({}, "", clock, {}).error().code(), Errc::not_found);
}

class BeatTest : public testing::Test {
 protected:
  std::unique_ptr<Beat> beat(const std::string& url, bool allow_private = true) {
    return std::make_unique<Beat>(
        clock_, logger_, config::BeatConfig{plain(url), 1min, allow_private},
        [this](std::string_view outcome) { outcomes_.emplace_back(outcome); });
  }
  // An alerts' pass each ten seconds, as long as somebody looks after them.
  void lives_for(Beat& beat, Duration time, bool passes = true) {
    for (Duration passed{}; passed < time; passed += 10s) {
      clock_.advance(10s);
      if (passes) beat.passed();
      beat.turn();
    }
  }
  ManualClock clock_{t0};
  log::Logger logger_{{}, clock_, [](std::string_view) {}};
  std::vector<std::string> outcomes_;
};

TEST_F(BeatTest, GoesOutOnceInItsInterval) {
  Receiver receiver({http_answer("200 OK")});
  const auto ours = beat(receiver.url("/ping"));
  lives_for(*ours, 10min);
  EXPECT_EQ(receiver.received().size(), 10u);
  EXPECT_EQ(receiver.received()[0].line, "POST /ping HTTP/1.1");
}

TEST_F(BeatTest, IsSilentWhenNobodyLooksAfterTheAlerts) {
  Receiver receiver({http_answer("200 OK")});
  const auto ours = beat(receiver.url());
  lives_for(*ours, 1min, false);
  EXPECT_EQ(receiver.received().size(), 0u);
  lives_for(*ours, 2min);
  EXPECT_EQ(receiver.received().size(), 2u);
  lives_for(*ours, 10min, false);
  EXPECT_EQ(receiver.received().size(), 3u) << "one pass came after the last beat, no more";
}

TEST_F(BeatTest, IsTriedAgainSoonWhereItDidNotArrive) {
  Receiver receiver({http_answer("500 Oops"), http_answer("200 OK")});
  const auto ours = beat(receiver.url());
  lives_for(*ours, 20s);
  EXPECT_EQ(outcomes_, (std::vector<std::string>{"away", "sent"}));
}

TEST_F(BeatTest, GoesOnWhereTheClockIsSetBack) {
  Receiver receiver({http_answer("200 OK")});
  const auto ours = beat(receiver.url());
  lives_for(*ours, 1min);
  clock_.set_wall(t0 - 24h);
  lives_for(*ours, 1min);
  EXPECT_EQ(receiver.received().size(), 2u);
}

TEST_F(BeatTest, LeadsToNoAddressOfOursUnlessTold) {
  Receiver receiver({http_answer("200 OK")});
  const auto ours = beat(receiver.url(), false);
  lives_for(*ours, 10s);
  EXPECT_EQ(receiver.connections(), 0);
  EXPECT_EQ(outcomes_, std::vector<std::string>{"away"});
}

TEST_F(BeatTest, StartsAndStops) {
  Receiver receiver({http_answer("200 OK")});
  const auto ours = beat(receiver.url());
  ours->start();
  ours->passed();
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  while (receiver.connections() == 0 && std::chrono::steady_clock::now() < give_up)
    std::this_thread::yield();
  ours->stop();
  ours->stop();
  EXPECT_EQ(receiver.connections(), 1);
}

}  // namespace
}  // namespace hotclock::notices
