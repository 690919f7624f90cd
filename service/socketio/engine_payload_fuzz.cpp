// Any bytes as the body of a poll: packets or a refusal, and what was read can be said again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "service/http/base64.h"
#include "service/socketio/engine_payload.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hotclock::socketio;
  const std::string payload(reinterpret_cast<const char*>(data), size);
  PayloadReader reader(payload);
  std::size_t packets = 0;
  while (const auto packet = reader.next()) {
    ++packets;
    if (packet->kind == EnginePacket::Kind::binary) {
      const std::string again = "b" + hotclock::http::to_base64(packet->content);
      PayloadReader second(again);
      const auto same = second.next();
      if (!same || same->content != packet->content) std::abort();
    } else if (packet->content.find(payload_separator) != std::string_view::npos) {
      std::abort();
    }
  }
  if (packets > size + 1) std::abort();
  if (!reader.wrong() && packets == 0) std::abort();
  return 0;
}
