#include "service/config/realtime.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "service/config/config.h"

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

Result<Config> read_text(std::string main, const Environment& environment = {}) {
  return read({File{"/etc/hotclock/hotclock.toml", std::move(main)}, {}}, environment, {});
}

Result<Config> read_realtime_text(const std::string& lines, const Environment& environment = {}) {
  return read_text("[realtime]\n" + lines, environment);
}

std::string refusal(const Result<Config>& config) {
  return config ? "accepted" : config.error().message();
}

// The first line of what is said about one line of [realtime].
std::string refusal_of(const std::string& line) {
  const std::string all = refusal(read_realtime_text(line));
  return all.substr(0, all.find('\n'));
}

// The same about lines of one sink.
std::string refusal_of_sink(const std::string& lines, const std::string& name = "main") {
  const std::string all = refusal(read_text("[sinks." + name + "]\n" + lines));
  return all.substr(0, all.find('\n'));
}

std::string value_shown(const Result<Config>& config, std::string_view key) {
  const auto at = std::ranges::find(config->shown, key, &Shown::key);
  return at == config->shown.end() ? "not shown" : at->value;
}

constexpr std::string_view here = "/etc/hotclock/hotclock.toml:2:";

TEST(RealtimeSettings, LetBrowsersOfTheSameHostInWithoutAnySetting) {
  const auto config = read({}, {}, {});
  ASSERT_TRUE(config) << refusal(config);
  const RealtimeConfig& realtime = config->realtime;
  EXPECT_TRUE(realtime.enabled);
  EXPECT_EQ(realtime.address, "127.0.0.1");
  EXPECT_EQ(realtime.port, 8080);
  EXPECT_EQ(realtime.path, "/socket.io/");
  EXPECT_TRUE(realtime.trusted_proxies.empty());
  EXPECT_FALSE(realtime.anonymous);
  EXPECT_FALSE(realtime.jwt_key.given());
  EXPECT_TRUE(config->sinks.empty());
}

TEST(RealtimeSettings, AreReadFromTheFile) {
  const auto config = read_realtime_text(R"(
enabled = false
address = "::1"
port = 0
certificate = "tls/chain.pem"
key = "/run/secrets/tls.pem"
path = "/live/"
origins = ["https://live.example", "http://127.0.0.1:5173", "https://[::1]:8443"]
trusted_proxies = ["10.0.0.0/8", "2001:db8::1"]
anonymous = true
public_rooms = ["rankings", "stream:*"]
jwt_algorithm = "EdDSA"
jwt_keys = "keys.json"
jwt_issuer = "accounts"
jwt_audience = "hotclock"
jwt_leeway = "0 s"
jwt_user_claim = "uid"
ping_interval = "300 ms"
ping_timeout = "200 ms"
upgrade_timeout = "3 s"
connect_timeout = "4 s"
attachments = 0
cookie = "io"
max_payload = "64 KiB"
queue = "2 MiB"
queue_age = "5 s"
recovery = "0 s"
retention = "1 min"
connections = 9
connections_per_address = 1
connections_per_address_a_minute = 2
messages_per_address_a_minute = 8
connections_per_user = 3
connections_per_user_a_minute = 7
rooms_per_socket = 4
messages_a_minute = 5
violations = 6
)");
  ASSERT_TRUE(config) << refusal(config);
  const RealtimeConfig& realtime = config->realtime;
  EXPECT_FALSE(realtime.enabled);
  EXPECT_EQ(realtime.address, "::1");
  EXPECT_EQ(realtime.port, 0);
  EXPECT_EQ(realtime.certificate, "/etc/hotclock/tls/chain.pem");
  EXPECT_EQ(realtime.key, "/run/secrets/tls.pem");
  EXPECT_EQ(realtime.path, "/live/");
  EXPECT_EQ(realtime.origins.size(), 3u);
  EXPECT_EQ(realtime.trusted_proxies, (std::vector<std::string>{"10.0.0.0/8", "2001:db8::1"}));
  EXPECT_TRUE(realtime.anonymous);
  EXPECT_EQ(realtime.public_rooms, (std::vector<std::string>{"rankings", "stream:*"}));
  EXPECT_EQ(realtime.jwt_algorithm, "EdDSA");
  EXPECT_EQ(realtime.jwt_keys, "/etc/hotclock/keys.json");
  EXPECT_EQ(realtime.jwt_issuer, "accounts");
  EXPECT_EQ(realtime.jwt_audience, "hotclock");
  EXPECT_EQ(realtime.jwt_leeway, 0s);
  EXPECT_EQ(realtime.jwt_user_claim, "uid");
  EXPECT_EQ(realtime.ping_interval, 300ms);
  EXPECT_EQ(realtime.ping_timeout, 200ms);
  EXPECT_EQ(realtime.upgrade_timeout, 3s);
  EXPECT_EQ(realtime.connect_timeout, 4s);
  EXPECT_EQ(realtime.attachments, 0);
  EXPECT_EQ(realtime.cookie, "io");
  EXPECT_EQ(realtime.max_payload, 64 << 10);
  EXPECT_EQ(realtime.queue, 2 << 20);
  EXPECT_EQ(realtime.queue_age, 5s);
  EXPECT_EQ(realtime.recovery, 0s);
  EXPECT_EQ(realtime.retention, 1min);
  EXPECT_EQ(realtime.connections, 9);
  EXPECT_EQ(realtime.messages_per_address_a_minute, 8);
  EXPECT_EQ(realtime.connections_per_user_a_minute, 7);
  EXPECT_EQ(realtime.connections_per_address, 1);
  EXPECT_EQ(realtime.connections_per_address_a_minute, 2);
  EXPECT_EQ(realtime.connections_per_user, 3);
  EXPECT_EQ(realtime.rooms_per_socket, 4);
  EXPECT_EQ(realtime.messages_a_minute, 5);
  EXPECT_EQ(realtime.violations, 6);
}

