#include "service/emitters/redis_commands.h"

#include <cstdint>
#include <cstdlib>

#include "scheduler/base/utf8.h"
#include "service/emitters/message.h"

namespace hotclock::emitters {
namespace {

using Op = Emission::Op;

// The numbers of the classic adapter's requests.
int request_of(Op op) {
  switch (op) {
    case Op::join:
      return 2;
    case Op::leave:
      return 3;
    case Op::disconnect:
      return 4;
    case Op::server:
      return 6;
    case Op::emit:
      break;
  }
  return 0;
}

// {type, data: [...], nsp} and {rooms, flags, except}, in the order of the official emitter.
std::string classic_event(const Emission& emission) {
  const Json options = {{"rooms", distinct(emission.rooms)},
                        {"flags", flags_of(emission.flags)},
                        {"except", distinct(emission.except)}};
  return as_msgpack(Json::array({emitter_uid, packet_of(emission), options}));
}

Json classic_request(const Emission& emission) {
  const int type = request_of(emission.op);
  if (emission.op == Op::server)
    return {{"uid", emitter_uid}, {"type", type}, {"data", emission.args}};
  const Json options = {{"rooms", distinct(emission.rooms)}, {"except", distinct(emission.except)}};
  if (emission.op == Op::disconnect)
    return {{"type", type}, {"opts", options}, {"close", emission.close}};
  return {{"type", type}, {"opts", options}, {"rooms", distinct(emission.target)}};
}

// The one room that all of it goes to; none where there are several or no room.
const std::string* only_room(const Emission& emission) {
  for (const std::string& room : emission.rooms)
    if (room != emission.rooms[0]) return nullptr;
  return emission.rooms.empty() ? nullptr : &emission.rooms[0];
}

// How long JavaScript takes a text for: in units of UTF-16.
std::size_t units(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const Utf8Character one = first_character(text);
    count += one.code > 0xffff ? 2 : 1;
    text.remove_prefix(one.size == 0 ? 1 : one.size);
  }
  return count;
}

// Servers have a channel of its own for a room, unless its name could be the id of a socket.
bool has_own_channel(const std::string& room, Subscription subscription) {
  constexpr std::size_t socket_id = 20;
  switch (subscription) {
    case Subscription::dynamic:
      return units(room) != socket_id;
    case Subscription::whole:
      return false;
    case Subscription::dynamic_private:
      return true;
  }
  return false;
}

}  // namespace

RedisCommand classic_command(const Emission& emission, const EmitterSettings& settings) {
  if (emission.op != Op::emit)
    return {{"PUBLISH", settings.prefix + "-request#" + emission.nsp + "#",
             as_text(classic_request(emission))}};
  std::string channel = settings.prefix + "#" + emission.nsp + "#";
  if (const std::string* room = only_room(emission)) channel += *room + "#";
  return {{"PUBLISH", std::move(channel), classic_event(emission)}};
}

RedisCommand sharded_command(const Emission& emission, const EmitterSettings& settings) {
  std::string channel = settings.prefix + "#" + emission.nsp + "#";
  const std::string* room = emission.op == Op::emit ? only_room(emission) : nullptr;
  if (room && has_own_channel(*room, settings.subscription)) channel += *room + "#";
  const Json message = message_of(emission);
  return {{"SPUBLISH", std::move(channel),
           has_binary(message) ? as_msgpack(message) : as_text(message)},
          true};
}

RedisCommand streams_command(const Emission& emission, const EmitterSettings& settings) {
  std::string stream = settings.prefix;
  if (settings.stream_count > 1)
    stream += "-" + std::to_string(stream_of(emission.nsp, settings.stream_count));
  const Json data = data_of(emission);
  return {
      {"XADD", std::move(stream), "MAXLEN", "~", std::to_string(settings.stream_length), "*", "uid",
       std::string(emitter_uid), "nsp", emission.nsp, "type", std::to_string(type_of(emission.op)),
       "data", has_binary(data) ? base64(as_msgpack(data)) : as_text(data)},
      true};
}

// The adapter hashes over UTF-16. Where its hash is negative it writes into a stream "-3" that no
// server reads; servers take an event of any namespace from each stream they read, so "3" reaches
// them.
int stream_of(std::string_view nsp, int count) {
  std::uint32_t hash = 0;
  const auto add = [&hash](char32_t unit) { hash = hash * 31 + static_cast<std::uint32_t>(unit); };
  while (!nsp.empty()) {
    const Utf8Character one = first_character(nsp);
    if (one.code > 0xffff) {
      add(0xd800 + ((one.code - 0x10000) >> 10));
      add(0xdc00 + ((one.code - 0x10000) & 0x3ff));
    } else {
      add(one.code);
    }
    nsp.remove_prefix(one.size == 0 ? 1 : one.size);
  }
  return std::abs(static_cast<std::int32_t>(hash) % count);
}

}  // namespace hotclock::emitters
