#include "service/auth/allowance.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <random>
#include <string>

namespace hotclock::auth {
namespace {

using namespace std::chrono_literals;

constexpr auto minute = 60s;
constexpr auto forgiven_after = 10min;

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

// A number whose every bit depends on every bit of `x` (the finalizer of SplitMix64).
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
  x = (x ^ x >> 27) * 0x94D049BB133111EBU;
  return x ^ x >> 31;
}

template <class Number>
Number number_at(const unsigned char* bytes) {
  Number out = 0;
  for (std::size_t i = 0; i < sizeof out; ++i) out = static_cast<Number>(out << 8 | bytes[i]);
  return out;
}

}  // namespace

ClientKey ClientKey::of_address(std::string_view address) {
  constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  const std::string text(
      address.substr(0, address.find('%')));  // without the interface: fe80::1%eth0
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1)
    return {Kind::ipv4, number_at<std::uint32_t>(bytes.data())};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return {Kind::other, 0};
  if (std::equal(mapped.begin(), mapped.end(), bytes.begin()))
    return {Kind::ipv4, number_at<std::uint32_t>(bytes.data() + mapped.size())};
  return {Kind::ipv6, number_at<std::uint64_t>(bytes.data())};
}

// When it is full again, where one more is taken of it. REQUIRES: a_minute > 0.
Steady Bucket::after_one_more(int a_minute, Steady now) const {
  return std::max(full_again_, now) + std::chrono::nanoseconds(minute) / a_minute;
}

bool Bucket::holds(int a_minute, Steady now) const {
  return a_minute == 0 || after_one_more(a_minute, now) <= now + minute;
}

bool Bucket::take(int a_minute, Steady now) {
  if (!holds(a_minute, now)) return false;
  if (a_minute > 0) full_again_ = after_one_more(a_minute, now);
  return true;
}

std::string_view to_string(Admission admission) {
  switch (admission) {
    case Admission::granted:
      return "granted";
    case Admission::too_many_at_once:
      return "too many connections at once";
    case Admission::too_many_a_minute:
      return "too many connections in a minute";
    case Admission::shut_out:
      return "too many violations; wait a minute";
    case Admission::no_room:
      return "too many clients";
  }
  return "?";
}

std::size_t Allowance::Hash::operator()(const ClientKey& key) const {
  return mixed(mixed(key.value_ ^ seed) + static_cast<std::uint64_t>(key.kind_));
}

Allowance::Allowance(Limits limits, std::size_t most_clients)
    : limits_(limits), most_(most_clients), clients_(0, Hash{random_seed()}) {}

Admission Allowance::open(ClientKey key, Steady now) {
  Client* client = meet(key, now);
  if (!client) return Admission::no_room;
  const Admission verdict = look_at(*client, now);
  if (verdict == Admission::granted) {
    if (client->open++ == 0) connected_.splice(connected_.end(), quiet_, clients_.at(key));
  } else if (verdict != Admission::shut_out && limits_.refusals != 0 &&
             client->refused.strike(limits_.refusals, now)) {
    client->shut_until = now + shut_for;
    client->refused = {};
  }
  return verdict;
}

Admission Allowance::look_at(Client& client, Steady now) const {
  if (now < client.shut_until) return Admission::shut_out;
  if (limits_.at_once != 0 && client.open >= limits_.at_once) return Admission::too_many_at_once;
  if (!client.opened.take(limits_.opened_a_minute, now)) return Admission::too_many_a_minute;
  return Admission::granted;
}

void Allowance::close(ClientKey key, Steady now) {
  const auto found = clients_.find(key);
  assert(found != clients_.end() && found->second->open > 0);
  if (found == clients_.end() || found->second->open == 0) return;
  found->second->seen = now;
  if (--found->second->open == 0) quiet_.splice(quiet_.end(), connected_, found->second);
  forget_quiet(now);
}

bool Allowance::message(ClientKey key, Steady now) {
  Client* client = meet(key, now);
  return client && client->messages.take(limits_.messages_a_minute, now);
}

bool Allowance::may_say_more(ClientKey key, Steady now) const {
  const auto found = clients_.find(key);
  return found == clients_.end() || found->second->messages.holds(limits_.messages_a_minute, now);
}

int Allowance::connections(ClientKey key) const {
  const auto found = clients_.find(key);
  return found == clients_.end() ? 0 : found->second->open;
}

Allowance::Client* Allowance::meet(ClientKey key, Steady now) {
  forget_quiet(now);
  const auto found = clients_.find(key);
  if (found != clients_.end()) {
    Client& client = *found->second;
    client.seen = now;
    if (client.open == 0) quiet_.splice(quiet_.end(), quiet_, found->second);
    return &client;
  }
  if (clients_.size() >= most_) forget_quietest();
  if (clients_.size() >= most_) return nullptr;
  quiet_.push_back({.key = key, .seen = now});
  clients_.emplace(key, std::prev(quiet_.end()));
  return &quiet_.back();
}

// Two at most: more often than clients come, and never long.
void Allowance::forget_quiet(Steady now) {
  for (int i = 0; i < 2 && !quiet_.empty() && quiet_.front().seen + minute <= now; ++i)
    forget_quietest();
}

void Allowance::forget_quietest() {
  if (quiet_.empty()) return;
  clients_.erase(quiet_.front().key);
  quiet_.pop_front();
}

bool Strikes::strike(int limit, Steady now) {
  if (now - last_ >= forgiven_after) count_ = 0;
  last_ = now;
  return ++count_ >= limit;
}

}  // namespace hotclock::auth
