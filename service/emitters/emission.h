// What the platform's Socket.IO servers are to do: tell clients of an event, or move or end their
// connections.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "scheduler/base/result.h"

namespace hotclock::emitters {

// A JSON value whose objects keep the order of their members, and which may hold binary
// (Json::binary), a Buffer to a client in Node.
using Json = nlohmann::ordered_json;

// Of whom it is said: `rooms` empty means everybody in the namespace; who is in one of `except` is
// left out. A client in several of the rooms hears it once.
struct Emission {
  enum class Op {
    emit,        // an event for the clients
    join,        // the clients enter the `target` rooms
    leave,       // the clients leave the `target` rooms
    disconnect,  // the clients leave the namespace; with `close` their connection ends
    server,      // an event for the Socket.IO servers themselves; rooms mean nothing
  };
  struct Flags {
    bool is_volatile = false;      // dropped for a client that cannot take it now
    std::optional<bool> compress;  // the servers' own choice where not said
  };

  Op op = Op::emit;
  std::string nsp = "/";
  std::vector<std::string> rooms = {};
  std::vector<std::string> except = {};
  Flags flags = {};
  Json::array_t args = {};  // of emit and server: the event's name, then what goes with it
  std::vector<std::string> target = {};
  bool close = false;
};

// Whether it can be published at all. Errc::invalid where it never can: a namespace without its
// slash, no event name or one that Socket.IO keeps for itself, nothing to join or leave, a text
// that is no UTF-8, a value nested deeper than 200.
Result<> check(const Emission& emission);

}  // namespace hotclock::emitters
