#include "service/socketio/engine_payload.h"

#include "scheduler/base/utf8.h"
#include "service/http/base64.h"

namespace hotclock::socketio {
namespace {

using Kind = EnginePacket::Kind;

constexpr Kind kinds[] = {Kind::open, Kind::close,   Kind::ping, Kind::pong,
                          Kind::text, Kind::upgrade, Kind::noop};

}  // namespace

std::optional<EnginePacket> read_packet(std::string_view text) {
  if (text.empty() || text[0] < '0' || text[0] > '6') return std::nullopt;
  return EnginePacket{kinds[text[0] - '0'], text.substr(1)};
}

PayloadReader::PayloadReader(std::string_view payload) : rest_(payload) {
  if (!is_well_formed(payload)) refuse();
}

std::optional<EnginePacket> PayloadReader::next() {
  if (ended_) return std::nullopt;
  const auto end = rest_.find(payload_separator);
  const auto one = rest_.substr(0, end);
  ended_ = end == std::string_view::npos;
  if (!ended_) rest_.remove_prefix(end + 1);
  if (!one.starts_with('b')) {
    const auto packet = read_packet(one);
    return packet ? packet : refuse();
  }
  auto bytes = http::from_base64(one.substr(1));
  if (!bytes) return refuse();
  decoded_ = *std::move(bytes);
  return EnginePacket{Kind::binary, decoded_};
}

std::optional<EnginePacket> PayloadReader::refuse() {
  ended_ = wrong_ = true;
  return std::nullopt;
}

}  // namespace hotclock::socketio
