#include "service/emitters/message.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace hotclock::emitters {
namespace {

constexpr int event_packet = 2;  // of the Socket.IO protocol

// What JSON.stringify makes of a Buffer: {"type":"Buffer","data":[1,2,3]}.
Json spelled_out(const Json& value) {
  if (value.is_binary()) {
    const auto& bytes = value.get_binary();
    return {{"type", "Buffer"}, {"data", Json::array_t(bytes.begin(), bytes.end())}};
  }
  if (!value.is_structured()) return value;
  Json copy = value;
  for (Json& part : copy) part = spelled_out(part);
  return copy;
}

Json options_of(const Emission& emission) {
  return {{"rooms", distinct(emission.rooms)},
          {"except", distinct(emission.except)},
          {"flags", flags_of(emission.flags)}};
}

}  // namespace

int type_of(Emission::Op op) {
  switch (op) {
    case Emission::Op::emit:
      return 3;
    case Emission::Op::join:
      return 4;
    case Emission::Op::leave:
      return 5;
    case Emission::Op::disconnect:
      return 6;
    case Emission::Op::server:
      return 9;
  }
  return 0;
}

Json packet_of(const Emission& emission) {
  return {{"type", event_packet}, {"data", emission.args}, {"nsp", emission.nsp}};
}

Json::array_t distinct(const std::vector<std::string>& rooms) {
  Json::array_t once;
  for (auto room = rooms.begin(); room != rooms.end(); ++room)
    if (std::find(rooms.begin(), room, *room) == room) once.emplace_back(*room);
  return once;
}

// A server takes a "volatile" that is there for a yes, whatever its value.
Json flags_of(const Emission::Flags& flags) {
  Json said = Json::object();
  if (flags.is_volatile) said["volatile"] = true;
  if (flags.compress) said["compress"] = *flags.compress;
  return said;
}

Json data_of(const Emission& emission) {
  switch (emission.op) {
    case Emission::Op::emit:
      return {{"packet", packet_of(emission)}, {"opts", options_of(emission)}};
    case Emission::Op::join:
    case Emission::Op::leave:
      return {{"opts", options_of(emission)}, {"rooms", distinct(emission.target)}};
    case Emission::Op::disconnect:
      return {{"opts", options_of(emission)}, {"close", emission.close}};
    case Emission::Op::server:
      return {{"packet", emission.args}};
  }
  return Json::object();
}

Json message_of(const Emission& emission) {
  return {{"uid", emitter_uid},
          {"nsp", emission.nsp},
          {"type", type_of(emission.op)},
          {"data", data_of(emission)}};
}

bool has_binary(const Json& value) {
  if (value.is_binary()) return true;
  return value.is_structured() && std::any_of(value.begin(), value.end(), has_binary);
}

std::string as_text(const Json& value) {
  return has_binary(value) ? spelled_out(value).dump() : value.dump();
}

std::string as_msgpack(const Json& value) {
  std::string bytes;
  Json::to_msgpack(value, nlohmann::detail::output_adapter<char>(bytes));
  return bytes;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (; !bytes.empty(); bytes.remove_prefix(std::min<std::size_t>(3, bytes.size()))) {
    std::uint32_t three = 0;
    for (std::size_t i = 0; i < 3; ++i)
      three = three << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i)
      text += i <= bytes.size() ? letters[three >> (18 - 6 * i) & 0x3f] : '=';
  }
  return text;
}

}  // namespace hotclock::emitters
