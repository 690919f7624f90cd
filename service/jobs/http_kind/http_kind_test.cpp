#include "service/jobs/http_kind/http_kind.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <thread>

#include "scheduler/core/judgement.h"
#include "service/outgoing/receiver_support.h"

namespace hotclock::http_kind {
namespace {

using namespace std::chrono_literals;
using outgoing::http_answer;
using outgoing::Receiver;

const Instant noon = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z
constexpr auto secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

Result<Settings> read(const std::string& toml, config::Environment environment = {}) {
  return read_settings(config::Section::parse(toml, "jobs.d/hook.toml", std::move(environment)));
}
std::string refusal(const std::string& toml) {
  const auto settings = read(toml);
  return settings ? "accepted" : settings.error().message();
}

class HttpKind : public testing::Test {
 protected:
  Execution attempt(int number = 1, Slot slot = {"hook", noon}) {
    Execution execution;
    execution.permit =
        std::make_shared<Permit>(std::move(slot), 1, Uuid(), 1, number, Steady::max());
    return execution;
  }
  Outcome run(const std::string& toml, Execution& execution, config::Environment environment = {}) {
    auto settings = read("allow_private = true\n" + toml, std::move(environment));
    EXPECT_TRUE(settings) << (settings ? "" : settings.error().message());
    return HttpJob(clock_, std::move(settings).value()).run(execution);
  }
  Outcome run(const std::string& toml, config::Environment environment = {}) {
    Execution execution = attempt();
    const Outcome outcome = run(toml, execution, std::move(environment));
    said_ = execution.log().text().text;
    return outcome;
  }
  static std::string to(const Receiver& receiver) {
    return fmt::format("url = '{}'\n", receiver.url());
  }

