#include "service/http/connection.h"

#include <array>
#include <charconv>
#include <utility>

#include "service/http/server_core.h"

namespace hotclock::http {
namespace {

constexpr Duration for_ever = Duration::max();

iovec iovec_of(std::string_view bytes) { return {const_cast<char*>(bytes.data()), bytes.size()}; }

}  // namespace

Connection::Connection(ServerCore& core, Wire wire, std::string address)
    : core_(core), wire_(std::move(wire)), address_(std::move(address)) {}

Connection::~Connection() {
  core_.loop().cancel(resume_);
  if (wire_.descriptor() >= 0 && watched_ != 0) core_.loop().forget(wire_.descriptor());
}

Result<void> Connection::begin() {
  set_state(State::head, core_.limits().header_time);
  watched_ = EPOLLIN | EPOLLRDHUP;
  return core_.loop().watch(wire_.descriptor(), watched_, *this);
}

void Connection::set_state(State state, Duration patience) {
  state_ = state;
  deadline_ = patience == for_ever ? Steady::max() : core_.loop().now() + patience;
}

// Reads as long as there is room for what comes; the peer's end is always heard of.
void Connection::watch() {
  const bool room = unread_.empty() || reading() || state_ == State::lingering;
  const bool writes = answer_ || wire_.unfinished();
  const std::uint32_t wanted = EPOLLRDHUP | (room ? EPOLLIN : 0u) | (writes ? EPOLLOUT : 0u);
  if (wanted == watched_) return;
  watched_ = wanted;
  core_.loop().change(wire_.descriptor(), watched_);
}

void Connection::ready(std::uint32_t events) {
  if (state_ == State::over) return;
  if ((events & EPOLLOUT) != 0) {
    const auto finished = wire_.finish().state;
    if (finished == Io::State::failed) return cut();
    if (answer_ && finished == Io::State::done) write();
  }
  if (state_ == State::over) return;
  if ((events & EPOLLIN) != 0) {
    read();
  } else if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
    return cut();
  }
  if (state_ != State::over) watch();
}

void Connection::read() {
  const Io io = wire_.read(core_.loop().buffer());
  if (io.state == Io::State::again) return;
  if (io.state != Io::State::done) return cut();
  if (state_ == State::lingering) return;
  take({core_.loop().buffer().data(), io.bytes});
}

void Connection::take(std::string_view bytes) {
  if (!reading()) {
    unread_ += bytes;
    return;
  }
  if (unread_.empty()) return parse(bytes);
  std::string all = std::exchange(unread_, {});
  all += bytes;
  parse(all);
}

void Connection::parse(std::string_view bytes) {
  parsing_ = true;
  while (!bytes.empty() && reading())
    if (!feed(bytes)) break;
  parsing_ = false;
}

// One step of the request's reader; false where what is left of `bytes` has to wait.
bool Connection::feed(std::string_view& bytes) {
  if (std::exchange(fresh_, false)) set_state(State::head, core_.limits().header_time);
  if (!reader_) reader_ = std::make_unique<RequestReader>(core_.limits().header_bytes);
  switch (reader_->feed(bytes)) {
    case RequestReader::Step::more:
      unread_ = bytes;
      return false;
    case RequestReader::Step::head:
      on_head();
      return true;
    case RequestReader::Step::complete:
      return on_complete(bytes);
    case RequestReader::Step::wrong:
      refuse(reader_->status());
      return false;
  }
  return false;
}

std::optional<Response> Connection::admit(Request& request) {
  request.address = core_.client_of(address_, request);
  return core_.admit(request, route_);
}

// A body follows.
void Connection::on_head() {
  set_state(State::body, core_.limits().body_time);
  Request& request = reader_->request();
  if (auto refusal = admit(request)) return refuse(request, std::move(*refusal));
  if (!reader_->limit_body(core_.most_body_bytes(route_))) return refuse(reader_->status());
  if (!reader_->expects_continue()) return;
  const iovec go_on = iovec_of("HTTP/1.1 100 Continue\r\n\r\n");
  wire_.write({&go_on, 1});
}

// False where the next request has to wait.
bool Connection::on_complete(std::string_view rest) {
  auto request = std::make_unique<Request>(std::move(reader_->request()));
  keep_alive_ = reader_->keeps_alive();
  reader_.reset();
  const bool body_followed = state_ == State::body;
  if (!body_followed) {
    if (auto refusal = admit(*request)) {
      respond(*request, std::move(*refusal));
      return reading();
    }
  }
  set_state(State::handling, for_ever);
  unread_ = rest;
  core_.handle(route_, Exchange(*this, std::move(request)));
  if (!reading()) return false;
  unread_.clear();
  return true;
}

// What the peer still sends belongs to the request that was refused, so the connection ends.
void Connection::refuse(Request& request, Response response) {
  keep_alive_ = false;
  respond(request, std::move(response));
}

void Connection::refuse(int status) {
  refuse(reader_->request(), Response::text(status, std::string(reason(status)) + "\n"));
}

