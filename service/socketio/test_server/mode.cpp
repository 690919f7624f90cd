#include "service/socketio/test_server/mode.h"

namespace hotclock::socketio {

std::unique_ptr<Mode> make_mode(std::string_view name, const ModeOptions&, const Clock&,
                                http::Loop&) {
  if (name == "engine") return make_engine_mode();
  return nullptr;
}

}  // namespace hotclock::socketio
