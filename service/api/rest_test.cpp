#include "service/api/rest.h"

#include <atomic>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/access/tokens.h"
#include "service/api/api_support.h"
#include "service/jobs/catalogue.h"

namespace hotclock::api {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

class RestTest : public ApiFixture {
 protected:
  RestTest() {
    auto read = config::read({}, {}, config::Jobs(jobs::defaults(), jobs::kinds()));
    EXPECT_TRUE(read);
    settings_ = std::make_shared<const config::Config>(std::move(read).value());
    desk_ = std::make_unique<operations::Desk>(
        operations::Desk{.database = *gate,
                         .clock = clock,
                         .settings = [this] { return settings_; },
                         .files = [this] { return Result(settings_); },
                         .version = "1.2.3"});
  }
  // Before the front that its work refers to.
  ~RestTest() override { pages().stop(); }

  void serves(RestSettings settings = {}) {
    opens({}, [&](http::Server& server, const Ground& ground) {
      rest_ = std::make_unique<Rest>(RestGround{loop(), ground.workers, *desk_, logger}, settings);
      rest_->serve(server);
    });
    admin = token("asha", access::Role::admin);
  }

  std::string token(const std::string& name, access::Role role) {
    const auto made = access::make_token(*gate, {.name = name, .grant = {.role = role}},
                                         {.name = "the test", .reason = "a test"}, clock.now());
    EXPECT_TRUE(made);
    return made->text;
  }
  static http::Fields bearer(const std::string& token) {
    return {{"Authorization", "Bearer " + token}};
  }

  http::Answer does(std::string_view method, std::string_view target, std::string_view body = {},
                    http::Fields more = {}, const std::string& token = {}) {
    more.push_back({"Content-Type", "application/json"});
    more.push_back(bearer(token.empty() ? admin : token).front());
    return http::ask(port(), method, "/api/v1" + std::string(target), body, more);
  }
  static std::string member(const http::Answer& answer, std::string_view name) {
    json::error_code failed;
    const json::value body = json::parse(answer.body, failed);
    if (failed || !body.is_object()) return "(no object: " + answer.body + ")";
    const auto* value = body.as_object().if_contains(name);
    if (!value) return "(none)";
    return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
  }
  Rest& rest() { return *rest_; }

  std::string admin;

 private:
  std::shared_ptr<const config::Config> settings_;
  std::unique_ptr<operations::Desk> desk_;
  std::unique_ptr<Rest> rest_;
};

constexpr std::string_view a_reason = R"({"reason":"a test"})";

TEST_F(RestTest, WantsATokenAndSaysHowItIsShown) {
  serves();
  const auto none = gets("/api/v1/jobs");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.header("www-authenticate"), "Bearer");
  EXPECT_EQ(none.header("content-type"), "application/problem+json");
  EXPECT_EQ(member(none, "code"), "unauthorized");
  EXPECT_EQ(member(none, "instance"), "/api/v1/jobs");
  EXPECT_EQ(member(none, "request_id"), none.header("x-request-id"));
  EXPECT_EQ(does("GET", "/jobs", {}, {}, "hc_nobody_nothing").status, 401);
  EXPECT_EQ(does("GET", "/jobs").status, 200);
}

TEST_F(RestTest, ARequestsIdGoesAllTheWayIntoTheAudit) {
  serves();
  const auto paused =
      does("POST", "/jobs/stream-ranking/pause", a_reason, {{"X-Request-Id", "deploy-17"}});
  EXPECT_EQ(paused.status, 200) << paused.body;
  EXPECT_EQ(paused.header("x-request-id"), "deploy-17");
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'pause' AND request = 'deploy-17' AND "
                  "came_from = '127.0.0.1'"),
            1);
  EXPECT_NE(does("GET", "/jobs", {}, {{"X-Request-Id", "a\"b"}}).header("x-request-id"), "a\"b");
}

