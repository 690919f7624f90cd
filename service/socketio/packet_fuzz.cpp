// Any text as a packet: what is taken says the same to another reader of JSON, and what is built
// from it again is taken again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <boost/json/parse.hpp>

#include "service/socketio/json.h"
#include "service/socketio/packet.h"

namespace {

using namespace hotclock::socketio;

void require(bool holds) {
  if (!holds) std::abort();
}

// Half a surrogate pair is let pass here and not there.
bool escapes_surrogates(std::string_view json) {
  return json.find("\\ud") != std::string_view::npos || json.find("\\uD") != std::string_view::npos;
}

void compare_json(std::string_view text) {
  constexpr int depth = 20;
  const auto read = read_json(text, {.depth = depth, .elements = text.size()});
  boost::json::error_code failed;
  boost::json::parse_options options;
  options.max_depth = depth;
  const auto value = boost::json::parse({text.data(), text.size()}, failed, {}, options);
  if (!read)
    return require(bool(failed) || read.error().message().find("nested") != std::string::npos);
  if (escapes_surrogates(text) || failed == boost::json::error::exponent_overflow) return;
  require(!failed);
  require((read->kind == JsonKind::array) == value.is_array());
  if (value.is_array()) require(read->elements.size() == value.get_array().size());
}

void build_again(const Packet& packet, const PacketLimits& limits) {
  std::vector<std::string> attachments(packet.announced, "bytes");
  const Arguments arguments(packet.arguments, attachments);
  const Values values = Values().forward(arguments);
  const Packed packed = packet.event.empty() && packet.ack
                            ? pack_ack(packet.nsp, *packet.ack, values)
                            : pack_event(packet.nsp, packet.event, values, {}, packet.ack);
  const auto again = decode(packed.text->polled().substr(1), limits);
  require(again.has_value());
  require(again->arguments == packet.arguments && again->ack == packet.ack);
  require(again->announced == packet.announced);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const PacketLimits limits{.depth = 20};
  compare_json(text);
  const auto packet = decode(text, limits);
  if (packet && (packet->ack || !packet->event.empty())) {
    const bool event =
        packet->type == PacketType::event || packet->type == PacketType::binary_event;
    if (event || packet->type == PacketType::ack || packet->type == PacketType::binary_ack)
      build_again(*packet, limits);
  }
  return 0;
}