TEST(RealtimeSettings, AreTakenFromTheEnvironmentBeforeTheFile) {
  const auto config =
      read_realtime_text("port = 1\n[sinks.main]\nkind = \"redis\"\nurl = \"redis://a\"\n",
                         {{"HOTCLOCK_REALTIME__PORT", "2"},
                          {"HOTCLOCK_REALTIME__ORIGINS", "https://a.example, https://b.example"},
                          {"HOTCLOCK_SINKS__MAIN__URL", "redis://b"}});
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(config->realtime.port, 2);
  EXPECT_EQ(config->realtime.origins.size(), 2u);
  EXPECT_EQ(config->sinks.at(0).url.value, "redis://b");
}

TEST(RealtimeSettings, RefuseWhatIsNoAddressPortOrPath) {
  const std::string at(here);
  EXPECT_EQ(refusal_of("address = \"localhost\""),
            at + "11: realtime.address: this is no address; write one in digits, such as "
                 "127.0.0.1, 0.0.0.0 or ::");
  EXPECT_EQ(refusal_of("port = 65536"),
            at + "8: realtime.port: 65536 is too large; write a whole number from 0 to 65535");
  for (const char* path : {"", "/", "socket.io/", "/socket.io", "/a//b/", "/a b/", "/a?b/"})
    EXPECT_EQ(refusal_of("path = \"" + std::string(path) + "\""),
              at + "8: realtime.path: this is no path; write one that begins and ends with a "
                   "slash, such as /socket.io/")
        << path;
}

TEST(RealtimeSettings, RefuseACertificateWithoutItsKey) {
  EXPECT_EQ(refusal_of("certificate = \"a.pem\""),
            std::string(here) +
                "15: realtime.certificate: a certificate and its key go together; set key as well");
  EXPECT_EQ(refusal_of("key = \"a.pem\""),
            std::string(here) +
                "7: realtime.key: a certificate and its key go together; set certificate as well");
}

TEST(RealtimeSettings, RefuseWhatBrowsersWouldNeverSendAsOrigin) {
  for (const char* origin :
       {"*", "null", "live.example", "https://", "https://live.example/", "https://a b",
        "ws://live.example", "https://Live.example", "https://live.example:0",
        "https://live.example:99999", "https://[zz]:80", "https://user@live.example"})
    EXPECT_EQ(refusal_of("origins = [\"" + std::string(origin) + "\"]"),
              std::string(here) + "11: realtime.origins: \"" + origin +
                  "\" is no origin; write scheme and host, no path: \"https://live.example\"");
}

TEST(RealtimeSettings, NeverMakeRoomsOfUsersPublic) {
  for (const char* pattern : {"user:*", "user:4711", "u*", "*"})
    EXPECT_NE(refusal_of("public_rooms = [\"" + std::string(pattern) + "\"]")
                  .find("rooms of users are never public"),
              std::string::npos)
        << pattern;
  EXPECT_NE(refusal_of("public_rooms = [\"a*b\"]").find("a \"*\" stands only at its end"),
            std::string::npos);
  EXPECT_NE(refusal_of("public_rooms = [\"\"]").find("an empty text names no room"),
            std::string::npos);
  EXPECT_EQ(refusal_of("public_rooms = [\"users-online\", \"throne:*\", \"usher:*\"]"), "accepted");
  EXPECT_EQ(refusal_of("public_rooms = []"), "accepted");
}

