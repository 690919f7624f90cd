// hotclock festivals, as an editor types it: beside a node that serves, and with none.
#include <gtest/gtest.h>
#include <signal.h>

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>

#include "scheduler/base/time.h"
#include "service/sql/sql_support.h"
#include "tests/process/program.h"

namespace hotclock {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

class Editor : public testing::TestWithParam<std::string> {
 protected:
  Editor() : place_(GetParam()) {
    environment_["HOTCLOCK_DATABASE_URL"] = place_.url();
    // Nothing is turned by the minute: what is turned, somebody asked for.
    environment_["HOTCLOCK_JOBS__FESTIVAL_ACTIVATION__SCHEDULE"] = "0 0 1 1 *";
    EXPECT_EQ(hotclock({"migrate"}).code, 0);
    database_ = sql::open(place_.url()).value();
    sql::speak_as_sqlite(*database_);
    run("INSERT INTO gifts (name, price_coins) VALUES ('Rose', 10), ('Diya', 20)");
  }

  Ended hotclock(const std::vector<std::string>& words) {
    return Program(words, environment_, place_.directory().path()).wait();
  }
  json::value answer(std::vector<std::string> words) {
    words.push_back("--json");
    const Ended ended = hotclock(words);
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
    return json::parse(ended.out);
  }
  std::unique_ptr<Program> server() {
    auto started = std::make_unique<Program>(std::vector<std::string>{"serve"}, environment_,
                                             place_.directory().path());
    EXPECT_TRUE(comes_true([&] { return number("SELECT count(*) FROM jobs") >= 5; }))
        << started->log();
    return started;
  }
  static void stop(Program& program) {
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait().code, 0);
  }
  std::string file(const std::string& text, const std::string& name = "festival.json") const {
    std::ofstream(place_.directory().file(name)) << text;
    return name;
  }
  static std::string festival(std::chrono::hours from, std::chrono::hours to,
                              const std::string& more = "") {
    const Instant now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    return fmt::format(
        R"({{"name":"Tihar","type":"cultural","country":"NP","startsAt":"{}","endsAt":"{}"{}}})",
        to_string(now + from), to_string(now + to), more);
  }
  // The new festival's id.
  std::string created(const std::string& text) {
    return std::string(
        answer({"festivals", "create", file(text)}).at("id").as_string());
  }
  std::int64_t number(const std::string& query) {
    auto sql = database_->read().value();
    const sql::Statement statement{"asked", query};
    return sql::first(*sql, statement);
  }
  void run(const std::string& text) {
    auto sql = database_->write().value();
    EXPECT_TRUE(sql->script(text));
    EXPECT_TRUE(sql->commit());
  }
  std::int64_t active() { return number("SELECT count(*) FROM festivals WHERE is_active = 1"); }
  std::int64_t told(const std::string& event) {
    return number("SELECT count(*) FROM outbox WHERE event = '" + event + "'");
  }

 private:
  sql::ScratchPlace place_;
  std::map<std::string, std::string> environment_;
  std::unique_ptr<sql::Database> database_;
};

