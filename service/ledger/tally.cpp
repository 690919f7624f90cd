#include "service/ledger/tally.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace hotclock::ledger {

std::string to_json(const Tally& tally) {
  boost::json::object object;
  for (const auto& [what, count] : tally) object[what] = count;
  return boost::json::serialize(object);
}

Tally read_tally(std::string_view json) {
  Tally tally;
  boost::json::error_code failed;
  const auto value = boost::json::parse({json.data(), json.size()}, failed);
  const auto* object = failed ? nullptr : value.if_object();
  if (object == nullptr) return tally;
  for (const auto& [what, count] : *object)
    if (const auto* number = count.if_int64()) tally.emplace_back(what, *number);
  return tally;
}

}  // namespace hotclock::ledger
