#include "service/outbox/payload.h"

#include <boost/json/serialize.hpp>

namespace hotclock::outbox {

Payload::Payload(const boost::json::object& object) : text_(boost::json::serialize(object)) {}

Payload Payload::written(std::string object) {
  Payload payload;
  payload.text_ = std::move(object);
  return payload;
}

std::string json_string(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

std::string with_event_id(std::string_view payload, std::int64_t id) {
  const std::size_t first = payload.find_first_not_of(" \t\r\n", payload.find('{') + 1);
  std::string text = "{\"eventId\":\"" + std::to_string(id) + '"';
  if (first != payload.npos && payload[first] != '}') text += ',';
  return text.append(payload.substr(std::min(first, payload.size())));
}

}  // namespace hotclock::outbox
