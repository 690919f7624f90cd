// A document as a style sheet. Values are looked at once more: what is not of its kind is not
// written.
#include <algorithm>

#include <fmt/format.h>

#include "service/theme/document.h"
#include "service/theme/kinds.h"

namespace hotclock::theme {
namespace {

constexpr std::array<std::string_view, 13> generic_families = {
    "serif",      "sans-serif",   "monospace",     "cursive", "fantasy", "system-ui", "ui-serif",
    "ui-rounded", "ui-monospace", "ui-sans-serif", "math",    "emoji",   "fangsong"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A text in quotes, in which nothing ends the quotes, the line or the style sheet.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || c == '"' || c == '\\' || c == '<')
      out += fmt::format("\\{:x} ", byte);
    else
      out += c;
  }
  return out + "\"";
}

std::string image(std::string_view address) { return "url(" + quoted(address) + ")"; }

std::string families(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& family : list) {
    if (!is_family(family)) continue;
    if (!out.empty()) out += ", ";
    out += contains(generic_families, family) ? family : quoted(family);
  }
  return out;
}

// Declarations, one on each line.
class Block {
 public:
  explicit Block(std::string indent) : indent_(std::move(indent)) {}

  void declare(std::string_view property, std::string_view value) {
    text_ += fmt::format("{}{}: {};\n", indent_, property, value);
  }
  // "" where nothing was declared.
  std::string rule(std::string_view selector) const {
    const std::string outer = indent_.substr(2);
    return text_.empty() ? "" : fmt::format("{}{} {{\n{}{}}}\n", outer, selector, text_, outer);
  }

 private:
  std::string indent_;
  std::string text_;
};

void declare_colors(Block& block, const std::map<std::string, Color>& colors) {
  for (const auto& [name, color] : colors)
    if (contains(color_names, name)) block.declare("--hc-color-" + kebab(name), to_string(color));
}

std::string properties(const Look& look) {
  Block root("  ");
  declare_colors(root, look.colors);
  for (const auto& [name, address] : look.images)
    if (contains(image_names, name) && is_address(address))
      root.declare("--hc-image-" + kebab(name), image(address));
  for (const auto& [name, list] : look.fonts)
    if (const std::string value = families(list); contains(font_names, name) && !value.empty())
      root.declare("--hc-font-" + kebab(name), value);
  if (is_address(look.logo)) root.declare("--hc-logo", image(look.logo));
  return root.rule(":root");
}

std::string dark_properties(const Look& look) {
  Block root("    ");
  declare_colors(root, look.dark);
  const std::string rule = root.rule(":root");
  return rule.empty() ? "" : "@media (prefers-color-scheme: dark) {\n" + rule + "}\n";
}

std::string skin_class(const Skin& skin) {
  Block block("  ");
  if (skin.background) block.declare("background-color", to_string(*skin.background));
  if (skin.text) block.declare("color", to_string(*skin.text));
  if (skin.border) block.declare("border-color", to_string(*skin.border));
  if (is_address(skin.image)) block.declare("background-image", image(skin.image));
  return is_slug(skin.name) ? block.rule(".hc-skin-" + skin.name) : "";
}

// "NP": of any other text what may stand in a comment.
std::string commented(std::string_view country) {
  std::string out;
  for (const char c : country)
    if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) out += c;
  return out;
}

}  // namespace

std::string to_css(const Document& document) {
  std::string out = fmt::format("/* {} {} */\n", commented(document.country), document.version);
  out += properties(document.look) + dark_properties(document.look);
  for (const Skin& skin : document.look.skins) out += skin_class(skin);
  return out;
}

}  // namespace hotclock::theme
