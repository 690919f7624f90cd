#include "service/socketio/engine_session.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hotclock::socketio {
namespace {

// A WebSocket whose peer takes nothing more of a session that is closed.
constexpr Duration flush_patience = std::chrono::seconds{5};

class Posting final : public http::Ticket {
 public:
  explicit Posting(std::shared_ptr<bool> flag) : flag_(std::move(flag)) { *flag_ = true; }
  ~Posting() override { *flag_ = false; }
  Posting(const Posting&) = delete;
  Posting& operator=(const Posting&) = delete;

 private:
  const std::shared_ptr<bool> flag_;
};

}  // namespace

EngineSession::EngineSession(EngineCore& core, std::string id, Handshake handshake)
    : core_(core),
      heartbeat_at_(core.first_ping()),
      id_(std::move(id)),
      handshake_(std::move(handshake)) {}

EngineSession::~EngineSession() = default;

void EngineSession::begin(EngineListener& listener) {
  file();
  listener_ = listener.opened(*this);
}

// ---- sending

void EngineSession::send(MessagePtr message) {
  if (state_ != State::open || !make_room(message->size())) return;
  queue_.push(std::move(message), core_.millis());
  core_.mark(*this);
}

// A queue over its limit gets a chance to be written before its client counts as slow.
bool EngineSession::make_room(std::size_t size) {
  const auto fits = [&] {
    return queue_.empty() || queue_.bytes() + size <= core_.options().most_queued_bytes;
  };
  if (fits()) return true;
  write_out();
  if (fits()) return true;
  close(Closing::slow_consumer);
  leaving_ = true;
  return false;
}

bool EngineSession::writable() const {
  if (state_ != State::open) return false;
  return socket_ ? !socket_->blocked() : held_.has_value();
}

void EngineSession::write_out() {
  if (socket_) return write_to_socket();
  if (held_ && !queue_.empty()) answer_poll(queue_.take_payload());
}

void EngineSession::write_to_socket() {
  std::array<std::string_view, http::WebSocket::most_at_once> room;
  while (!queue_.empty() && !socket_->blocked()) {
    const std::size_t taken = socket_->write(queue_.frames(room));
    if (taken == 0) return;
    queue_.written(taken);
  }
}

void EngineSession::warm() const {
  __builtin_prefetch(socket_.get());
  __builtin_prefetch(reinterpret_cast<const char*>(socket_.get()) + 64);
  queue_.warm();
}

// A close has a body of its own: clients act on it before they act on what stands in front of it.
void EngineSession::flush() {
  if (state_ == State::over) return;
  const bool said = queue_.empty() && (socket_ || held_);
  if (state_ == State::closing && said) return finish(why_);
  write_out();
  const bool done = socket_ && queue_.empty();
  if (state_ == State::closing && (done || leaving_)) return finish(why_);
  if (!queue_.empty()) file();
}

void EngineSession::answer_poll(std::string payload) {
  auto exchange = std::exchange(held_, std::nullopt);
  exchange->respond(payload_response(std::move(payload)));
}

void EngineSession::answer_poll(char packet) { answer_poll(std::string(1, packet)); }

// ---- the client's requests

void EngineSession::poll(http::Exchange exchange) {
  if (held_) return refuse_poll(exchange, Closing::transport_error);
  held_ = std::move(exchange);
  held_->on_gone([this] {
    held_.reset();
    finish(Closing::transport_error);
  });
  if (!queue_.empty() || state_ == State::closing) return flush();
  if (probe_ && probe_->heard()) answer_poll('6');
}

void EngineSession::refuse_poll(http::Exchange& exchange, Closing why) {
  exchange.respond(refusal(exchange.request(), Refused::bad_request));
  finish(why);
}

bool EngineSession::begin_post(http::Request& request) {
  if (!posting_) posting_ = std::make_shared<bool>(false);
  if (*posting_) {
    finish(Closing::transport_error);
    return false;
  }
  request.ticket = std::make_unique<Posting>(posting_);
  return true;
}

void EngineSession::post(http::Exchange exchange) {
  const http::Request& request = exchange.request();
  if (request.header("content-type") == "application/octet-stream")
    return refuse_poll(exchange, Closing::parse_error);
  PayloadReader reader(request.body);
  for (auto packet = reader.next(); packet; packet = reader.next()) receive(*packet);
  if (reader.wrong()) return refuse_poll(exchange, Closing::parse_error);
  exchange.respond(ok_response());
}

