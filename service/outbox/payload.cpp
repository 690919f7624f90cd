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

}  // namespace hotclock::outbox
