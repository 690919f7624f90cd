// What comes goes back, byte for byte; and what a client said to get in.
#include "service/socketio/test_server/mode.h"
#include "service/socketio/test_server/mode_socketio.h"

namespace hotclock::socketio {
namespace {

class EchoGuest final : public SocketListener {
 public:
  explicit EchoGuest(std::string_view auth) : auth_(auth) {}

  void connected(Socket& socket, const Arrival&) override {
    socket_ = &socket;
    socket.emit("auth", Values().json(auth_));
    auth_.clear();
  }
  void event(std::string_view name, const Arguments& arguments, const Ack& ack) override {
    if (socket_->nsp().name() != "/") return;
    if (name == "message") socket_->emit("message-back", Values().forward(arguments));
    if (name == "message-with-ack") ack.reply(Values().forward(arguments));
  }
  void left(Leaving) override {}

 private:
  std::string auth_;
  Socket* socket_ = nullptr;
};

class EchoDoor final : public NamespaceListener {
 public:
  explicit EchoDoor(const Server&) {}

  void connecting(const ConnectRequest& request, Admission admission) override {
    admission.accept(std::make_unique<EchoGuest>(request.auth));
  }
};

}  // namespace

std::unique_ptr<Mode> make_echo_mode(const ModeOptions& options, const Clock& clock,
                                     http::Loop& loop) {
  return std::make_unique<SocketioMode<EchoDoor>>(options, clock, loop);
}

}  // namespace hotclock::socketio
