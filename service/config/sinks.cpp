#include <algorithm>

#include <fmt/format.h>

#include "scheduler/base/names.h"
#include "service/config/realtime.h"

namespace hotclock::config {
namespace {

constexpr Names<SinkKind, 4> kinds{{{SinkKind::redis, "redis"},
                                    {SinkKind::redis_sharded, "redis-sharded"},
                                    {SinkKind::redis_streams, "redis-streams"},
                                    {SinkKind::postgresql, "postgresql"}}};
constexpr Names<SubscriptionMode, 3> modes{
    {{SubscriptionMode::dynamic, "dynamic"},
     {SubscriptionMode::fixed, "static"},
     {SubscriptionMode::dynamic_private, "dynamic-private"}}};

// PostgreSQL cuts names behind these.
constexpr std::size_t longest_name = 63;

bool is_word(std::string_view text, std::string_view more) {
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || more.find(c) != more.npos;
  });
}

void check_name(Section& section, const std::string& name) {
  if (!is_word(name, "-") || name.size() > 40)
    section.refuse("", "this is no name of a sink",
                   "write small letters, digits and dashes, at most 40");
}

void check_url(Section& section, const SinkConfig& sink) {
  const bool postgresql = sink.kind == SinkKind::postgresql;
  const std::string_view right = postgresql
                                     ? "write postgresql://USER@HOST/NAME"
                                     : "write redis://HOST:PORT, rediss://HOST:PORT or unix:///PATH";
  if (!sink.url.given()) return section.refuse("url", "it is missing", std::string(right));
  if (sink.url.value.empty()) return;  // nobody can tell yet
  using Schemes = std::vector<std::string_view>;
  const Schemes schemes = postgresql ? Schemes{"postgresql://", "postgres://"}
                                     : Schemes{"redis://", "rediss://", "unix://"};
  const std::string& url = sink.url.value;
  const bool fits = std::ranges::any_of(schemes, [&](std::string_view scheme) {
    return url.starts_with(scheme) && url.size() > scheme.size();
  });
  if (!fits)
    section.refuse("url", fmt::format("this is no URL of {}", postgresql ? "PostgreSQL" : "Redis"),
                   std::string(right));
}

void check_prefix(Section& section, const SinkConfig& sink) {
  // Channels are the prefix, "#", and a namespace that is at least "/".
  const std::size_t most = sink.kind == SinkKind::postgresql ? longest_name - 2 : 200;
  const bool plain =
      std::ranges::all_of(sink.prefix, [](unsigned char c) { return c > 0x20 && c != 0x7f; });
  if (sink.prefix.empty() || sink.prefix.size() > most || !plain)
    section.refuse(
        "prefix", "this is no prefix of a channel",
        fmt::format("write 1 to {} bytes without spaces, as the adapters are told", most));
}

void check_attachments(Section& section, const SinkConfig& sink) {
  if (!is_word(sink.attachments, "_.ABCDEFGHIJKLMNOPQRSTUVWXYZ") ||
      sink.attachments.size() > longest_name)
    section.refuse("attachments", "this is no name of a table",
                   "write one, such as socket_io_attachments");
}

// A key that its kind of sink knows nothing of would be set in vain.
void refuse_of_others(Section& section, const SinkConfig& sink, std::string_view key,
                      SinkKind kind) {
  if (sink.kind != kind && section.given(key))
    section.refuse(key, fmt::format("{} has no such setting", name_of(kinds, sink.kind)),
                   fmt::format("leave it out; it is for {}", name_of(kinds, kind)));
}

void read_kind(Section& section, SinkConfig& out) {
  constexpr std::string_view right = "write one of redis, redis-sharded, redis-streams, postgresql";
  if (!section.given("kind")) section.refuse("kind", "it is missing", std::string(right));
  find_name(kinds,
            section.choice("kind", name_of(kinds, out.kind),
                           {"redis", "redis-sharded", "redis-streams", "postgresql"}),
            out.kind);
}

}  // namespace

SinkConfig read_sink(Section section, const std::string& name) {
  SinkConfig out;
  out.name = name;
  check_name(section, name);
  read_kind(section, out);
  out.url = section.secret_url("url");
  check_url(section, out);
  out.prefix = section.text("prefix", out.prefix);
  check_prefix(section, out);
  find_name(modes,
            section.choice("subscription_mode", name_of(modes, out.subscription_mode),
                           {"dynamic", "static", "dynamic-private"}),
            out.subscription_mode);
  refuse_of_others(section, out, "subscription_mode", SinkKind::redis_sharded);
  out.max_length = section.integer("max_length", out.max_length, 1, 100'000'000);
  refuse_of_others(section, out, "max_length", SinkKind::redis_streams);
  out.streams = static_cast<int>(section.integer("streams", out.streams, 1, 1024));
  refuse_of_others(section, out, "streams", SinkKind::redis_streams);
  out.attachments = section.text("attachments", out.attachments);
  check_attachments(section, out);
  refuse_of_others(section, out, "attachments", SinkKind::postgresql);
  return out;
}

}  // namespace hotclock::config
