// How much one client may do: connections at once, connections a minute, messages a minute.
//
//   auto verdict = by_address.open(ClientKey::of_address(peer), clock.steady());
//   if (verdict != Admission::granted) return refuse(to_string(verdict));
//   ...
//   by_address.close(key, clock.steady());      // once for each that was granted
//
// Threads: one, the loop's.
#pragma once

#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>

#include "scheduler/base/time.h"

namespace hotclock::auth {

// What a client is counted by.
class ClientKey {
 public:
  // An address of IPv4, or the network of 64 bits of one of IPv6, for whoever has one address of it
  // has all of them; ::ffff:192.0.2.1 is 192.0.2.1. Loopback is no exception. All that are no
  // address are one client.
  static ClientKey of_address(std::string_view address);
  static ClientKey of_user(std::int64_t user) {
    return {Kind::user, static_cast<std::uint64_t>(user)};
  }

  friend bool operator==(const ClientKey&, const ClientKey&) = default;

 private:
  friend class Allowance;
  enum class Kind : std::uint8_t { ipv4, ipv6, other, user };

  ClientKey(Kind kind, std::uint64_t value) : kind_(kind), value_(value) {}

  Kind kind_;
  std::uint64_t value_;
};

// So many a minute: a whole minute's share at once, then again one by one as time passes. In any
// span there are never more than a minute's share and the span's own. What is refused costs
// nothing.
class Bucket {
 public:
  // Whether one more may be, which it then was. `a_minute` 0: any number.
  bool take(int a_minute, Steady now);
  // Whether it would be.
  bool holds(int a_minute, Steady now) const;

 private:
  Steady after_one_more(int a_minute, Steady now) const;

  Steady full_again_{};  // never more than a minute ahead
};

enum class Admission { granted, too_many_at_once, too_many_a_minute, shut_out, no_room };
// "too many connections at once", ...: as a client may be told.
std::string_view to_string(Admission admission);

// The violations of one client: the last that it may afford cuts it off. They are forgiven when it
// commits none for ten minutes.
class Strikes {
 public:
  // True from the `limit`th on: cut it off. REQUIRES: the same limit each time, at least 1.
  bool strike(int limit, Steady now);

 private:
  int count_ = 0;
  Steady last_{};
};

// The counts of many clients. O(1) each, in bounded memory: a client that has nothing open and did
// nothing for a minute is forgotten, which changes nothing, for its buckets are full again. Beyond
// `most_clients` the one without a connection that was quiet for longest is forgotten early; where
// all have connections, no further client is let in.
class Allowance {
 public:
  struct Limits {  // 0: any number
    int at_once = 0;
    int opened_a_minute = 0;
    int messages_a_minute = 0;
    int refusals = 0;  // at this refused connection a client is shut out
  };
  static constexpr std::size_t usual_most = 100'000;
  // How long a client is shut out: nothing that it opens is granted, and trying lengthens nothing.
  // Its refusals are forgiven then.
  static constexpr std::chrono::minutes shut_for{1};

  explicit Allowance(Limits limits, std::size_t most_clients = usual_most);

  // A connection more; only where it is granted is it counted.
  Admission open(ClientKey client, Steady now);
  // It is over. REQUIRES: it was granted, and is closed for the first time.
  void close(ClientKey client, Steady now);
  // A message more; false where it is one too many.
  bool message(ClientKey client, Steady now);

  // Whether it would be granted now.
  bool may_say_more(ClientKey client, Steady now) const;

  // Connections that are open.
  int connections(ClientKey client) const;
  std::size_t clients() const { return clients_.size(); }

 private:
  struct Client {
    ClientKey key;
    int open = 0;
    Bucket opened = {};
    Bucket messages = {};
    Steady seen = {};
    Strikes refused = {};
    Steady shut_until = {};
  };
  using Clients = std::list<Client>;

  // Nobody outside may choose keys that fall together.
  struct Hash {
    std::uint64_t seed;
    std::size_t operator()(const ClientKey& key) const;
  };

  Admission look_at(Client& client, Steady now) const;
  // The client, new where it was not known; null where there is no room.
  Client* meet(ClientKey key, Steady now);
  void forget_quiet(Steady now);
  void forget_quietest();

  const Limits limits_;
  const std::size_t most_;
  Clients connected_;
  Clients quiet_;  // nothing is open; who was seen last stands last
  std::unordered_map<ClientKey, Clients::iterator, Hash> clients_;
};

}  // namespace hotclock::auth
