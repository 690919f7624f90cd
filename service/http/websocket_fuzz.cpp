// Any bytes as frames of a client, in pieces of any size: what comes out does not depend on the
// pieces, keeps the limit, and text is UTF-8.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "scheduler/base/utf8.h"
#include "service/http/frame_reader.h"

namespace {

using namespace hotclock;
using Kind = http::FrameReader::Event::Kind;

constexpr std::size_t limit = 1000;

struct Heard {
  Kind kind;
  std::string content;
  std::uint16_t code;
  friend bool operator==(const Heard&, const Heard&) = default;
};

void check(const http::FrameReader::Event& event) {
  const bool message = event.kind == Kind::text || event.kind == Kind::binary;
  if (message && event.content.size() > limit) std::abort();
  if (event.kind == Kind::text && !is_well_formed(event.content)) std::abort();
  if (event.kind == Kind::ping && event.content.size() > 125) std::abort();
}

std::vector<Heard> read(std::string bytes, std::size_t piece) {
  http::FrameReader reader(limit);
  std::vector<Heard> out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    std::span<char> part(bytes.data() + at, std::min(piece, bytes.size() - at));
    for (auto event = reader.next(part); event.kind != Kind::none; event = reader.next(part)) {
      check(event);
      out.push_back({event.kind, std::string(event.content), event.code});
      if (event.kind == Kind::wrong || event.kind == Kind::close) return out;
    }
    if (!part.empty()) std::abort();
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t piece = data[0] % 16u + 1;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (read(bytes, piece) != read(bytes, bytes.size())) std::abort();
  return 0;
}
