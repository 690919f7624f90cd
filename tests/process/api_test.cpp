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

  std::unique_ptr<Program> server_;
  std::string token_;
};

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

}  // namespace
}  // namespace hotclock
