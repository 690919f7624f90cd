// One client's session, over polls, over a WebSocket, or on its way from the one to the other.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "service/http/exchange.h"
#include "service/http/websocket.h"
#include "service/socketio/engine.h"
#include "service/socketio/engine_core.h"
#include "service/socketio/engine_payload.h"
#include "service/socketio/engine_probe.h"
#include "service/socketio/engine_queue.h"
#include "service/socketio/engine_wheel.h"

namespace hotclock::socketio {

// Owned by the core. What ends it (finish) never happens inside a call of its listener's.
// Threads: the loop's.
class EngineSession final : public Session,
                            public Filed,
                            public Dirty,
                            private http::WebSocketListener {
 public:
  EngineSession(EngineCore& core, std::string id, Handshake handshake);
  ~EngineSession() override;

  // Session:
  const std::string& id() const override { return id_; }
  const Handshake& handshake() const override { return handshake_; }
  void send(MessagePtr message) override;
  bool writable() const override;
  std::size_t queued() const override { return queue_.bytes(); }
  void close(Closing why) override;

  // Its beginning: who hears it, and by what it travels (null: polls).
  void begin(EngineListener& listener);
  http::WebSocketListener& hearing() { return *this; }
  void travel_by(std::unique_ptr<http::WebSocket> socket) { socket_ = std::move(socket); }
  bool on_websocket() const { return socket_ != nullptr; }

  // Requests of its client's.
  void poll(http::Exchange exchange);
  void post(http::Exchange exchange);
  // Says that a POST is being read; false, and the session is over, where one is already.
  bool begin_post(http::Request& request);
  // A WebSocket that wants to take over.
  bool takes_probe() const { return !socket_ && !probe_ && state_ == State::open; }
  void begin_probe(std::unique_ptr<EngineProbe> probe) { probe_ = std::move(probe), file(); }
  // Of the probe: it was heard, it is to take over, it failed.
  void probed();
  void upgraded(std::unique_ptr<http::WebSocket> socket);
  void probe_failed();

  // Writes what can be written; ends it where it was closed and nothing is left.
  void flush();
  // It will be flushed soon: has the processor fetch what that takes.
  void warm() const;
  // Does what is due.
  void look_at(Steady now);
  bool overdue(Steady now) const;
  // Ends it without waiting for a poll that may never come.
  void leave();
  // Ends it now. A held poll ends with the packet `last_word`.
  void finish(Closing why, char last_word = '1');

 private:
  enum class State { open, closing, over };

  // http::WebSocketListener:
  void text(std::string_view message) override;
  void binary(std::string_view message) override;
  void writable() override { flush(); }
  void closed(std::uint16_t code) override;

  void receive(const EnginePacket& packet);
  void refuse_poll(http::Exchange& exchange, Closing why);
  void ponged();
  void write_out();
  void write_to_socket();
  void answer_poll(std::string payload);
  void answer_poll(char packet);
  bool make_room(std::size_t size);
  void ping();
  Duration age() const;  // of the oldest that is queued
  void file();
  Steady next_deadline() const;

  EngineCore& core_;
  State state_ = State::open;
  Closing why_ = Closing::transport_close;
  bool pinged_ = false;   // and the pong is due at heartbeat_at_
  bool leaving_ = false;  // closed, and nothing is waited for
  Steady heartbeat_at_;
  Steady give_up_at_ = Steady::max();  // of what was closed and cannot say so
  MessageQueue queue_;
  std::unique_ptr<http::WebSocket> socket_;
  std::unique_ptr<SessionListener> listener_;
  std::optional<http::Exchange> held_;
  std::unique_ptr<EngineProbe> probe_;
  std::shared_ptr<bool> posting_;
  const std::string id_;
  const Handshake handshake_;
};

}  // namespace hotclock::socketio
