#include "service/app/control.h"

#include <fmt/format.h>

#include "service/api/dashboard_pages.h"
#include "service/config/address.h"
#include "service/http/place.h"

namespace hotclock::app {
namespace {

http::ServerSettings server_settings(const config::ApiConfig& settings) {
  http::ServerSettings out;
  out.address = settings.address;
  out.port = static_cast<std::uint16_t>(settings.port);
  out.limits.connections = 1024;
  out.proxies = net::TrustedProxies(settings.trusted_proxies);
  if (!settings.certificate.empty())
    out.tls = http::TlsFiles{settings.certificate.string(), settings.key.string()};
  return out;
}

// The commonest mistake, so its error says what to do.
Error port_in_use(const config::ApiConfig& settings) {
  return Error(Errc::busy,
               fmt::format("port {} of {} is in use by another program: choose another by the "
                           "setting api.port (0: any that is free)",
                           settings.port, settings.address));
}

api::RestSettings rest_settings(const config::ApiConfig& settings) {
  return {.sessions = {.idle = settings.session_idle, .longest = settings.session_longest},
          .limits = {.reads = settings.reads_a_minute,
                     .changes = settings.changes_a_minute,
                     .attempts = settings.attempts_a_minute,
                     .streams = settings.streams}};
}

}  // namespace

Control::Control(const config::ApiConfig& settings, operations::Desk& desk, log::Logger& logger,
                 metrics::Metrics& metrics)
    : settings_(settings),
      loop_(desk.clock),
      workers_(loop_, {.threads = 2, .waiting = 64}),
      nobody_(nullptr, desk.clock, {}),
      ground_{loop_, workers_, nobody_, desk.database, desk.clock, logger},
      health_(ground_),
      requests_(metrics),
      rest_({loop_, workers_, desk, logger, &requests_}, rest_settings(settings)),
      server_(loop_, server_settings(settings)) {
  health_.serve(server_);
  rest_.serve(server_);
}

Control::~Control() { stop(); }

Result<> Control::serve_pages() {
  if (!settings_.dashboard) return {};
  if (settings_.ui_directory.empty()) return api::serve_dashboard(server_), Result<>();
  if (!config::is_loopback(settings_.address))
    return Error(
        Errc::invalid,
        fmt::format("--ui-dir is for whoever works on the dashboard, and api.address is {}: "
                    "it wants an address of this machine alone, such as 127.0.0.1",
                    settings_.address));
  auto directory = api::UiDirectory::open(settings_.ui_directory);
  if (!directory) return std::move(directory).error().within("--ui-dir");
  api::serve_dashboard(server_, std::move(directory).value());
  return {};
}

Result<> Control::start() {
  if (auto served = serve_pages(); !served) return served;
  if (auto started = server_.start(); !started)
    return (started.error().code() == Errc::busy ? port_in_use(settings_)
                                                 : std::move(started).error())
        .within("api");
  return loop_.start();
}

// Who waits is answered 503 before the connections end.
void Control::stop() {
  workers_.stop();
  server_.stop();
  loop_.stop();
}

std::string Control::where() const { return origin() + "/api/v1"; }

std::string Control::dashboard() const { return settings_.dashboard ? origin() + "/" : ""; }

std::string Control::origin() const {
  return http::origin_of(!settings_.certificate.empty(), settings_.address, server_.port());
}

}  // namespace hotclock::app
