// E-mail, in conversation with a real server.
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fstream>

#include <fmt/format.h>

#include "service/notices/courier.h"
#include "service/schema/schema.h"
#include "service/sql/sql_support.h"
#include "tests/alerting/message.h"
#include "tests/process/program.h"

namespace hotclock::notices {
namespace {

using namespace std::chrono_literals;
using Fate = Answer::Fate;
using Words = std::vector<std::string>;

const Instant t0 = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

// A server with its own certificate, which who is told of it believes.
class MailServer {
 public:
  explicit MailServer(const std::string& tls, const std::string& login = "") : tls_(tls) {
    Words words{"/usr/bin/python3", HOTCLOCK_SMTP_SERVER, "--got", got_file(), "--tls", tls};
    if (tls != "none") {
      make_certificate();
      words.insert(words.end(),
                   {"--certificate", certificate(), "--key", directory_.file("key.pem")});
    }
    if (!login.empty()) words.insert(words.end(), {"--login", login});
    server_ =
        std::make_unique<Program>(words, std::map<std::string, std::string>{}, directory_.path());
    EXPECT_TRUE(comes_true([this] { return server_->said().ends_with('\n'); })) << server_->log();
  }

  config::NotifierConfig settings(Words to = {"ops@live.example"}) const {
    const std::string port = server_->said();
    config::NotifierConfig out;
    out.name = "mail";
    out.kind = config::NotifierKind::email;
    out.url = plain(fmt::format("{}://127.0.0.1:{}", tls_ == "implicit" ? "smtps" : "smtp",
                                port.substr(0, port.find('\n'))));
    out.from = "hotclock@live.example";
    out.to = std::move(to);
    out.allow_private = true;
    out.encrypted = tls_ != "none";
    if (out.encrypted) out.ca = certificate();
    return out;
  }
  std::vector<boost::json::object> got() const {
    std::ifstream in(got_file());
    std::vector<boost::json::object> out;
    for (std::string line; std::getline(in, line);)
      out.push_back(boost::json::parse(line).as_object());
    return out;
  }

