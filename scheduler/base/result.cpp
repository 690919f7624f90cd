#include "scheduler/base/result.h"

namespace hotclock {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::invalid: return "invalid";
    case Errc::not_found: return "not_found";
    case Errc::conflict: return "conflict";
    case Errc::stale: return "stale";
    case Errc::forbidden: return "forbidden";
    case Errc::busy: return "busy";
    case Errc::stopped: return "stopped";
    case Errc::timeout: return "timeout";
    case Errc::lease_lost: return "lease_lost";
    case Errc::unique: return "unique";
    case Errc::foreign_key: return "foreign_key";
    case Errc::check: return "check";
    case Errc::read_only: return "read_only";
    case Errc::disk_full: return "disk_full";
    case Errc::corrupt: return "corrupt";
    case Errc::unavailable: return "unavailable";
    case Errc::unknown: return "unknown";
    case Errc::unsupported: return "unsupported";
    case Errc::internal: return "internal";
  }
  return "internal";
}

}  // namespace hotclock
