#include "service/socketio/engine.h"

namespace hotclock::socketio {

std::string_view to_string(Closing why) {
  switch (why) {
    case Closing::transport_close:
      return "transport close";
    case Closing::transport_error:
      return "transport error";
    case Closing::ping_timeout:
      return "ping timeout";
    case Closing::parse_error:
      return "parse error";
    case Closing::too_large:
      return "message too large";
    case Closing::forced:
      return "forced close";
    case Closing::slow_consumer:
      return "slow consumer";
    case Closing::shutdown:
      return "server shutting down";
  }
  return "";
}

}  // namespace hotclock::socketio
