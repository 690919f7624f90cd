#include "service/operations/schemas.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "scheduler/base/nearest.h"
#include "scheduler/base/utf8.h"
#include "service/operations/instants.h"
#include "service/operations/schemas.json.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;
using Problems = std::vector<Problem>;

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

// The schema itself, behind its reference where it is one.
const json::object& resolved(const json::object& schema) {
  const auto* reference = schema.if_contains("$ref");
  if (!reference) return schema;
  const std::string_view path = view(reference->as_string());
  return resolved(schemas().at(path.substr(path.rfind('/') + 1)).as_object());
}

bool is_of(std::string_view type, const json::value& value) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  return type == "object" && value.is_object();
}

// "text", as people call it.
std::string_view word_for(std::string_view type) {
  if (type == "string") return "a text";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  if (type == "array") return "a list";
  if (type == "object") return "an object";
  return "null";
}

std::vector<std::string_view> types_of(const json::object& schema) {
  std::vector<std::string_view> types;
  const auto* type = schema.if_contains("type");
  if (!type) return types;
  if (type->is_string()) return {view(type->get_string())};
  for (const json::value& one : type->as_array()) types.push_back(view(one.as_string()));
  return types;
}

std::string list_of(const json::array& values) {
  std::string list;
  for (const json::value& one : values)
    list +=
        (list.empty() ? "" : ", ") + std::string(one.is_string() ? view(one.get_string()) : "null");
  return list;
}

std::int64_t limit(const json::object& schema, std::string_view name, std::int64_t otherwise) {
  const auto* value = schema.if_contains(name);
  return value ? value->to_number<std::int64_t>() : otherwise;
}

// Walks a value beside its schema, and notes each mistake.
class Checker {
 public:
  explicit Checker(Problems& problems) : problems_(problems) {}

  void check(const json::object& named, const json::value& value, const std::string& where) {
    const json::object& schema = resolved(named);
    if (const auto* any = schema.if_contains("anyOf"))
      return check_any(any->as_array(), value, where);
    if (!has_type(schema, value, where)) return;
    if (const auto* values = schema.if_contains("enum"))
      if (const auto& all = values->as_array(); std::ranges::find(all, value) == all.end())
        return wrong(where, "it is none of what there is", list_of(all));
    if (value.is_string()) check_text(schema, view(value.get_string()), where);
    if (value.is_int64() || value.is_uint64()) check_number(schema, value, where);
    if (const auto* object = value.if_object()) check_object(schema, *object, where);
    if (const auto* array = value.if_array()) check_array(schema, *array, where);
  }

 private:
  void wrong(const std::string& where, std::string what, std::string right = {}) {
    problems_.push_back({where, std::move(what), std::move(right)});
  }

  bool has_type(const json::object& schema, const json::value& value, const std::string& where) {
    const auto types = types_of(schema);
    const auto fits = [&](std::string_view type) { return is_of(type, value); };
    if (types.empty() || std::ranges::any_of(types, fits)) return true;
    wrong(where, fmt::format("it is not {}", word_for(types.front())),
          std::string(word_for(types.front())));
    return false;
  }

  // The first that fits, or what the first says.
  void check_any(const json::array& schemas, const json::value& value, const std::string& where) {
    Problems first;
    for (const json::value& one : schemas) {
      Problems problems;
      Checker(problems).check(one.as_object(), value, where);
      if (problems.empty()) return;
      if (first.empty()) first = std::move(problems);
    }
    problems_.insert(problems_.end(), first.begin(), first.end());
  }

  void check_text(const json::object& schema, std::string_view text, const std::string& where) {
    if (!is_well_formed(text) || text.find('\0') != std::string_view::npos)
      return wrong(where, "it holds bytes that are no text");
    const auto size = static_cast<std::int64_t>(text.size());
    const std::int64_t least = limit(schema, "minLength", 0);
    const std::int64_t most = limit(schema, "maxLength", 4096);
    if (size < least) wrong(where, size == 0 ? "it is empty" : "it is too short", "a text");
    if (size > most) wrong(where, "it is too long", fmt::format("at most {} bytes", most));
    const auto* format = schema.if_contains("format");
    if (format && view(format->as_string()) == "date-time" && !instant_in(text))
      wrong(where, "it is no instant", "such as 2026-11-24T00:05:00Z");
  }

  void check_number(const json::object& schema, const json::value& value,
                    const std::string& where) {
    const std::int64_t least = limit(schema, "minimum", INT64_MIN);
    const std::int64_t most = limit(schema, "maximum", INT64_MAX);
    const bool small = value.is_int64() || value.get_uint64() <= INT64_MAX;
    const auto number = small ? value.to_number<std::int64_t>() : 0;
    const bool fits = small && number >= least && number <= most;
    if (fits) return;
    const bool open = most == INT64_MAX;
    wrong(where, fmt::format("{} is out of range", json::serialize(value)),
          open ? fmt::format("{} or more", least) : fmt::format("{} to {}", least, most));
  }

  void check_object(const json::object& schema, const json::object& object,
                    const std::string& where) {
    const std::string before = where.empty() ? "" : where + ".";
    const auto* known = schema.if_contains("properties");
    if (const auto* required = schema.if_contains("required"))
      for (const json::value& name : required->as_array())
        if (!object.contains(name.as_string()))
          wrong(before + std::string(view(name.as_string())), "it is missing");
    for (const auto& [key, value] : object) {
      const std::string place = before + std::string(key);
      const auto* member = known ? known->as_object().if_contains(key) : nullptr;
      if (member)
        check(member->as_object(), value, place);
      else
        check_other(schema, key, value, place);
    }
  }

  // A member that the schema does not name.
  void check_other(const json::object& schema, std::string_view key, const json::value& value,
                   const std::string& where) {
    const auto* others = schema.if_contains("additionalProperties");
    if (!others) return;
    if (const auto* other = others->if_object()) return check(*other, value, where);
    if (others->as_bool()) return;
    std::vector<std::string_view> names;
    if (const auto* known = schema.if_contains("properties"))
      for (const auto& member : known->as_object()) names.push_back(member.key());
    const std::string_view near = nearest(key, std::span<const std::string_view>(names));
    wrong(where, "there is no such member", near.empty() ? "" : fmt::format("{}, perhaps", near));
  }

  void check_array(const json::object& schema, const json::array& array, const std::string& where) {
    const std::int64_t most = limit(schema, "maxItems", INT64_MAX);
    if (static_cast<std::int64_t>(array.size()) > most)
      wrong(where, "it is too long", fmt::format("at most {}", most));
    const auto* items = schema.if_contains("items");
    if (!items) return;
    for (std::size_t i = 0; i < array.size(); ++i)
      check(items->as_object(), array[i], fmt::format("{}[{}]", where, i));
  }

  Problems& problems_;
};

}  // namespace

const json::object& schemas() {
  static const json::object all = json::parse(schemas_json).as_object();
  return all;
}

Problems check(std::string_view schema, const json::value& value, const std::string& where) {
  Problems problems;
  Checker(problems).check(schemas().at(schema).as_object(), value, where);
  return problems;
}

json::value value_of(std::string_view schema, std::string_view text) {
  const json::object& resolves = resolved(schemas().at(schema).as_object());
  const auto types = types_of(resolves);
  const std::string_view type = types.empty() ? "string" : types.front();
  if (type == "integer") {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed == std::errc{} && end == text.data() + text.size()) return number;
  }
  if (type == "boolean" && (text == "true" || text == "1")) return true;
  if (type == "boolean" && (text == "false" || text == "0")) return false;
  return json::string(text);
}

}  // namespace hotclock::operations
