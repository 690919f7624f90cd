// Socket.IO clients by the thousand, in one thread: each has a WebSocket, is in one room, checks
// every byte it is sent, and answers pings.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hotclock::bench {

// How its clients come in: by default as the test server's app mode has it.
struct Manners {
  std::function<std::string(std::size_t client)> auth = [](std::size_t) {
    return R"({"token":"good"})";
  };
  bool greeted = true;  // by an event `hello`
  std::string room = "crowd";
};

class Crowd {
 public:
  // Raises the limit of open files as far as it may.
  explicit Crowd(int port, Manners manners = {});
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // That many connect, some at a time; returns when the last of them is in the room.
  void connect(int count);
  // Publishes events whose data is `bytes` of JSON to the room, `under_way` of them before the
  // first has come to all; returns when each client had each, once and in order. The benchmark
  // fails where one gets anything else.
  void broadcast(int events, int bytes, int under_way);
  // One of them reads no more, and is counted no more.
  void pause_one();
  // Reads and answers whatever comes, for so long.
  void idle(std::chrono::milliseconds duration);

  // The longest that a client went without a ping, since the last pong or since it connected; those
  // too who still wait for one.
  std::chrono::milliseconds longest_without_ping() const;
  std::int64_t pings() const { return pings_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  // What a client waits for.
  enum class Awaits { upgrade, open, connect, hello, subscribed, events };
  struct Client {
    int socket = -1;
    Awaits awaits = Awaits::upgrade;
    int next = 0;  // the number of its next event
    Time quiet_since;
    std::string partial;  // what has come of a frame that has not come whole
  };

  void start();
  void listen_to(std::size_t at);
  void turn(int wait_ms);
  void read(std::size_t at);
  std::size_t take_all(Client& client, std::string_view bytes);
  std::size_t take_handshake(Client& client, std::string_view bytes);
  std::size_t take_frame(Client& client, std::string_view bytes);
  void take(Client& client, std::string_view packet);
  void take_event(Client& client, std::string_view packet);
  void take_greeting(Client& client, std::string_view packet);
  void enter(Client& client);
  void pinged(Client& client);
  std::chrono::milliseconds quiet(const Client& client) const;
  void write(const Client& client, std::string_view text);
  void publish(int event);
  void write_number(int event);
  std::string data(int bytes) const;

  const int port_;
  const Manners manners_;
  int epoll_ = -1;
  Time now_;
  std::vector<Client> clients_;  // the first one publishes, and is in no room
  std::string received_;         // room for what one read brings
  int ready_ = 0;
  int listening_ = 0;  // those in the room that read

  std::string event_;  // as it is to arrive, with room for its number
  std::size_t number_at_ = 0;
  std::int64_t delivered_ = 0;
  int acknowledged_ = 0;

  std::int64_t pings_ = 0;
  std::chrono::milliseconds longest_without_ping_{0};
};

}  // namespace hotclock::bench
