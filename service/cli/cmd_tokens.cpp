// hotclock tokens: who may use the API.
#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include "service/cli/commands.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/cli/when.h"
#include "service/config/units.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

json::array array_of(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

Cell state_cell(const Seen& token, Instant now) {
  if (token.has("revoked_at")) return {"revoked by " + token.text("revoked_by"), Tone::faint};
  const auto expires = token.instant("expires_at");
  if (!expires) return {"good", Tone::good};
  if (*expires <= now) return {"ended " + relative_text(*expires, now), Tone::faint};
  return {"good, ends " + relative_text(*expires, now), Tone::good};
}

std::string used_text(const Seen& token, Instant now) {
  const auto used = token.instant("last_used_at");
  return used ? relative_text(*used, now) + " from " + token.text("last_used_from") : "never";
}

void show_list(Console& console, const Seen& list, Instant now) {
  Table table({{"token", Column::Kind::number},
               {"key"},
               {"for"},
               {"role"},
               {"jobs", Column::Kind::wrapped},
               {"state"},
               {"last used", Column::Kind::wrapped}});
  for (const Seen& one : list.list("items")) {
    const std::string jobs = fmt::format("{}", fmt::join(one.texts("jobs"), ", "));
    table.add({one.text("id"), one.text("key_id"), one.text("name"), one.text("role"),
               jobs.empty() ? "all" : jobs, state_cell(one, now), used_text(one, now)});
  }
  console.out << table.text(look_of(console));
}

// The secret alone on its line of the output, so that it can be piped into a file.
void show_new(Console& console, const Seen& token) {
  console.err << fmt::format("token {} for {}, {}; it is shown this once:\n", token.text("id"),
                             token.text("name"), token.text("role"));
  console.out << token.text("secret") << '\n';
}

// "90d" from now, or an instant.
Result<Duration> span_until(const std::string& text, Instant now) {
  if (const auto span = config::parse_duration(text)) return *span;
  const auto utc = load_zone("UTC");
  if (!utc) return utc.error();
  const auto end = read_instant(text, **utc, now);
  if (!end) return end.error();
  if (*end <= now) return Error(Errc::invalid, to_string(*end) + " has passed already");
  return *end - now;
}

Result<Answer> created(Door& door, const TokenCreateArgs& args) {
  json::object order{{"name", args.name}, {"role", args.role}, {"reason", args.reason}};
  if (!args.rights.empty()) order["rights"] = array_of(args.rights);
  if (!args.jobs.empty()) order["jobs"] = array_of(args.jobs);
  if (!args.networks.empty()) order["networks"] = array_of(args.networks);
  if (!args.expires.empty()) {
    const auto lasts = span_until(args.expires, door.now());
    if (!lasts) return lasts.error().within("--expires");
    order["lasts_ms"] = lasts->count();
  }
  return door.ask(post("/tokens", order));
}

Result<Answer> rotated(Door& door, const TokenRotateArgs& args) {
  json::object order{{"reason", args.reason}};
  if (!args.overlap.empty()) {
    const auto overlap = span_until(args.overlap, door.now());
    if (!overlap) return overlap.error().within("--overlap");
    order["overlap_ms"] = overlap->count();
  }
  return door.ask(post("/tokens/" + args.token + "/rotate", order));
}

}  // namespace

int cmd_tokens(Console& console, const Common& common, const TokensArgs&) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, (*door)->ask(get("/tokens")),
              [&](const Seen& list) { show_list(console, list, (*door)->now()); });
}

int cmd_token_create(Console& console, const Common& common, const TokenCreateArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, created(**door, args),
              [&](const Seen& token) { show_new(console, token); });
}

int cmd_token_rotate(Console& console, const Common& common, const TokenRotateArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, rotated(**door, args),
              [&](const Seen& token) { show_new(console, token); });
}

int cmd_token_revoke(Console& console, const Common& common, const TokenRevokeArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const auto revoked = (*door)->ask(remove("/tokens/" + args.token, args.reason));
  if (!revoked) return fail(console, common.json, revoked.error());
  if (common.json)
    print(console, {{"revoked", args.token}});
  else
    console.out << "token " << args.token << " is good no more, and its sessions are over\n";
  return exit_done;
}

}  // namespace hotclock::cli
