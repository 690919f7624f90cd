#include "service/outgoing/http_client.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "service/outgoing/receiver_support.h"

namespace hotclock::outgoing {
namespace {

using namespace std::chrono_literals;

Request to(const std::string& url) {
  return {.url = url,
          .headers = {{"X-One", "1"}},
          .body = "{\"a\":1}",
          .timeout = 20s,
          .reach = {.allow_private = true, .allow_hosts = {}}};
}

template <class T>
std::string why(const Result<T>& result) {
  return result ? "no error"
                : std::string(to_string(result.error().code())) + ": " + result.error().message();
}

TEST(HttpClient, SendsARequestAndGivesTheAnswer) {
  Receiver receiver({http_answer("201 Created", "X-Id: 7\r\n", "made")});
  const auto response = send(to(receiver.url()), {});
  ASSERT_TRUE(response) << why(response);
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "made");
  EXPECT_NE(std::ranges::find(response->headers, std::pair<std::string, std::string>("x-id", "7")),
            response->headers.end());
  const auto received = receiver.received();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].line, "POST /hook HTTP/1.1");
  EXPECT_EQ(received[0].headers.at("x-one"), "1");
  EXPECT_EQ(received[0].headers.count("expect"), 0U);
  EXPECT_EQ(received[0].body, "{\"a\":1}");
}

TEST(HttpClient, SpeaksEveryMethod) {
  Receiver receiver({http_answer("200 OK")});
  for (const char* method : {"GET", "PUT", "PATCH", "DELETE", "POST", "HEAD"}) {
    Request request = to(receiver.url());
    request.method = method;
    request.body.clear();
    ASSERT_TRUE(send(request, {})) << method;
    EXPECT_EQ(receiver.received().back().line, std::string(method) + " /hook HTTP/1.1");
  }
}

TEST(HttpClient, FollowsNoRedirect) {
  Receiver inside({http_answer("200 OK")});
  Receiver receiver({http_answer("302 Found", "Location: " + inside.url("/secret") + "\r\n")});
  const auto response = send(to(receiver.url()), {});
  ASSERT_TRUE(response) << why(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(inside.connections(), 0);
}

TEST(HttpClient, GoesToNoAddressOfOurs) {
  Receiver receiver({http_answer("200 OK")});
  const std::string port = ":" + std::to_string(receiver.port()) + "/";
  for (const std::string host :
       {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
        "localhost", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "0",
        "[::]", "127.0.0.1."}) {
    Request request = to("http://" + host + port);
    request.reach.allow_private = false;
    const auto response = send(request, {});
    ASSERT_FALSE(response) << host;
    EXPECT_NE(response.error().code(), Errc::unknown) << host << ": " << why(response);
  }
  EXPECT_EQ(receiver.connections(), 0);
  Request request = to("http://localhost" + port);
  request.reach.allow_private = false;
  const std::string led = why(send(request, {}));
  EXPECT_TRUE(led.starts_with("invalid: it leads to ") && led.ends_with(", a loopback address"))
      << led;
}

TEST(HttpClient, GoesToNoMetadataServer) {
  for (const char* url :
       {"http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://[fd00:ec2::254]/",
        "http://100.100.100.200/", "http://10.0.0.1:8080/", "http://[fe80::1]/"}) {
    Request request = to(url);
    request.reach.allow_private = false;
    request.timeout = 2s;
    const auto response = send(request, {});
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().code(), Errc::invalid) << url << ": " << why(response);
  }
}

TEST(HttpClient, UsesNoProxyOfTheEnvironment) {
  Receiver proxy({http_answer("200 OK")});
  Receiver receiver({http_answer("204 No Content")});
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"})
    setenv(name, proxy.url("").c_str(), 1);
  const auto response = send(to(receiver.url()), {});
  for (const char* name : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) unsetenv(name);
  ASSERT_TRUE(response) << why(response);
  EXPECT_EQ(response->status, 204);
  EXPECT_EQ(proxy.connections(), 0);
}

TEST(HttpClient, GoesOnlyToTheHostsItMay) {
  Receiver receiver({http_answer("200 OK")});
  Request request = to(receiver.url());
  request.reach.allow_hosts = {"hooks.example.com"};
  EXPECT_EQ(why(send(request, {})), "invalid: 127.0.0.1 is not among the hosts that are allowed");
  EXPECT_EQ(receiver.connections(), 0);
  request.reach.allow_hosts = {"hooks.example.com", "127.0.0.1"};
  EXPECT_TRUE(send(request, {}));
}

