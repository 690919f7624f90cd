#include "service/socketio/engine_requests.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace hotclock::socketio {
namespace {

std::string_view text_of(Refused why) {
  switch (why) {
    case Refused::unknown_transport:
      return "Transport unknown";
    case Refused::unknown_session:
      return "Session ID unknown";
    case Refused::bad_method:
      return "Bad handshake method";
    case Refused::bad_request:
      return "Bad request";
    case Refused::forbidden:
      return "Forbidden";
    case Refused::unsupported_protocol:
      return "Unsupported protocol version";
  }
  return "";
}

http::Response uncached(int status, std::string body, std::string_view type) {
  auto response = http::Response::text(status, std::move(body), type);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

// "https://example.org:8443" -> "example.org:8443".
std::string_view host_of(std::string_view origin) {
  const auto scheme = origin.find("://");
  return scheme == std::string_view::npos ? std::string_view{} : origin.substr(scheme + 3);
}

bool listed(const EngineOptions& options, std::string_view origin) {
  return std::ranges::find(options.origins, origin) != options.origins.end();
}

}  // namespace

http::Response refusal(const http::Request& request, Refused why, std::string_view reason) {
  const std::string_view text = reason.empty() ? text_of(why) : reason;
  if (request.asks_for_websocket()) {
    auto response = uncached(400, std::string(text), "text/plain; charset=UTF-8");
    response.close = true;
    return response;
  }
  const std::string body = boost::json::serialize(
      boost::json::value{{"code", static_cast<int>(why)}, {"message", text}});
  return uncached(why == Refused::forbidden ? 403 : 400, body, "application/json");
}

std::optional<Refused> fault(const http::Request& request) {
  const auto transport = request.parameter("transport");
  if (transport != "polling" && transport != "websocket") return Refused::unknown_transport;
  if (request.parameter("EIO") != "4") return Refused::unsupported_protocol;
  return std::nullopt;
}

bool fits_transport(const http::Request& request) {
  return wants_websocket(request) == request.asks_for_websocket();
}

bool wants_websocket(const http::Request& request) {
  return request.parameter("transport") == "websocket";
}

Handshake handshake_of(const http::Request& request) {
  Handshake out{.address = request.address,
                .transport = std::string(request.parameter("transport")),
                .query = request.query,
                .secure = request.secure};
  for (const auto& [name, value] : request.headers) {
    const auto [at, first] = out.headers.emplace(name, value);
    if (!first) at->second.append(", ").append(value);
  }
  return out;
}

bool may_connect(const http::Request& request, const EngineOptions& options) {
  const auto origin = request.header("origin");
  if (origin.empty()) return true;
  if (options.origins.empty()) return host_of(origin) == request.header("host");
  return listed(options, origin) || listed(options, "*");
}

void add_cors(const http::Request& request, const EngineOptions& options,
              http::Response& response) {
  const auto origin = request.header("origin");
  if (options.origins.empty() || origin.empty()) return;
  auto& headers = response.headers;
  headers.emplace_back("Vary", "Origin");
  if (listed(options, origin)) {
    headers.emplace_back("Access-Control-Allow-Origin", origin);
    if (options.credentials) headers.emplace_back("Access-Control-Allow-Credentials", "true");
  } else if (listed(options, "*")) {
    headers.emplace_back("Access-Control-Allow-Origin", "*");
  }
}

http::Response preflight(const http::Request& request) {
  http::Response response{.status = 204};
  response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST");
  if (const auto asked = request.header("access-control-request-headers"); !asked.empty())
    response.headers.emplace_back("Access-Control-Allow-Headers", asked);
  return response;
}

http::Response payload_response(std::string payload) {
  return uncached(200, std::move(payload), "text/plain; charset=UTF-8");
}

http::Response ok_response() { return uncached(200, "ok", "text/html"); }

}  // namespace hotclock::socketio
