#include "service/http/websocket.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

#include "service/http/farewells.h"

namespace hotclock::http {
namespace {

constexpr std::uint16_t broken = 1006;
// A peer that sends pings and reads no pongs is not read any further until it does.
constexpr std::size_t most_control_bytes = 4096;

using Kind = FrameReader::Event::Kind;

iovec iovec_of(std::string_view bytes) { return {const_cast<char*>(bytes.data()), bytes.size()}; }

}  // namespace

WebSocket::WebSocket(Loop& loop, std::shared_ptr<Farewells> farewells, Wire wire,
                     std::uint32_t watched, std::size_t max_message, WebSocketListener& listener)
    : loop_(loop),
      farewells_(std::move(farewells)),
      listener_(&listener),
      wire_(std::move(wire)),
      watched_(watched),
      reader_(max_message) {
  ++farewells_->alive_;
}

WebSocket::~WebSocket() {
  --farewells_->alive_;
  loop_.cancel(early_);
  loop_.forget(wire_.descriptor());
}

void WebSocket::open(std::string_view head, std::string_view first, std::string early) {
  control_.append(head).append(first);
  flush_control();
  if (!early.empty()) take_early(std::move(early));
}

void WebSocket::say(std::string_view frame) {
  control_ += frame;
  flush_control();
}

std::size_t WebSocket::write(std::span<const std::string_view> frames) {
  if (over_ || goodbye_said_) return 0;
  std::array<iovec, most_at_once + 1> parts;
  std::size_t count = 0;
  const std::size_t own_at = inside_frame_ && !frames.empty() ? 1 : 0;
  for (std::size_t i = 0; i < frames.size() && i < most_at_once; ++i) {
    if (i == own_at) parts[count++] = iovec_of(control_);
    parts[count++] = iovec_of(frames[i]);
  }
  if (count <= own_at) parts[count++] = iovec_of(control_);
  const Io io = wire_.write({parts.data(), count});
  note(io.state);
  return attribute(io.bytes, {parts.data(), count}, own_at);
}

// Which of the bytes that went out were the caller's, and whether they ended within a frame.
std::size_t WebSocket::attribute(std::size_t bytes, std::span<const iovec> parts,
                                 std::size_t own_at) {
  std::size_t theirs = 0;
  for (std::size_t i = 0; i < parts.size() && bytes > 0; ++i) {
    const std::size_t n = std::min(bytes, parts[i].iov_len);
    bytes -= n;
    if (i == own_at) {
      control_.erase(0, n);
      continue;
    }
    theirs += n;
    inside_frame_ = n < parts[i].iov_len;
  }
  return theirs;
}

// A connection that broke while we wrote is heard of like one that broke while we waited.
void WebSocket::note(Io::State state) {
  if (state == Io::State::failed) shutdown(wire_.descriptor(), SHUT_RDWR);
  blocked_ = state != Io::State::done || wire_.unfinished();
  watch();
}

bool WebSocket::may_read() const { return over_ || control_.size() < most_control_bytes; }

void WebSocket::watch() {
  const std::uint32_t wanted =
      EPOLLRDHUP | (may_read() ? EPOLLIN : 0u) | (blocked_ ? EPOLLOUT : 0u);
  if (wanted == watched_) return;
  watched_ = wanted;
  loop_.change(wire_.descriptor(), watched_);
}

void WebSocket::ready(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) drain();
  if ((events & EPOLLIN) != 0 && may_read()) {
    read();
  } else if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
    lost();
  }
}

void WebSocket::drain() {
  note(wire_.finish().state);
  if (blocked_) return;
  flush_control();
  if (!blocked_ && listener_) listener_->writable();
}

void WebSocket::flush_control() {
  if (inside_frame_ || blocked_) return;
  if (!control_.empty()) {
    const iovec own = iovec_of(control_);
    const Io io = wire_.write({&own, 1});
    control_.erase(0, io.bytes);
    note(io.state);
  }
  hang_up();
}

// After the last word of both.
void WebSocket::hang_up() {
  if (over_ && goodbye_said_ && control_.empty() && !blocked_) wire_.shut();
}

void WebSocket::read() {
  const Io io = wire_.read(loop_.buffer());
  switch (io.state) {
    case Io::State::done:
      if (!over_) take(loop_.buffer().first(io.bytes));
      return;
    case Io::State::again:
      if (wire_.unfinished()) note(Io::State::again);
      return;
    case Io::State::ended:
    case Io::State::failed:
      return lost();
  }
}

// Once all is said, this is what was waited for.
void WebSocket::lost() {
  if (!over_) return over(broken);
  farewells_->end(*this);
}

void WebSocket::take(std::span<char> bytes) {
  while (!over_) {
    const FrameReader::Event event = reader_.next(bytes);
    if (event.kind == Kind::none) return flush_control();
    answer(event);
  }
}

void WebSocket::take_early(std::string bytes) {
  early_ = loop_.after(Duration::zero(), [this, bytes = std::move(bytes)]() mutable {
    early_ = {};
    take({bytes.data(), bytes.size()});
  });
}

void WebSocket::answer(const FrameReader::Event& event) {
  switch (event.kind) {
    case Kind::text:
      if (listener_) listener_->text(event.content);
      return;
    case Kind::binary:
      if (listener_) listener_->binary(event.content);
      return;
    case Kind::ping:
      if (!goodbye_said_) control_ += frame(Opcode::pong, event.content);
      return;
    case Kind::close:
    case Kind::wrong:
      say_goodbye(event.code);
      return over(event.code);
    case Kind::pong:
    case Kind::none:
      return;
  }
}

void WebSocket::say_goodbye(std::uint16_t code) {
  if (std::exchange(goodbye_said_, true)) return;
  control_ += close_frame(code);
  flush_control();
}

// Where nobody listens any more, the peer has now answered our goodbye.
void WebSocket::over(std::uint16_t code) {
  over_ = true;
  hang_up();
  if (auto* const listener = std::exchange(listener_, nullptr)) return listener->closed(code);
  farewells_->end(*this);
}

void WebSocket::part(std::unique_ptr<WebSocket> socket, std::uint16_t code) {
  WebSocket& self = *socket;
  self.listener_ = nullptr;
  // Nothing can be said in the middle of a frame whose rest will never come.
  if (self.inside_frame_) return cut(std::move(socket));
  if (!self.over_) self.say_goodbye(code);
  self.farewells_->keep(std::move(socket));
}

void WebSocket::cut(std::unique_ptr<WebSocket> socket) {
  socket->listener_ = nullptr;
  socket->over_ = true;
  socket->loop_.bury(std::move(socket));
}

}  // namespace hotclock::http