void EngineSession::text(std::string_view message) {
  const auto packet = read_packet(message);
  if (!packet) return finish(Closing::parse_error);
  receive(*packet);
}

void EngineSession::binary(std::string_view message) {
  receive({EnginePacket::Kind::binary, message});
}

void EngineSession::receive(const EnginePacket& packet) {
  if (state_ != State::open) return;
  switch (packet.kind) {
    case EnginePacket::Kind::text:
      return listener_->text(packet.content);
    case EnginePacket::Kind::binary:
      return listener_->binary(packet.content);
    case EnginePacket::Kind::pong:
      return ponged();
    case EnginePacket::Kind::close:
      return finish(Closing::transport_close, '6');
    case EnginePacket::Kind::noop:
      return;
    case EnginePacket::Kind::open:
    case EnginePacket::Kind::ping:
    case EnginePacket::Kind::upgrade:
      return finish(Closing::parse_error);
  }
}

void EngineSession::closed(std::uint16_t code) {
  if (code == 1009) return finish(Closing::too_large);
  const bool by_us = code == 1002 || code == 1007;
  finish(by_us ? Closing::transport_error : Closing::transport_close);
}

// ---- the upgrade

void EngineSession::probed() {
  if (held_) answer_poll('6');
}

void EngineSession::upgraded(std::unique_ptr<http::WebSocket> socket) {
  if (held_) answer_poll('6');
  socket_ = std::move(socket);
  socket_->listen(*this);
  core_.loop().bury(std::move(probe_));
  core_.mark(*this);
}

void EngineSession::probe_failed() {
  probe_->end();
  core_.loop().bury(std::move(probe_));
}

// ---- deadlines

void EngineSession::ponged() {
  if (!pinged_) return;
  pinged_ = false;
  heartbeat_at_ = core_.next_ping();
  file();
}

void EngineSession::ping() {
  pinged_ = true;
  heartbeat_at_ = core_.now() + core_.options().ping_timeout;
  send(core_.ping());
}

// A ping that the wheel was late to send does not lengthen the client's time.
bool EngineSession::overdue(Steady now) const {
  return now >= heartbeat_at_ + (pinged_ ? Duration::zero() : core_.options().ping_timeout);
}

Duration EngineSession::age() const {
  return Duration{queue_.empty() ? 0 : core_.millis() - queue_.oldest()};
}

void EngineSession::look_at(Steady now) {
  if (state_ == State::over) return;
  if (overdue(now)) return finish(Closing::ping_timeout);
  if (now >= give_up_at_) return finish(why_);
  if (state_ == State::open && age() >= core_.options().most_queued_age)
    return finish(Closing::slow_consumer);
  if (probe_ && now >= probe_->deadline()) probe_failed();
  if (!pinged_ && now >= heartbeat_at_) ping();
  file();
}

Steady EngineSession::next_deadline() const {
  Steady next = std::min(heartbeat_at_, give_up_at_);
  if (probe_) next = std::min(next, probe_->deadline());
  if (state_ == State::open && !queue_.empty())
    next = std::min(next, core_.now() + core_.options().most_queued_age - age());
  return next;
}

// One that comes out of the wheel too early is filed anew, so only an earlier deadline matters.
void EngineSession::file() {
  const Steady deadline = next_deadline();
  if (!Filed::is_linked() || deadline < filed_for()) core_.file(*this, deadline);
}

// ---- the end

void EngineSession::close(Closing why) {
  if (state_ != State::open) return;
  state_ = State::closing;
  why_ = why;
  give_up_at_ = core_.now() + (socket_ ? flush_patience : core_.options().close_wait);
  file();
  core_.mark(*this);
}

void EngineSession::leave() {
  close(Closing::shutdown);
  leaving_ = true;
  core_.mark(*this);
}

void EngineSession::finish(Closing why, char last_word) {
  if (std::exchange(state_, State::over) == State::over) return;
  if (held_) answer_poll(last_word);
  if (probe_) probe_failed();
  if (socket_) http::WebSocket::part(std::move(socket_));
  queue_.clear();
  const auto listener = std::move(listener_);
  core_.remove(*this);
  if (listener) listener->closed(why);
}

}  // namespace hotclock::socketio
