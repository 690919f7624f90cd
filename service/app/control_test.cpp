#include "service/app/control.h"

#include <gtest/gtest.h>

#include <charconv>
#include <filesystem>
#include <fstream>

#include "service/access/tokens.h"
#include "service/http/client_support.h"
#include "service/schema/schema.h"
#include "service/sql/sql_support.h"

namespace hotclock::app {
namespace {

class ControlTest : public testing::Test {
 protected:
  ControlTest() {
    database_ = sql::open(place_.url("test.db"), {.create = true}).value();
    EXPECT_TRUE(schema::migrate(*database_, clock_.now()));
    desk_ = std::make_unique<operations::Desk>(
        operations::Desk{.database = *database_,
                         .clock = clock_,
                         .settings = [this] { return settings_; },
                         .files = [this] { return Result(settings_); },
                         .version = "1.2.3"});
  }

  void starts(config::ApiConfig settings = {}) {
    settings.port = 0;
    control = std::make_unique<Control>(settings, *desk_, logger_, metrics_);
    const auto started = control->start();
    ASSERT_TRUE(started) << started.error().message();
  }
  std::uint16_t port() const {
    const std::string where = control->where();
    const std::size_t at = where.find(':', 8) + 1;
    std::uint16_t port = 0;
    std::from_chars(where.data() + at, where.data() + where.size(), port);
    return port;
  }
  std::string first_token() { return access::first_token(*database_, clock_.now()).value()->text; }

  std::unique_ptr<Control> control;

  SystemClock clock_;
  metrics::Metrics metrics_;
  sql::ScratchDirectory place_;
  std::unique_ptr<sql::Database> database_;
  std::shared_ptr<const config::Config> settings_ = std::make_shared<const config::Config>();
  log::Logger logger_{
      {.level = log::Level::error, .repeat_after = {}}, clock_, [](std::string_view) {}};
  std::unique_ptr<operations::Desk> desk_;
};

TEST_F(ControlTest, ServesFilesOfADirectoryToThisMachineAlone) {
  const std::filesystem::path ui = place_.path();
  const auto refusal = [&](config::ApiConfig settings) {
    settings.port = 0;
    Control made(settings, *desk_, logger_, metrics_);
    const auto started = made.start();
    return started ? "" : started.error().message();
  };
  EXPECT_EQ(refusal({.ui_directory = ui}), "--ui-dir: there is no index.html in " + ui.string());
  std::ofstream(ui / "index.html") << "a page that is worked on";
  EXPECT_NE(refusal({.ui_directory = ui, .address = "0.0.0.0", .plain = true})
                .find("wants an address of this machine alone"),
            std::string::npos);
  starts({.ui_directory = ui});
  EXPECT_EQ(http::ask(port(), "GET", "/").body, "a page that is worked on");
}

TEST_F(ControlTest, AnswersWhoHasTheFirstToken) {
  starts();
  const std::string token = first_token();
  EXPECT_TRUE(control->where().starts_with("http://127.0.0.1:")) << control->where();
  EXPECT_EQ(http::ask(port(), "GET", "/livez").status, 200);
  EXPECT_EQ(http::ask(port(), "GET", "/readyz").status, 200);
  EXPECT_EQ(http::ask(port(), "GET", "/api/v1/version").status, 401);
  const auto version =
      http::ask(port(), "GET", "/api/v1/version", {}, {{"Authorization", "Bearer " + token}});
  EXPECT_EQ(version.status, 200);
  EXPECT_EQ(version.body, R"({"version":"1.2.3","api":"v1"})");
}

TEST_F(ControlTest, SpeaksTlsAndTellsBrowsersToStayThere) {
  const http::Certificate certificate;
  config::ApiConfig settings;
  settings.certificate = certificate.certificate();
  settings.key = certificate.key();
  starts(settings);
  EXPECT_TRUE(control->where().starts_with("https://"));
  http::Client client(port(), http::Client::Tls::yes);
  client.send(http::request_text("POST", "/api/v1/session", {},
                                 {{"Authorization", "Bearer " + first_token()}}));
  const auto opened = client.answer();
  EXPECT_EQ(opened.status, 201) << opened.body;
  EXPECT_EQ(opened.header("strict-transport-security"), "max-age=31536000");
  EXPECT_TRUE(opened.header("set-cookie").starts_with("__Host-hotclock="));
  EXPECT_NE(opened.header("set-cookie").find("; Secure"), std::string_view::npos);
}

TEST_F(ControlTest, StopsWithListenersOpenAndTwice) {
  starts();
  http::Client client(port());
  client.send(http::request_text("GET", "/api/v1/events?topics=nodes", {},
                                 {{"Authorization", "Bearer " + first_token()}}));
  ASSERT_FALSE(client.read_to("event: nodes").empty());
  control->stop();
  EXPECT_TRUE(client.ended());
  control->stop();
}

TEST_F(ControlTest, SaysWhyItCannotStart) {
  starts();
  config::ApiConfig taken;
  taken.port = port();
  Control second(taken, *desk_, logger_, metrics_);
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message().find("is in use by another program"), std::string::npos)
      << started.error().message();
}

}  // namespace
}  // namespace hotclock::app