TEST(HttpClient, KnowsWhatIsWrongWithAUrl) {
  EXPECT_FALSE(wrong_with_url("https://example.com/hook?a=b", {}));
  for (const char* url :
       {"", "example.com/hook", "/hook", "http://", "http://a b/", "https://exa\x01mple.com/"})
    EXPECT_EQ(wrong_with_url(url, {}), "this is no URL") << url;
  for (const char* url :
       {"file:///etc/passwd", "gopher://x/", "ftp://x/", "dict://x/", "ldap://x/"})
    EXPECT_EQ(wrong_with_url(url, {}), "only http and https are spoken here") << url;
  for (const char* url : {"https://user:pw@example.com/", "https://user@example.com/",
                          "https://example.com@127.0.0.1/"})
    EXPECT_EQ(wrong_with_url(url, {}), "a user or a password stands in it") << url;
  const Reach one{.allow_private = false, .allow_hosts = {"Example.com"}};
  EXPECT_FALSE(wrong_with_url("https://EXAMPLE.com/", one));
  EXPECT_TRUE(wrong_with_url("https://example.com.evil.org/", one));
  EXPECT_TRUE(wrong_with_url("https://evil-example.com/", one));
}

TEST(HttpClient, ReadsNoMoreOfAnAnswerThanItShould) {
  Receiver receiver({http_answer("200 OK", "", std::string(5 << 20, 'x'))});
  Request request = to(receiver.url());
  request.most_body = 1000;
  const auto response = send(request, {});
  ASSERT_TRUE(response) << why(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, std::string(1000, 'x'));
  EXPECT_TRUE(response->cut);
}

TEST(HttpClient, KeepsNoEndlessHeaders) {
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "X-Filler: " + std::string(50, 'x') + "\r\n";
  Receiver receiver({http_answer("200 OK", many)});
  const auto response = send(to(receiver.url()), {});
  ASSERT_TRUE(response) << why(response);
  EXPECT_LT(response->headers.size(), 300U);
}

TEST(HttpClient, SaysWhenTheAnswerWantsToBeAskedAgain) {
  Receiver receiver({http_answer("503 Busy", "Retry-After: 120\r\n"),
                     http_answer("503 Busy", "Retry-After: 99999999999\r\n"),
                     http_answer("503 Busy", "Retry-After: soon\r\n")});
  EXPECT_EQ(send(to(receiver.url()), {})->retry_after, 2min);
  EXPECT_LE(send(to(receiver.url()), {})->retry_after, 24h);
  EXPECT_EQ(send(to(receiver.url()), {})->retry_after, 0s);
}

TEST(HttpClient, TellsWhatWasNotSentFromWhatWasNotAnswered) {
  int closed_port = 0;
  {
    Receiver gone({""});
    closed_port = gone.port();
  }
  const auto refused = send(to("http://127.0.0.1:" + std::to_string(closed_port) + "/"), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::unavailable) << why(refused);
  Receiver silent({""});
  const auto unanswered = send(to(silent.url()), {});
  ASSERT_FALSE(unanswered);
  EXPECT_EQ(unanswered.error().code(), Errc::unknown) << why(unanswered);
  const auto nobody = send(to("http://nobody.invalid/"), {});
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code(), Errc::unavailable) << why(nobody);
}

TEST(HttpClient, GivesUpWhenItTakesTooLong) {
  Receiver receiver({"hang"});
  Request request = to(receiver.url());
  request.timeout = 200ms;
  const auto response = send(request, {});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), Errc::unknown) << why(response);
}

TEST(HttpClient, ObeysAStopWithinASecond) {
  Receiver receiver({"hang"});
  Request request = to(receiver.url());
  request.timeout = 5min;
  std::stop_source stop;
  std::chrono::steady_clock::time_point asked;
  std::jthread stops([&] {
    const auto give_up = std::chrono::steady_clock::now() + 20s;
    while (receiver.received().empty() && std::chrono::steady_clock::now() < give_up)
      std::this_thread::yield();
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  const auto response = send(request, stop.get_token());
  const auto returned = std::chrono::steady_clock::now();
  stops.join();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), Errc::unknown) << why(response);
  EXPECT_LT(returned - asked, 1s);
}

TEST(HttpClient, SendsNothingOnceAStopWasRequested) {
  Receiver receiver({http_answer("200 OK")});
  std::stop_source stop;
  stop.request_stop();
  const auto response = send(to(receiver.url()), stop.get_token());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), Errc::stopped);
  EXPECT_EQ(receiver.connections(), 0);
}

}  // namespace
}  // namespace hotclock::outgoing
