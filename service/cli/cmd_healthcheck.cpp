// hotclock healthcheck: whether the node that has these settings is ready, asked of its own server.
#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/http/probe.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

// Shorter than what an engine of containers waits.
constexpr Duration patience = std::chrono::seconds{4};

Result<http::Probe> node_of(const config::RealtimeConfig& settings) {
  if (!settings.enabled)
    return Error(Errc::invalid,
                 "realtime.enabled is false: this node has no server that could be asked");
  if (settings.port == 0)
    return Error(Errc::invalid, "realtime.port is 0: only the node itself knows which one it took");
  return http::Probe{settings.address, static_cast<std::uint16_t>(settings.port),
                     !settings.certificate.empty()};
}

std::string text_at(const json::value& page, std::string_view pointer) {
  boost::system::error_code missing;
  const json::value* found = page.find_pointer(pointer, missing);
  return found && found->is_string() ? std::string(found->get_string()) : "?";
}

// What does not hold: "database: unavailable".
std::string faults_in(const std::string& page) {
  boost::system::error_code none;
  const json::value said = json::parse(page, none);
  const json::value* checks = none ? nullptr : said.find_pointer("/checks", none);
  if (!checks || !checks->is_array()) return "it does not say why";
  std::string out;
  for (const json::value& check : checks->get_array()) {
    const json::value* ok = check.find_pointer("/ok", none);
    if (ok && *ok == true) continue;
    out += (out.empty() ? "" : ", ") + text_at(check, "/name") + ": " + text_at(check, "/detail");
  }
  return out;
}

Result<http::Probed> asked(const Console& console, const Common& common) {
  const auto settings = read_settings(console, common);
  if (!settings) return settings.error();
  const auto node = node_of(settings->realtime);
  if (!node) return node.error();
  return http::ask(console.clock, *node, "/readyz", patience);
}

}  // namespace

// Of all that is not ready 1: engines of containers know no other number.
int cmd_healthcheck(Console& console, const Common& common, const HealthcheckArgs&) {
  const auto said = asked(console, common);
  const bool ready = said && said->status == 200;
  const std::string why = !said ? said.error().message() : ready ? "" : faults_in(said->body);
  if (common.json)
    print(console, {{"ready", ready}, {"why", why}});
  else
    (ready ? console.out : console.err)
        << (ready ? "ready" : "hotclock: not ready: " + why) << '\n';
  return ready ? exit_done : exit_failed;
}

}  // namespace hotclock::cli
