#include "service/config/notifiers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "service/config/config.h"

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

Result<Config> read_text(const std::string& text, const Environment& environment = {}) {
  return read({File{"hotclock.toml", text}, {}}, environment, {});
}

std::string refusal(const Result<Config>& config) {
  return config ? "accepted" : config.error().message();
}

std::string refusal_of(const std::string& lines, const std::string& name = "ops",
                       const Environment& environment = {}) {
  return refusal(read_text("[commands]\nallow = ['/bin/page']\n[notifiers." + name + "]\n" + lines,
                           environment));
}

bool says(const std::string& text, std::string_view part) {
  if (text.find(part) != text.npos) return true;
  ADD_FAILURE() << text;
  return false;
}

const std::string slack = "kind = 'slack'\nurl = 'env:SLACK'\n";
const std::string mail =
    "kind = 'email'\nurl = 'smtps://mail.example'\nfrom = 'a@b.example'\nto = ['c@d.example']\n";

TEST(Notifiers, AreNobodyWithoutAnySetting) {
  const auto config = read_text("");
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_TRUE(config->notifiers.empty());
  EXPECT_FALSE(config->beat.url.given());
}

TEST(Notifiers, AreReadInTheirOrder) {
  const auto config = read_text(R"([commands]
allow = ["/bin/page"]
[notifiers.chat]
kind = "slack"
url = "env:SLACK"
severities = ["critical"]
send_resolved = false
a_minute = 3
title = "{{rule}}"
text = "{{summary}}"
[notifiers.a]
kind = "alertmanager"
url = "http://127.0.0.1:9093"
allow_private = true
[notifiers.m]
kind = "email"
url = "smtp://mail.example:587"
from = "a@b.example"
to = ["c@d.example", "e@f.example"]
user = "u"
password = "env:PASSWORD"
[notifiers.p]
kind = "command"
argv = ["/bin/page", "now"]
memory = "64 MiB"
[beat]
url = "env:BEAT"
every = "5min"
)",
                                {{"SLACK", "https://hooks.example/x"}, {"BEAT", "https://b/x"}});
  ASSERT_TRUE(config) << refusal(config);
  ASSERT_EQ(config->notifiers.size(), 4u);
  const NotifierConfig& chat = config->notifiers[0];
  EXPECT_EQ(chat.name, "chat");
  EXPECT_EQ(chat.kind, NotifierKind::slack);
  EXPECT_EQ(chat.url.reveal().value(), "https://hooks.example/x");
  EXPECT_EQ(chat.severities, std::vector<std::string>{"critical"});
  EXPECT_FALSE(chat.send_resolved);
  EXPECT_EQ(chat.a_minute, 3);
  EXPECT_EQ(chat.title, "{{rule}}");
  EXPECT_TRUE(config->notifiers[1].allow_private);
  EXPECT_EQ(config->notifiers[2].to, (std::vector<std::string>{"c@d.example", "e@f.example"}));
  EXPECT_TRUE(config->notifiers[2].encrypted);
  EXPECT_EQ(config->notifiers[3].argv, (std::vector<std::string>{"/bin/page", "now"}));
  EXPECT_EQ(config->notifiers[3].memory, 64 << 20);
  EXPECT_EQ(config->beat.every, 5min);
}

TEST(Notifiers, NeedKindAndUrl) {
  EXPECT_TRUE(says(refusal_of("url = 'env:A'"), "notifiers.ops.kind: it is missing"));
  EXPECT_TRUE(says(refusal_of("kind = 'slack'"), "notifiers.ops.url: it is missing"));
  EXPECT_TRUE(says(refusal_of("kind = 'pager'"), "pager"));
  EXPECT_TRUE(says(refusal_of(slack, "Chat"), "this is no name of a notifier"));
  EXPECT_TRUE(says(refusal_of("kind = 'alertmanager'\nurl = 'smtp://a'"), "this is no URL of"));
  EXPECT_TRUE(says(refusal_of("kind = 'email'\nurl = 'https://a'"), "this is no URL of email"));
  EXPECT_TRUE(says(refusal_of(slack, "ops", {{"SLACK", "ftp://x"}}), "this is no URL of slack"));
}

TEST(Notifiers, TakeSecretsByReferenceAlone) {
  const std::vector<std::string> plain{
      "kind = 'slack'\nurl = 'https://hooks.example/s3cret'",
      "kind = 'webhook'\nurl = 'https://hooks.example/s3cret'",
      "kind = 'webhook'\nurl = 'env:A'\nsecret = 'whsec_s3cret'",
      "kind = 'webhook'\nurl = 'env:A'\nauthorization = 'B s3cret'",
      mail + "user = 'u'\npassword = 's3cret'"};
  for (const std::string& lines : plain) {
    const auto config = read_text("[notifiers.ops]\n" + lines);
    ASSERT_FALSE(config) << lines;
    EXPECT_EQ(refusal(config).find("s3cret"), std::string::npos) << refusal(config);
  }
  EXPECT_FALSE(read_text("[beat]\nurl = 'https://beats.example/s3cret'"));
}

