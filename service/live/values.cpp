#include "service/live/values.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace hotclock::live {
namespace {

const std::string* value_of(const Values& values, std::string_view key) {
  const auto found = values.find(key);
  return found == values.end() ? nullptr : &found->second;
}

}  // namespace

std::string to_json(const Values& values) {
  boost::json::object object;
  for (const auto& [key, value] : values) object[key] = value;
  return boost::json::serialize(object);
}

Result<Values> values_of(std::string_view json) {
  boost::system::error_code failed;
  const auto parsed = boost::json::parse(json, failed);
  if (failed || !parsed.is_object())
    return Error(Errc::corrupt, "a live change holds no values: " + std::string(json));
  Values values;
  for (const auto& field : parsed.get_object())
    if (const auto* value = field.value().if_string()) values.emplace(field.key(), *value);
  return values;
}

std::vector<Value> list_of(const Values& values) {
  std::vector<Value> list;
  for (const auto& [key, value] : values) list.push_back({key, value});
  return list;
}

std::string in_words(const Values& values) {
  std::string text;
  for (const auto& [key, value] : values) text += (text.empty() ? "" : ", ") + key + " = " + value;
  return text.empty() ? "by the files" : text;
}

bool differ(const Values& one, const Values& other, std::string_view key) {
  const std::string* before = value_of(one, key);
  const std::string* after = value_of(other, key);
  return before && after ? *before != *after : before != after;
}

}  // namespace hotclock::live
