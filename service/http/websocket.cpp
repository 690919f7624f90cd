#include "service/http/websocket.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <utility>

#include "service/http/farewells.h"

namespace hotclock::http {
namespace {

constexpr std::uint16_t broken = 1006;
// A peer that sends pings and reads no pongs gets no more of them, but for the last.
constexpr std::size_t most_control_bytes = 4096;

using Kind = FrameReader::Event::Kind;

iovec iovec_of(std::string_view bytes) { return {const_cast<char*>(bytes.data()), bytes.size()}; }

}  // namespace

WebSocket::WebSocket(Loop& loop, Farewells& farewells, Wire wire, std::uint32_t watched,
                     std::size_t max_message, WebSocketListener& listener)
    : loop_(loop),
      farewells_(farewells),
      listener_(&listener),
      wire_(std::move(wire)),
      watched_(watched),
      reader_(max_message) {
  ++farewells_.alive_;
}

WebSocket::~WebSocket() {
  --farewells_.alive_;
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
  const std::size_t theirs = attribute(io.bytes, {parts.data(), count}, own_at);
  if (!late_pong_.empty()) flush_control();
  return theirs;
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
  const bool blocked = state != Io::State::done || wire_.unfinished();
  if (blocked != blocked_) {
    blocked_ = blocked;
    watch();
  }
}

void WebSocket::watch() {
  const std::uint32_t wanted = EPOLLIN | EPOLLRDHUP | (blocked_ ? EPOLLOUT : 0u);
  if (wanted == watched_) return;
  watched_ = wanted;
  loop_.change(wire_.descriptor(), watched_);
}

void WebSocket::ready(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) drain();
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0) return;
  if (over_) {
    discard();
  } else {
    read();
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
  write_control();
  if (!blocked_ && !late_pong_.empty()) {
    control_ += std::exchange(late_pong_, {});
    write_control();
  }
  hang_up();
}

void WebSocket::write_control() {
  if (control_.empty()) return;
  const iovec own = iovec_of(control_);
  const Io io = wire_.write({&own, 1});
  control_.erase(0, io.bytes);
  note(io.state);
}

// Where many are owed, RFC 6455 is content with the answer to the latest ping.
void WebSocket::pong(std::string_view content) {
  if (goodbye_said_) return;
  std::string answer = frame(Opcode::pong, content);
  if (control_.size() < most_control_bytes)
    control_ += answer;
  else
    late_pong_ = std::move(answer);
  flush_control();
}

// After the last word of both.
void WebSocket::hang_up() {
  if (over_ && goodbye_said_ && control_.empty() && !blocked_) wire_.shut();
}

void WebSocket::read() {
  const Io io = wire_.read(loop_.buffer());
  switch (io.state) {
    case Io::State::done:
      return take(loop_.buffer().first(io.bytes));
    case Io::State::again:
      if (wire_.unfinished()) note(Io::State::again);
      return;
    case Io::State::ended:
    case Io::State::failed:
      return over(broken);
  }
}

// Until the peer hangs up too.
void WebSocket::discard() {
  const Io io = wire_.read(loop_.buffer());
  if (io.state == Io::State::ended || io.state == Io::State::failed) farewells_.end(*this);
}

void WebSocket::take(std::span<char> bytes) {
  while (!over_) {
    const FrameReader::Event event = reader_.next(bytes);
    if (event.kind == Kind::none) return;
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
      return pong(event.content);
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
  late_pong_.clear();
  control_ += close_frame(code);
  flush_control();
}

// Where nobody listens any more, the peer has now answered our goodbye.
void WebSocket::over(std::uint16_t code) {
  over_ = true;
  hang_up();
  if (auto* const listener = std::exchange(listener_, nullptr)) return listener->closed(code);
  farewells_.end(*this);
}

void WebSocket::part(std::unique_ptr<WebSocket> socket, std::uint16_t code) {
  WebSocket& self = *socket;
  self.listener_ = nullptr;
  // Nothing can be said in the middle of a frame whose rest will never come.
  if (self.inside_frame_) return cut(std::move(socket));
  if (!self.over_) self.say_goodbye(code);
  self.farewells_.keep(std::move(socket));
}

void WebSocket::cut(std::unique_ptr<WebSocket> socket) {
  socket->listener_ = nullptr;
  socket->over_ = true;
  socket->loop_.bury(std::move(socket));
}

}  // namespace hotclock::http
