// The same words through both doors: this machine's database, and a server that is asked over HTTP.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include "service/access/tokens.h"
#include "service/app/control.h"
#include "service/app/settings.h"
#include "service/cli/commands.h"
#include "service/http/client_support.h"
#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock::cli {
namespace {

using Words = std::vector<std::string>;

struct Said {
  int code;
  std::string out, err;

  friend bool operator==(const Said&, const Said&) = default;
  friend std::ostream& operator<<(std::ostream& to, const Said& said) {
    return to << "exit code " << said.code << "\n" << said.out << said.err;
  }
};

Said say(const Words& words, const config::Environment& environment) {
  SystemClock clock;
  std::istringstream in;
  std::ostringstream out, err;
  Console console{in, out, err, clock, environment};
  console.user = "asha";
  const int code = run_command(console, words);
  return {code, out.str(), err.str()};
}

// What is another each time: instants and spans, ids, hashes.
Said without_chance(Said said) {
  static const std::pair<std::regex, const char*> chances[] = {
      {std::regex(R"((in )?(\d[0-9.]* (ms|s|min|h|d)(?![a-z]) ?)+(ago)?)"), "SPAN"},
      {std::regex(R"( +)"), " "},
      {std::regex(R"(\d{4}-\d\d-\d\dT[0-9:.]+Z)"), "INSTANT"},
      {std::regex(R"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22})"), "UUID"},
      {std::regex(R"(hc_[0-9a-z]{8}_[A-Za-z0-9_-]+)"), "SECRET"},
      {std::regex(R"("key_id":"[^"]*")"), R"("key_id":"KEY")"},
      {std::regex(R"([0-9a-f]{64})"), "HASH"},
      {std::regex(R"(stream-ranking~\d+~\d+~[0-9a-f]+)"), "BACKFILL"}};
  for (const auto& [chance, name] : chances) {
    said.out = std::regex_replace(said.out, chance, name);
    said.err = std::regex_replace(said.err, chance, name);
  }
  return said;
}

// A database, and a server on it.
class World {
 public:
  explicit World(config::ApiConfig settings = {}) {
    here_["HOTCLOCK_DATABASE_URL"] = place_.url("platform.db");
    database_ = sql::open(place_.url("platform.db"), {.create = true}).value();
    EXPECT_TRUE(schema::migrate(*database_, clock_.now()));
    settings_ =
        std::make_shared<const config::Config>(app::read_settings({.environment = here_}).value());
    desk_ = std::make_unique<operations::Desk>(
        operations::Desk{.database = *database_,
                         .clock = clock_,
                         .settings = [this] { return in_force(); },
                         .files = [this] { return Result(settings_); },
                         .version = HOTCLOCK_VERSION});
    settings.port = 0;
    settings.changes_a_minute = settings.reads_a_minute = 100'000;
    control_ = std::make_unique<app::Control>(settings, *desk_, logger_, metrics_);
    const auto started = control_->start();
    EXPECT_TRUE(started) << started.error().message();
    there_["HOTCLOCK_TOKEN"] = token("asha", {});
    there_["HOTCLOCK_SERVER"] = control_->where();
  }

  Said here(const Words& words) const { return say(words, here_); }
  // Nothing but the server and a token is known.
  Said there(const Words& words) const { return say(words, there_); }
  std::string token(const std::string& name, std::optional<Duration> lasts) const {
    const Instant made = lasts ? clock_.now() - *lasts - *lasts : clock_.now();
    const auto token = access::make_token(
        *database_, {.name = name, .grant = {.role = access::Role::admin}, .lasts = lasts},
        {.name = "the test", .reason = "a test"}, made);
    EXPECT_TRUE(token) << (token ? "" : token.error().message());
    return token->text;
  }
  std::string where() const { return control_->where(); }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(place_.file(name)) << text;
    return place_.file(name);
  }
  void stop() { control_->stop(); }

 private:
  // As a node has them: what was changed live lies over the files.
  std::shared_ptr<const config::Config> in_force() const {
    auto laid =
        app::lay_live(*settings_, {.environment = here_}, live::in_force(*database_).value());
    return std::make_shared<const config::Config>(std::move(laid.value().settings));
  }

  SystemClock clock_;
  sql::ScratchDirectory place_;
  config::Environment here_, there_;
  std::unique_ptr<sql::Database> database_;
  std::shared_ptr<const config::Config> settings_;
  log::Logger logger_{
      {.level = log::Level::error, .repeat_after = {}}, clock_, [](std::string_view) {}};
  metrics::Metrics metrics_;
  std::unique_ptr<operations::Desk> desk_;
  std::unique_ptr<app::Control> control_;
};

// ---------------------------------------------------------------- looking

class LookingTest : public testing::TestWithParam<Words> {};

TEST_P(LookingTest, TellsTheSameThroughBothDoors) {
  World world;
  world.here({"run", "stream-ranking", "--no-wait", "--at", "2026-11-20T10:00Z"});
  world.here({"pause", "trust-score", "--reason", "a migration"});
  world.here({"priority", "trust-score", "7", "--reason", "a test"});
  world.here({"run", "og-daily-bonus", "--no-wait"});
  world.here({"festivals", "create", world.file("festival.json", R"({"name":"Tihar",
      "type":"cultural","country":"NP","startsAt":"2030-11-07T18:15:00Z",
      "endsAt":"2030-11-12T18:14:59.999Z"})")});
  world.there({"jobs"});  // so that the token was used
  Words words = GetParam();
  for (int form = 0; form < 2; ++form) {
    const Said here = without_chance(world.here(words));
    EXPECT_EQ(here, without_chance(world.there(words)));
    EXPECT_NE(here.out + here.err, "");
    if (form == 1) {
      EXPECT_TRUE(boost::json::parse(here.out).is_object()) << here.out;
    }
    words.push_back("--json");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Words, LookingTest,
    testing::Values(
        Words{"jobs"}, Words{"jobs", "--tag", "none-has-it"}, Words{"history"},
        Words{"history", "stream-ranking", "--state", "due"}, Words{"history", "stream-rankin"},
        Words{"history", "--trigger", "manual", "--longer-than", "1s"},
        Words{"history", "--longer-than", "soon"}, Words{"history", "--search", "bank"},
        Words{"history", "--search", "...", "--in", "logs"}, Words{"stats", "stream-ranking"},
        Words{"stats", "og-daily-bonus", "--by", "week", "--since", "90d"}, Words{"show", "1"},
        Words{"show", "999"}, Words{"profile", "trust-score"}, Words{"profile", "1"},
        Words{"profile", "999"}, Words{"next", "og-daily-bonus", "--from", "2026-11-23T00:00"},
        Words{"nodes"}, Words{"nodes", "drain", "nobody", "--reason", "x"}, Words{"clients"},
        Words{"clients", "--user", "17"}, Words{"festivals"}, Words{"festivals", "show", "1"},
        Words{"festivals", "show", "7"}, Words{"festivals", "preview", "1", "--country", "in"},
        Words{"approvals"}, Words{"approvals", "--all"}, Words{"tokens"}, Words{"audit"},
        Words{"audit", "--job", "trust-score"}, Words{"audit", "check"}, Words{"alerts"},
        Words{"alerts", "--all", "--rule", "no-such-rule"}, Words{"alerts", "show", "7"},
        Words{"alerts", "rules"}, Words{"alerts", "silences", "--all"}, Words{"audit", "report"},
        Words{"audit", "report", "2026-11-22"}, Words{"doctor"}, Words{"drift"},
        Words{"kill-switch", "status"}, Words{"config", "show", "scheduler"},
        Words{"config", "show", "schedulr"}, Words{"schedule", "show", "trust-score"},
        Words{"schedule", "preview", "og-daily-bonus", "0 6 * * *"},
        Words{"schedule", "preview", "og-daily-bonus", "0 25 * * *"},
        Words{"backfill", "no-such-job", "--from", "24h", "--to", "now", "--dry-run"}));

// ---------------------------------------------------------------- acting

TEST(ActingTest, DoesAndTellsTheSameThroughBothDoors) {
  World one, other;
  const std::string draft = R"({"name":"Tihar","type":"cultural","country":"NP",
      "startsAt":"2030-11-07T18:15:00Z","endsAt":"2030-11-12T18:14:59.999Z"})";
  const std::string good = one.file("good.json", draft);
  const std::string bad = one.file("bad.json", R"({"name":"","country":"Nepal"})");
  const Words acts[] = {
      {"run", "stream-ranking", "--no-wait", "--reason", "a look"},
      {"run", "stream-rankin"},
      {"run", "trust-score", "--no-wait", "--profile", "--reason", "a look"},
      {"run", "stream-ranking", "--at", "yesterday"},
      {"cancel", "1"},
      {"cancel", "1"},
      {"cancel", "999"},
      {"slots", "cancel", "--reason", "which?"},
      {"slots", "cancel", "trust-score", "--state", "due", "--reason", "a look", "--dry-run"},
      {"slots", "cancel", "trust-score", "--state", "due", "--reason", "nobody agreed"},
      {"slots", "cancel", "trust-score", "--state", "due", "--reason", "a look", "--yes"},
      {"slots", "cancel", "trust-score", "--state", "due", "--reason", "none is left", "--yes"},
      {"slots", "retry", "--state", "cancelled", "--longer-than", "0s", "--reason", "a look",
       "--yes"},
      {"slots", "retry", "--state", "cancld", "--reason", "a slip", "--yes"},
      {"pause", "trust-score", "--reason", "a migration"},
      {"pause", "trust-score", "--reason", "a migration", "--until", "2020-01-01T00:00"},
      {"resume", "trust-score", "--reason", "it is over"},
      {"resume", "trust-score", "--reason", "it is over"},
      {"pause", "--all", "--reason", "a migration", "--until", "2099-01-01T00:00"},
      {"resume", "--all", "--reason", "it is over"},
      {"resume", "--all", "trust-score", "--reason", "which?"},
      {"pause", "--reason", "which?"},
      {"enable", "trust-score", "--reason", "a test"},
      {"disable", "trust-score", "--reason", "a test"},
      {"disable", "trust-score", "--undo", "--reason", "a slip"},
      {"enable", "stream-ranking", "--undo", "--reason", "a slip"},
      {"priority", "stream-ranking", "--reason", "which"},
      {"priority", "stream-ranking", "9", "--reason", "a test"},
      {"enable", "stream-ranking", "--undo", "--reason", "it was the priority"},
      {"priority", "stream-ranking", "--undo", "--reason", "a slip"},
      {"schedule", "set", "stream-ranking", "*/7 * * * *", "--reason", "less", "--yes"},
      {"schedule", "set", "stream-ranking", "*/8 * * * *", "--reason", "less"},
      {"schedule", "set", "stream-ranking", "*/8 * * * *", "--reason", "less", "--yes",
       "--if-version", "1"},
      {"schedule", "undo", "stream-ranking", "--reason", "more again"},
      {"schedule", "reset", "stream-ranking", "--reason", "by the files"},
      {"kill-switch", "on", "--reason", "a fire"},
      {"kill-switch", "off"},
      {"kill-switch", "off", "--reason", "it is out"},
      {"decide", "1", "again", "--reason", "a test"},
      {"festivals", "create", good, "--reason", "a feast"},
      {"festivals", "create", bad},
      {"festivals", "validate", bad},
      {"festivals", "edit", "1", good, "--reason", "a test"},
      {"festivals", "end", "1", "--reason", "a test"},
      {"festivals", "remove", "1", "--reason", "a test"},
      {"disconnect", "--user", "17", "--reason", "a test"},
      {"tokens", "create", "ben", "--role", "operator", "--jobs", "trust-*", "--expires", "30d",
       "--reason", "he is new"},
      {"tokens", "rotate", "2", "--reason", "a leak"},
      {"tokens", "revoke", "3", "--reason", "he left"},
      {"tokens", "revoke", "33", "--reason", "he left"},
      {"backfill", "stream-ranking", "--from", "2026-11-20T10:00Z", "--to", "2026-11-20T10:30Z",
       "--yes", "--no-wait"},
      {"backfill", "stream-ranking", "--from", "now", "--to", "24h", "--dry-run"},
      {"run", "og-daily-bonus", "--reason", "it was late"},
      {"refuse", "1", "--reason", "not today"},
      {"refuse", "1", "--reason", "not today"},
      {"pause", "../kill-switch", "--reason", "a trick"}};
  for (Words words : acts)
    for (int form = 0; form < 2; ++form) {
      const Said here = without_chance(one.here(words)), there = without_chance(other.there(words));
      // The hint differs: there a token says who asks.
      if (words[1] == "og-daily-bonus" && form == 0) {
        EXPECT_NE(there.out.find("with a token of their own"), std::string::npos) << there;
      } else if (words[0] != "backfill") {  // what it would do is found out where the data is
        EXPECT_EQ(here, there) << fmt::format("{}", fmt::join(words, " "));
      }
      EXPECT_EQ(here.code, there.code) << fmt::format("{}", fmt::join(words, " "));
      words.push_back("--json");
    }
}

// ---------------------------------------------------------------- a second person

TEST(SecondPersonTest, SaysYesToWhatAnotherAskedFor) {
  World world;
  const Said asked = world.here({"run", "og-daily-bonus", "--reason", "it was late"});
  EXPECT_EQ(asked.code, 0) << asked;
  EXPECT_NE(asked.out.find("hotclock approve 1 --reason WHY --by NAME"), std::string::npos)
      << asked;
  EXPECT_NE(world.here({"approvals"}).out.find("it was late"), std::string::npos);
  const Said same = world.here({"approve", "1", "--yes", "--reason", "I am sure"});
  EXPECT_EQ(same.code, 6) << same;
  const Said not_sure = world.here({"approve", "1", "--reason", "I am sure", "--by", "ben"});
  EXPECT_EQ(not_sure.code, 2) << "nobody was there to be shown the plan: " << not_sure;
  const Said yes =
      world.here({"approve", "1", "--yes", "--no-wait", "--reason", "I looked", "--by", "ben"});
  EXPECT_EQ(yes.code, 0) << yes;
  EXPECT_NE(yes.out.find("approved, and done: run of og-daily-bonus, asked for by asha"),
            std::string::npos)
      << yes;
  EXPECT_NE(world.here({"history", "og-daily-bonus"}).out.find("due"), std::string::npos);
}

// ---------------------------------------------------------------- what may stand against it

class NoWayInTest : public testing::Test {
 protected:
  static Said asked(const std::string& server, const std::string& token, Words words = {"jobs"}) {
    words.insert(words.end(), {"--server", server});
    return say(words, {{"HOTCLOCK_TOKEN", token}});
  }
};

TEST_F(NoWayInTest, NamesATokenThatIsWrongOrHasExpired) {
  World world;
  const Said wrong = asked(world.where(), "hc_aaaaaaaa_nothing");
  EXPECT_EQ(wrong.code, 6) << wrong;
  const Said expired = asked(world.where(), world.token("asha", std::chrono::hours{1}));
  EXPECT_EQ(expired.code, 6) << expired;
  EXPECT_EQ(expired.err, wrong.err) << "a thief learns nothing";
  const Said none = say({"jobs", "--server", world.where()}, {});
  EXPECT_EQ(none.code, 2) << none;
  EXPECT_NE(none.err.find("HOTCLOCK_TOKEN"), std::string::npos) << none;
}

TEST_F(NoWayInTest, SaysThatNobodyIsThere) {
  World world;
  const std::string where = world.where();
  world.stop();
  const Said away = asked(where, "hc_aaaaaaaa_nothing", {"jobs", "--json"});
  EXPECT_EQ(away.code, 3) << away;
  EXPECT_NE(away.out.find(R"("code":"unavailable")"), std::string::npos) << away;
}

// Something that answers, and is told what.
class StandIn {
 public:
  explicit StandIn(std::function<http::Response(const http::Request&)> answers) {
    server_.route({.prefix = "/", .handler = [answers](http::Exchange exchange) {
                     exchange.respond(answers(exchange.request()));
                   }});
    EXPECT_TRUE(server_.start());
    EXPECT_TRUE(loop_.start());
  }
  ~StandIn() {
    server_.stop();
    loop_.stop();
  }
  std::string where() const { return fmt::format("http://127.0.0.1:{}", server_.port()); }

 private:
  SystemClock clock_;
  http::Loop loop_{clock_};
  http::Server server_{loop_, {}};
};

TEST_F(NoWayInTest, KnowsWhatIsNoHotclock) {
  for (const int status : {200, 404, 302}) {
    StandIn shop([status](const http::Request&) {
      return http::Response::text(status, "<h1>Fine shoes</h1>", "text/html");
    });
    const Said said = asked(shop.where(), "hc_aaaaaaaa_nothing");
    EXPECT_EQ(said.code, 3) << said;
    EXPECT_NE(said.err.find("is no Hotclock"), std::string::npos) << said;
  }
  StandIn broken([](const http::Request&) {
    return http::Response::text(200, R"({"items":[)", "application/json");
  });
  EXPECT_EQ(asked(broken.where(), "hc_aaaaaaaa_nothing").code, 3);
  StandIn odd([](const http::Request&) {
    return http::Response::text(200, R"({"items":[1,{"job":7,"next":[],"last":{}}]})",
                                "application/json");
  });
  EXPECT_EQ(asked(odd.where(), "hc_aaaaaaaa_nothing").code, 0)
      << "what is not there reads as nothing";
}

TEST_F(NoWayInTest, AsksAgainWithTheSameIdempotencyKey) {
  std::vector<std::string> keys;
  StandIn busy([&keys](const http::Request& request) {
    keys.emplace_back(request.header("idempotency-key"));
    return keys.size() < 3
               ? http::Response::text(503, R"({"code":"unavailable","detail":"not now"})",
                                      "application/problem+json")
               : http::Response::text(200, R"({"job":"trust-score"})", "application/json");
  });
  const Said said =
      asked(busy.where(), "hc_aaaaaaaa_nothing", {"resume", "trust-score", "--reason", "a test"});
  EXPECT_EQ(said.code, 0) << said;
  ASSERT_EQ(keys.size(), 3u);
  EXPECT_EQ(keys[0].size(), 36u);
  EXPECT_EQ(keys[1], keys[0]);
  EXPECT_EQ(keys[2], keys[0]);
}

TEST_F(NoWayInTest, BelievesNoCertificateOfAnUnknownAuthority) {
  const http::Certificate certificate;
  config::ApiConfig settings;
  settings.certificate = certificate.certificate();
  settings.key = certificate.key();
  World world(settings);
  const std::string token = world.token("asha", {});
  const Said unknown = asked(world.where(), token);
  EXPECT_EQ(unknown.code, 3) << unknown;
  EXPECT_NE(unknown.err.find("certificate"), std::string::npos) << unknown;
  const Said known = asked(world.where(), token, {"jobs", "--ca-file", certificate.certificate()});
  EXPECT_EQ(known.code, 0) << known;
  EXPECT_EQ(asked(world.where(), token, {"jobs", "--ca-file", "/nowhere.pem"}).code, 2);
}

TEST_F(NoWayInTest, SendsNoTokenWhereOthersCouldReadIt) {
  const Said plain = asked("http://192.0.2.1:8081", "hc_aaaaaaaa_nothing");
  EXPECT_EQ(plain.code, 2) << plain;
  EXPECT_NE(plain.err.find("--insecure-http"), std::string::npos) << plain;
  EXPECT_EQ(asked("ftp://127.0.0.1", "hc_aaaaaaaa_nothing").code, 2);
  EXPECT_EQ(asked("https://asha:secret@127.0.0.1", "hc_aaaaaaaa_nothing").code, 2);
}

TEST_F(NoWayInTest, TakesTheTokenFromAFileThatNobodyElseMayRead) {
  World world;
  const std::string file = world.file("token", world.token("asha", {}) + "\n");
  const Words words{"jobs", "--server", world.where(), "--token-file", file};
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  const Said open = say(words, {});
  EXPECT_EQ(open.code, 2) << open;
  EXPECT_NE(open.err.find("chmod 600"), std::string::npos) << open;
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  EXPECT_EQ(say(words, {}).code, 0);
  EXPECT_EQ(say({"jobs", "--server", world.where()}, {{"HOTCLOCK_TOKEN_FILE", file}}).code, 0);
}

TEST_F(NoWayInTest, IsNoneForWhatIsOfThisMachine) {
  for (const Words& words :
       {Words{"serve"}, Words{"migrate"}, Words{"demo"}, Words{"config", "check"}, Words{"version"},
        Words{"completion", "bash"}, Words{"next", "5 0 * * *"},
        Words{"run", "trust-score", "--dry-run"}, Words{"tune", "trust-score", "--dry-run"},
        Words{"bench", "--clean"}, Words{"pause", "trust-score", "--reason", "x", "--by", "ben"}}) {
    const Said said = asked("http://127.0.0.1:1", "hc_aaaaaaaa_nothing", words);
    EXPECT_EQ(said.code, 2) << words[0] << ": " << said;
  }
}

}  // namespace
}  // namespace hotclock::cli
