#include "service/strict_json/strict_json.h"

#include <set>
#include <utility>

#include <fmt/format.h>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>

namespace hotclock::strict_json {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest_object = 16;

// Reads along and notes the names that stand twice; values do not interest it.
class Names {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  std::vector<std::string>& twice() { return twice_; }

  bool on_object_begin(json::error_code&) { return open_.emplace_back(), true; }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_array_begin(json::error_code&) { return open_.emplace_back().is_array = true; }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    name_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    name_.append(part.data(), part.size());
    open_.back().name = std::exchange(name_, {});
    if (!open_.back().names.insert(open_.back().name).second) twice_.push_back(path());
    return true;
  }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return next(); }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return next(); }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return next(); }
  bool on_double(double, json::string_view, json::error_code&) { return next(); }
  bool on_bool(bool, json::error_code&) { return next(); }
  bool on_null(json::error_code&) { return next(); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Open {
    bool is_array = false;
    std::size_t index = 0;        // of an array's value that is read now
    std::string name;             // of an object's
    std::set<std::string> names;  // that stood before
  };

  bool close() { return open_.pop_back(), next(); }
  bool next() {
    if (!open_.empty()) ++open_.back().index;
    return true;
  }
  std::string path() const {
    std::string out;
    for (const Open& open : open_)
      out += open.is_array ? fmt::format("[{}]", open.index) : (out.empty() ? "" : ".") + open.name;
    return out;
  }

  std::vector<Open> open_;
  std::string name_;
  std::vector<std::string> twice_;
};

json::parse_options no_deeper_than(std::size_t deepest) {
  json::parse_options out;
  out.max_depth = deepest;
  return out;
}

}  // namespace

Result<json::value> parse(std::string_view text, std::size_t deepest) {
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, no_deeper_than(deepest));
  if (error == json::error::too_deep) return Error(Errc::invalid, "it is nested too deeply");
  if (error) return Error(Errc::invalid, "it is no JSON");
  return value;
}

std::vector<std::string> repeated_names(std::string_view text, std::size_t deepest) {
  json::basic_parser<Names> parser(no_deeper_than(deepest));
  json::error_code error;
  parser.write_some(false, text.data(), text.size(), error);
  return std::move(parser.handler().twice());
}

Result<json::object> object_of(std::string_view text) {
  auto value = parse(text, deepest_object);
  if (!value) return std::move(value).error();
  if (!value->is_object()) return Error(Errc::invalid, "it is no JSON object");
  if (!repeated_names(text, deepest_object).empty())
    return Error(Errc::invalid, "a name stands twice in it");
  return std::move(value->get_object());
}

const json::string* text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value ? value->if_string() : nullptr;
}

}  // namespace hotclock::strict_json
