// Alerts told to a real Alertmanager, which tells them on.
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <regex>
#include <thread>

#include <fmt/format.h>

#include "scheduler/base/clock.h"
#include "service/outgoing/http_client.h"
#include "service/outgoing/receiver_support.h"
#include "service/sql/sql_support.h"
#include "tests/alerting/message.h"
#include "tests/process/program.h"

namespace hotclock::notices {
namespace {

using namespace std::chrono_literals;
using Fate = Answer::Fate;

// One Alertmanager, and who it tells.
class AlertmanagerTest : public testing::Test {
 protected:
  AlertmanagerTest() {
    std::ofstream(directory_.file("alertmanager.yml")) << fmt::format(R"(route:
  receiver: people
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
receivers:
- name: people
  webhook_configs:
  - url: {}
    send_resolved: true
)",
                                                                      people_.url());
    peer_ = std::make_unique<Program>(
        std::vector<std::string>{"prometheus-alertmanager", "--config.file=alertmanager.yml",
                                 "--storage.path=data", "--web.listen-address=127.0.0.1:0",
                                 "--cluster.listen-address="},
        std::map<std::string, std::string>{}, directory_.path());
    EXPECT_TRUE(comes_true([this] { return port() > 0; })) << peer_->log();
  }

  int port() const {
    std::smatch found;
    const std::string log = peer_->log();
    const bool said =
        std::regex_search(log, found, std::regex(R"(Listening on.*127\.0\.0\.1:(\d+))"));
    return said ? std::stoi(found[1]) : 0;
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}", port()); }

  Answer tells(std::vector<AlertText> alerts, Instant now) const {
    config::NotifierConfig settings;
    settings.name = "alertmanager";
    settings.kind = config::NotifierKind::alertmanager;
    settings.url = plain(url());
    settings.allow_private = true;
    return make_notifier(settings)->tell(message_of(std::move(alerts), now), now, {});
  }
  boost::json::value asks(const std::string& method, const std::string& path,
                          const std::string& body = "") const {
    const auto answer = outgoing::send({.method = method,
                                        .url = url() + path,
                                        .headers = {{"Content-Type", "application/json"}},
                                        .body = body,
                                        .reach = {.allow_private = true},
                                        .most_body = 8 << 20},
                                       {});
    EXPECT_TRUE(answer && answer->status == 200) << method << " " << path;
    return boost::json::parse(answer ? answer->body : "null");
  }
  boost::json::array alerts() const { return asks("GET", "/api/v2/alerts").as_array(); }
  // "firing 2", "resolved 1": what people were told, in order.
  std::vector<std::string> people_heard() const {
    std::vector<std::string> out;
    for (const auto& one : people_.received()) {
      const auto body = boost::json::parse(one.body).as_object();
      out.push_back(std::string(body.at("status").as_string()) + " " +
                    std::to_string(body.at("alerts").as_array().size()));
    }
    return out;
  }

  using Words = std::vector<std::string>;

  const Instant now_ = SystemClock().now();
  outgoing::Receiver people_{{outgoing::http_answer("200 OK")}};
  sql::ScratchDirectory directory_;
  std::unique_ptr<Program> peer_;
};

TEST_F(AlertmanagerTest, TellsPeopleThatItFiresAndThatItIsOver) {
  const AlertText alert = alert_of("trust-score", now_);
  const Answer answer = tells({alert}, now_);
  EXPECT_EQ(answer.fate, Fate::sent) << answer.said;
  const auto standing = alerts();
  ASSERT_EQ(standing.size(), 1u);
  EXPECT_EQ(standing[0].at("labels"),
            (boost::json::object{
                {"alertname", "failed"}, {"job", "trust-score"}, {"severity", "critical"}}));
  EXPECT_EQ(standing[0].at("annotations").at("summary").as_string(), "a slot failed");
  EXPECT_EQ(standing[0].at("startsAt").as_string(), to_string(now_));
  EXPECT_TRUE(comes_true([this] { return people_heard() == Words{"firing 1"}; })) << peer_->log();
  EXPECT_EQ(tells({resolved(alert, SystemClock().now())}, SystemClock().now()).fate, Fate::sent);
  EXPECT_TRUE(comes_true([this] {
    return people_heard() == Words{"firing 1", "resolved 1"};
  })) << peer_->log();
  EXPECT_EQ(alerts().size(), 0u);
}

TEST_F(AlertmanagerTest, TakesWhatManyNodesSayForOne) {
  std::vector<std::jthread> nodes;
  for (int node = 0; node < 5; ++node)
    nodes.emplace_back(
        [this] { EXPECT_EQ(tells({alert_of("trust-score", now_)}, now_).fate, Fate::sent); });
  nodes.clear();
  EXPECT_EQ(alerts().size(), 1u);
  EXPECT_TRUE(comes_true([this] { return !people_heard().empty(); }));
  EXPECT_EQ(people_heard(), Words{"firing 1"});
}

TEST_F(AlertmanagerTest, IsSilencedThere) {
  const boost::json::object silence{
      {"matchers",
       boost::json::array{{{"name", "job"}, {"value", "trust-score"}, {"isRegex", false}}}},
      {"startsAt", to_string(now_)},
      {"endsAt", to_string(now_ + 1h)},
      {"createdBy", "asha"},
      {"comment", "it is known"}};
  EXPECT_TRUE(asks("POST", "/api/v2/silences", boost::json::serialize(silence))
                  .as_object()
                  .contains("silenceID"));
  EXPECT_EQ(tells({alert_of("trust-score", now_), alert_of("throne-expiry", now_)}, now_).fate,
            Fate::sent);
  EXPECT_TRUE(comes_true([this] {
    for (const auto& one : alerts())
      if (one.at("labels").at("job") == "trust-score")
        return one.at("status").at("state") == "suppressed";
    return false;
  })) << boost::json::serialize(alerts());
  EXPECT_TRUE(comes_true([this] { return !people_heard().empty(); }));
  EXPECT_EQ(people_heard(), Words{"firing 1"});
}

// A Hotclock that is dead sends nothing anew, and what it said ends by itself: silence looks like
// health to Alertmanager, which is what the beat is for.
TEST_F(AlertmanagerTest, ForgetsWhatIsNotSentAnew) {
  const Instant long_ago = now_ - 4min - 1s;
  EXPECT_EQ(tells({alert_of("trust-score", long_ago)}, long_ago).fate, Fate::sent);
  EXPECT_EQ(alerts().size(), 0u);
  EXPECT_EQ(tells({alert_of("trust-score", long_ago)}, now_).fate, Fate::sent);
  EXPECT_EQ(alerts().size(), 1u);
}

TEST_F(AlertmanagerTest, TakesAThousandAtOnceAndAnyLabel) {
  std::vector<AlertText> many;
  for (int i = 0; i < 1000; ++i) many.push_back(alert_of("job-" + std::to_string(i), now_));
  many[0].labels["9 odd-name"] = "value \"with\" everything \xff";
  many[0].labels["empty"] = "";
  const Answer answer = tells(many, now_);
  EXPECT_EQ(answer.fate, Fate::sent) << answer.said;
  EXPECT_EQ(alerts().size(), 1000u);
}

}  // namespace
}  // namespace hotclock::notices
