#include "service/socketio/engine_core.h"

#include <algorithm>
#include <utility>

#include "service/socketio/engine_probe.h"
#include "service/socketio/engine_session.h"

namespace hotclock::socketio {
namespace {

// So many sessions a turn; then everything else has its turn.
constexpr int slice = 256;

// Fine enough for short intervals, and coarse for long ones.
Duration slot_for(const EngineOptions& options) {
  const Duration shortest = std::min(options.ping_interval, options.ping_timeout);
  return std::clamp(shortest / 40, Duration{5}, Duration{100});
}

http::Response unavailable() {
  auto response = http::Response::text(503, "this server stops\n");
  response.close = true;
  return response;
}

}  // namespace

EngineCore::EngineCore(http::Loop& loop, EngineOptions options, EngineListener& listener)
    : loop_(loop),
      options_(std::move(options)),
      listener_(listener),
      began_(loop.clock().steady()),
      ping_(Message::packet('2')),
      pings_(options_.ping_interval),
      wheel_(slot_for(options_), options_.ping_interval + options_.ping_timeout, began_) {}

EngineCore::~EngineCore() { loop_.cancel(ticking_); }

std::uint32_t EngineCore::millis() const {
  return static_cast<std::uint32_t>(std::chrono::floor<Duration>(now() - began_).count());
}

// ---- requests

EngineSession* EngineCore::find(const http::Request& request) {
  const auto at = sessions_.find(request.parameter("sid"));
  if (at == sessions_.end()) return nullptr;
  EngineSession& session = *at->second;
  if (!session.overdue(now())) return &session;
  session.finish(Closing::ping_timeout);
  return nullptr;
}

std::optional<http::Response> EngineCore::gate(http::Request& request) {
  if (request.method != "POST" || fault(request) || !fits_transport(request)) return std::nullopt;
  EngineSession* const session = find(request);
  if (!session || session->on_websocket() || session->begin_post(request)) return std::nullopt;
  return refusal(request, Refused::bad_request);
}

void EngineCore::too_large(const http::Request& request) {
  EngineSession* const session = find(request);
  if (session && !session->on_websocket()) session->finish(Closing::too_large);
}

void EngineCore::handle(http::Exchange exchange) {
  const http::Request& request = exchange.request();
  const auto refuse = [&](Refused why) { exchange.respond(refusal(request, why)); };
  if (request.method == "OPTIONS") return exchange.respond(preflight(request));
  if (const auto why = fault(request)) return refuse(*why);
  if (request.asks_for_websocket() && !may_connect(request, options_))
    return refuse(Refused::forbidden);
  if (request.parameter("sid").empty()) return open(std::move(exchange));
  EngineSession* const session = find(request);
  if (!session) return refuse(Refused::unknown_session);
  if (!fits_transport(request)) return refuse(Refused::bad_request);
  if (wants_websocket(request)) return upgrade(*session, std::move(exchange));
  if (session->on_websocket()) return refuse(Refused::bad_request);
  if (request.method == "GET") return session->poll(std::move(exchange));
  if (request.method == "POST") return session->post(std::move(exchange));
  refuse(Refused::bad_request);
}

void EngineCore::open(http::Exchange exchange) {
  const http::Request& request = exchange.request();
  const auto refuse = [&](Refused why) { exchange.respond(refusal(request, why)); };
  if (request.method != "GET") return refuse(Refused::bad_method);
  if (!fits_transport(request)) return refuse(Refused::bad_request);
  if (closing_) return exchange.respond(unavailable());
  auto handshake = handshake_of(request);
  if (const auto reason = options_.admit ? options_.admit(handshake) : std::nullopt)
    return exchange.respond(refusal(request, Refused::forbidden, *reason));
  const bool websocket = wants_websocket(request);
  auto session = std::make_unique<EngineSession>(*this, ids_.next(), std::move(handshake));
  if (websocket) return open_websocket(std::move(session), std::move(exchange));
  open_polling(std::move(session), std::move(exchange));
}

void EngineCore::open_polling(std::unique_ptr<EngineSession> session, http::Exchange exchange) {
  auto response = payload_response(open_packet(*session, false));
  if (!options_.cookie.empty())
    response.headers.emplace_back(
        "Set-Cookie", options_.cookie + "=" + session->id() + "; Path=/; HttpOnly; SameSite=Lax");
  exchange.respond(std::move(response));
  introduce(std::move(session));
}

void EngineCore::open_websocket(std::unique_ptr<EngineSession> session, http::Exchange exchange) {
  const auto first = Message::packet('0', open_packet(*session, true).substr(1));
  auto socket =
      exchange.upgrade_websocket(options_.max_payload, session->hearing(), first->frame());
  if (!socket) return exchange.respond(refusal(exchange.request(), Refused::bad_request));
  session->travel_by(*std::move(socket));
  introduce(std::move(session));
}

void EngineCore::introduce(std::unique_ptr<EngineSession> session) {
  EngineSession& known = *session;
  sessions_.emplace(known.id(), std::move(session));
  if (ticking_ == http::Loop::TimerId{}) tick();
  known.begin(listener_);
}

// A WebSocket that cannot take over is opened and closed, so that its client sees a close.
void EngineCore::upgrade(EngineSession& session, http::Exchange exchange) {
  if (!options_.upgrades)
    return exchange.respond(refusal(exchange.request(), Refused::bad_request));
  auto probe = std::make_unique<EngineProbe>(session, now() + options_.upgrade_timeout);
  auto socket = exchange.upgrade_websocket(options_.max_payload, *probe);
  if (!socket) return exchange.respond(refusal(exchange.request(), Refused::bad_request));
  if (!session.takes_probe()) return http::WebSocket::part(*std::move(socket));
  probe->travel_by(*std::move(socket));
  session.begin_probe(std::move(probe));
}

// Its texts need no escapes.
std::string EngineCore::open_packet(const EngineSession& session, bool websocket) const {
  std::string out = R"(0{"sid":")" + session.id() + R"(","upgrades":[)";
  if (options_.upgrades && !websocket) out += R"("websocket")";
  out += R"(],"pingInterval":)" + std::to_string(options_.ping_interval.count());
  out += R"(,"pingTimeout":)" + std::to_string(options_.ping_timeout.count());
  return out += R"(,"maxPayload":)" + std::to_string(options_.max_payload) + "}";
}

// ---- the end

void EngineCore::remove(EngineSession& session) {
  const auto at = sessions_.find(session.id());
  if (at == sessions_.end()) return;
  loop_.bury(std::move(at->second));
  sessions_.erase(at);
}

void EngineCore::close_all() {
  closing_ = true;
  for (const auto& [id, session] : sessions_) session->leave();
}

void EngineCore::end_all() {
  closing_ = true;
  while (!sessions_.empty()) sessions_.begin()->second->finish(Closing::shutdown);
}

// ---- turns of the loop

void EngineCore::mark(EngineSession& session) {
  if (!session.Dirty::is_linked()) {
    marked_.push_back(session);
    ++marks_;
  }
  if (!flushing_) defer_flush();
}

void EngineCore::defer_flush() {
  flushing_ = true;
  loop_.defer([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->flush();
  });
}

// A crowd, as a broadcast marks it, goes to the end of the line. A few, who are pinged, answered or new, do
// not wait for the crowds before them; and however many few there are, the line moves on each turn.
void EngineCore::flush() {
  if (marks_ > slice) dirty_.splice(dirty_.end(), marked_);
  marks_ = 0;
  flush_some(marked_);
  flush_some(dirty_);
  flushing_ = false;
  if (!marked_.empty() || !dirty_.empty()) defer_flush();
}

void EngineCore::flush_some(DirtyList& sessions) {
  for (int i = 0; i < slice && !sessions.empty(); ++i) {
    auto& session = static_cast<EngineSession&>(sessions.front());
    sessions.pop_front();
    // While the kernel is at work for this one, what the next one takes is on its way here.
    if (!sessions.empty()) static_cast<EngineSession&>(sessions.front()).warm();
    session.flush();
  }
}

void EngineCore::file(EngineSession& session, Steady deadline) { wheel_.file(session, deadline); }

// Ends by itself when there are no sessions.
void EngineCore::tick() {
  ticking_ = {};
  wheel_.take_due(now(), due_);
  if (!due_.empty() && !looking_) look_at_due();
  if (!sessions_.empty()) ticking_ = loop_.after(wheel_.slot(), [this] { tick(); });
}

void EngineCore::look_at_due() {
  for (int i = 0; i < slice && !due_.empty(); ++i) {
    auto& session = static_cast<EngineSession&>(due_.front());
    due_.pop_front();
    session.look_at(now());
  }
  looking_ = !due_.empty();
  if (!looking_) return;
  loop_.defer([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->look_at_due();
  });
}

}  // namespace hotclock::socketio
