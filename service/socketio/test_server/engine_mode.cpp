#include "service/socketio/test_server/mode.h"

namespace hotclock::socketio {
namespace {

class Echo final : public SessionListener {
 public:
  explicit Echo(Session& session) : session_(session) {}
  void text(std::string_view message) override { session_.send(Message::text(message)); }
  void binary(std::string_view message) override { session_.send(Message::binary(message)); }
  void closed(Closing) override {}

 private:
  Session& session_;
};

class EngineMode final : public Mode, public EngineListener {
 public:
  EngineListener& listener() override { return *this; }
  std::unique_ptr<SessionListener> opened(Session& session) override {
    return std::make_unique<Echo>(session);
  }
};

}  // namespace

std::unique_ptr<Mode> make_engine_mode() { return std::make_unique<EngineMode>(); }

}  // namespace hotclock::socketio
