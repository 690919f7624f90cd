#include "service/config/api.h"

#include "service/config/address.h"

namespace hotclock::config {

using namespace std::chrono_literals;

namespace {

void read_limits(Section& section, ApiConfig& out) {
  constexpr int most = 1'000'000;
  const auto count = [&](std::string_view key, int otherwise) {
    return static_cast<int>(section.integer(key, otherwise, 1, most));
  };
  out.reads_a_minute = count("reads_a_minute", out.reads_a_minute);
  out.changes_a_minute = count("changes_a_minute", out.changes_a_minute);
  out.attempts_a_minute = count("attempts_a_minute", out.attempts_a_minute);
  out.streams = count("streams", out.streams);
}

}  // namespace

ApiConfig read_api(Section section) {
  ApiConfig out;
  out.enabled = section.flag("enabled", out.enabled);
  out.dashboard = section.flag("dashboard", out.dashboard);
  read_address(section, out.address);
  out.port = static_cast<int>(section.integer("port", out.port, 0, 65'535));
  out.certificate = section.file("certificate");
  out.key = section.file("key");
  if (out.certificate.empty() != out.key.empty())
    section.refuse(out.key.empty() ? "certificate" : "key", "a certificate and its key go together",
                   out.key.empty() ? "set key as well" : "set certificate as well");
  out.plain = section.flag("plain", out.plain);
  if (out.enabled && !is_loopback(out.address) && out.certificate.empty() && !out.plain)
    section.refuse("address", "others could read every token on its way: there is no TLS",
                   "set certificate and key, or plain = true where something in front speaks TLS");
  out.trusted_proxies = read_networks(section, "trusted_proxies");
  out.session_idle = section.duration("session_idle", out.session_idle, 1min, 24h);
  out.session_longest = section.duration("session_longest", out.session_longest, 1min, 24h * 30);
  read_limits(section, out);
  return out;
}

}  // namespace hotclock::config
