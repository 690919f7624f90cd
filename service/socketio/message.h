// A message on its way to clients: built once, shared by all it goes to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/smart_ptr/intrusive_ptr.hpp>

namespace hotclock::socketio {

class Message;
using MessagePtr = boost::intrusive_ptr<const Message>;

// One Engine.IO packet in the forms in which the transports send it. The text form is a WebSocket
// frame whose payload polling sends as it stands; the base64 form of a binary message is made when
// the first poll asks for it.
// Threads: the loop's. It may be made in another thread and handed over.
class Message {
 public:
  // A `message` packet: what Socket.IO says.
  static MessagePtr text(std::string_view content);
  static MessagePtr binary(std::string_view bytes);
  // Another packet of Engine.IO: its type digit ('0' open, '2' ping, '6' noop ...) and content.
  static MessagePtr packet(char type, std::string_view content = {});

  bool is_binary() const { return binary_; }
  // The whole unmasked WebSocket frame.
  std::string_view frame() const { return frame_; }
  // As it stands in the body of a poll.
  std::string_view polled() const;
  std::size_t size() const { return frame_.size(); }

 private:
  Message(bool binary, char type, std::string_view content);
  friend void intrusive_ptr_add_ref(const Message* message) { ++message->references_; }
  friend void intrusive_ptr_release(const Message* message) {
    if (--message->references_ == 0) delete message;
  }

  const bool binary_;
  std::string frame_;
  std::size_t header_ = 0;  // of the frame
  mutable std::string base64_;
  mutable std::uint32_t references_ = 0;
};

}  // namespace hotclock::socketio