TEST_P(Editor, ActivatesAndEndsBesideANodeThatServesAndHearsThatClientsKnow) {
  const auto node = server();
  const std::string id = created(festival(48h, 96h, R"(,"gifts":["Rose"])"));
  const Ended start =
      hotclock({"festivals", "activate", id, "--reason", "the moon was seen", "--by", "asha"});
  EXPECT_EQ(start.code, 0) << start.err;
  EXPECT_EQ(start.out, "festival " + id + " (Tihar) runs; clients have been told\n");
  EXPECT_EQ(active(), 1);
  EXPECT_EQ(told("festival:activated"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM gifts WHERE is_active = 1"), 1);
  EXPECT_EQ(hotclock({"festivals", "remove", id, "--reason", "a mistake"}).code, 5) << "it runs";
  const Ended end = hotclock({"festivals", "end", id, "--reason", "a mistake", "--by", "asha"});
  EXPECT_EQ(end.out, "festival " + id + " (Tihar) is over; clients have been told\n") << end.err;
  EXPECT_EQ(active(), 0);
  EXPECT_EQ(told("festival:deactivated"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM gifts WHERE is_active = 1"), 0);
  EXPECT_EQ(hotclock({"festivals", "remove", id, "--reason", "a mistake"}).code, 0);
  EXPECT_EQ(
      number("SELECT count(*) FROM audit WHERE job = 'festival-activation' AND who = 'asha' AND "
             "what IN ('festival.activate', 'festival.end') AND reason <> ''"),
      2);
  EXPECT_EQ(number("SELECT count(*) FROM audit WHERE what LIKE 'festival.%'"), 4);
  stop(*node);
}

TEST_P(Editor, AnEditOfWhatRunsReachesClientsThoughItsFlagStays) {
  const auto node = server();
  const std::string id = created(festival(-1h, 96h));
  ASSERT_TRUE(comes_true([&] { return active() == 1; }));
  const auto before = number("SELECT coalesce(max(version), 0) FROM themes WHERE country = 'NP'");
  const std::string look =
      file(R"({"theme":{"name":"tihar","colors":{"primary":"#b3261e"}}})", "look.json");
  EXPECT_EQ(hotclock({"festivals", "edit", id, look, "--reason", "colours"}).code, 0);
  EXPECT_TRUE(comes_true(
      [&] { return number("SELECT max(version) FROM themes WHERE country = 'NP'") > before; }));
  EXPECT_TRUE(comes_true([&] { return number("SELECT count(*) FROM festival_edits") == 0; }));
  stop(*node);
}

TEST_P(Editor, HearsThatNobodyServesAndTheNextNodeTurnsIt) {
  const std::string id = created(festival(48h, 96h));
  const Ended start = hotclock({"festivals", "activate", id, "--reason", "early"});
  EXPECT_EQ(start.code, 0) << start.err;
  EXPECT_EQ(start.out, "festival " + id +
                           " (Tihar) runs; no node serves, so clients are told when one does\n");
  EXPECT_EQ(active(), 0);
  EXPECT_NE(hotclock({"festivals"}).out.find("clients have not been told yet"), std::string::npos);
  const auto node = server();
  EXPECT_TRUE(comes_true([&] { return active() == 1; }));
  stop(*node);
}

TEST_P(Editor, IsToldEveryProblemAndNothingIsChanged) {
  const std::string bad = file(festival(1h, 2h,
                                        R"(,"theme":{"colors":{"primry":"#fff","accent":"red"}},)"
                                        R"("bonuses":{"giftMultiplier":9},"gifts":["Rosee"])"));
  const Ended judged = hotclock({"festivals", "validate", bad});
  EXPECT_EQ(judged.code, 2);
  EXPECT_EQ(std::ranges::count(judged.out, '\n'), 4) << judged.out;
  EXPECT_NE(judged.out.find("theme.colors.primry: unknown; did you mean primary?\n"),
            std::string::npos);
  EXPECT_NE(judged.out.find("gifts: there is no gift 'Rosee'; did you mean Rose?\n"),
            std::string::npos);
  const Ended refused = hotclock({"festivals", "create", bad});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("hotclock: festival.json: 4 problems; nothing was changed\n"),
            std::string::npos)
      << refused.err;
  const auto in_json = json::parse(hotclock({"festivals", "create", bad, "--json"}).out);
  EXPECT_EQ(in_json.at("problems").as_array().size(), 4u);
  EXPECT_EQ(in_json.at("error").at("code"), "invalid");
  EXPECT_EQ(number("SELECT count(*) FROM festivals"), 0);
  EXPECT_EQ(hotclock({"festivals", "validate", file(festival(1h, 2h))}).code, 0);
}

TEST_P(Editor, EditsWhatWasShownUnlessItIsStale) {
  const std::string id = created(festival(48h, 96h, R"(,"gifts":["Rose","Diya"])"));
  json::value shown = answer({"festivals", "show", id});
  shown.as_object()["priority"] = 7;
  const std::string edited = file(json::serialize(shown));
  EXPECT_EQ(hotclock({"festivals", "edit", id, edited, "--reason", "more of it"}).code, 0);
  EXPECT_EQ(answer({"festivals", "show", id}).at("priority"), 7);
  EXPECT_EQ(hotclock({"festivals", "edit", id, edited, "--reason", "again"}).code, 5)
      << "it is stale now";
  EXPECT_EQ(number("SELECT count(*) FROM festival_gifts"), 2);
}

TEST_P(Editor, HasOneClearLineForWhatCannotBe) {
  const Ended nothing = hotclock({"festivals", "show", "7"});
  EXPECT_EQ(nothing.code, 4);
  EXPECT_EQ(nothing.err, "hotclock: find a festival: there is no festival 7\n");
  const std::string id = created(festival(48h, 96h));
  EXPECT_EQ(hotclock({"festivals", "end", id, "--reason", "x"}).code, 5);
  EXPECT_EQ(hotclock({"festivals", "end", id, "--reason", " "}).code, 2);
  EXPECT_EQ(hotclock({"festivals", "end", id}).code, 2);
  EXPECT_EQ(hotclock({"festivals", "create", "nowhere.json"}).code, 4);
  EXPECT_EQ(hotclock({"festivals", "--country", "Nepal"}).code, 2);
}

TEST_P(Editor, SeesHowAFestivalWillLook) {
  const std::string id = created(festival(
      48h, 96h,
      R"(,"theme":{"name":"tihar","colors":{"primary":"#b3261e"}},"skins":[{"name":"gold","background":"#000"}])"));
  const auto document = answer({"festivals", "preview", id, "--country", "in"});
  EXPECT_EQ(document.at("country"), "IN");
  EXPECT_EQ(document.at("festival").at("id").as_string(), id);
  const std::string css = hotclock({"festivals", "preview", id, "--css"}).out;
  EXPECT_NE(css.find("--hc-color-primary: #b3261e;"), std::string::npos) << css;
  EXPECT_NE(css.find(".hc-skin-gold"), std::string::npos) << css;
}

TEST_P(Editor, ListsInPages) {
  for (int i = 1; i <= 3; ++i) created(festival(i * 1h, 96h));
  const auto first = answer({"festivals", "--coming", "--limit", "2"});
  EXPECT_EQ(first.at("items").as_array().size(), 2u);
  const std::string after(first.at("next").as_string());
  const auto second = answer({"festivals", "list", "--limit", "2", "--after", after});
  EXPECT_EQ(second.at("items").as_array().size(), 1u);
  EXPECT_TRUE(second.at("next").is_null());
  EXPECT_TRUE(answer({"festivals", "--over"}).at("items").as_array().empty());
}

TEST_P(Editor, CannotBringAnythingInThatBreaksOut) {
  const char* fields[] = {R"("theme":{"colors":{"primary":$}})",
                          R"("theme":{"images":{"background":$}})",
                          R"("theme":{"logo":{"image":$}})",
                          R"("theme":{"fonts":{"body":[$]}})",
                          R"("theme":{"overlay":$})",
                          R"("theme":{"elements":{"banner":{"link":$}}})",
                          R"("skins":[{"name":$}])",
                          R"("skins":[{"name":"a","image":$}])",
                          R"("bonuses":{"coinMultiplier":$})"};
  const std::string attempt = json::serialize(
      json::string(R"(red"); } </style><script>alert(1)</script> { javascript:x('//evil.example)"));
  for (const std::string field : fields) {
    std::string member = field;
    member.replace(member.find('$'), 1, attempt);
    const Ended refused = hotclock({"festivals", "create", file(festival(1h, 2h, "," + member))});
    EXPECT_EQ(refused.code, 2) << member;
  }
  EXPECT_EQ(number("SELECT count(*) FROM festivals"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM audit"), 0);
  // A name is for people: kept as it is, and nothing of it steers a terminal.
  const std::string id =
      created(R"({"name":"'; DROP TABLE festivals; --","type":"special","country":"GLOBAL",)"
              R"("startsAt":"2027-01-01T00:00:00Z","endsAt":"2027-01-02T00:00:00Z"})");
  EXPECT_EQ(answer({"festivals", "show", id}).at("name"), "'; DROP TABLE festivals; --");
}

INSTANTIATE_TEST_SUITE_P(On, Editor, testing::ValuesIn(sql::engines()),
                         [](const auto& engine) { return engine.param; });

}  // namespace
}  // namespace hotclock
