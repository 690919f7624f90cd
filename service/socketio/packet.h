// Socket.IO packets (protocol 5): text to packet, packet to the messages that carry it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "service/socketio/message.h"

namespace hotclock::socketio {

// Where an event stands in the order of all events: what a client that was away has heard so far.
using Offset = std::uint64_t;

// Of clients' packets; what goes beyond is a parse error and ends the session.
struct PacketLimits {
  int depth = 64;                             // of JSON within JSON
  std::size_t arguments = 1000;               // of one event, its name included
  std::size_t attachments = 10;               // of one packet
  std::size_t attachment_bytes = 10'000'000;  // of all of them together
};

enum class PacketType : char {
  connect = '0',
  disconnect = '1',
  event = '2',
  ack = '3',
  connect_error = '4',
  binary_event = '5',
  binary_ack = '6',
};

// A packet taken apart and checked. The views point into its text.
struct Packet {
  PacketType type = PacketType::event;
  std::string_view nsp = "/";
  std::optional<std::uint64_t> ack;         // up to 2^53-1
  std::string_view json;                    // the payload as it came; empty where there is none
  std::vector<std::string_view> arguments;  // of an event, behind its name; of an answer
  std::string event;                        // an event's name; a number's digits where it is one
  std::size_t announced = 0;                // attachments that follow
};

// Errc::invalid, with what is wrong, for everything that the protocol does not allow a client.
Result<Packet> decode(std::string_view text, const PacketLimits& limits);

// Names of events that mean something to the libraries themselves; nobody may emit them.
bool reserved_event(std::string_view name);

// What an event or an answer brought, each argument as the JSON text that came. Lives for the call
// it is handed to: what is needed longer is copied.
class Arguments {
 public:
  Arguments(std::span<const std::string_view> json, std::span<const std::string> attachments)
      : json_(json), attachments_(attachments) {}

  std::size_t size() const { return json_.size(); }
  // "null" where there are fewer.
  std::string_view json(std::size_t i) const { return i < size() ? json_[i] : "null"; }
  // None where the argument is missing or something else.
  std::optional<std::string> text(std::size_t i) const;
  std::optional<std::int64_t> integer(std::size_t i) const;
  bool is_true(std::size_t i) const { return json(i) == "true"; }
  // What {"_placeholder":true,"num":k} anywhere in the arguments stands for: the k-th.
  std::span<const std::string> attachments() const { return attachments_; }

 private:
  std::span<const std::string_view> json_;
  std::span<const std::string> attachments_;
};

// What an event or an answer is to bring:
//   Values().text("stream:17").json(R"({"coins":12})").binary(picture)
class Values {
 public:
  // REQUIRES: `text` is UTF-8.
  Values& text(std::string_view text);
  Values& number(std::int64_t number);
  Values& boolean(bool value);
  // REQUIRES: `json` is one JSON value without control characters, as read_json() lets pass.
  Values& json(std::string_view json);
  Values& binary(std::string bytes);
  // No argument: what the next placeholder within a json() stands for, see Arguments::attachments.
  Values& attachment(std::string bytes);
  // What a client sent, its arguments from `from` to before `until`, unchanged, binary too.
  // REQUIRES: no binary() before.
  Values& forward(const Arguments& arguments, std::size_t from = 0, std::size_t until = SIZE_MAX);

  // The arguments in order, separated by commas.
  const std::string& list() const { return list_; }
  const std::vector<std::string>& attachments() const { return attachments_; }

 private:
  void comma();
  std::string list_;
  std::vector<std::string> attachments_;
};

// A packet as the messages that carry it: the text, and its attachments directly behind it. Built
// once, sent to many.
struct Packed {
  MessagePtr text;
  std::vector<MessagePtr> attachments;

  std::size_t size() const;
};

// `offset` becomes one more argument, a string. `ask`: the number of the question that it is.
// REQUIRES: !reserved_event(event).
Packed pack_event(std::string_view nsp, std::string_view event, const Values& values,
                  std::optional<Offset> offset = {}, std::optional<std::uint64_t> ask = {});
Packed pack_ack(std::string_view nsp, std::uint64_t ack, const Values& values);
// `pid` empty: this connection cannot be recovered.
Packed pack_connect(std::string_view nsp, std::string_view sid, std::string_view pid);
// `data`: one JSON value, or empty.
Packed pack_connect_error(std::string_view nsp, std::string_view message, std::string_view data);
Packed pack_disconnect(std::string_view nsp);

// Puts a client's messages together to packets. Holds nothing between packets.
class PacketReader {
 public:
  // A packet with all its attachments.
  struct Whole {
    Packet packet;
    std::string text;  // what a binary packet's views point into; else they point into the message
    std::vector<std::string> attachments;
  };

  explicit PacketReader(const PacketLimits& limits) : limits_(limits) {}

  // The packet that this message completes; null where attachments follow. Errc::invalid where the
  // message breaks the protocol: the session must end.
  Result<std::unique_ptr<Whole>> text(std::string_view message);
  Result<std::unique_ptr<Whole>> binary(std::string_view message);

 private:
  const PacketLimits& limits_;
  std::unique_ptr<Whole> begun_;
  std::size_t bytes_ = 0;  // of begun_'s attachments
};

}  // namespace hotclock::socketio
