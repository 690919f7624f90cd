// Any three texts as a look: it becomes a document, whose style sheet says nothing that a theme may
// not, and whose JSON is read back as it was written.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/theme/document.h"
#include "service/theme/stylesheet_support.h"

using namespace hotclock;
using namespace hotclock::theme;

namespace {

const Rules rules{{"cdn.example"}};

void must(bool holds) {
  if (!holds) std::abort();
}

void must_be_harmless(const Document& document, const std::vector<std::string>* hosts) {
  must(StyleSheet(to_css(document), hosts).declarations().has_value());
  for (const std::string& text : {to_json(document), bonuses_json(document)}) {
    boost::json::error_code error;
    boost::json::parse(text, error);
    must(!error && text.find('<') == std::string::npos);
  }
}

void try_written(const Written& written) {
  std::vector<Problem> dropped;
  Document document{.country = "NP", .version = 4, .look = look_of(written, rules, &dropped)};
  for (const Problem& problem : dropped) must(!problem.where.empty() && !problem.what.empty());
  must_be_harmless(document, &rules.hosts);
  const auto read = parse_document(to_json(document), rules);
  must(read && *read == document);
  must(!dropped.empty() || problems_of(written, rules).size() <= 1);  // too large as a whole
}

// As every value and every name of a look.
Written framed(std::string_view text) {
  const std::string v = boost::json::serialize(boost::json::string(text));
  const std::string palette = "{\"primary\":" + v + ",\"onPrimary\":" + v +
                              ",\"background\":\"#fff\",\"text\":" + v + "," + v + ":\"#000\"}";
  const std::string named =
      "{" + v + ":" + v + ",\"visible\":true,\"text\":" + v + ",\"link\":" + v + "}";
  return {
      "{\"name\":" + v + ",\"overlay\":" + v + ",\"colors\":" + palette + ",\"dark\":" + palette +
          ",\"images\":{\"background\":" + v + "," + v + ":\"/a\"},\"logo\":{\"image\":" + v +
          ",\"alt\":" + v + "},\"fonts\":{\"heading\":[" + v + ",\"serif\"],\"body\":[" + v +
          "]},\"elements\":{\"banner\":" + named + "," + v + ":" + named + "}," + v + ":" + v + "}",
      "[" + v + ",{\"name\":" + v + ",\"image\":" + v + "},{\"name\":\"diyo\",\"background\":" + v +
          ",\"text\":\"#000\",\"image\":" + v + "}]",
      "{\"giftMultiplier\":" + v + "," + v + ":2}"};
}

// A document that nobody looked at before it is shown.
void try_unread(const std::string& text) {
  Document document{.country = text, .version = 4, .festival = 3, .festival_name = text};
  Look& look = document.look;
  look.name = look.logo = look.logo_alt = look.overlay = text;
  look.colors = {{"primary", {1, 2, 3}}, {text, {4, 5, 6}}};
  look.dark = look.colors;
  look.images = {{"background", text}, {text, "/a"}};
  look.fonts = {{"heading", {text, "serif"}}, {text, {text}}};
  look.elements = {{text, {true, text, text}}};
  look.skins = {{text, {}, Color{}, {}, text}, {"diyo", Color{}, {}, Color{}, text}};
  must_be_harmless(document, nullptr);
  (void)parse_document(to_json(document), rules);
}

std::string_view cut(std::string_view& text) {
  const auto end = text.find('\xff');  // stands in no UTF-8
  const std::string_view first = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return first;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)parse_document(text, rules);
  try_written(framed(text));
  try_unread(std::string(text));
  const std::string theme(cut(text)), skins(cut(text)), bonuses(cut(text));
  try_written({theme, skins, bonuses});
  return 0;
}
