// For tests: something between a client and a server that can lose what it carries.
#pragma once

#include <atomic>
#include <list>
#include <string>
#include <thread>

namespace hotclock::sql {

// Carries TCP connections from a free loopback port to another one, or to a socket file. Threads: any.
class Proxy {
 public:
  explicit Proxy(int target_port);
  explicit Proxy(const std::string& socket_file);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  int port() const { return port_; }

  enum class Loss {
    none,
    answer,    // the next COMMIT arrives, its answer does not: the connection is cut instead
    question,  // the next COMMIT does not arrive: the connection is cut instead
  };
  // Once; lost() tells when it has happened.
  void lose(Loss what) { loss_ = what; }
  bool lost() const { return lost_ > 0; }
  int losses() const { return lost_; }
  // Carries nothing any more, without a word to anybody; or again.
  void silence(bool silent) { silent_ = silent; }
  // Ends all connections.
  void cut() { cut_ = true; }

 private:
  struct Pair {
    int client;
    int server;
    bool doomed = false;  // its next answer is the lost one
    bool over = false;
  };

  void begin(const void* target, std::size_t size);
  void work(std::stop_token stop);
  void carry(Pair& pair, bool from_client);
  void accept_one();

  std::string target_;  // the bytes of its address
  int listener_ = -1;
  int port_ = 0;
  std::list<Pair> pairs_;  // the thread's alone
  std::atomic<Loss> loss_ = Loss::none;
  std::atomic<int> lost_ = 0;
  std::atomic<bool> silent_ = false;
  std::atomic<bool> cut_ = false;
  std::jthread thread_;
};

}  // namespace hotclock::sql
