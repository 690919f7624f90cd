#include "service/http/exchange.h"

#include <utility>

#include "service/http/connection.h"

namespace hotclock::http {

Exchange::Exchange(Connection& connection, std::unique_ptr<Request> request)
    : connection_(&connection), request_(std::move(request)) {
  connection.exchange_ = this;
}

Exchange::Exchange(Exchange&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), request_(std::move(other.request_)) {
  if (connection_) connection_->exchange_ = this;
}

Exchange& Exchange::operator=(Exchange&& other) noexcept {
  if (this == &other) return *this;
  let_go();
  connection_ = std::exchange(other.connection_, nullptr);
  request_ = std::move(other.request_);
  if (connection_) connection_->exchange_ = this;
  return *this;
}

Exchange::~Exchange() { let_go(); }

void Exchange::let_go() {
  if (connection_) respond(Response::text(500, "nobody answered this request\n"));
}

void Exchange::respond(Response response) {
  if (!connection_) return;
  Connection& connection = *std::exchange(connection_, nullptr);
  connection.exchange_ = nullptr;
  connection.gone_ = {};
  connection.respond(*request_, std::move(response));
}

Stream Exchange::stream(Response head) {
  if (!connection_) return {};
  Connection& connection = *std::exchange(connection_, nullptr);
  connection.exchange_ = nullptr;
  connection.gone_ = {};
  if (request_->method == "HEAD") {
    connection.respond(*request_, std::move(head));
    return {};
  }
  Stream stream(connection);
  connection.begin_stream(*request_, std::move(head));
  return stream;
}

void Exchange::on_gone(std::function<void()> gone) {
  if (connection_) connection_->gone_ = std::move(gone);
}

Result<std::unique_ptr<WebSocket>> Exchange::upgrade_websocket(std::size_t max_message,
                                                               WebSocketListener& listener,
                                                               std::string_view first) {
  if (!connection_) return Error(Errc::stopped, "the peer has gone");
  auto socket = connection_->upgrade(*request_, max_message, listener, first);
  if (socket) connection_ = nullptr;
  return socket;
}

// ---------------------------------------------------------------- streams

Stream::Stream(Connection& connection) : connection_(&connection) { connection.stream_ = this; }

Stream::Stream(Stream&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {
  if (connection_) connection_->stream_ = this;
}

Stream& Stream::operator=(Stream&& other) noexcept {
  if (this == &other) return *this;
  end();
  connection_ = std::exchange(other.connection_, nullptr);
  if (connection_) connection_->stream_ = this;
  return *this;
}

Stream::~Stream() { end(); }

void Stream::write(std::string_view bytes) {
  if (connection_ && !bytes.empty()) connection_->add_chunk(bytes);
}

std::size_t Stream::waiting() const { return connection_ ? connection_->waiting() : 0; }

void Stream::end() {
  if (!connection_) return;
  Connection& connection = *std::exchange(connection_, nullptr);
  connection.stream_ = nullptr;
  connection.gone_ = {};
  connection.end_stream();
}

void Stream::on_gone(std::function<void()> gone) {
  if (connection_) connection_->gone_ = std::move(gone);
}

}  // namespace hotclock::http
