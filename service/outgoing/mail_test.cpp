#include "service/outgoing/mail.h"

#include <gtest/gtest.h>

namespace hotclock::outgoing {
namespace {

std::string wrong_address(std::string_view text) {
  return wrong_with_mail_address(text).value_or("fine");
}

TEST(MailAddress, IsTakenWhereItIsOne) {
  for (const char* text : {"ops@live.example", "o.p-s+alerts@a.b", "a@localhost", "x_y@10.0.0.1"})
    EXPECT_EQ(wrong_address(text), "fine") << text;
}

TEST(MailAddress, HoldsNothingThatWouldBeginAHeaderOrACommand) {
  for (const std::string text :
       {"", "@", "a@", "@b", "a", "a b@c", "a@b c", "a@b\r\nBcc: x@y", "a\r\n@b", "a@b\n", "a@b>",
        "<a@b>", "a@b,c@d", "\"a\"@b", "a..b@c", ".a@b", "a@b..c", "\xC3\xA4@b"})
    EXPECT_NE(wrong_address(text), "fine") << text;
  EXPECT_NE(wrong_address("a@" + std::string(300, 'b')), "fine");
  EXPECT_NE(wrong_address(std::string("a@b\0.c", 6)), "fine");
}

TEST(MailServer, IsAskedBySmtpAlone) {
  EXPECT_FALSE(wrong_with_mail_server("smtp://mail.example:587", {}));
  EXPECT_FALSE(wrong_with_mail_server("smtps://mail.example", {}));
  EXPECT_EQ(wrong_with_mail_server("https://mail.example", {}),
            "only smtp and smtps are spoken here");
  EXPECT_EQ(wrong_with_mail_server("smtp://u:p@mail.example", {}),
            "a user or a password stands in it");
  EXPECT_EQ(wrong_with_mail_server("smtp://mail.example/x", {}), "a path stands in it");
  EXPECT_EQ(wrong_with_mail_server("mail", {}), "this is no URL");
  EXPECT_EQ(wrong_with_mail_server("smtp://mail.example", {.allow_hosts = {"other.example"}}),
            "mail.example is not among the hosts that are allowed");
}

TEST(MailHeader, IsOneLineWhateverItHolds) {
  EXPECT_EQ(header_text("[firing] failed"), "[firing] failed");
  EXPECT_EQ(header_text("a\r\nBcc: x@y\0z"), "a  Bcc: x@y");
  EXPECT_EQ(header_text(std::string_view("a\0b\tc\x7f", 6)), "a b c ");
}

TEST(MailHeader, IsEncodedWhereItIsNotPlain) {
  EXPECT_EQ(header_text("Zürich"), "=?utf-8?B?WsO8cmljaA==?=");
  EXPECT_EQ(header_text("=?utf-8?Q?trick?="), "=?utf-8?B?PT91dGYtOD9RP3RyaWNrPz0=?=");
  std::string many;
  for (int i = 0; i < 60; ++i) many += "ü";
  const std::string folded = header_text(many);
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t end = std::min(folded.find("\r\n", at), folded.size());
    EXPECT_LE(end - at, 76u);
    at = end + 2;
  }
  EXPECT_NE(folded.find("?=\r\n =?utf-8?B?"), std::string::npos);
}

TEST(MailHeader, IsNeverCutInsideACharacter) {
  const std::string text = header_text("a" + std::string(1000, 'x') + "ü");
  EXPECT_LE(text.size(), 800u);
  EXPECT_NE(header_text("\xff").find("=?utf-8?B?77+9?="), std::string::npos);
}

}  // namespace
}  // namespace hotclock::outgoing
