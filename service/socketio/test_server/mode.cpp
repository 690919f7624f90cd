#include "service/socketio/test_server/mode.h"

namespace hotclock::socketio {

std::unique_ptr<Mode> make_mode(std::string_view name, const ModeOptions& options,
                                const Clock& clock, http::Loop& loop) {
  if (name == "engine") return make_engine_mode();
  if (name == "echo") return make_echo_mode(options, clock, loop);
  if (name == "app") return make_app_mode(options, clock, loop);
  return nullptr;
}

}  // namespace hotclock::socketio
