// What somebody meets who comes while a crowd is told of events: in a thread of its own, a client
// that polls sends a message and waits for its answer, and another one connects and leaves, in
// turn, until it is told to stop.
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace hotclock::bench {

class Visitor {
 public:
  // The server is one that has the subscribe of the test server's app mode, and polling.
  explicit Visitor(int port);
  ~Visitor() { stop(); }
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

  void stop();

  // Once it has stopped, in milliseconds: a message by POST until the GET that brings its
  // acknowledgement...
  std::vector<double>& rounds() { return rounds_; }
  // ... and the connection by TCP until the greeting behind the CONNECT.
  std::vector<double>& connects() { return connects_; }

 private:
  void visit();

  const int port_;
  std::vector<double> rounds_, connects_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace hotclock::bench