 private:
  std::string got_file() const { return directory_.file("got"); }
  std::string certificate() const { return directory_.file("cert.pem"); }
  void make_certificate() const {
    Program openssl(
        {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", directory_.file("key.pem"), "-out", certificate()},
        {}, directory_.path());
    EXPECT_EQ(openssl.wait().code, 0) << openssl.log();
  }

  const std::string tls_;
  sql::ScratchDirectory directory_;
  std::unique_ptr<Program> server_;
};

Answer told(const config::NotifierConfig& settings, const std::string& summary = "a slot failed") {
  return make_notifier(settings)->tell(message_of({alert_of("trust-score", t0, summary)}, t0), t0,
                                       {});
}

Words to(const boost::json::object& mail) {
  Words out;
  for (const auto& one : mail.at("to").as_array()) out.emplace_back(one.as_string());
  return out;
}

Words headers(const boost::json::object& mail, std::string_view name) {
  Words out;
  for (const auto& one : mail.at("headers").as_array())
    if (one.as_array()[0].as_string() == name) out.emplace_back(one.as_array()[1].as_string());
  return out;
}

TEST(Smtp, SaysItByStartTls) {
  const MailServer server("starttls");
  const Answer answer = told(server.settings());
  EXPECT_EQ(answer.fate, Fate::sent) << answer.said;
  EXPECT_EQ(answer.said, "250 OK: queued as 42");
  const auto got = server.got();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_TRUE(got[0].at("encrypted").as_bool());
  EXPECT_EQ(got[0].at("from").as_string(), "hotclock@live.example");
  EXPECT_EQ(headers(got[0], "Subject"), Words{"[firing] a slot failed"});
  EXPECT_EQ(headers(got[0], "From"), Words{"hotclock@live.example"});
  EXPECT_EQ(headers(got[0], "To"), Words{"ops@live.example"});
  EXPECT_EQ(headers(got[0], "Date"), Words{"Wed, 25 Nov 2026 12:00:00 +0000"});
  EXPECT_EQ(headers(got[0], "Message-ID"), Words{"<notice_1@live.example>"});
  EXPECT_EQ(headers(got[0], "Auto-Submitted"), Words{"auto-generated"});
  EXPECT_EQ(got[0].at("text").as_string(),
            "firing critical: a slot failed, since 2026-11-25T12:00:00Z\n  hotclock alerts explain "
            "failed\n");
}

TEST(Smtp, SaysItByTlsFromTheFirstByte) {
  const MailServer server("implicit");
  EXPECT_EQ(told(server.settings()).fate, Fate::sent);
  ASSERT_EQ(server.got().size(), 1u);
  EXPECT_TRUE(server.got()[0].at("encrypted").as_bool());
}

TEST(Smtp, LogsIn) {
  const MailServer server("starttls", "hotclock:s3cret");
  auto settings = server.settings();
  settings.user = "hotclock";
  settings.password = plain("wrong");
  const Answer refused = told(settings);
  EXPECT_EQ(refused.fate, Fate::away);
  EXPECT_NE(refused.said.find("535"), std::string::npos) << refused.said;
  EXPECT_EQ(refused.said.find("wrong"), std::string::npos);
  EXPECT_TRUE(server.got().empty());
  settings.password = plain("s3cret");
  EXPECT_EQ(told(settings).fate, Fate::sent);
  ASSERT_EQ(server.got().size(), 1u);
  EXPECT_EQ(server.got()[0].at("login").as_string(), "hotclock");
}

TEST(Smtp, SaysNothingInTheClearUnlessToldTo) {
  const MailServer server("none");
  auto settings = server.settings();
  EXPECT_EQ(told(settings).fate, Fate::sent);
  settings.encrypted = true;
  EXPECT_EQ(told(settings).fate, Fate::away);
  EXPECT_EQ(server.got().size(), 1u);
}

TEST(Smtp, SaysNothingToWhomItDoesNotKnow) {
  for (const char* tls : {"starttls", "implicit"}) {
    const MailServer server(tls);
    auto settings = server.settings();
    settings.ca.clear();
    EXPECT_EQ(told(settings).fate, Fate::away) << tls;
    EXPECT_TRUE(server.got().empty());
  }
}

TEST(Smtp, LeadsToNoAddressOfItsOwnNeighbourhoodUnlessTold) {
  const MailServer server("none");
  auto settings = server.settings();
  settings.allow_private = false;
  EXPECT_NE(told(settings).said.find("a loopback address"), std::string::npos);
  EXPECT_TRUE(server.got().empty());
}

TEST(Smtp, TellsTheOthersWhereOneRecipientIsRefused) {
  const MailServer server("starttls");
  const Answer answer = told(server.settings({"no-such@live.example", "ops@live.example"}));
  EXPECT_EQ(answer.fate, Fate::sent);
  EXPECT_NE(answer.said.find("no-such@live.example: 550 5.1.1 there is no such user"),
            std::string::npos)
      << answer.said;
  EXPECT_TRUE(answer.owed.empty());
  ASSERT_EQ(server.got().size(), 1u);
  EXPECT_EQ(to(server.got()[0]), Words{"ops@live.example"});
}

TEST(Smtp, IsRefusedWhereNobodyIsThere) {
  const MailServer server("none");
  const Answer answer = told(server.settings({"no-such@live.example"}));
  EXPECT_EQ(answer.fate, Fate::refused);
  EXPECT_EQ(answer.said, "no-such@live.example: 550 5.1.1 there is no such user");
}

TEST(Smtp, ComesAgainWhereItIsGreylisted) {
  const MailServer server("none");
  auto settings = server.settings({"later@live.example"});
  const Answer first = told(settings);
  EXPECT_EQ(first.fate, Fate::away);
  EXPECT_EQ(first.said, "later@live.example: 451 4.7.1 greylisted, come again");
  EXPECT_EQ(told(settings).fate, Fate::away);
  EXPECT_EQ(told(settings).fate, Fate::sent);
  settings.to = {"ops@live.example", "later-too@live.example"};
  EXPECT_TRUE(told(settings).owed.empty());
}

TEST(Smtp, OwesItToWhomTheServerWantsToTakeItLater) {
  const MailServer server("none");
  const Answer answer = told(server.settings({"later@live.example", "ops@live.example"}));
  EXPECT_EQ(answer.fate, Fate::sent);
  EXPECT_EQ(answer.owed, Words{"later@live.example"});
  EXPECT_EQ(to(server.got().at(0)), Words{"ops@live.example"});
}

TEST(Smtp, IsRefusedForWhatItSays) {
  const MailServer server("none");
  const Answer answer = told(server.settings(), "something unwanted");
  EXPECT_EQ(answer.fate, Fate::refused);
  EXPECT_NE(answer.said.find("554 5.7.1 unwanted"), std::string::npos) << answer.said;
}

TEST(Smtp, IsNotHeldUpByAServerThatHangs) {
  const MailServer server("none");
  auto settings = server.settings({"slow@live.example"});
  settings.timeout = 1s;
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(told(settings).fate, Fate::away);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 10s);
}

TEST(Smtp, LetsNoAlertBeginAHeader) {
  const MailServer server("none");
  EXPECT_EQ(told(server.settings(), "a\r\nBcc: eve@evil.example\r\n\r\nhello\n.\nQUIT").fate,
            Fate::sent);
  ASSERT_EQ(server.got().size(), 1u);
  const auto mail = server.got()[0];
  EXPECT_EQ(headers(mail, "Bcc"), Words{});
  EXPECT_EQ(to(mail), Words{"ops@live.example"});
  EXPECT_EQ(headers(mail, "Subject"), Words{"[firing] a  Bcc: eve@evil.example    hello . QUIT"});
}

TEST(Smtp, KeepsEveryCharacter) {
  const MailServer server("none");
  std::string long_one = "Zürich, 東京: ";
  for (int i = 0; i < 12; ++i) long_one += "größe ";
  EXPECT_EQ(told(server.settings(), long_one).fate, Fate::sent);
  ASSERT_EQ(server.got().size(), 1u);
  const auto mail = server.got()[0];
  EXPECT_EQ(headers(mail, "Subject")[0] + " ", "[firing] " + long_one);
  EXPECT_NE(mail.at("text").as_string().find(long_one), std::string::npos);
}

// Through the line of notices: who has it is not told again when the server takes it for the other.
TEST(Smtp, TellsEachRecipientOnceHoweverLateTheServerTakesIt) {
  const MailServer server("none");
  const sql::ScratchDirectory directory;
  const auto database = sql::open(directory.url("test.db"), {.create = true}).value();
  ASSERT_TRUE(schema::migrate(*database, t0));
  ManualClock clock(t0);
  log::Logger logger({}, clock, [](std::string_view) {});
  const auto settings = server.settings({"later@live.example", "ops@live.example"});
  Courier courier(*database, clock, logger, make_notifier(settings), {settings, 1, {}, {}});
  {
    auto transaction = database->write();
    ASSERT_TRUE(enqueue(**transaction,
                        {.notifier = "mail", .group = "g", .alerts = {alert_of("a", t0)}}, t0));
    ASSERT_TRUE((*transaction)->commit());
  }
  for (Duration passed{}; passed < 1h; passed += 1min) {
    while (courier.turn() == Duration::zero()) {
    }
    clock.advance(1min);
  }
  const auto got = server.got();
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(to(got[0]), Words{"ops@live.example"});
  EXPECT_EQ(to(got[1]), Words{"later@live.example"});
}

}  // namespace
}  // namespace hotclock::notices
