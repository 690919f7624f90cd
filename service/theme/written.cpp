#include "service/theme/written.h"

#include <set>

#include <fmt/format.h>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>

#include "service/theme/kinds.h"

namespace hotclock::theme {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 6;

// Reads along and notes the names that stand twice; values do not interest it.
class Names {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  const std::vector<std::string>& twice() const { return twice_; }
  void begin_at(std::string path) { root_ = std::move(path); }

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
    std::string out = root_;
    for (const Open& open : open_)
      out = open.is_array ? fmt::format("{}[{}]", out, open.index) : below(out, open.name);
    return out;
  }

  std::string root_;
  std::vector<Open> open_;
  std::string name_;
  std::vector<std::string> twice_;
};

json::parse_options limits() {
  json::parse_options out;
  out.max_depth = deepest;
  return out;
}

void note_names(std::string_view text, const std::string& inside, std::vector<Problem>& problems) {
  json::basic_parser<Names> parser(limits());
  parser.handler().begin_at(inside);
  json::error_code error;
  parser.write_some(false, text.data(), text.size(), error);
  for (const std::string& path : parser.handler().twice())
    problems.push_back({path, "stands twice", "write it once"});
}

}  // namespace

std::string below(const std::string& path, std::string_view member) {
  const std::string name = shown(member);
  return path.empty() ? name : path + "." + name;
}

std::optional<json::value> read_json(std::string_view text, std::size_t most,
                                     const std::string& where, const std::string& inside,
                                     std::vector<Problem>& problems) {
  const auto refused = [&](std::string what, std::string right) {
    problems.push_back({where, std::move(what), std::move(right)});
    return std::nullopt;
  };
  if (text.size() > most)
    return refused(fmt::format("has {} bytes", text.size()), fmt::format("{} are the most", most));
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error, {}, limits());
  if (error == json::error::too_deep)
    return refused("is nested too deeply", fmt::format("{} deep is the most", deepest));
  if (error) return refused("is no JSON", "write JSON (UTF-8, quotes around names)");
  note_names(text, inside, problems);
  return value;
}

}  // namespace hotclock::theme
