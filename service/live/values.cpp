#include "service/live/values.h"

#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace hotclock::live {
namespace {

const std::string* value_of(const Values& values, std::string_view key) {
  const auto found = values.find(key);
  return found == values.end() ? nullptr : &found->second.value;
}

std::optional<Kept> kept_of(const boost::json::value& json) {
  const auto* pair = json.if_array();
  if (!pair || pair->size() != 2 || !pair->at(0).is_string() || !pair->at(1).is_int64())
    return std::nullopt;
  return Kept{std::string(pair->at(0).get_string()), pair->at(1).get_int64()};
}

Error no_values(std::string_view json) {
  return {Errc::corrupt, "a live change holds no values: " + std::string(json)};
}

}  // namespace

std::string to_json(const Values& values) {
  boost::json::object object;
  for (const auto& [key, kept] : values) object[key] = boost::json::array{kept.value, kept.version};
  return boost::json::serialize(object);
}

Result<Values> values_of(std::string_view json) {
  boost::system::error_code failed;
  const auto parsed = boost::json::parse(json, failed);
  if (failed || !parsed.is_object()) return no_values(json);
  Values values;
  for (const auto& field : parsed.get_object()) {
    auto kept = kept_of(field.value());
    if (!kept) return no_values(json);
    values.emplace(field.key(), *std::move(kept));
  }
  return values;
}

std::vector<Value> list_of(const Values& values) {
  std::vector<Value> list;
  for (const auto& [key, kept] : values) list.push_back({key, kept.value});
  return list;
}

std::string in_words(const Values& values) {
  std::string text;
  for (const auto& [key, kept] : values)
    text += (text.empty() ? "" : ", ") + key + " = " + kept.value;
  return text.empty() ? "by the files" : text;
}

bool differ(const Values& one, const Values& other, std::string_view key) {
  const std::string* before = value_of(one, key);
  const std::string* after = value_of(other, key);
  return before && after ? *before != *after : before != after;
}

}  // namespace hotclock::live