TEST_F(RestTest, EveryAnswerTellsBrowsersToKeepTheirHandsOff) {
  serves();
  for (const char* const path : {"/jobs", "/no-such-thing", "/openapi.json", "/session"}) {
    const auto answer = does("GET", path);
    EXPECT_EQ(answer.header("cache-control"), "private, no-store") << path;
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff") << path;
    EXPECT_EQ(answer.header("content-security-policy"),
              "default-src 'none'; frame-ancestors 'none'")
        << path;
    EXPECT_EQ(answer.header("referrer-policy"), "no-referrer") << path;
    EXPECT_EQ(answer.header("access-control-allow-origin"), "") << path;
    EXPECT_EQ(answer.header("strict-transport-security"), "") << "this is no TLS";
  }
  EXPECT_EQ(does("TRACE", "/jobs").status, 405);
  EXPECT_EQ(does("OPTIONS", "/jobs").status, 405);
}

TEST_F(RestTest, TakesJsonOfASensibleSizeAlone) {
  serves();
  const std::string path = "/api/v1/jobs/stream-ranking/pause";
  auto headers = bearer(admin);
  EXPECT_EQ(http::ask(port(), "POST", path, a_reason, headers).status, 415);
  headers.push_back({"Content-Type", "text/plain"});
  EXPECT_EQ(http::ask(port(), "POST", path, a_reason, headers).status, 415);
  EXPECT_EQ(does("POST", "/jobs/stream-ranking/pause", std::string(70'000, ' ')).status, 413);
  EXPECT_EQ(does("GET", "/slots?job=" + std::string(5000, 'x')).status, 400);
  EXPECT_EQ(
      does("POST", "/jobs/stream-ranking/pause", R"({"reason":)" + std::string(200, '[')).status,
      400);
}

TEST_F(RestTest, WhatTheServerItselfRefusesIsAProblemToo) {
  serves();
  const auto large = does("POST", "/jobs/stream-ranking/pause", std::string(70'000, ' '));
  EXPECT_EQ(large.header("content-type"), "application/problem+json");
  EXPECT_EQ(member(large, "code"), "too_large");
  EXPECT_EQ(member(large, "request_id"), large.header("x-request-id"));
  const auto method = does("PUT", "/session");
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(member(method, "code"), "method_not_allowed");
}

TEST_F(RestTest, PathsAndQueriesAreUtf8AndNoNameHasASlash) {
  serves();
  for (const char* const target : {"/jobs/%ff", "/slots?job=%ff", "/slots?%c3=1", "/%ed%a0%80"}) {
    const auto answer = does("GET", target);
    EXPECT_EQ(answer.status, 400) << target;
    EXPECT_EQ(member(answer, "code"), "invalid") << target;
  }
  EXPECT_EQ(does("POST", "/jobs/stream-ranking%2fpause", a_reason).status, 404);
  EXPECT_EQ(member(does("GET", "/jobs/stream-ranking"), "paused"), "null");
  EXPECT_EQ(
      does("POST", "/jobs/stream-ranking/run", a_reason, {{"Idempotency-Key", "\xff"}}).status,
      400);
}

TEST_F(RestTest, WhoShowsNothingIsToldBeforeABodyIsSent) {
  serves();
  http::Client client(port());
  client.send(
      "POST /api/v1/festivals HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
      "Content-Type: application/json\r\n\r\n");
  EXPECT_EQ(client.answer().status, 401);
}

TEST_F(RestTest, WhoHasItAlreadyIsNotSentItAgain) {
  serves();
  const auto jobs = does("GET", "/version");
  ASSERT_FALSE(jobs.header("etag").empty());
  const auto again =
      does("GET", "/version", {}, {{"If-None-Match", std::string(jobs.header("etag"))}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  http::Client client(port());
  client.send(http::request_text("HEAD", "/api/v1/version", {}, bearer(admin)));
  const auto head = client.answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("etag"), jobs.header("etag"));
}

TEST_F(RestTest, AVersionForChangesSaysNothingOfWhatElseIsThere) {
  serves();
  const auto before = does("GET", "/jobs/trust-score");
  const std::string version(before.header("etag"));
  ASSERT_FALSE(version.empty());
  EXPECT_EQ(does("POST", "/jobs/trust-score/pause", a_reason).status, 200);
  const auto after = does("GET", "/jobs/trust-score", {}, {{"If-None-Match", version}});
  EXPECT_EQ(after.status, 200);
  EXPECT_NE(after.body, before.body);
}

TEST_F(RestTest, ARequestWithAKeyIsWorkedOnceHoweverOftenItIsSent) {
  serves();
  const http::Fields key{{"Idempotency-Key", "k-1"}};
  const auto first = does("POST", "/jobs/stream-ranking/run", a_reason, key);
  ASSERT_EQ(first.status, 202) << first.body;
  clock.advance(5min);
  const auto again = does("POST", "/jobs/stream-ranking/run", a_reason, key);
  EXPECT_EQ(again.status, 202);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.header("location"), first.header("location"));
  EXPECT_EQ(count("SELECT count(*) FROM slots"), 1);
  const auto other = does("POST", "/jobs/stream-ranking/run", R"({"reason":"another"})", key);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(does("POST", "/jobs/throne-expiry/run", a_reason, key).status, 422);
  const auto bela = token("bela", access::Role::operator_);
  EXPECT_EQ(does("POST", "/jobs/throne-expiry/run", a_reason, key, bela).status, 202)
      << "keys are each token's own";
  clock.advance(25h);
  EXPECT_EQ(does("POST", "/jobs/stream-ranking/run", a_reason, key).status, 202);
  EXPECT_EQ(count("SELECT count(*) FROM slots"), 3);
}

TEST_F(RestTest, AKeyWhoseFirstRequestIsBeingWorkedIsAConflict) {
  serves();
  sql("INSERT INTO api_requests (who, request_key, fingerprint, begun_at) SELECT 'token:' || id, "
      "'k-2', "
      "'x', created_at FROM tokens");
  EXPECT_EQ(does("POST", "/jobs/stream-ranking/run", a_reason, {{"Idempotency-Key", "k-2"}}).status,
            422);
  sql("DELETE FROM api_requests");
  const http::Fields key{{"Idempotency-Key", "k-3"}};
  ASSERT_EQ(does("POST", "/jobs/stream-ranking/run", a_reason, key).status, 202);
  sql("UPDATE api_requests SET status = NULL");
  const auto again = does("POST", "/jobs/stream-ranking/run", a_reason, key);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(member(again, "code"), "in_progress");
}

TEST_F(RestTest, ATokensSecretIsNotKeptForWhoAsksAgain) {
  serves();
  const http::Fields key{{"Idempotency-Key", "k-4"}};
  const char* const order = R"({"name":"ci","role":"viewer","reason":"x"})";
  const auto made = does("POST", "/tokens", order, key);
  ASSERT_EQ(made.status, 201);
  const std::string secret = member(made, "secret");
  EXPECT_EQ(count("SELECT count(*) FROM api_requests WHERE answer LIKE '%" + secret + "%'"), 0);
  EXPECT_EQ(does("POST", "/tokens", order, key).status, 409);
  EXPECT_EQ(count("SELECT count(*) FROM tokens WHERE name = 'ci'"), 1);
}

TEST_F(RestTest, ReadsAndChangesAreLimitedApart) {
  serves({.sessions = {}, .limits = {.reads = 5, .changes = 2}});
  for (int i = 0; i < 2; ++i)
    EXPECT_NE(does("POST", "/jobs/stream-ranking/resume", a_reason).status, 429);
  const auto no = does("POST", "/jobs/stream-ranking/resume", a_reason);
  EXPECT_EQ(no.status, 429);
  EXPECT_FALSE(no.header("retry-after").empty());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(does("GET", "/version").status, 200);
  EXPECT_EQ(does("GET", "/version").status, 429);
  clock.advance(1min);
  EXPECT_EQ(does("GET", "/version").status, 200);
}

TEST_F(RestTest, WhoGuessesTokensIsNotListenedToForAWhile) {
  serves({.sessions = {}, .limits = {.attempts = 3}});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(does("GET", "/version", {}, {}, "hc_guess_guess").status, 401);
  EXPECT_EQ(does("GET", "/version", {}, {}, "hc_guess_guess").status, 429);
  EXPECT_EQ(does("GET", "/version").status, 429)
      << "a good one neither: it might be the next guess";
  clock.advance(1min);
  EXPECT_EQ(does("GET", "/version").status, 200);
}

TEST_F(RestTest, ARevokedTokenIsGoodForNothingFromTheNextRequestOn) {
  serves();
  const auto bela = token("bela", access::Role::viewer);
  EXPECT_EQ(does("GET", "/version", {}, {}, bela).status, 200);
  sql("UPDATE tokens SET revoked_at = created_at, revoked_by = 'x' WHERE name = 'bela'");
  EXPECT_EQ(does("GET", "/version", {}, {}, bela).status, 401);
}

TEST_F(RestTest, WhileTheDatabaseIsAwayItIsLaterAndNothingLeaks) {
  serves();
  gate->fail(true);
  const auto no = does("GET", "/jobs");
  gate->fail(false);
  EXPECT_EQ(no.status, 503);
  EXPECT_EQ(no.header("retry-after"), "1");
  EXPECT_EQ(member(no, "detail"), "the database does not answer as it should");
}

TEST_F(RestTest, NoSqlIsWaitedForOnTheLoopsThread) {
  serves();
  gate->close();
  http::Client waits(port());
  waits.send(http::request_text("GET", "/api/v1/jobs", {}, bearer(admin)));
  ASSERT_TRUE(http::eventually([&] { return gate->waiting() > 0; }));
  EXPECT_TRUE(loop_answers());
  gate->open();
  EXPECT_EQ(waits.answer().status, 200);
}

TEST_F(RestTest, TheRunbookIsForAnybodyToRead) {
  serves();
  const auto page = gets("/api/v1/runbook/failed");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("content-type"), "text/plain; charset=UTF-8");
  EXPECT_TRUE(page.body.starts_with("# failed\n\n## What it means\n"));
  const auto in_a_browser =
      http::ask(port(), "GET", "/api/v1/runbook/failed", {}, {{"Accept", "text/html,*/*;q=0.8"}});
  EXPECT_EQ(in_a_browser.header("content-type"), "text/html; charset=UTF-8");
  EXPECT_NE(in_a_browser.body.find("<h1>failed</h1>"), std::string::npos);
  EXPECT_NE(gets("/api/v1/runbook/").body.find("<a href=\"HotclockDown\">"), std::string::npos);
  EXPECT_EQ(gets("/api/v1/runbook/x/failed").status, 404);
  const auto none = gets("/api/v1/runbook/faild");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(none.body, "there is no such page; did you mean failed?\n");
}

TEST_F(RestTest, ProblemsAndTheDocumentAreForAnybodyToRead) {
  serves();
  EXPECT_EQ(gets("/api/v1/problems/stale").status, 200);
  EXPECT_EQ(gets("/api/v1/problems/none").status, 404);
  const auto document = gets("/api/v1/openapi.json");
  EXPECT_EQ(document.status, 200);
  EXPECT_EQ(member(document, "openapi"), "3.1.0");
}

// ---------------------------------------------------------------- sessions

class SessionTest : public RestTest {
 protected:
  SessionTest() {
    serves();
    const auto opened = does("POST", "/session");
    EXPECT_EQ(opened.status, 201) << opened.body;
    for (const auto& [name, value] : opened.headers)
      if (name == "set-cookie") cookies.push_back(value);
    csrf = member(opened, "csrf");
    cookie = cookies.empty() ? "" : cookies[0].substr(0, cookies[0].find(';'));
  }
  http::Answer pauses(http::Fields more = {}) {
    http::Fields headers{{"Cookie", cookie}, {"Content-Type", "application/json"}};
    headers.insert(headers.end(), more.begin(), more.end());
    return http::ask(port(), "POST", "/api/v1/jobs/stream-ranking/pause", a_reason, headers);
  }
  std::vector<std::string> cookies;
  std::string cookie, csrf;
};

TEST_F(SessionTest, ComesAsACookieThatNoScriptAndNoOtherSiteGets) {
  ASSERT_EQ(cookies.size(), 2u);
  EXPECT_TRUE(cookies[0].starts_with("hotclock="));
  for (const char* const part : {"; HttpOnly", "; SameSite=Strict", "; Path=/"})
    EXPECT_NE(cookies[0].find(part), std::string::npos) << part;
  EXPECT_TRUE(cookies[1].starts_with("hotclock-csrf="));
  EXPECT_EQ(cookies[1].find("HttpOnly"), std::string::npos);
  EXPECT_EQ(gets("/api/v1/session", {{"Cookie", cookie}}).status, 200);
  EXPECT_EQ(member(gets("/api/v1/me", {{"Cookie", cookie}}), "name"), "asha");
}

TEST_F(SessionTest, AChangeShowsTheAntiForgeryTokenAndComesFromOurOwnPages) {
  EXPECT_EQ(pauses().status, 403);
  EXPECT_EQ(pauses({{"X-CSRF-Token", "wrong"}}).status, 403);
  EXPECT_EQ(pauses({{"X-CSRF-Token", csrf}, {"Origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(pauses({{"X-CSRF-Token", csrf}, {"Sec-Fetch-Site", "cross-site"}}).status, 403);
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE what = 'pause' AND outcome = 'refused' AND who "
                  "= 'asha' AND came_from = '127.0.0.1' AND request <> ''"),
            4);
  EXPECT_EQ(pauses({{"X-CSRF-Token", csrf}, {"Sec-Fetch-Site", "same-origin"}}).status, 200);
}

TEST_F(SessionTest, EndsWhenItIsEndedAndWhenNobodyUsesIt) {
  const http::Fields headers{{"Cookie", cookie}, {"X-CSRF-Token", csrf}};
  EXPECT_EQ(http::ask(port(), "DELETE", "/api/v1/session", {}, headers).status, 204);
  EXPECT_EQ(gets("/api/v1/session", {{"Cookie", cookie}}).status, 401);
}

TEST_F(SessionTest, EndsWhenNobodyUsesItForLong) {
  clock.advance(31min);
  EXPECT_EQ(gets("/api/v1/session", {{"Cookie", cookie}}).status, 401);
}

TEST_F(SessionTest, IsNotBegunWithACookie) {
  EXPECT_EQ(
      http::ask(port(), "POST", "/api/v1/session", {}, {{"Cookie", cookie}, {"X-CSRF-Token", csrf}})
          .status,
      401);
}

// ---------------------------------------------------------------- live lists

class EventsTest : public RestTest {
 protected:
  std::unique_ptr<http::Client> listens(const std::string& query, http::Fields more = {}) {
    auto client = std::make_unique<http::Client>(port());
    more.push_back(bearer(admin).front());
    client->send(http::request_text("GET", "/api/v1/events" + query, {}, more));
    return client;
  }
};

TEST_F(EventsTest, TellWhatThereIsAndThenWhatChanges) {
  serves();
  const auto client = listens("?topics=jobs");
  const std::string head = client->read_to("\r\n\r\n");
  EXPECT_NE(head.find("text/event-stream"), std::string::npos) << head;
  ASSERT_FALSE(client->read_to("event: jobs\ndata: ").empty());
  ASSERT_FALSE(client->read_to("\"paused\":null").empty());
  ASSERT_EQ(does("POST", "/jobs/stream-ranking/pause", R"({"reason":"seen by listeners"})").status,
            200);
  rest().news();
  EXPECT_FALSE(client->read_to("seen by listeners").empty());
}

TEST_F(EventsTest, AllWhoListenHear) {
  serves();
  std::vector<std::unique_ptr<http::Client>> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(listens("?topics=nodes"));
  for (const auto& client : clients) ASSERT_FALSE(client->read_to("event: nodes").empty());
}

TEST_F(EventsTest, WhoComesBackIsNotSentWhatTheyHave) {
  serves();
  auto first = listens("?topics=nodes");
  const std::string before = first->read_to("event: nodes");
  const std::size_t at = before.rfind("id: ") + 4;
  const std::string id = before.substr(at, before.find('\n', at) - at);
  const auto second = listens("?topics=jobs,nodes", {{"Last-Event-ID", id}});
  const std::string heard = second->read_to("event: jobs");
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(heard.find("event: nodes"), std::string::npos) << heard;
}

TEST_F(EventsTest, AreForWhoMayLookAndNotForTooManyAtOnce) {
  serves({.sessions = {}, .limits = {.streams = 2}});
  EXPECT_EQ(gets("/api/v1/events").status, 401);
  EXPECT_EQ(does("GET", "/events?topics=gossip").status, 400);
  const auto one = listens("");
  const auto two = listens("");
  ASSERT_FALSE(one->read_to("event: ").empty());
  ASSERT_FALSE(two->read_to("event: ").empty());
  EXPECT_EQ(does("GET", "/events").status, 429);
  two->vanish();
  EXPECT_TRUE(http::eventually([&] {
    const auto client = listens("");
    return client->read_to("\r\n\r\n").find("200 OK") != std::string::npos;
  }));
}

}  // namespace
}  // namespace hotclock::api
