// One question to a server of this machine, for whoever watches over it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scheduler/base/clock.h"
#include "scheduler/base/result.h"

namespace hotclock::http {

struct Probe {
  std::string address;  // as the server listens: numeric; of "all addresses" it asks the loopback
  std::uint16_t port = 0;
  // Any certificate will do: it is made out to the world's name of the server, not to the
  // loopback's.
  bool tls = false;
};

struct Probed {
  int status = 0;
  std::string body;
};

// GET `path`, all of it within `patience` by `clock`'s steady line. Errc::unavailable where nobody
// listens or what comes is no answer, Errc::timeout where it comes too late. Threads: any; it
// waits.
Result<Probed> ask(const Clock& clock, const Probe& whom, std::string_view path, Duration patience);

}  // namespace hotclock::http
