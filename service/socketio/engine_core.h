// What the sessions of one engine share: who is who, the wheel, and who has something to write.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "service/http/exchange.h"
#include "service/http/loop.h"
#include "service/socketio/engine_id.h"
#include "service/socketio/engine_options.h"
#include "service/socketio/engine_ping.h"
#include "service/socketio/engine_requests.h"
#include "service/socketio/engine_wheel.h"

namespace hotclock::socketio {

class EngineSession;

// Someone who has something to write at the end of a turn.
class Dirty : public boost::intrusive::list_base_hook<
                  boost::intrusive::tag<class DirtyTag>,
                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {};
using DirtyList =
    boost::intrusive::list<Dirty,
                           boost::intrusive::base_hook<boost::intrusive::list_base_hook<
                               boost::intrusive::tag<DirtyTag>,
                               boost::intrusive::link_mode<boost::intrusive::auto_unlink>>>,
                           boost::intrusive::constant_time_size<false>>;

// Threads: the loop's.
class EngineCore : public std::enable_shared_from_this<EngineCore> {
 public:
  EngineCore(http::Loop& loop, EngineOptions options, EngineListener& listener);
  ~EngineCore();

  // Requests.
  std::optional<http::Response> gate(http::Request& request);
  void handle(http::Exchange exchange);
  // The body of a request was larger than it may be: its session ends.
  void too_large(const http::Request& request);

  std::size_t sessions() const { return sessions_.size(); }
  void close_all();
  // At once, with Closing::shutdown.
  void end_all();

  // Of sessions.
  http::Loop& loop() { return loop_; }
  const EngineOptions& options() const { return options_; }
  Steady now() const { return loop_.now(); }
  // Since the engine began; for ages of what is queued.
  std::uint32_t millis() const;
  // It is flushed at the end of this turn, or, in a crowd, of one soon after; no crowd keeps a few waiting.
  void mark(EngineSession& session);
  void file(EngineSession& session, Steady deadline);
  // When a session that begins is pinged, and when one whose pong came is pinged again.
  Steady first_ping() { return now() + pings_.first(sessions_.size()); }
  Steady next_ping() { return now() + pings_.next(); }
  const MessagePtr& ping() const { return ping_; }
  // It is over; destroyed at the end of this turn.
  void remove(EngineSession& session);

 private:
  EngineSession* find(const http::Request& request);
  void open(http::Exchange exchange);
  void open_polling(std::unique_ptr<EngineSession> session, http::Exchange exchange);
  void open_websocket(std::unique_ptr<EngineSession> session, http::Exchange exchange);
  void upgrade(EngineSession& session, http::Exchange exchange);
  void introduce(std::unique_ptr<EngineSession> session);
  void flush();
  void flush_some(DirtyList& sessions);
  void defer_flush();
  void tick();
  void look_at_due();
  std::string open_packet(const EngineSession& session, bool websocket) const;

  http::Loop& loop_;
  const EngineOptions options_;
  EngineListener& listener_;
  const Steady began_;
  const MessagePtr ping_;
  SessionIds ids_;
  PingSpread pings_;
  HeartbeatWheel wheel_;
  http::Loop::TimerId ticking_ = {};
  bool closing_ = false;
  bool flushing_ = false;  // a flush is deferred
  bool looking_ = false;   // a look at what is due is deferred
  FiledList due_;
  // Who was marked since the last flush, and who waits for a turn behind others.
  DirtyList marked_;
  int marks_ = 0;  // as many as are in marked_, or more
  DirtyList dirty_;
  std::unordered_map<std::string_view, std::unique_ptr<EngineSession>> sessions_;
};

}  // namespace hotclock::socketio
