// What others meet while a crowd is told of events: each in a thread of its own, a client that
// polls sends messages and waits for the answer, and others connect and leave, once and until they
// are told to stop.
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
  void poll();
  void come_and_go();

  const int port_;
  std::vector<double> rounds_, connects_;
  std::atomic<bool> stopping_ = false;
  std::thread polling_, coming_;
};

}  // namespace hotclock::bench
