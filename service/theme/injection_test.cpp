// Values that would be more than values: in every field of a look, and as every name.
#include <gtest/gtest.h>

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/theme/document.h"
#include "service/theme/stylesheet_support.h"

namespace hotclock::theme {
namespace {

const Rules rules{{"cdn.example"}};

const std::vector<std::string> hostile = {
    "x;}",
    "};*{display:none",
    "*/ body{} /*",
    "</style><script>alert(1)</script>",
    "<!--",
    "url(javascript:alert(1))",
    "javascript:alert(1)",
    "\\",
    "\\22 ;",
    "\"",
    "'",
    "a\");background:url(//evil.example",
    "red\n;x:y",
    "red\r",
    "red\f",
    std::string("red\0", 4),
    "\u2028",
    "\u2029",
    "\u202egnp.exe",
    "\u2066a\u2069",
    "\u0085",
    "expression(alert(1))",
    "@import '//evil.example'",
    "//evil.example",
    "https://evil.example",
    "https://cdn.example@evil.example/",
    "http://cdn.example/",
    "data:text/html,<script>alert(1)</script>",
    "/..//evil.example",
    "/%2e%2e//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/a b",
    "/a)b",
    "var(--x)",
    "__proto__",
    "constructor[prototype]",
    "\xff\xfe",
};

enum class Kind { value, words, name };

// Where the hostile text stands, for which "@" is written; a look without it is `without`.
struct Field {
  std::string where;
  Kind kind;
  Written with;
  Written without;
};

Field in_theme(const char* where, const char* with, const char* without, Kind kind = Kind::value) {
  return {where, kind, {.theme = with}, {.theme = without}};
}

Field in_skins(const char* where, const char* with, const char* without, Kind kind = Kind::value) {
  return {where, kind, {.skins = with}, {.skins = without}};
}

Field in_bonuses(const char* where, const char* with, Kind kind = Kind::value) {
  return {where, kind, {.bonuses = with}, {}};
}

std::vector<Field> fields() {
  std::vector<Field> all = {
      in_theme("name", R"({"name":@,"overlay":"a"})", R"({"overlay":"a"})"),
      in_theme("overlay", R"({"name":"a","overlay":@})", R"({"name":"a"})"),
      in_theme("colors", R"({"name":"a","colors":@})", R"({"name":"a"})"),
      in_theme("images.background", R"({"images":{"background":@,"pattern":"/a"}})",
               R"({"images":{"pattern":"/a"}})"),
      in_theme("images.pattern", R"({"images":{"pattern":@}})", R"({})"),
      in_theme("images.overlay", R"({"images":{"overlay":@}})", R"({})"),
      in_theme("logo.image", R"({"logo":{"image":@,"alt":"a"}})", R"({})"),
      in_theme("logo.alt", R"({"logo":{"image":"/a","alt":@}})", R"({"logo":{"image":"/a"}})",
               Kind::words),
      in_theme("fonts.heading[0]", R"({"fonts":{"heading":[@,"serif"]}})",
               R"({"fonts":{"heading":["serif"]}})"),
      in_theme("fonts.body[1]", R"({"fonts":{"body":["Mukta",@]}})",
               R"({"fonts":{"body":["Mukta"]}})"),
      in_theme("fonts.body", R"({"fonts":{"body":@}})", R"({})"),
      in_theme("elements.banner.visible", R"({"elements":{"banner":{"visible":@}}})",
               R"({"elements":{"banner":{}}})"),
      in_theme("elements.banner.text", R"({"elements":{"banner":{"text":@}}})",
               R"({"elements":{"banner":{}}})", Kind::words),
      in_theme("elements.banner.link", R"({"elements":{"banner":{"link":@}}})",
               R"({"elements":{"banner":{}}})"),
      in_theme("", R"({"name":"a",@:"#fff"})", R"({"name":"a"})", Kind::name),
      in_theme("colors.", R"({"colors":{"primary":"#fff",@:"#fff"}})",
               R"({"colors":{"primary":"#fff"}})", Kind::name),
      in_theme("dark.", R"({"dark":{@:"#fff"}})", R"({})", Kind::name),
      in_theme("images.", R"({"images":{@:"/a"}})", R"({})", Kind::name),
      in_theme("logo.", R"({"logo":{"image":"/a",@:"/a"}})", R"({"logo":{"image":"/a"}})",
               Kind::name),
      in_theme("fonts.", R"({"fonts":{@:["a"]}})", R"({})", Kind::name),
      in_theme("elements.", R"({"elements":{@:{"text":"a"}}})", R"({})", Kind::name),
      in_theme("elements.banner.", R"({"elements":{"banner":{@:"a"}}})",
               R"({"elements":{"banner":{}}})", Kind::name),
      in_skins("skins", "@", "[]"),
      in_skins("skins[1]", R"(["a",@])", R"(["a"])"),
      in_skins("skins[0].name", R"([{"name":@,"text":"#fff"}])", "[]"),
      in_skins("skins[0].background", R"([{"name":"a","background":@}])", R"(["a"])"),
      in_skins("skins[0].text", R"([{"name":"a","background":"#000","text":@}])",
               R"([{"name":"a","background":"#000"}])"),
      in_skins("skins[0].border", R"([{"name":"a","border":@}])", R"(["a"])"),
      in_skins("skins[0].image", R"([{"name":"a","image":@}])", R"(["a"])"),
      in_skins("skins[0].", R"([{"name":"a",@:"#fff"}])", R"(["a"])", Kind::name),
      in_bonuses("bonuses", "@"),
      in_bonuses("bonuses.giftMultiplier", R"({"giftMultiplier":@})"),
      in_bonuses("bonuses.coinMultiplier", R"({"coinMultiplier":@})"),
      in_bonuses("bonuses.experienceMultiplier", R"({"experienceMultiplier":@})"),
      in_bonuses("bonuses.", R"({@:2})", Kind::name),
  };
  for (const std::string palette : {"colors", "dark"})
    for (const std::string name : {"primary", "onPrimary", "accent", "onAccent", "background",
                                   "text", "surface", "onSurface"})
      all.push_back({palette + "." + name,
                     Kind::value,
                     {.theme = "{\"" + palette + "\":{\"" + name + "\":@}}"},
                     {}});
  return all;
}

std::string with(std::string text, const std::string& value) {
  if (const auto at = text.find('@'); at != std::string::npos) text.replace(at, 1, value);
  return text;
}

// As JSON that an editor might send: quoted, though perhaps no UTF-8.
Written with(const Written& written, const std::string& value) {
  const std::string json = boost::json::serialize(boost::json::string(value));
  return {with(written.theme, json), with(written.skins, json), with(written.bonuses, json)};
}

bool is_utf8(const std::string& text) { return text != "\xff\xfe"; }

// Whatever stands between quotes on a page is a text for people, unless it controls something.
bool may_be_words(const std::string& text) {
  for (const char* bad :
       {"\n", "\r", "\f", "\t", "\u2028", "\u2029", "\u202e", "\u2066", "\u0085", "\xff"})
    if (text.find(bad) != std::string::npos) return false;
  return text.find('\0') == std::string::npos;
}

Document wearing(const Written& written) {
  return {.country = "NP", .version = 4, .look = look_of(written, rules)};
}

bool is_told(const std::vector<Problem>& problems, const Field& field, const std::string& value) {
  return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) {
    if (!is_utf8(value)) return !problem.where.empty();
    return field.kind == Kind::name ? problem.where.starts_with(field.where)
                                    : problem.where == field.where;
  });
}

void expect_clean(const Document& document) {
  EXPECT_TRUE(StyleSheet(to_css(document), &rules.hosts).declarations()) << to_css(document);
  const std::string json = to_json(document);
  for (const char* bad : {"<", ">", "\u2028", "\u2029", "\n"})
    EXPECT_EQ(json.find(bad), std::string::npos) << json;
  const auto read = parse_document(json, rules);
  ASSERT_TRUE(read) << json;
  EXPECT_EQ(*read, document);
}

TEST(Injection, IsRefusedInEveryFieldWithItsPath) {
  for (const Field& field : fields()) {
    for (const std::string& value : hostile) {
      SCOPED_TRACE(field.where + " = " + value);
      const auto problems = problems_of(with(field.with, value), rules);
      const bool is_harmless = field.kind == Kind::words && may_be_words(value);
      EXPECT_EQ(problems.empty(), is_harmless);
      EXPECT_EQ(is_told(problems, field, value), !is_harmless);
      for (const Problem& problem : problems)
        EXPECT_TRUE(may_be_words(problem.message())) << problem.message();
    }
  }
}

TEST(Injection, LeavesNoTraceInWhatIsShown) {
  for (const Field& field : fields()) {
    for (const std::string& value : hostile) {
      SCOPED_TRACE(field.where + " = " + value);
      const Document document = wearing(with(field.with, value));
      expect_clean(document);
      EXPECT_EQ(to_css(document), to_css(wearing(is_utf8(value) ? field.without : Written{})));
      if (field.kind == Kind::words || !is_utf8(value)) continue;
      EXPECT_EQ(to_json(document), to_json(wearing(field.without)));
    }
  }
}

TEST(Injection, OfWordsStaysWords) {
  const std::string words = "</script>\"; */ }";
  const Written written = with(Written{.theme = R"({"elements":{"banner":{"text":@}}})"}, words);
  const Document document = wearing(written);
  EXPECT_EQ(document.look.elements.at("banner").text, words);
  EXPECT_EQ(to_css(document), "/* NP 4 */\n");
  EXPECT_NE(to_json(document).find(R"(\u003c/script\u003e\"; */ })"), std::string::npos);
  expect_clean(document);
}

TEST(Injection, InTheNamesOfAFestivalOrACountryStaysAName) {
  for (const std::string& value : hostile) {
    SCOPED_TRACE(value);
    Festival festival{.id = 3, .name = value, .country = value, .ends_at = from_millis(9)};
    festival.theme = R"({"colors":{"primary":"#fff"}})";
    const Document document = document_for({festival}, value, from_millis(1), rules);
    EXPECT_EQ(document.look.colors.size(), 2U);
    expect_clean(document);
  }
}

// The style sheet trusts nobody: not even whoever made the document.
TEST(Injection, PastTheReaderIsNotWrittenEither) {
  for (const std::string& value : hostile) {
    SCOPED_TRACE(value);
    Document document{.country = value, .version = 4};
    Look& look = document.look;
    look.name = look.overlay = value;
    look.colors = {{value, Color{}}, {"text", Color{}}};
    look.dark = look.colors;
    look.images = {{"background", value}, {value, "/a"}};
    look.fonts = {{"body", {value, "serif"}}, {value, {"serif"}}};
    look.elements = {{value, {true, value, value}}};
    look.skins = {{value, Color{}, {}, {}, "/a"}, {"diyo", {}, {}, {}, value}};
    const auto sheet = StyleSheet(to_css(document)).declarations();
    ASSERT_TRUE(sheet) << to_css(document);
    for (const Declaration& declaration : *sheet)
      EXPECT_TRUE(declaration.value == "#000000" || declaration.value == "serif" ||
                  declaration.value == "url(\"https://evil.example\")")
          << declaration.value;
    boost::json::error_code error;
    boost::json::parse(to_json(document), error);
    EXPECT_FALSE(error) << to_json(document);
  }
}

TEST(Injection, IsSeenByTheCheckThatLooksForIt) {
  for (const char* bad :
       {"", "body{}", "/* NP 4 */\nbody {}", "/* NP 4 */ */",
        "/* NP 4 */\n:root {\n  color: #000000;\n}", "/* NP 4 */\n:root {\n  --hc-color-a: red;\n}",
        "/* NP 4 */\n:root {\n  --hc-logo: url(\"//evil.example\");\n}",
        "/* NP 4 */\n:root {\n  --hc-logo: url(\"https://evil.example/\");\n}",
        "/* NP 4 */\n:root {\n  --hc-font-a: \"a\\\"\";\n}",
        "/* NP 4 */\n.hc-skin-a {\n  color: #000000}", "/* NP 4 */\n@import \"/a\";",
        "/* </style> */"})
    EXPECT_FALSE(StyleSheet(bad, &rules.hosts).declarations()) << bad;
}

}  // namespace
}  // namespace hotclock::theme