TEST(RealtimeSettings, TakeKeysOfTokensFromOnePlace) {
  EXPECT_EQ(
      refusal_of("jwt_algorithm = \"none\""),
      std::string(here) +
          "17: realtime.jwt_algorithm: \"none\" is not known; write one of HS256, RS256, EdDSA");
  const std::string both =
      refusal(read_realtime_text("jwt_key = \"env:KEY\"\njwt_keys = \"keys.json\"\n"));
  EXPECT_NE(both.find("realtime.jwt_keys: jwt_key is set too"), std::string::npos) << both;
  EXPECT_NE(refusal_of("jwt_user_claim = \"\"").find("it names no claim"), std::string::npos);
}

TEST(RealtimeSettings, RefuseProxiesThatAreNoNetworks) {
  for (const char* wrong : {"everybody", "10.0.0.1/8", "10.0.0.0/33", ""})
    EXPECT_NE(refusal_of("trusted_proxies = [\"" + std::string(wrong) + "\"]")
                  .find("realtime.trusted_proxies: \"" + std::string(wrong) + "\""),
              std::string::npos)
        << wrong;
}

TEST(RealtimeSettings, KeepEventsAsLongAsTheyMayBeMissed) {
  EXPECT_EQ(refusal_of("recovery = \"11 min\""),
            "/etc/hotclock/hotclock.toml:1:1: realtime.retention: it is shorter than recovery; "
            "write \"11 min\" or more");
  EXPECT_EQ(refusal(read_realtime_text("recovery = \"11 min\"\nretention = \"11 min\"\n")),
            "accepted");
}

TEST(RealtimeSettings, RefuseLimitsThatAreNone) {
  for (const char* key :
       {"connections", "connections_per_address", "connections_per_address_a_minute",
        "connections_per_user", "connections_per_user_a_minute", "rooms_per_socket",
        "messages_a_minute", "violations"})
    EXPECT_NE(refusal_of(std::string(key) + " = 0").find(std::string(key) + ": 0 is too small"),
              std::string::npos);
  EXPECT_NE(refusal_of("max_payload = \"1 B\"").find("is too small"), std::string::npos);
  EXPECT_NE(refusal_of("queue = \"1 KiB\"").find("is too small"), std::string::npos);
  EXPECT_NE(refusal_of("ping_interval = \"1 ms\"").find("is too small"), std::string::npos);
  EXPECT_NE(refusal_of("upgrade_timeout = \"0 s\"").find("is too small"), std::string::npos);
  EXPECT_NE(refusal_of("connect_timeout = \"1 ms\"").find("is too small"), std::string::npos);
  EXPECT_NE(refusal_of("attachments = 1001").find("is too large"), std::string::npos);
  EXPECT_NE(refusal_of("cookie = \"a; Domain=b\"").find("this is no name of a cookie"),
            std::string::npos);
  EXPECT_NE(refusal_of("ping_timeout = 20").find("20 has no unit"), std::string::npos);
  EXPECT_NE(refusal_of("pings = 20").find("unknown key"), std::string::npos);
}

TEST(Sinks, AreAnyNumberOfNamedTables) {
  const auto config = read_text(R"(
[sinks.main]
kind = "redis-sharded"
url = "rediss://live:s3cret@cache.example:6380/2"
prefix = "live"
subscription_mode = "static"
[sinks.replayed]
kind = "redis-streams"
url = "unix:///run/redis.sock"
max_length = 500
streams = 4
[sinks.quiet]
kind = "postgresql"
url = "postgresql://live:s3cret@db/platform"
attachments = "live.attachments"
)");
  ASSERT_TRUE(config) << refusal(config);
  ASSERT_EQ(config->sinks.size(), 3u);
  const SinkConfig& main = config->sinks[0];
  EXPECT_EQ(main.name, "main");
  EXPECT_EQ(main.kind, SinkKind::redis_sharded);
  EXPECT_EQ(main.url.reveal().value(), "rediss://live:s3cret@cache.example:6380/2");
  EXPECT_EQ(main.prefix, "live");
  EXPECT_EQ(main.subscription_mode, SubscriptionMode::fixed);
  EXPECT_EQ(config->sinks[1].max_length, 500);
  EXPECT_EQ(config->sinks[1].streams, 4);
  EXPECT_EQ(config->sinks[2].kind, SinkKind::postgresql);
  EXPECT_EQ(config->sinks[2].attachments, "live.attachments");
  EXPECT_EQ(value_shown(config, "sinks.main.url"), "\"rediss://live:***@cache.example:6380/2\"");
}