TEST(Notifiers, RefuseSettingsOfAnotherKind) {
  EXPECT_TRUE(says(refusal_of(slack + "to = ['a@b']"),
                   "slack has no such setting; leave it out; it is for email"));
  EXPECT_TRUE(says(refusal_of("kind = 'alertmanager'\nurl = 'http://a'\ntitle = 'x'"),
                   "alertmanager has no such setting"));
  EXPECT_TRUE(says(refusal_of("kind = 'command'\nargv = ['/bin/page']\nurl = 'http://a'"),
                   "command has no such setting"));
}

TEST(Notifiers, AreStrictAboutTemplates) {
  EXPECT_TRUE(
      says(refusal_of(slack + "title = 'x {{sumary}}'"),
           "hotclock.toml:6:12: notifiers.ops.title: there is no field \"sumary\"; did you mean "
           "{{summary}}?"));
  EXPECT_TRUE(says(refusal_of(slack + "text = '{{rule'"), "this {{ has no }}"));
}

TEST(Notifiers, KnowTheSeverities) {
  EXPECT_TRUE(says(refusal_of(slack + "severities = ['fatal']"), "\"fatal\" is no severity"));
  EXPECT_TRUE(says(refusal_of(slack + "severities = []"), "it would be told nothing"));
}

TEST(Notifiers, OfEMailNeedAddressesAndEncryptPasswords) {
  EXPECT_EQ(refusal_of(mail), "accepted");
  for (const char* address : {"", "a", "a@", "@b", "a@b, c@d", "a@b\\r\\nBcc: x@y", "<a@b>"})
    EXPECT_TRUE(says(refusal_of("kind = 'email'\nurl = 'smtp://a'\nfrom = 'a@b'\nto = [\"" +
                                std::string(address) + "\"]"),
                     "is no address for e-mail"));
  EXPECT_TRUE(says(refusal_of("kind = 'email'\nurl = 'smtp://a'\nfrom = 'a@b'"), "to nobody"));
  EXPECT_TRUE(says(refusal_of(mail + "user = 'u'"), "user and password belong together"));
  EXPECT_TRUE(says(refusal_of(mail + "encrypted = false\nuser = 'u'\npassword = 'env:P'"),
                   "the password would be sent in the clear"));
}

TEST(Notifiers, RunProgramsThatAreAllowedAlone) {
  EXPECT_EQ(refusal_of("kind = 'command'\nargv = ['/bin/page']"), "accepted");
  EXPECT_TRUE(says(refusal_of("kind = 'command'\nargv = ['/bin/sh']"), "not allowed to be run"));
  EXPECT_TRUE(says(refusal_of("kind = 'command'\nargv = ['page']"), "a program's whole path"));
  EXPECT_TRUE(says(refusal_of("kind = 'command'"), "a program's whole path"));
}

// The examples of docs/hotclock.toml, which stand behind a "#" without a space, are settings too.
TEST(Notifiers, AreDocumentedByExamplesThatSayTheDefaults) {
  std::ifstream in(fs::path(HOTCLOCK_SOURCE_DIR) / "docs" / "hotclock.toml");
  std::string text, fields;
  for (std::string line; std::getline(in, line);) {
    const bool example = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    text += (example ? line.substr(1) : line) + "\n";
  }
  const std::string nothing = "allow = []";
  text.replace(text.find(nothing), nothing.size(), "allow = ['/usr/local/bin/page']");
  const auto config = read_text(text);
  ASSERT_TRUE(config) << refusal(config);
  ASSERT_EQ(config->notifiers.size(), 5u);
  const NotifierConfig otherwise;
  for (const NotifierConfig& one : config->notifiers) {
    EXPECT_EQ(one.allow_private, otherwise.allow_private);
    EXPECT_EQ(one.timeout, otherwise.timeout);
    EXPECT_EQ(one.severities, otherwise.severities);
    EXPECT_EQ(one.send_resolved, otherwise.send_resolved);
    EXPECT_EQ(one.a_minute, otherwise.a_minute);
    EXPECT_EQ(one.give_up, otherwise.give_up);
    EXPECT_EQ(one.title, otherwise.title);
    EXPECT_EQ(one.text, otherwise.text);
    EXPECT_EQ(one.encrypted, otherwise.encrypted);
    EXPECT_EQ(one.memory, otherwise.memory);
    EXPECT_EQ(one.cpu_time, otherwise.cpu_time);
  }
  for (const Shown& shown : config->shown) {
    if (!shown.key.starts_with("notifiers.")) continue;
    const std::string key = shown.key.substr(shown.key.rfind('.') + 1);
    EXPECT_NE(text.find("\n" + key + " = "), std::string::npos) << key << " is not documented";
  }
  EXPECT_EQ(config->beat.every, BeatConfig().every);
  EXPECT_EQ(config->beat.allow_private, BeatConfig().allow_private);
}

}  // namespace
}  // namespace hotclock::config
