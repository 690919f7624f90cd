#include "service/app/metrics_page.h"

#include "service/http/place.h"

namespace hotclock::app {
namespace {

http::ServerSettings server_settings(const config::MetricsConfig& settings) {
  http::ServerSettings out;
  out.address = settings.address;
  out.port = static_cast<std::uint16_t>(settings.port);
  out.limits.connections = 64;
  return out;
}

}  // namespace

MetricsPage::MetricsPage(const metrics::Metrics& metrics, const Clock& clock,
                         const config::MetricsConfig& settings)
    : address_(settings.address), loop_(clock), server_(loop_, server_settings(settings)) {
  server_.route(
      {.prefix = "=/metrics", .methods = {"GET"}, .handler = [&](http::Exchange exchange) {
         const auto format = metrics::wanted(exchange.request().header("accept"));
         http::Response response =
             http::Response::text(200, metrics.text(format), metrics::content_type(format));
         response.headers.emplace_back("Vary", "Accept");
         exchange.respond(std::move(response));
       }});
}

MetricsPage::~MetricsPage() { stop(); }

Result<> MetricsPage::start() {
  if (auto started = server_.start(); !started)
    return std::move(started).error().within("metrics");
  return loop_.start();
}

void MetricsPage::stop() {
  server_.stop();
  loop_.stop();
}

std::string MetricsPage::where() const {
  return http::origin_of(false, address_, server_.port()) + "/metrics";
}

}  // namespace hotclock::app