void Connection::respond(const Request& request, Response response) {
  if (route_ && route_->dress) route_->dress(request, response);
  keep_alive_ = keep_alive_ && !response.close && core_.door_open();
  answer_ = std::make_unique<Answer>();
  answer_->head = core_.head(response, keep_alive_);
  answer_->body = std::move(response.body);
  answer_->without_body = request.method == "HEAD";
  answer_->keep_alive = keep_alive_;
  set_state(State::writing, core_.limits().write_time);
  write();
  if (state_ != State::over && !parsing_) watch();
}

void Connection::begin_stream(const Request& request, Response response) {
  if (route_ && route_->dress) route_->dress(request, response);
  keep_alive_ = keep_alive_ && !response.close && core_.door_open();
  answer_ = std::make_unique<Answer>();
  answer_->head = core_.head(response, keep_alive_, true);
  answer_->keep_alive = keep_alive_;
  set_state(State::streaming, core_.limits().write_time);
  stream_on();
}

void Connection::add_chunk(std::string_view bytes) {
  if (!answer_) {
    answer_ = std::make_unique<Answer>();
    answer_->keep_alive = keep_alive_;
    set_state(State::streaming, core_.limits().write_time);
  }
  std::array<char, 24> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), bytes.size(), 16).ptr;
  auto& body = *std::get_if<std::string>(&answer_->body);
  body.append(size.data(), end).append("\r\n").append(bytes).append("\r\n");
  owner_writes_ = true;
  stream_on();
  owner_writes_ = false;
}

// The last chunk is written as any other answer is: what comes next is its end.
void Connection::end_stream() {
  if (state_ == State::over) return;
  if (!answer_) answer_ = std::make_unique<Answer>();
  answer_->keep_alive = keep_alive_;
  std::get_if<std::string>(&answer_->body)->append("0\r\n\r\n");
  set_state(State::writing, core_.limits().write_time);
  write();
  if (state_ != State::over && !parsing_) watch();
}

// Hands on what the peer takes now; where nothing waits any more, neither does anybody.
void Connection::stream_on() {
  if (!answer_) return;
  write();
  if (state_ != State::over && !parsing_) watch();
}

void Connection::write() {
  const std::string_view body = answer_->body_bytes();
  const std::size_t of_head = std::min(answer_->sent, answer_->head.size());
  const std::array parts{iovec_of(std::string_view(answer_->head).substr(of_head)),
                         iovec_of(body.substr(answer_->sent - of_head))};
  const Io io = wire_.write(parts);
  // A stream's owner hears that the peer has gone from the loop alone, which tries it next.
  if (io.state == Io::State::failed) {
    if (!owner_writes_) cut();
    return;
  }
  answer_->sent += io.bytes;
  if (io.bytes > 0) set_state(state_, core_.limits().write_time);
  if (answer_->sent < answer_->size() || wire_.unfinished()) return;
  if (state_ != State::streaming) return finish_answer();
  answer_.reset();
  set_state(State::streaming, for_ever);
}

void Connection::finish_answer() {
  const bool keep_alive = answer_->keep_alive;
  answer_.reset();
  route_ = nullptr;
  if (keep_alive) return await_next();
  linger();
}

void Connection::await_next() {
  reader_.reset();
  keep_alive_ = true;
  fresh_ = true;
  set_state(State::head, core_.limits().idle_time);
  if (unread_.empty() || parsing_) return;
  // Not from inside whoever gave the answer.
  resume_ = core_.loop().after(Duration::zero(), [this] {
    resume_ = {};
    take({});
    if (state_ != State::over) watch();
  });
}

// Closing at once while the peer still sends would take back the answer.
void Connection::linger() {
  reader_.reset();
  unread_.clear();
  wire_.shut();
  set_state(State::lingering, core_.limits().linger_time);
}

void Connection::look_at(Steady now) {
  if (now < deadline_) return;
  const bool owes_request = (state_ == State::head && !fresh_) || state_ == State::body;
  if (!owes_request || !reader_) return cut();
  refuse(408);
}

void Connection::cut() {
  if (std::exchange(state_, State::over) == State::over) return;
  if (auto* const exchange = std::exchange(exchange_, nullptr)) exchange->connection_ = nullptr;
  if (auto* const stream = std::exchange(stream_, nullptr)) stream->connection_ = nullptr;
  const auto gone = std::exchange(gone_, {});
  core_.drop(*this);
  if (gone) gone();
}

Result<std::unique_ptr<WebSocket>> Connection::upgrade(const Request& request,
                                                       std::size_t max_message,
                                                       WebSocketListener& listener,
                                                       std::string_view first) {
  const std::string accept = accept_key(request.header("sec-websocket-key"));
  const bool proper = request.method == "GET" && request.asks_for_websocket() &&
                      request.header("sec-websocket-version") == "13" && !accept.empty();
  if (!proper) return Error(Errc::invalid, "this is no opening handshake of a WebSocket");
  Response response{
      .status = 101,
      .headers = {
          {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", accept}}};
  if (route_ && route_->dress) route_->dress(request, response);
  const std::string head = core_.head(response, true);
  state_ = State::over;
  exchange_ = nullptr;
  gone_ = {};
  const int descriptor = wire_.descriptor();
  auto socket = core_.make_websocket(std::move(wire_), watched_, max_message, listener);
  core_.loop().hand_over(descriptor, *socket);
  watched_ = 0;
  socket->open(head, first, std::exchange(unread_, {}));
  core_.drop(*this);
  return socket;
}

}  // namespace hotclock::http
