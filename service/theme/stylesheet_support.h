// Reads a style sheet as a browser would, and lets nothing pass but what a theme may say. It shares
// nothing with what writes the sheets.
#pragma once

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hotclock::theme {

struct Declaration {
  std::string selector;  // of a rule for dark colours "dark :root"
  std::string property;
  std::string value;

  friend bool operator==(const Declaration&, const Declaration&) = default;
};

class StyleSheet {
 public:
  // `hosts` are the other origins that may be reached; none given: each that is an https:// one.
  explicit StyleSheet(std::string_view text, const std::vector<std::string>* hosts = nullptr)
      : rest_(text), hosts_(hosts) {}

  // None where the sheet says anything that a theme may not.
  std::optional<std::vector<Declaration>> declarations() {
    if (!comment()) return std::nullopt;
    while (space(), good_ && !rest_.empty()) {
      if (!taken("@media (prefers-color-scheme: dark) {")) {
        rule("");
        continue;
      }
      while (space(), good_ && !taken("}")) rule("dark ");
    }
    return good_ ? std::optional(found_) : std::nullopt;
  }

 private:
  bool taken(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  void expect(std::string_view text) { good_ = good_ && taken(text); }
  void space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  static bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-'; }

  std::string word() {
    std::string out;
    for (; !rest_.empty() && is_word(rest_[0]); rest_.remove_prefix(1)) out += rest_[0];
    good_ = good_ && !out.empty();
    return out;
  }

  // "/* NP 4 */"
  bool comment() {
    expect("/* ");
    const auto end = rest_.find("*/");
    if (!good_ || end == std::string_view::npos) return false;
    const std::string_view inside = rest_.substr(0, end);
    rest_.remove_prefix(end + 2);
    return std::all_of(inside.begin(), inside.end(), [](char c) { return c == ' ' || is_word(c); });
  }

  void rule(const std::string& scope) {
    const bool is_root = taken(":root");
    if (!is_root) expect(".hc-skin-");
    const std::string selector = scope + (is_root ? ":root" : "." + word());
    good_ = good_ && (is_root || scope.empty());
    expect(" {");
    while (space(), good_ && !taken("}")) declaration(selector);
  }

  void declaration(const std::string& selector) {
    const std::string property = word();
    expect(": ");
    const std::string_view before = rest_;
    value_of(property, selector.ends_with(":root"));
    found_.push_back(
        {selector, property, std::string(before.substr(0, before.size() - rest_.size()))});
    expect(";");
  }

  void value_of(std::string_view property, bool in_root) {
    const auto starts = [&](std::string_view with) { return property.starts_with(with); };
    if (in_root) {
      if (starts("--hc-color-")) return color();
      if (starts("--hc-image-") || property == "--hc-logo") return url();
      if (starts("--hc-font-")) return families();
    } else {
      if (property == "color" || property == "background-color" || property == "border-color")
        return color();
      if (property == "background-image") return url();
    }
    good_ = false;
  }

  void color() {
    expect("#");
    for (int i = 0; i < 6; ++i) {
      good_ = good_ && !rest_.empty() && std::isxdigit(static_cast<unsigned char>(rest_[0]));
      if (good_) rest_.remove_prefix(1);
    }
  }

  // What stands between quotes: no escape, no second line, nothing that ends a page's style
  // element.
  std::string string() {
    expect("\"");
    std::string out;
    for (; !rest_.empty() && rest_[0] != '"'; rest_.remove_prefix(1)) out += rest_[0];
    expect("\"");
    for (const char c : out)
      if (static_cast<unsigned char>(c) <= 0x1f || c == '\\' || c == '<') good_ = false;
    return out;
  }

  void url() {
    expect("url(");
    const std::string address = string();
    expect(")");
    for (const char c : address)
      if (c == ' ' || c == '(' || c == ')' || c == '\'' || c == ';' || (c & 0x80)) good_ = false;
    if (address.find("..") != std::string::npos) good_ = false;
    if (!reaches_nothing_else(address)) good_ = false;
  }

  bool reaches_nothing_else(const std::string& address) const {
    if (address.starts_with("/")) return !address.starts_with("//");
    if (!address.starts_with("https://")) return false;
    const std::string host = address.substr(8, address.find_first_of("/?#", 8) - 8);
    if (host.find('@') != std::string::npos) return false;
    return !hosts_ || std::find(hosts_->begin(), hosts_->end(), host) != hosts_->end();
  }

  void families() {
    do {
      if (!rest_.starts_with('"')) {
        word();
        continue;
      }
      const std::string family = string();
      for (const char c : family)
        if (!is_word(c) && c != ' ') good_ = false;
    } while (good_ && taken(", "));
  }

  std::string_view rest_;
  const std::vector<std::string>* hosts_;
  bool good_ = true;
  std::vector<Declaration> found_;
};

}  // namespace hotclock::theme
