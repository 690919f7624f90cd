#include "service/config/notifiers.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scheduler/base/names.h"
#include "service/config/template.h"

namespace hotclock::config {
namespace {

using namespace std::chrono_literals;
using enum NotifierKind;

constexpr Names<NotifierKind, 5> kinds{{{alertmanager, "alertmanager"},
                                        {webhook, "webhook"},
                                        {slack, "slack"},
                                        {email, "email"},
                                        {command, "command"}}};
constexpr std::array<std::string_view, 3> all_severities{"info", "warning", "critical"};

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool begins_with_one_of(const std::string& url, std::initializer_list<std::string_view> schemes) {
  return std::ranges::any_of(schemes, [&url](std::string_view scheme) {
    return url.starts_with(scheme) && url.size() > scheme.size();
  });
}

// Which kinds have a key; of others it would be set in vain.
struct Belongs {
  std::string_view key;
  std::initializer_list<NotifierKind> kinds;
};

void refuse_of_others(Section& section, NotifierKind kind) {
  static const std::initializer_list<Belongs> belongings{
      {"url", {alertmanager, webhook, slack, email}},
      {"ca", {alertmanager, webhook, slack, email}},
      {"allow_private", {alertmanager, webhook, slack, email}},
      {"secret", {webhook}},
      {"authorization", {alertmanager, webhook}},
      {"a_minute", {webhook, slack, email, command}},
      {"title", {webhook, slack, email, command}},
      {"text", {webhook, slack, email, command}},
      {"from", {email}},
      {"to", {email}},
      {"user", {email}},
      {"password", {email}},
      {"encrypted", {email}},
      {"argv", {command}},
      {"memory", {command}},
      {"cpu_time", {command}},
  };
  for (const auto& [key, of] : belongings) {
    if (std::ranges::find(of, kind) != of.end() || !section.given(key)) continue;
    std::vector<std::string_view> names;
    for (const NotifierKind one : of) names.push_back(word_of(one));
    section.refuse(key, fmt::format("{} has no such setting", word_of(kind)),
                   fmt::format("leave it out; it is for {}", fmt::join(names, ", ")));
  }
}

void read_kind(Section& section, NotifierConfig& out) {
  constexpr std::string_view right = "write one of alertmanager, webhook, slack, email, command";
  if (!section.given("kind")) section.refuse("kind", "it is missing", std::string(right));
  find_name(kinds,
            section.choice("kind", word_of(out.kind),
                           {"alertmanager", "webhook", "slack", "email", "command"}),
            out.kind);
}

// Whoever knows the URL of a webhook may speak there: it is a secret like any other.
bool is_secret_itself(NotifierKind kind) { return kind == webhook || kind == slack; }

std::string right_url(NotifierKind kind) {
  if (is_secret_itself(kind)) return "write url = \"env:NAME\" or \"file:PATH\" of what holds it";
  return kind == email ? "write smtps://HOST or smtp://HOST:587" : "write http://HOST:9093";
}

void read_url(Section& section, NotifierConfig& out) {
  out.url = is_secret_itself(out.kind) ? section.secret("url") : section.secret_url("url");
  if (out.kind == command) return;
  const bool mail = out.kind == email;
  const std::string right = right_url(out.kind);
  if (!out.url.given()) return section.refuse("url", "it is missing", right);
  if (out.url.value.empty()) return;  // nobody can tell yet
  const bool fits = mail ? begins_with_one_of(out.url.value, {"smtp://", "smtps://"})
                         : begins_with_one_of(out.url.value, {"https://", "http://"});
  if (!fits) section.refuse("url", fmt::format("this is no URL of {}", word_of(out.kind)), right);
}

void read_severities(Section& section, NotifierConfig& out) {
  out.severities = section.texts("severities", out.severities);
  if (out.severities.empty())
    section.refuse("severities", "it would be told nothing", "name at least one");
  for (const std::string& one : out.severities)
    if (std::ranges::find(all_severities, one) == all_severities.end())
      section.refuse("severities", fmt::format("\"{}\" is no severity", one),
                     "write some of info, warning, critical");
}

std::string read_template(Section& section, std::string_view key, const std::string& otherwise) {
  std::string text = section.text(key, otherwise);
  if (const auto mistake = mistake_in(text, template_fields))
    section.refuse(key, mistake->what, mistake->right, mistake->offset, mistake->length);
  return text;
}

void check_address(Section& section, std::string_view key, const std::string& address) {
  const auto plain = [](unsigned char c) { return c > ' ' && c < 0x7f && c != '<' && c != '>'; };
  const auto at = address.find('@');
  if (at == 0 || at == address.npos || at + 1 == address.size() ||
      address.find(',') != address.npos || !std::ranges::all_of(address, plain))
    section.refuse(key, "this is no address for e-mail", "write it as ops@live.example");
}

void read_email(Section& section, NotifierConfig& out) {
  out.from = section.text("from", "");
  out.to = section.texts("to", {});
  out.user = section.text("user", "");
  out.password = section.secret("password");
  out.encrypted = section.flag("encrypted", out.encrypted);
  if (out.kind != email) return;
  check_address(section, "from", out.from);
  if (out.to.empty()) section.refuse("to", "it is to nobody", "write to = [\"ops@live.example\"]");
  for (const std::string& address : out.to) check_address(section, "to", address);
  if (out.user.empty() != !out.password.given())
    section.refuse(out.user.empty() ? "password" : "user", "user and password belong together",
                   "give both or none");
  if (!out.encrypted && out.password.given())
    section.refuse("encrypted", "the password would be sent in the clear",
                   "leave encrypted out, or user and password");
}

void read_command(Section& section, NotifierConfig& out, const std::vector<std::string>& programs) {
  out.argv = section.texts("argv", {});
  out.memory = section.bytes("memory", out.memory, std::int64_t{1} << 20, std::int64_t{1} << 40);
  out.cpu_time = section.duration("cpu_time", out.cpu_time, 1s, 10min);
  if (out.kind != command) return;
  const auto has_nul = [](const std::string& text) { return text.find('\0') != text.npos; };
  if (out.argv.empty() || !out.argv[0].starts_with('/'))
    section.refuse("argv", "it does not begin with a program's whole path",
                   "write argv = [\"/usr/bin/...\", \"argument\"]");
  else if (std::ranges::find(programs, out.argv[0]) == programs.end())
    section.refuse("argv", fmt::format("{} is not allowed to be run", out.argv[0]),
                   "add it to allow in [commands]");
  if (std::ranges::any_of(out.argv, has_nul))
    section.refuse("argv", "a NUL character stands in it");
}

}  // namespace

std::string_view word_of(NotifierKind kind) { return name_of(kinds, kind); }

NotifierConfig read_notifier(Section section, const std::string& name,
                             const std::vector<std::string>& programs) {
  NotifierConfig out;
  out.name = name;
  if (!is_name(name))
    section.refuse("", "this is no name of a notifier",
                   "write small letters, digits and dashes, at most 40");
  read_kind(section, out);
  read_url(section, out);
  out.secret = section.secret("secret");
  out.authorization = section.secret("authorization");
  out.ca = section.file("ca");
  out.allow_private = section.flag("allow_private", out.allow_private);
  out.timeout = section.duration("timeout", out.timeout, 1s, 1min);
  read_severities(section, out);
  out.send_resolved = section.flag("send_resolved", out.send_resolved);
  out.a_minute = static_cast<int>(section.integer("a_minute", out.a_minute, 1, 600));
  out.give_up = section.duration("give_up", out.give_up, 1h, std::chrono::days{30});
  out.title = read_template(section, "title", out.title);
  out.text = read_template(section, "text", out.text);
  read_email(section, out);
  read_command(section, out, programs);
  refuse_of_others(section, out.kind);
  return out;
}

BeatConfig read_beat(Section section) {
  BeatConfig out;
  out.url = section.secret("url");
  if (!out.url.value.empty() && !begins_with_one_of(out.url.value, {"https://", "http://"}))
    section.refuse("url", "what it holds is no URL", "let it hold https://HOST/PATH");
  out.every = section.duration("every", out.every, 10s, 24h);
  out.allow_private = section.flag("allow_private", out.allow_private);
  return out;
}

}  // namespace hotclock::config
