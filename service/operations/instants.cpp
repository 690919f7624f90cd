#include "service/operations/instants.h"

#include <fmt/format.h>

#include "service/festivals/festival_json.h"

namespace hotclock::operations {

std::string rfc3339(Instant t) {
  std::string text = to_string(t);
  if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000");
  return text;
}

boost::json::value rfc3339_or_null(const std::optional<Instant>& t) {
  return t ? boost::json::value(rfc3339(*t)) : boost::json::value();
}

std::optional<Instant> instant_in(std::string_view text) { return festivals::parse_instant(text); }

}  // namespace hotclock::operations
