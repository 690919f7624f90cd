#include "service/http/server_core.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <system_error>
#include <utility>

#include "service/http/connection.h"

namespace hotclock::http {
namespace {

constexpr Duration sweep_every = std::chrono::milliseconds{250};
constexpr Duration rest_for = std::chrono::milliseconds{100};
constexpr int accepted_at_once = 64;

union Address {
  sockaddr any;
  sockaddr_in four;
  sockaddr_in6 six;
};

Error failed(const char* what) {
  const Errc code = errno == EADDRINUSE ? Errc::busy : Errc::unavailable;
  return Error(code, std::generic_category().message(errno)).within(what);
}

std::optional<Address> address_of(const std::string& text, std::uint16_t port) {
  Address out{};
  if (inet_pton(AF_INET, text.c_str(), &out.four.sin_addr) == 1) {
    out.four.sin_family = AF_INET;
    out.four.sin_port = htons(port);
    return out;
  }
  if (inet_pton(AF_INET6, text.c_str(), &out.six.sin6_addr) != 1) return std::nullopt;
  out.six.sin6_family = AF_INET6;
  out.six.sin6_port = htons(port);
  return out;
}

socklen_t size_of(const Address& address) {
  return address.any.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

// An IPv4 peer of an IPv6 socket is shown as what it is.
std::string text_of(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool four = address.any.sa_family == AF_INET;
  const void* from = four ? static_cast<const void*>(&address.four.sin_addr)
                          : static_cast<const void*>(&address.six.sin6_addr);
  inet_ntop(address.any.sa_family, from, text.data(), text.size());
  const std::string_view out = text.data();
  return std::string(out.starts_with("::ffff:") && out.find('.') != out.npos ? out.substr(7) : out);
}

bool fits(const Route& route, std::string_view path) {
  const std::string_view prefix = route.prefix;
  return prefix.starts_with('=') ? path == prefix.substr(1) : path.starts_with(prefix);
}

bool serves(const Route& route, std::string_view method) {
  if (route.methods.empty() || std::ranges::count(route.methods, method) > 0) return true;
  return method == "HEAD" && std::ranges::count(route.methods, "GET") > 0;
}

void add_methods(std::string& list, const Route& route) {
  for (const std::string& method : route.methods) list.append(list.empty() ? "" : ", ") += method;
}

}  // namespace

ServerCore::ServerCore(Loop& loop, ServerSettings settings)
    : loop_(loop),
      settings_(std::move(settings)),
      farewells_(std::make_shared<Farewells>(loop, settings_.limits.linger_time)) {}

ServerCore::~ServerCore() = default;

Result<void> ServerCore::start() {
  if (door_open()) return {};
  if (settings_.tls) {
    auto tls = TlsContext::read(*settings_.tls);
    if (!tls) return std::move(tls).error();
    tls_ = *std::move(tls);
  }
  if (auto listening = listen(); !listening) {
    close_door();
    return std::move(listening).error().within("listen on " + settings_.address + " port " +
                                               std::to_string(settings_.port));
  }
  farewells_->open();
  sweep();
  return {};
}

Result<void> ServerCore::listen() {
  auto address = address_of(settings_.address, settings_.port);
  if (!address) return Error(Errc::invalid, "this is no numeric address");
  listener_ = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener_ < 0) return failed("socket");
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(listener_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // what is accepted inherits it
  if (bind(listener_, &address->any, size_of(*address)) != 0) return failed("bind");
  if (::listen(listener_, 4096) != 0) return failed("listen");
  Address bound{};
  socklen_t size = sizeof bound;
  if (getsockname(listener_, &bound.any, &size) != 0) return failed("getsockname");
  port_ = ntohs(bound.any.sa_family == AF_INET ? bound.four.sin_port : bound.six.sin6_port);
  return loop_.watch(listener_, EPOLLIN, *this);
}

void ServerCore::close_door() {
  loop_.cancel(std::exchange(resting_, {}));
  if (listener_ < 0) return;
  loop_.forget(listener_);
  ::close(std::exchange(listener_, -1));
}

void ServerCore::stop() {
  close_door();
  loop_.cancel(std::exchange(sweeping_, {}));
  while (!connections_.empty()) connections_.begin()->first->cut();
  farewells_->close();
}

void ServerCore::ready(std::uint32_t) {
  for (int i = 0; i < accepted_at_once && accept_one(); ++i) {
  }
}

// False where there is no other for now.
bool ServerCore::accept_one() {
  Address peer{};
  socklen_t size = sizeof peer;
  const int descriptor = accept4(listener_, &peer.any, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor >= 0) {
    welcome(descriptor, text_of(peer));
    return true;
  }
  if (errno == ECONNABORTED || errno == EINTR) return true;
  if (errno != EAGAIN && errno != EWOULDBLOCK) rest();
  return false;
}

void ServerCore::welcome(int descriptor, std::string address) {
  Wire wire(descriptor, tls_.get());
  if (connections_.size() + farewells_->alive() >= limits().connections) return;
  if (accepts_ && !accepts_(address)) return;
  auto connection = std::make_unique<Connection>(*this, std::move(wire), std::move(address));
  if (connection->begin()) connections_.emplace(connection.get(), std::move(connection));
}

// No descriptor is left, or no memory: asking again at once would only burn the processor.
void ServerCore::rest() {
  loop_.change(listener_, 0);
  resting_ = loop_.after(rest_for, [this] { loop_.change(listener_, EPOLLIN); });
}

ServerCore::Found ServerCore::route_of(const Request& request) const {
  Found found;
  std::size_t longest = 0;
  for (const Route& route : routes_) {
    if (!fits(route, request.path) || route.prefix.size() < longest) continue;
    if (route.prefix.size() > longest) found = {};
    longest = route.prefix.size();
    if (serves(route, request.method)) found.route = &route;
    add_methods(found.allowed, route);
  }
  return found;
}

std::string ServerCore::client_of(const std::string& peer, const Request& request) const {
  if (settings_.proxies.none()) return peer;
  return settings_.proxies.client_of(peer, request.headers_joined("x-forwarded-for"));
}

std::optional<Response> ServerCore::admit(Request& request, const Route*& route) const {
  request.secure = tls_ != nullptr;
  auto found = route_of(request);
  route = found.route;
  if (route) return route->gate ? route->gate(request) : std::nullopt;
  if (found.allowed.empty()) return Response::text(404, "there is nothing here\n");
  auto response = Response::text(405, "this is not done here\n");
  response.headers.emplace_back("Allow", std::move(found.allowed));
  return response;
}

std::size_t ServerCore::most_body_bytes(const Route* route) const {
  return route && route->body_bytes ? *route->body_bytes : limits().body_bytes;
}

std::string ServerCore::head(const Response& response, bool keep_alive, bool chunked) {
  return http::head(response, {.date = date(),
                               .defaults = settings_.default_headers,
                               .keep_alive = keep_alive,
                               .chunked = chunked});
}

std::unique_ptr<WebSocket> ServerCore::make_websocket(Wire wire, std::uint32_t watched,
                                                      std::size_t max_message,
                                                      WebSocketListener& listener) {
  return std::make_unique<WebSocket>(loop_, farewells_, std::move(wire), watched, max_message,
                                     listener);
}

void ServerCore::drop(Connection& connection) {
  const auto at = connections_.find(&connection);
  if (at == connections_.end()) return;
  loop_.bury(std::move(at->second));
  connections_.erase(at);
}

void ServerCore::sweep() {
  std::vector<Connection*> all;
  all.reserve(connections_.size());
  for (const auto& [connection, owner] : connections_) all.push_back(connection);
  for (Connection* const each : all)
    if (connections_.contains(each)) each->look_at(loop_.now());
  farewells_->sweep();
  sweeping_ = loop_.after(sweep_every, [this] { sweep(); });
}

// Made anew once a second.
std::string_view ServerCore::date() {
  const Instant now = std::chrono::floor<std::chrono::seconds>(loop_.clock().now());
  if (now == dated_ && !date_.empty()) return date_;
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<time_t>(to_millis(now) / 1000);
  tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon], parts.tm_year + 1900,
                parts.tm_hour, parts.tm_min, parts.tm_sec);
  dated_ = now;
  date_ = text.data();
  return date_;
}

}  // namespace hotclock::http
