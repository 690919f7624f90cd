#include "service/socketio/packet.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "scheduler/base/utf8.h"
#include "service/socketio/json.h"

namespace hotclock::socketio {
namespace {

constexpr std::uint64_t largest_ack = (std::uint64_t{1} << 53) - 1;
constexpr std::size_t longest_nsp = 256;
constexpr std::array<std::string_view, 6> reserved = {
    "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};

Error malformed(std::string_view what) { return Error(Errc::invalid, std::string(what)); }

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_binary(PacketType type) {
  return type == PacketType::binary_event || type == PacketType::binary_ack;
}
constexpr bool is_event(PacketType type) {
  return type == PacketType::event || type == PacketType::binary_event;
}

// Takes the number at the beginning of `rest` off it; none where it is larger than `most`.
std::optional<std::uint64_t> take_number(std::string_view& rest, std::uint64_t most) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (read.ec != std::errc() || number > most) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
  return number;
}

// The parts of a packet's text in their order. Each takes its own off `rest`.

Result<> take_type(std::string_view& rest, Packet& packet) {
  if (rest.empty() || rest[0] < '0' || rest[0] > '6') return malformed("an unknown type of packet");
  packet.type = static_cast<PacketType>(rest[0]);
  if (packet.type == PacketType::connect_error) return malformed("a refusal from a client");
  rest.remove_prefix(1);
  return {};
}

Result<> take_announced(std::string_view& rest, Packet& packet, std::size_t most) {
  if (!is_binary(packet.type)) return {};
  const auto count = take_number(rest, most);
  if (!count || *count == 0 || !rest.starts_with('-'))
    return malformed("a number of attachments that cannot be");
  packet.announced = static_cast<std::size_t>(*count);
  rest.remove_prefix(1);
  return {};
}

Result<> take_nsp(std::string_view& rest, Packet& packet) {
  if (!rest.starts_with('/')) return {};
  packet.nsp = rest.substr(0, rest.find(','));
  rest.remove_prefix(std::min(packet.nsp.size() + 1, rest.size()));
  if (packet.nsp.size() > longest_nsp) return malformed("a namespace's name that is too long");
  if (!is_well_formed(packet.nsp)) return malformed("a namespace's name not in UTF-8");
  return {};
}

Result<> take_ack(std::string_view& rest, Packet& packet) {
  if (rest.empty() || !is_digit(rest[0])) return {};
  if (packet.type == PacketType::connect || packet.type == PacketType::disconnect)
    return malformed("an id where nothing is answered");
  packet.ack = take_number(rest, largest_ack);
  if (!packet.ack) return malformed("an ack id that is too large");
  return {};
}

// What each type may carry.

Result<> read_array(Packet& packet, JsonShape shape) {
  if (shape.kind != JsonKind::array) return malformed("a payload that is no array");
  packet.arguments = std::move(shape.elements);
  return {};
}

Result<> take_event_name(Packet& packet) {
  if (packet.arguments.empty()) return malformed("an event without a name");
  const std::string_view name = packet.arguments.front();
  if (name.front() == '"') {
    auto text = json_text(name);
    if (!text) return malformed("an event's name that is no text");
    packet.event = std::move(*text);
  } else if (name.front() == '-' || is_digit(name.front())) {
    packet.event = name;
  } else {
    return malformed("an event's name that is neither text nor number");
  }
  if (reserved_event(packet.event)) return malformed("a reserved event: " + packet.event);
  packet.arguments.erase(packet.arguments.begin());
  return {};
}

Result<> take_payload(std::string_view rest, Packet& packet, const PacketLimits& limits) {
  packet.json = rest;
  if (rest.empty()) {
    if (packet.type == PacketType::connect || packet.type == PacketType::disconnect) return {};
    return malformed("a packet without its payload");
  }
  if (packet.type == PacketType::disconnect) return malformed("a DISCONNECT with a payload");
  JsonLimits json{.depth = limits.depth, .elements = limits.arguments};
  if (is_binary(packet.type)) json.attachments = packet.announced;
  auto shape = read_json(rest, json);
  if (!shape) return std::move(shape).error().within("payload");
  if (packet.type == PacketType::connect)
    return shape->kind == JsonKind::object ? Result<>() : malformed("a CONNECT without an object");
  if (auto array = read_array(packet, *std::move(shape)); !array) return array;
  return is_event(packet.type) ? take_event_name(packet) : Result<>();
}

// "2", "5n-", then the namespace unless it is the main one, then the id.
std::string head(PacketType type, std::size_t attachments, std::string_view nsp,
                 std::optional<std::uint64_t> id, std::size_t room) {
  std::string out;
  out.reserve(nsp.size() + room + 48);
  out += static_cast<char>(type);
  if (attachments > 0) out.append(std::to_string(attachments)).append(1, '-');
  if (nsp != "/") out.append(nsp).append(1, ',');
  if (id) out += std::to_string(*id);
  return out;
}

Packed packed(std::string_view text, const std::vector<std::string>& attachments = {}) {
  Packed out{Message::text(text), {}};
  out.attachments.reserve(attachments.size());
  for (const std::string& bytes : attachments) out.attachments.push_back(Message::binary(bytes));
  return out;
}

}  // namespace

bool reserved_event(std::string_view name) {
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

Result<Packet> decode(std::string_view text, const PacketLimits& limits) {
  Packet packet;
  std::string_view rest = text;
  if (auto taken = take_type(rest, packet); !taken) return std::move(taken).error();
  if (auto taken = take_announced(rest, packet, limits.attachments); !taken)
    return std::move(taken).error();
  if (auto taken = take_nsp(rest, packet); !taken) return std::move(taken).error();
  if (auto taken = take_ack(rest, packet); !taken) return std::move(taken).error();
  if (auto taken = take_payload(rest, packet, limits); !taken) return std::move(taken).error();
  return packet;
}

// ---------------------------------------------------------------- what comes

std::optional<std::string> Arguments::text(std::size_t i) const { return json_text(json(i)); }
std::optional<std::int64_t> Arguments::integer(std::size_t i) const {
  return json_integer(json(i));
}

Result<std::unique_ptr<PacketReader::Whole>> PacketReader::text(std::string_view message) {
  if (begun_) return malformed("a text where an attachment was due");
  auto whole = std::make_unique<Whole>();
  const bool binary = !message.empty() && is_binary(static_cast<PacketType>(message[0]));
  if (binary) message = whole->text = message;
  auto packet = decode(message, limits_);
  if (!packet) return std::move(packet).error();
  whole->packet = *std::move(packet);
  if (!binary) return whole;
  begun_ = std::move(whole);
  bytes_ = 0;
  return std::unique_ptr<Whole>();
}

Result<std::unique_ptr<PacketReader::Whole>> PacketReader::binary(std::string_view message) {
  if (!begun_) return malformed("an attachment of nothing");
  bytes_ += message.size();
  if (bytes_ > limits_.attachment_bytes) return malformed("attachments that are too large");
  begun_->attachments.emplace_back(message);
  if (begun_->attachments.size() < begun_->packet.announced) return std::unique_ptr<Whole>();
  return std::move(begun_);
}

// ---------------------------------------------------------------- what goes

void Values::comma() {
  if (!list_.empty()) list_ += ',';
}

Values& Values::text(std::string_view text) {
  comma();
  append_json_string(list_, text);
  return *this;
}

Values& Values::number(std::int64_t number) { return json(std::to_string(number)); }
Values& Values::boolean(bool value) { return json(value ? "true" : "false"); }

Values& Values::json(std::string_view json) {
  comma();
  list_ += json;
  return *this;
}

Values& Values::binary(std::string bytes) {
  json(R"({"_placeholder":true,"num":)" + std::to_string(attachments_.size()) + "}");
  attachments_.push_back(std::move(bytes));
  return *this;
}

Values& Values::attachment(std::string bytes) {
  attachments_.push_back(std::move(bytes));
  return *this;
}

Values& Values::forward(const Arguments& arguments, std::size_t from, std::size_t until) {
  for (std::size_t i = from; i < std::min(until, arguments.size()); ++i) json(arguments.json(i));
  attachments_.assign(arguments.attachments().begin(), arguments.attachments().end());
  return *this;
}

std::size_t Packed::size() const {
  std::size_t bytes = text->size();
  for (const MessagePtr& attachment : attachments) bytes += attachment->size();
  return bytes;
}

Packed pack_event(std::string_view nsp, std::string_view event, const Values& values,
                  std::optional<Offset> offset, std::optional<std::uint64_t> ask) {
  const bool binary = !values.attachments().empty();
  std::string text =
      head(binary ? PacketType::binary_event : PacketType::event, values.attachments().size(), nsp,
           ask, event.size() + values.list().size());
  text += '[';
  append_json_string(text, event);
  if (!values.list().empty()) text.append(1, ',').append(values.list());
  if (offset) text.append(",\"").append(std::to_string(*offset)).append(1, '"');
  text += ']';
  return packed(text, values.attachments());
}

Packed pack_ack(std::string_view nsp, std::uint64_t ack, const Values& values) {
  const bool binary = !values.attachments().empty();
  std::string text = head(binary ? PacketType::binary_ack : PacketType::ack,
                          values.attachments().size(), nsp, ack, values.list().size());
  text.append(1, '[').append(values.list()).append(1, ']');
  return packed(text, values.attachments());
}

Packed pack_connect(std::string_view nsp, std::string_view sid, std::string_view pid) {
  std::string text = head(PacketType::connect, 0, nsp, {}, sid.size() + pid.size());
  text.append("{\"sid\":\"").append(sid).append(1, '"');
  if (!pid.empty()) text.append(",\"pid\":").append(json_string(pid));
  return packed(text.append(1, '}'));
}

Packed pack_connect_error(std::string_view nsp, std::string_view message, std::string_view data) {
  std::string text = head(PacketType::connect_error, 0, nsp, {}, message.size() + data.size());
  text += "{\"message\":";
  append_json_string(text, message);
  if (!data.empty()) text.append(",\"data\":").append(data);
  return packed(text.append(1, '}'));
}

Packed pack_disconnect(std::string_view nsp) {
  return packed(head(PacketType::disconnect, 0, nsp, {}, 0));
}

}  // namespace hotclock::socketio
