// The API of a program that serves: from the token it prints to a slot that it works.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "service/http/client_support.h"
#include "service/sql/sql_support.h"
#include "tests/process/program.h"

namespace hotclock {
namespace {

class ApiOfAServerTest : public testing::Test {
  sql::ScratchDirectory place_;
  const std::map<std::string, std::string> environment_{
      {"HOTCLOCK_DATABASE_URL", place_.url("demo.db")}};
  std::uint16_t port_ = 0;

 protected:
  ApiOfAServerTest() {
    Program demo({"demo", "--users", "50", "--streams", "3"}, environment_, place_.path());
    EXPECT_EQ(demo.wait().code, 0);
    serve();
    token_ = word_behind("shown this once: ");
  }

  void serve() {
    server_ =
        std::make_unique<Program>(std::vector<std::string>{"serve"}, environment_, place_.path());
    ASSERT_TRUE(comes_true([&] { return !word_behind("the API is served at ").empty(); }))
        << server_->log();
    const std::string where = word_behind("the API is served at http://127.0.0.1:");
    port_ = static_cast<std::uint16_t>(std::stoi(where));
  }
  void end() {
    server_->signal(SIGTERM);
    EXPECT_EQ(server_->wait().code, 0);
  }
  // Of what the server says, once the whole line is there.
  std::string word_behind(const std::string& words) const {
    const std::string said = server_->said();
    const std::size_t at = said.find(words);
    const std::size_t end = said.find('\n', at);
    if (at == said.npos || end == said.npos) return {};
    return said.substr(at + words.size(), end - at - words.size());
  }
  http::Answer does(std::string_view method, std::string_view path,
                    std::string_view body = {}) const {
    return http::ask(port_, method, "/api/v1" + std::string(path), body,
                     {{"Authorization", "Bearer " + token_}, {"Content-Type", "application/json"}});
  }

  std::uint16_t port() const { return port_; }

  // The command line, which knows the server and a token and no database.
  Ended asks(const std::vector<std::string>& words) const {
    return Program(words,
                   {{"HOTCLOCK_SERVER", "http://127.0.0.1:" + std::to_string(port_)},
                    {"HOTCLOCK_TOKEN", token_}},
                   place_.path())
        .wait();
  }

  std::unique_ptr<Program> server_;
  std::string token_;
};

TEST_F(ApiOfAServerTest, SaysWhereItsDashboardIs) {
  const std::string address = "http://127.0.0.1:" + std::to_string(port()) + "/";
  EXPECT_EQ(word_behind("the dashboard is at "), address + ": an API token lets you in");
  const auto page = http::ask(port(), "GET", "/", {}, {{"Accept", "text/html"}});
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("<title>Hotclock"), std::string::npos) << page.body.substr(0, 400);
  end();
}

TEST_F(ApiOfAServerTest, TheFirstStartShowsATokenOnceAndWritesItIntoNoLog) {
  EXPECT_TRUE(token_.starts_with("hc_")) << server_->said();
  EXPECT_EQ(server_->log().find(token_), std::string::npos);
  EXPECT_EQ(does("GET", "/me").status, 200);
  end();
  serve();
  EXPECT_EQ(server_->said().find("hc_"), std::string::npos);
  EXPECT_EQ(does("GET", "/me").status, 200) << "the first one is good as before";
  end();
}

TEST_F(ApiOfAServerTest, ASlotIsAskedForWorkedAndShown) {
  const auto asked = does("POST", "/jobs/stream-ranking/run", R"({"reason":"a look"})");
  ASSERT_EQ(asked.status, 202) << asked.body;
  const std::string slot(asked.header("location").substr(7));
  EXPECT_TRUE(comes_true(
      [&] { return does("GET", slot).body.find(R"("ended":"completed")") != std::string::npos; }));
  end();
}

TEST_F(ApiOfAServerTest, SettingsAreReadAnew) {
  const auto reloaded = does("POST", "/config/reload", R"({"reason":"a look"})");
  EXPECT_EQ(reloaded.status, 200) << reloaded.body;
  end();
}

TEST_F(ApiOfAServerTest, TheCommandLineHasSlotsWorkedAndWaitsForTheirEnds) {
  const Ended run = asks({"run", "stream-ranking"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("(manual): completed\n"), std::string::npos) << run.out;
  const Ended paid = asks({"run", "og-daily-bonus", "--json"});
  EXPECT_EQ(paid.code, 0) << paid.out << paid.err;
  EXPECT_NE(paid.out.find(R"("ended":"completed")"), std::string::npos) << paid.out;
  const Ended caught_up =
      asks({"backfill", "stream-ranking", "--from", "40m", "--to", "20m", "--yes"});
  EXPECT_EQ(caught_up.code, 0) << caught_up.out << caught_up.err;
  EXPECT_NE(caught_up.out.find("completed"), std::string::npos) << caught_up.out;
  EXPECT_EQ(asks({"doctor"}).code, 0);
  EXPECT_EQ(asks({"reload", "--reason", "a look"}).code, 0);
  end();
}

TEST_F(ApiOfAServerTest, AFestivalIsStartedFromAfarAndClientsAreTold) {
  const Ended list = asks({"festivals", "--coming", "--limit", "1", "--json"});
  const std::size_t at = list.out.find(R"("id":")") + 6;
  const std::string id = list.out.substr(at, list.out.find('"', at) - at);
  const Ended begun = asks({"festivals", "activate", id, "--reason", "the moon was seen"});
  EXPECT_EQ(begun.code, 0) << begun.out << begun.err;
  EXPECT_NE(begun.out.find("clients have been told"), std::string::npos) << begun.out;
  end();
}

}  // namespace
}  // namespace hotclock
