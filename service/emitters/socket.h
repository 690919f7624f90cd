// A stream to a server, by TCP or a socket file, each step of which has a deadline.
#pragma once

#include <netdb.h>

#include <span>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"

namespace hotclock::emitters {

// Threads: one at a time. Errors: Errc::timeout at the deadline, Errc::unavailable where the peer
// or the way to it is gone; the socket is of no use then.
class Socket {
 public:
  // Tries each address of the host in turn. Looking up its name is not bounded by the deadline.
  static Result<Socket> to_host(const std::string& host, int port, Steady until);
  static Result<Socket> to_file(const std::string& path, Steady until);

  Socket(Socket&& other) noexcept;
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();

  Result<> write(std::string_view bytes, Steady until);
  // What has come, at least one byte; 0 where the peer has closed.
  Result<std::size_t> read(std::span<char> room, Steady until);

 private:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}

  Result<> connect(const sockaddr* address, socklen_t size, Steady until);
  Result<> wait(short events, Steady until);

  int descriptor_ = -1;
};

}  // namespace hotclock::emitters
