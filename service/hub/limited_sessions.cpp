#include "service/hub/limited_sessions.h"

#include <utility>

#include "service/socketio/packet.h"

namespace hotclock::hub {

// Where it drops a message it says so; what it lets through it hands on unchanged.
class LimitedSessions::Limited final : public socketio::SessionListener {
 public:
  Limited(LimitedSessions& sessions, socketio::Session& session)
      : sessions_(sessions),
        session_(session),
        key_(auth::ClientKey::of_address(session.handshake().address)),
        inner_(sessions.server_.opened(session)) {}

  void text(std::string_view message) override {
    if (may_speak()) inner_->text(message);
  }
  void binary(std::string_view message) override {
    if (may_speak()) inner_->binary(message);
  }
  void closed(socketio::Closing why) override {
    if (why == socketio::Closing::too_large) ++sessions_.violations_;
    inner_->closed(why);
    sessions_.allowance_.close(key_, sessions_.clock_.steady());
  }

 private:
  bool may_speak() {
    if (over_) return false;
    const Steady now = sessions_.clock_.steady();
    if (sessions_.allowance_.message(key_, now)) return true;
    ++sessions_.violations_;
    session_.send(answer().text);
    if (strikes_.strike(sessions_.settings_.violations, now)) {
      over_ = true;
      session_.close(socketio::Closing::forced);
    }
    return false;
  }

  static const socketio::Packed& answer() {
    static const auto packed = socketio::pack_event(
        "/", "limited",
        socketio::Values().json(R"({"error":"too many messages a minute; this one was not heard"})"));
    return packed;
  }

  LimitedSessions& sessions_;
  socketio::Session& session_;
  const auth::ClientKey key_;
  const std::unique_ptr<socketio::SessionListener> inner_;
  auth::Strikes strikes_;
  bool over_ = false;
};

LimitedSessions::LimitedSessions(socketio::EngineListener& server, const Clock& clock,
                                 Settings settings)
    : server_(server), clock_(clock), settings_(settings), allowance_(settings.address) {}

// It counts from here on. opened() follows at once, unless its handshake turns out to be broken.
std::optional<std::string> LimitedSessions::admit(const socketio::Handshake& handshake) {
  if (admitted_) allowance_.close(*std::exchange(admitted_, std::nullopt), clock_.steady());
  const auto key = auth::ClientKey::of_address(handshake.address);
  const auto verdict = allowance_.open(key, clock_.steady());
  if (verdict == auth::Admission::granted) {
    admitted_ = key;
    return std::nullopt;
  }
  ++violations_;
  return std::string(auth::to_string(verdict));
}

std::unique_ptr<socketio::SessionListener> LimitedSessions::opened(socketio::Session& session) {
  admitted_.reset();
  return std::make_unique<Limited>(*this, session);
}

}  // namespace hotclock::hub
