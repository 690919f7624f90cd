// The body of an event: one JSON object, kept as the text that will be sent.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/object.hpp>

namespace hotclock::outbox {

class Payload {
 public:
  Payload() : text_("{}") {}
  Payload(const boost::json::object& object);
  Payload(
      std::initializer_list<std::pair<boost::json::string_view, boost::json::value_ref>> members)
      : Payload(boost::json::object(members)) {}

  // For events by the hundred thousand, where building the object first would cost a tenth of the
  // job: `object` is the text of a JSON object, its strings made by json_string().
  static Payload written(std::string object);

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// A text as a string of JSON, with its quotes and what must be escaped.
std::string json_string(std::string_view text);

// The body as it leaves: with the event's id as its first member, so that whoever hears it twice can
// tell. REQUIRES: `payload` is the text of a JSON object.
std::string with_event_id(std::string_view payload, std::int64_t id);

}  // namespace hotclock::outbox
