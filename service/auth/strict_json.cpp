#include "service/auth/strict_json.h"

#include <set>
#include <string>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>

namespace hotclock::auth {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 16;

// Reads along and keeps the names of the objects that are open; values do not interest it.
class Names {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  bool twice() const { return twice_; }

  bool on_object_begin(json::error_code&) { return open_.emplace_back(), true; }
  bool on_object_end(std::size_t, json::error_code&) { return open_.pop_back(), true; }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    name_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& error) {
    name_.append(part.data(), part.size());
    twice_ = !open_.back().insert(std::move(name_)).second;
    name_.clear();
    if (twice_) error = json::make_error_code(json::error::exception);
    return !twice_;
  }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t, json::error_code&) { return true; }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
  bool on_double(double, json::string_view, json::error_code&) { return true; }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  std::vector<std::set<std::string>> open_;
  std::string name_;
  bool twice_ = false;
};

json::parse_options strict() {
  json::parse_options out;
  out.max_depth = deepest;
  return out;
}

bool names_stand_once(std::string_view text) {
  json::basic_parser<Names> parser(strict());
  json::error_code error;
  parser.write_some(false, text.data(), text.size(), error);
  return !parser.handler().twice();
}

}  // namespace

Result<json::object> strict_object(std::string_view text) {
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, strict());
  if (error == json::error::too_deep) return Error(Errc::invalid, "it is nested too deeply");
  if (error) return Error(Errc::invalid, "it is no JSON");
  if (!value.is_object()) return Error(Errc::invalid, "it is no JSON object");
  if (!names_stand_once(text)) return Error(Errc::invalid, "a name stands twice in it");
  return std::move(value.get_object());
}

const json::string* text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value ? value->if_string() : nullptr;
}

}  // namespace hotclock::auth