  ManualClock clock_{noon + 3s};
  std::string said_;
};

const Failed& failure(const Outcome& outcome) { return std::get<Failed>(outcome); }
bool is_done(const Outcome& outcome) { return std::holds_alternative<Done>(outcome); }

TEST_F(HttpKind, TellsAReceiverOfItsSlot) {
  Receiver receiver({http_answer("200 OK", "X-Id: 7\r\n", "thanks")});
  EXPECT_TRUE(is_done(run(to(receiver))));
  ASSERT_EQ(receiver.received().size(), 1U);
  const auto received = receiver.received()[0];
  EXPECT_EQ(received.line, "POST /hook HTTP/1.1");
  EXPECT_EQ(received.headers.at("content-type"), "application/json");
  EXPECT_EQ(boost::json::parse(received.body),
            (boost::json::value{{"type", "slot.due"},
                                {"timestamp", "2026-11-25T12:00:00Z"},
                                {"data",
                                 {{"job", "hook"},
                                  {"scheduled_for", "2026-11-25T12:00:00Z"},
                                  {"trigger", "schedule"},
                                  {"id", id_of({"hook", noon})}}}}));
  EXPECT_EQ(said_, "POST " + receiver.url() + "\nHTTP 200\ncontent-length: 6\nx-id: 7\n\nthanks");
}

TEST_F(HttpKind, SignsWhatItSays) {
  Receiver receiver({http_answer("204 No Content")});
  run(to(receiver) + "secret = 'env:HOOK_SECRET'\nbody = '{\"a\":1}'\n", {{"HOOK_SECRET", secret}});
  const auto received = receiver.received().at(0);
  EXPECT_EQ(received.body, "{\"a\":1}");
  EXPECT_EQ(received.headers.at("webhook-timestamp"), "1795608003");
  const auto keys = outgoing::read_signing_keys(secret);
  EXPECT_EQ(
      received.headers.at("webhook-signature"),
      outgoing::signature_of(*keys, received.headers.at("webhook-id"), noon + 3s, received.body));
}

TEST_F(HttpKind, HasOneIdForAllAttemptsAtASlot) {
  Receiver receiver({http_answer("500 Broken"), http_answer("200 OK")});
  Execution first = attempt(1), second = attempt(2);
  EXPECT_FALSE(failure(run(to(receiver), first)).final);
  EXPECT_TRUE(is_done(run(to(receiver), second)));
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 2U);
  EXPECT_EQ(received[0].headers.at("webhook-id"), received[1].headers.at("webhook-id"));
  EXPECT_EQ(received[0].headers.at("idempotency-key"), received[0].headers.at("webhook-id"));
  EXPECT_EQ(received[1].headers.at("idempotency-key"), received[0].headers.at("webhook-id"));
  EXPECT_EQ(received[0].body, received[1].body);
  EXPECT_EQ(received[1].headers.at("hotclock-attempt"), "2");
}

TEST_F(HttpKind, HasAnotherIdForEachSlot) {
  const std::string id = id_of({"hook", noon});
  EXPECT_EQ(id.size(), 37U);
  EXPECT_EQ(id.find('.'), std::string::npos);
  EXPECT_EQ(id_of({"hook", noon, Trigger::catch_up}), id);
  EXPECT_NE(id_of({"hook", noon + 1ms}), id);
  EXPECT_NE(id_of({"hooks", noon}), id);
  EXPECT_NE(id_of({"hook", noon, Trigger::manual, "m1"}), id);
}

TEST_F(HttpKind, TriesAgainWhatMayBecomeBetter) {
  for (const char* status : {"408 Late", "425 Early", "429 Slow Down", "500 Broken", "502 Bad",
                             "503 Busy", "504 Late"}) {
    Receiver receiver({http_answer(status)});
    const Outcome outcome = run(to(receiver));
    EXPECT_FALSE(failure(outcome).final) << status;
    EXPECT_EQ(failure(outcome).why.message(), std::string("HTTP ") + std::string(status, 3));
  }
}

TEST_F(HttpKind, EndsWithAnAnswerThatStays) {
  for (const char* status : {"400 Bad", "401 Who", "403 No", "404 Where", "409 Clash", "422 What",
                             "301 Moved", "304 Same"}) {
    Receiver receiver({http_answer(status)});
    EXPECT_TRUE(failure(run(to(receiver))).final) << status;
  }
  Receiver gone({http_answer("410 Gone")});
  const Outcome outcome = run(to(gone));
  EXPECT_TRUE(failure(outcome).final);
  EXPECT_NE(failure(outcome).why.message().find("take the job away"), std::string::npos);
}

TEST_F(HttpKind, WaitsAsLongAsTheAnswerAsksFor) {
  Receiver receiver({http_answer("429 Slow Down", "Retry-After: 90\r\n")});
  EXPECT_EQ(failure(run(to(receiver))).not_before, 90s);
}

TEST_F(HttpKind, FollowsNoRedirectToAnAddressOfOurs) {
  Receiver inside({http_answer("200 OK")});
  Receiver receiver({http_answer("307 Elsewhere", "Location: " + inside.url("/admin") + "\r\n")});
  const Outcome outcome = run(to(receiver));
  EXPECT_TRUE(failure(outcome).final);
  EXPECT_EQ(failure(outcome).why.message(), "HTTP 307: it leads elsewhere (" +
                                                inside.url("/admin") +
                                                "), and redirects are not followed");
  EXPECT_EQ(inside.connections(), 0);
}

TEST_F(HttpKind, GoesToNoAddressOfOursUnlessItMay) {
  Receiver receiver({http_answer("200 OK")});
  Execution execution = attempt();
  auto settings = read(fmt::format("url = 'http://localhost:{}/'\n", receiver.port()));
  const Outcome outcome = HttpJob(clock_, *settings).run(execution);
  EXPECT_TRUE(failure(outcome).final);
  EXPECT_TRUE(failure(outcome).why.message().ends_with(", a loopback address"))
      << failure(outcome).why.message();
  EXPECT_EQ(receiver.connections(), 0);
}

TEST_F(HttpKind, IsUnclearWhereTheAnswerDoesNotCome) {
  Receiver receiver({""});
  EXPECT_TRUE(std::holds_alternative<Unclear>(run(to(receiver))));
}

TEST_F(HttpKind, FailsWhereNobodyIsThere) {
  std::string url;
  {
    Receiver receiver({""});
    url = to(receiver);
  }
  EXPECT_FALSE(failure(run(url)).final);
}

TEST_F(HttpKind, ObeysAStop) {
  Receiver receiver({"hang"});
  Execution execution = attempt();
  std::jthread stops([&] {
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (receiver.received().empty() && std::chrono::steady_clock::now() < give_up)
      std::this_thread::yield();
    execution.permit->request_stop(StopReason::cancelled);
  });
  EXPECT_TRUE(std::holds_alternative<Stopped>(run(to(receiver), execution)));
}

TEST_F(HttpKind, IsUnclearWhereItsNodeEndsBeforeTheAnswer) {
  Receiver receiver({"hang"});
  Execution execution = attempt();
  std::jthread stops([&] {
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (receiver.received().empty() && std::chrono::steady_clock::now() < give_up)
      std::this_thread::yield();
    execution.permit->request_stop(StopReason::drain);
  });
  EXPECT_TRUE(std::holds_alternative<Unclear>(run(to(receiver), execution)));
}

TEST_F(HttpKind, HidesItsSecretsInWhatComesBack) {
  Receiver receiver({http_answer("400 Bad", "X-Echo: Bearer t0ken-of-ours\r\n",
                                 std::string("you said t0ken-of-ours and ") + secret)});
  run(to(receiver) +
          "secret = 'env:HOOK_SECRET'\nheaders = { Authorization = 'env:TOKEN', X-Plain = 'seen' "
          "}\n",
      {{"TOKEN", "Bearer t0ken-of-ours"}, {"HOOK_SECRET", secret}});
  EXPECT_EQ(receiver.received().at(0).headers.at("authorization"), "Bearer t0ken-of-ours");
  EXPECT_EQ(receiver.received().at(0).headers.at("x-plain"), "seen");
  EXPECT_NE(said_.find("x-echo: ***\n"), std::string::npos) << said_;
  EXPECT_NE(said_.find(" and ***"), std::string::npos) << said_;
  EXPECT_EQ(said_.find("AAECAwQF"), std::string::npos) << said_;
}

TEST_F(HttpKind, TellsNothingOfAUrlThatIsASecret) {
  Receiver receiver({http_answer("200 OK")});
  EXPECT_TRUE(is_done(run("url = 'env:HOOK_URL'\n", {{"HOOK_URL", receiver.url("/s3cret-path")}})));
  EXPECT_EQ(receiver.received().at(0).line, "POST /s3cret-path HTTP/1.1");
  EXPECT_TRUE(said_.starts_with("POST env:HOOK_URL\n")) << said_;
}

TEST_F(HttpKind, KeepsSixtyFourKibibytesOfTheAnswer) {
  Receiver receiver({http_answer("200 OK", "", std::string(1 << 20, 'x'))});
  EXPECT_TRUE(is_done(run(to(receiver))));
  EXPECT_EQ(std::ranges::count(said_, 'x'), 64 << 10);
  EXPECT_NE(said_.find("[the rest of the answer was not read]"), std::string::npos);
}

TEST_F(HttpKind, SendsNothingInADryRunOrWithoutItsSecret) {
  Receiver receiver({http_answer("200 OK")});
  Execution dry = attempt();
  dry.dry_run = true;
  EXPECT_TRUE(is_done(run(to(receiver), dry)));
  const Outcome without = run(to(receiver) + "secret = 'env:HOOK_SECRET'\n");
  EXPECT_EQ(failure(without).why.message(), "secret: env:HOOK_SECRET: it is not set");
  const Outcome wrong =
      run(to(receiver) + "secret = 'env:HOOK_SECRET'\n", {{"HOOK_SECRET", "open sesame"}});
  EXPECT_TRUE(failure(wrong).final);
  EXPECT_EQ(failure(wrong).why.message().find("sesame"), std::string::npos);
  EXPECT_EQ(receiver.connections(), 0);
}

// ---------------------------------------------------------------- settings

TEST(HttpSettings, NameWhatIsWrong) {
  EXPECT_EQ(refusal("url = 'https://hooks.example.com/a'"), "accepted");
  EXPECT_NE(refusal("").find("url: it is not set"), std::string::npos);
  EXPECT_NE(refusal("url = 'ftp://x/'").find("only http and https"), std::string::npos);
  EXPECT_NE(refusal("url = 'https://u:geheim@x/'").find("a user or a password"), std::string::npos);
  EXPECT_EQ(refusal("url = 'https://u:geheim@x/'").find("geheim"), std::string::npos);
  EXPECT_NE(refusal("url = 'https://x/'\nallow_hosts = ['y']").find("x is not among the hosts"),
            std::string::npos);
  EXPECT_NE(refusal("url = 'https://x/'\nmethod = 'CONNECT'").find("method"), std::string::npos);
  EXPECT_NE(refusal("url = 'https://x/'\nsecret = 'whsec_abc'")
                .find("a secret does not stand here itself"),
            std::string::npos);
}

TEST(HttpSettings, TakeNoHeaderThatChangesTheRequest) {
  for (const char* header : {"Host", "Content-Length", "Transfer-Encoding", "webhook-id",
                             "Idempotency-Key", "WEBHOOK-SIGNATURE"})
    EXPECT_NE(refusal(fmt::format("url = 'https://x/'\nheaders = {{ '{}' = 'a' }}", header))
                  .find("set by Hotclock"),
              std::string::npos)
        << header;
  EXPECT_NE(refusal("url = 'https://x/'\nheaders = { 'A B' = 'a' }").find("no name of a header"),
            std::string::npos);
  EXPECT_NE(refusal("url = 'https://x/'\nheaders = { A = \"a\\r\\nHost: y\" }")
                .find("more than one line"),
            std::string::npos);
}

}  // namespace
}  // namespace hotclock::http_kind
