#include "service/socketio/message.h"

#include "service/http/base64.h"
#include "service/http/frame.h"

namespace hotclock::socketio {

namespace {
constexpr char message_type = '4';
}

Message::Message(bool binary, char type, std::string_view content) : binary_(binary) {
  const std::size_t size = content.size() + (binary ? 0 : 1);
  frame_ = http::frame_header(binary ? http::Opcode::binary : http::Opcode::text, size);
  header_ = frame_.size();
  frame_.reserve(header_ + size);
  if (!binary) frame_ += type;
  frame_ += content;
}

MessagePtr Message::text(std::string_view content) { return packet(message_type, content); }

MessagePtr Message::binary(std::string_view bytes) {
  return MessagePtr(new Message(true, message_type, bytes));
}

MessagePtr Message::packet(char type, std::string_view content) {
  return MessagePtr(new Message(false, type, content));
}

std::string_view Message::polled() const {
  const auto content = std::string_view(frame_).substr(header_);
  if (!binary_) return content;
  if (base64_.empty()) base64_ = "b" + http::to_base64(content);
  return base64_;
}

}  // namespace hotclock::socketio
