// A WebSocket (RFC 6455), the server's side of it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "service/http/frame_reader.h"
#include "service/http/loop.h"
#include "service/http/wire.h"

namespace hotclock::http {

class Farewells;

// Who hears a WebSocket. The views live for the call. Threads: the loop's.
class WebSocketListener {
 public:
  virtual ~WebSocketListener() = default;
  virtual void text(std::string_view message) = 0;
  virtual void binary(std::string_view message) = 0;
  // The peer takes more again, after write() left something over.
  virtual void writable() = 0;
  // It is over; the last call. `code` is what the peer said or what we told it; 1005: the peer
  // closed and said no code, 1006: the connection broke.
  virtual void closed(std::uint16_t code) = 0;
};

// Keeps no buffer while nothing is on its way: what is read goes through the loop's buffer, and
// what is to be written stays with its owner until the peer takes it. Pings are answered and the
// closing handshake is kept without the owner. The owner may destroy it at any time outside its
// calls: the connection is cut then; inside of them it uses part() or cut(). Threads: the loop's.
class WebSocket final : public Loop::Source {
 public:
  // Most frames that one write takes.
  static constexpr std::size_t most_at_once = 64;

  // REQUIRES: the loop watches the wire's descriptor for `watched`, and hands it over to this.
  WebSocket(Loop& loop, std::shared_ptr<Farewells> farewells, Wire wire, std::uint32_t watched,
            std::size_t max_message, WebSocketListener& listener);
  ~WebSocket() override;

  // From here on another one hears it.
  void listen(WebSocketListener& listener) { listener_ = &listener; }

  // Gives the peer as much of `frames` as it takes now, and says how many bytes that was. The
  // frames are whole and unmasked; only the first may be the rest of one that was begun before, and
  // then it must be that. Where some are left over because the peer takes no more, blocked() is
  // true and writable() tells when to go on.
  std::size_t write(std::span<const std::string_view> frames);
  bool blocked() const { return blocked_; }
  // A small frame that leaves before the next write; kept here until it can.
  void say(std::string_view frame);

  // Says goodbye (1005: without a code) and goes when the peer has answered, or soon. Nobody hears
  // it any more.
  static void part(std::unique_ptr<WebSocket> socket, std::uint16_t code = 1005);
  // Ends it without a word, at the end of this turn.
  static void cut(std::unique_ptr<WebSocket> socket);

  void ready(std::uint32_t events) override;

 private:
  friend class Connection;

  // The answer to the handshake and first frames, and what the peer sent with its handshake.
  void open(std::string_view head, std::string_view first, std::string early);
  std::size_t attribute(std::size_t bytes, std::span<const iovec> parts, std::size_t own_at);
  void note(Io::State state);
  bool may_read() const;
  void watch();
  void drain();
  void flush_control();
  void read();
  void lost();
  void take(std::span<char> bytes);
  void take_early(std::string bytes);
  void answer(const FrameReader::Event& event);
  void say_goodbye(std::uint16_t code);
  void over(std::uint16_t code);
  void hang_up();

  Loop& loop_;
  const std::shared_ptr<Farewells> farewells_;
  WebSocketListener* listener_;  // null: nobody any more
  Wire wire_;
  std::uint32_t watched_;
  bool inside_frame_ = false;  // the last write ended within one
  bool blocked_ = false;
  bool goodbye_said_ = false;
  bool over_ = false;    // nothing more is heard of the peer
  std::string control_;  // what is kept here until it can leave: pongs, the close, what was said
  FrameReader reader_;
  Loop::TimerId early_ = {};  // brings what came with the handshake
};

}  // namespace hotclock::http
