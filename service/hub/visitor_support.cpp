#include "service/hub/visitor_support.h"

#include <charconv>

#include "service/socketio/server_support.h"

namespace hotclock::hub {

Visitor::Visitor(std::uint16_t port, std::string_view auth)
    : socket_(port, "/socket.io/?EIO=4&transport=websocket") {
  socket_.next();  // Engine.IO's greeting
  says("0" + std::string(auth));
  answer_ = hears();
}

std::string Visitor::pid() const { return socketio::member_of(answer_, "pid"); }
std::string Visitor::sid() const { return socketio::member_of(answer_, "sid"); }

std::string Visitor::hears() {
  for (;;) {
    const http::Frame frame = socket_.next();
    if (frame.opcode != http::Opcode::text) return {};
    if (frame.content == "2") {
      socket_.text("3");
      continue;
    }
    if (frame.content.starts_with("4")) return frame.content.substr(1);
  }
}

std::vector<std::int64_t> Visitor::hears_events(std::size_t count) {
  constexpr std::string_view member = R"("eventId":")";
  std::vector<std::int64_t> ids;
  while (ids.size() < count) {
    const std::string event = hears();
    const std::size_t at = event.find(member);
    if (at == event.npos) break;
    std::from_chars(event.data() + at + member.size(), event.data() + event.size(),
                    ids.emplace_back());
  }
  return ids;
}

}  // namespace hotclock::hub