TEST(Sinks, AreRefusedWithoutKindOrUrl) {
  EXPECT_EQ(refusal_of_sink("url = \"redis://a\"\n"),
            "/etc/hotclock/hotclock.toml:1:1: sinks.main.kind: it is missing; "
            "write one of redis, redis-sharded, redis-streams, postgresql");
  EXPECT_EQ(refusal_of_sink("kind = \"redis\"\n"),
            "/etc/hotclock/hotclock.toml:1:1: sinks.main.url: it is missing; "
            "write redis://HOST:PORT, rediss://HOST:PORT or unix:///PATH");
  EXPECT_NE(refusal(read_text("[sinks]\nmain = \"redis://a\"\n")).find("write a table: [main]"),
            std::string::npos);
}

TEST(Sinks, AreRefusedWhereTheirUrlIsOfAnotherKindAndNeverRepeatIt) {
  for (const char* lines : {"kind = \"redis\"\nurl = \"postgresql://a:s3cret@db\"\n",
                            "kind = \"redis\"\nurl = \"redis//a:s3cret@db\"\n",
                            "kind = \"postgresql\"\nurl = \"redis://a:s3cret@db\"\n",
                            "kind = \"redis\"\nurl = \"redis://a:s3cret@db\nlacks its end\n"}) {
    const auto config = read_text("[sinks.main]\n" + std::string(lines));
    ASSERT_FALSE(config) << lines;
    EXPECT_EQ(refusal(config).find("s3cret"), std::string::npos) << refusal(config);
  }
}

TEST(Sinks, AreRefusedWithSettingsOfAnotherKind) {
  const std::string redis = "kind = \"redis\"\nurl = \"redis://a\"\n";
  for (const char* line :
       {"subscription_mode = \"dynamic\"", "max_length = 5", "streams = 2", "attachments = \"a\""})
    EXPECT_NE(refusal_of_sink(redis + line).find("redis has no such setting; leave it out"),
              std::string::npos)
        << line;
  EXPECT_NE(refusal_of_sink(redis + "prefix = \"\"").find("this is no prefix of a channel"),
            std::string::npos);
  EXPECT_NE(refusal_of_sink(redis + "prefx = \"a\"").find("did you mean prefix?"),
            std::string::npos);
  EXPECT_NE(refusal_of_sink(redis, "Main").find("this is no name of a sink"), std::string::npos);
  const std::string postgresql = "kind = \"postgresql\"\nurl = \"postgresql://a/b\"\n";
  EXPECT_NE(
      refusal_of_sink(postgresql + "attachments = \"a; drop\"").find("this is no name of a table"),
      std::string::npos);
  EXPECT_NE(refusal_of_sink(postgresql + "prefix = \"" + std::string(62, 'p') + "\"")
                .find("write 1 to 61 bytes"),
            std::string::npos);
}

TEST(Sinks, OfTheEnvironmentAloneAreNone) {
  EXPECT_EQ(refusal(read_text("", {{"HOTCLOCK_SINKS__MAIN__URL", "redis://a"}})),
            "HOTCLOCK_SINKS__MAIN__URL: sinks: no setting has this name");
}

// The examples of docs/hotclock.toml, which stand behind a "#" without a space, are settings too.
TEST(Sinks, AreDocumentedByExamplesThatCanBeRead) {
  std::ifstream in(fs::path(HOTCLOCK_SOURCE_DIR) / "docs" / "hotclock.toml");
  std::string text;
  for (std::string line; std::getline(in, line);) {
    const bool example = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    text += (example ? line.substr(1) : line) + "\n";
  }
  const std::string nothing = "allow = []";  // the programs of other examples
  text.replace(text.find(nothing), nothing.size(), "allow = [\"/usr/local/bin/page\"]");
  const auto config = read_text(text);
  ASSERT_TRUE(config) << refusal(config);
  ASSERT_EQ(config->sinks.size(), 3u);
  const SinkConfig otherwise;
  for (const SinkConfig& sink : config->sinks) {
    EXPECT_EQ(sink.prefix, otherwise.prefix);
    EXPECT_EQ(sink.subscription_mode, otherwise.subscription_mode);
    EXPECT_EQ(sink.max_length, otherwise.max_length);
    EXPECT_EQ(sink.streams, otherwise.streams);
    EXPECT_EQ(sink.attachments, otherwise.attachments);
  }
  for (const char* key : {"prefix", "subscription_mode", "max_length", "streams", "attachments"})
    EXPECT_NE(text.find("\n" + std::string(key) + " = "), std::string::npos)
        << key << " is not documented";
}

}  // namespace
}  // namespace hotclock::config
