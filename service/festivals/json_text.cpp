#include "service/festivals/json_text.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace hotclock::festivals {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Walks over a JSON text and tells strings from what stands between them.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  // The next character that is not white space between the parts; false at the end.
  bool next(char& c) {
    while (at_ < text_.size()) {
      c = text_[at_++];
      if (in_string_) return within_string(c), true;
      if (is_space(c)) continue;
      in_string_ = c == '"';
      if (c == '{' || c == '[') ++depth_;
      if (c == '}' || c == ']') --depth_;
      return true;
    }
    return false;
  }
  bool in_string() const { return in_string_; }
  int depth() const { return depth_; }

 private:
  void within_string(char c) {
    if (escaped_)
      escaped_ = false;
    else if (c == '\\')
      escaped_ = true;
    else
      in_string_ = c != '"';
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
};

std::string on_one_line(std::string_view text) {
  std::string out;
  Walk walk(text);
  for (char c = 0; walk.next(c);) out += c;
  return out;
}

}  // namespace

std::vector<std::string> member_texts(std::string_view object) {
  std::vector<std::string> values;
  bool in_value = false;
  Walk walk(object);
  for (char c = 0; walk.next(c);) {
    const bool between = !walk.in_string() && walk.depth() <= 1 && (c == ':' || c == ',');
    const bool ends = walk.depth() == 0;
    if (between && (c == ':') != in_value) {
      in_value = !in_value;
      if (in_value) values.emplace_back();
    } else if (in_value && !ends) {
      values.back() += c;
    }
  }
  return values;
}

std::string quoted(std::string_view text) {
  return boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

std::string json_or_null(std::string_view text) {
  boost::system::error_code wrong;
  boost::json::parse({text.data(), text.size()}, wrong);
  return wrong ? "null" : on_one_line(text);
}

}  // namespace hotclock::festivals
