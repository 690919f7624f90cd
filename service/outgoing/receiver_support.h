// For tests: a server on this machine's loopback that answers as it is told and remembers what it
// got.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "scheduler/base/mutex.h"

namespace hotclock::outgoing {

// A request as it arrived; names of headers in small letters.
struct Received {
  std::string line;  // "POST /hook HTTP/1.1"
  std::map<std::string, std::string> headers;
  std::string body;
};

// Gives one answer to each connection, then closes it. Threads: any.
class Receiver {
 public:
  // Each answer as it goes over the wire. "": closes without a word. "hang": reads and says nothing
  // until the end. The last one is given again and again.
  explicit Receiver(std::vector<std::string> answers);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  int port() const { return port_; }
  // "http://127.0.0.1:PORT" and the path.
  std::string url(const std::string& path = "/hook") const;
  std::vector<Received> received() const;
  int connections() const { return connections_; }

 private:
  void serve(std::stop_token stop);
  void answer(int client, const std::string& with, const std::stop_token& stop);

  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  mutable Mutex m_;
  std::vector<std::string> answers_ HOTCLOCK_GUARDED_BY(m_);
  std::vector<Received> received_ HOTCLOCK_GUARDED_BY(m_);
  std::jthread thread_;
};

// "HTTP/1.1 200 OK" with these header lines ("a: b\r\n") and a body.
std::string http_answer(const std::string& status, const std::string& headers = "",
                        const std::string& body = "");

}  // namespace hotclock::outgoing
