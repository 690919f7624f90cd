#include "service/theme/look.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "service/theme/kinds.h"

namespace hotclock::theme {
namespace {

const Rules rules{{"cdn.example"}};

Color color(std::string_view text) { return parse_color(text).value(); }

// The messages of what is wrong with a look.
std::vector<std::string> mistakes(const Written& written) {
  std::vector<std::string> messages;
  for (const Problem& problem : problems_of(written, rules)) messages.push_back(problem.message());
  return messages;
}

std::vector<std::string> mistakes(const char* theme) { return mistakes(Written{.theme = theme}); }

using Messages = std::vector<std::string>;

const Written dashain{
    .theme = R"({
      "name": "dashain",
      "colors": {"primary": "#B3261E", "onPrimary": "#fff", "background": "#fffaf0", "text": "#222"},
      "dark": {"background": "#1a0f0a"},
      "images": {"background": "/festivals/dashain/sky.webp", "pattern": "https://cdn.example/kite.svg"},
      "logo": {"image": "/festivals/dashain/logo.svg", "alt": "Dashain"},
      "fonts": {"heading": ["Mukta", "serif"], "body": ["Noto Sans"]},
      "overlay": "marigolds",
      "elements": {"banner": {"visible": true, "text": "शुभ विजया दशमी!", "link": "/festivals/dashain"},
                   "badge": {"visible": false}, "giftShelf": {}}
    })",
    .skins = R"(["kite", {"name": "marigold", "background": "#fb0", "border": "#a60",
                          "image": "/festivals/dashain/marigold.webp"}])",
    .bonuses = R"({"giftMultiplier": 2, "coinMultiplier": 1.55, "experienceMultiplier": 1.10})"};

TEST(Look, IsReadMemberByMember) {
  ASSERT_EQ(mistakes(dashain), Messages{});
  const Look look = look_of(dashain, rules);
  EXPECT_EQ(look.name, "dashain");
  EXPECT_EQ(look.colors.at("primary"), color("#b3261e"));
  EXPECT_EQ(look.colors.at("text"), color("#222222"));
  EXPECT_EQ(look.images.at("pattern"), "https://cdn.example/kite.svg");
  EXPECT_EQ(look.logo, "/festivals/dashain/logo.svg");
  EXPECT_EQ(look.logo_alt, "Dashain");
  EXPECT_EQ(look.fonts.at("heading"), (std::vector<std::string>{"Mukta", "serif"}));
  EXPECT_EQ(look.overlay, "marigolds");
  EXPECT_EQ(look.elements.at("banner"), (Element{true, "शुभ विजया दशमी!", "/festivals/dashain"}));
  EXPECT_FALSE(look.elements.at("badge").visible);
  EXPECT_TRUE(look.elements.at("giftShelf").visible);
  ASSERT_EQ(look.skins.size(), 2U);
  EXPECT_EQ(look.skins[0], Skin{"kite"});
  EXPECT_EQ(look.skins[1].border, color("#aa6600"));
  EXPECT_EQ(look.bonuses, (Bonuses{200, 155, 110}));
}

TEST(Look, IsEmptyWhereNothingIsWritten) {
  EXPECT_EQ(mistakes(Written{}), Messages{});
  EXPECT_EQ(look_of(Written{}, rules), Look{});
}

TEST(Look, HasBlackOrWhiteTextWhereNobodyChoseOne) {
  const Look look = look_of(dashain, rules);
  EXPECT_EQ(look.dark.at("text"), color("#fff"));
  EXPECT_EQ(look.skins[1].text, color("#000"));
  EXPECT_FALSE(look.colors.contains("onAccent"));  // for there is no accent
  EXPECT_EQ(look.skins[0].text, std::nullopt);
}

TEST(Look, TellsAllItsMistakesAtOnce) {
  EXPECT_EQ(
      mistakes(Written{.theme = R"({"name": "Dashain 2", "colors": {"primary": "red"}, "dark": 1,
                                          "elements": {"banner": {"visible": "yes", "text": 5}}})",
                       .skins = R"([{"background": "#fff"}, 7])",
                       .bonuses = R"({"giftMultiplier": 6})"}),
      (Messages{
          "name: 'Dashain 2' is no name; write small letters, digits and hyphens, a letter "
          "first, at most 40",
          "colors.primary: 'red' is no colour; write #rrggbb",
          "dark: is no object; write {...}",
          "elements.banner.visible: is neither true nor false; write true or false",
          "elements.banner.text: is no text; write \"...\"",
          "skins[0].name: missing; write its name",
          "skins[1]: is no object; write {...}",
          "bonuses.giftMultiplier: is no multiplier that may be; write a number from 1 to 5, "
          "two decimals at most",
      }));
}

TEST(Look, AnswersAnUnknownMemberWithTheNearestOne) {
  EXPECT_EQ(mistakes(R"({"colors": {"primry": "#fff"}, "colours": {}})"),
            (Messages{"colors.primry: unknown; did you mean primary?",
                      "colours: unknown; did you mean colors?"}));
  EXPECT_EQ(mistakes(R"({"images": {"video": "/a"}})"),
            (Messages{"images.video: unknown; known are background, pattern, overlay"}));
  EXPECT_EQ(mistakes(Written{.bonuses = R"({"giftMultiplyer": 2})"}),
            (Messages{"bonuses.giftMultiplyer: unknown; did you mean giftMultiplier?"}));
}

TEST(Look, MustBeReadableInItsColours) {
  EXPECT_EQ(
      mistakes(R"({"colors": {"background": "#fff", "text": "#777"}})"),
      (Messages{"colors.text: #777777 on background #ffffff has a contrast of 4.48, and 4.5 is "
                "needed; the nearest colour that passes is #767676"}));
  EXPECT_EQ(mistakes(R"({"dark": {"accent": "#ffff00", "onAccent": "#ffffff"}})").size(), 1U);
  EXPECT_EQ(mistakes(R"({"colors": {"surface": "#123", "onSurface": "#124"}})").size(), 1U);
  EXPECT_EQ(mistakes(R"({"colors": {"primary": "#123", "onPrimary": "#124"}})").size(), 1U);
  EXPECT_EQ(
      mistakes(Written{.skins = R"([{"name":"a","background":"#123","text":"#124"}])"}).size(), 1U);
}

TEST(Look, InTheDarkLiesOnTheColoursOfTheDay) {
  const char* theme = R"({"colors": {"background": "#000"}, "dark": {"text": "#111"}})";
  EXPECT_EQ(mistakes(theme).size(), 1U);
  EXPECT_EQ(look_of(Written{.theme = theme}, rules).dark.size(), 0U);
}

TEST(Look, WhoseTextCannotBeReadIsShownWithOneThatCan) {
  const Look look =
      look_of(Written{.theme = R"({"colors": {"background": "#fff", "text": "#777"}})"}, rules);
  EXPECT_EQ(look.colors.at("text"), color("#000"));
  EXPECT_EQ(look.colors.at("background"), color("#fff"));
}

TEST(Look, SaysNoNameTwice) {
  EXPECT_EQ(mistakes(R"({"colors": {"primary": "#fff", "primary": "#000"}})"),
            (Messages{"colors.primary: stands twice; write it once"}));
  EXPECT_EQ(
      mistakes(Written{.skins = R"(["a", {"name": "b", "text": "#111", "te\u0078t": "#222"}])"}),
      (Messages{"skins[1].text: stands twice; write it once"}));
  EXPECT_EQ(mistakes(Written{.skins = R"(["a", "b", {"name": "a"}])"}),
            (Messages{"skins[2]: 'a' stands twice; write it once"}));
  const Look look = look_of({.theme = R"({"overlay": "first", "overlay": "last"})"}, rules);
  EXPECT_EQ(look.overlay, "last");
}

TEST(Look, IsJson) {
  EXPECT_EQ(mistakes({"{", "[", ""}),
            (Messages{"theme: is no JSON; write JSON (UTF-8, quotes around names)",
                      "skins: is no JSON; write JSON (UTF-8, quotes around names)",
                      "bonuses: is no JSON; write JSON (UTF-8, quotes around names)"}));
  EXPECT_EQ(mistakes({"[]", "{}", "2"}),
            (Messages{"theme: is no object; write {...}", "skins: is no list; write [...]",
                      "bonuses: is no object; write {...}"}));
  EXPECT_EQ(mistakes("{\"name\":\"\xff\"}").size(), 1U);
  EXPECT_EQ(mistakes(R"({"name":"\ud800"})").size(), 1U);
  EXPECT_EQ(mistakes(R"({"name":"a"} {})").size(), 1U);
}

TEST(Look, IsNotNestedTooDeeply) {
  EXPECT_EQ(mistakes(R"({"name":[[[[[[1]]]]]]})"),
            (Messages{"theme: is nested too deeply; 6 deep is the most"}));
  const std::string deep(100'000, '[');
  EXPECT_EQ(look_of({deep.substr(0, 30'000), deep, "{}"}, rules), Look{});
}

TEST(Look, IsAtMostSoLarge) {
  const std::string spaces(largest_look - 100, ' ');
  EXPECT_EQ(mistakes(Written{.theme = "{}" + spaces}), Messages{});
  EXPECT_EQ(mistakes(Written{.theme = "{}" + spaces, .skins = "[]" + spaces}),
            (Messages{"look: has 65342 bytes; 32768 are the most"}));
}

TEST(Look, HasNotTooMuchOfAnything) {
  std::string skins, elements;
  for (int i = 0; i < 17; ++i) {
    const std::string comma = i == 0 ? "" : ",";
    skins += comma + "\"s" + std::to_string(i) + "\"";
    elements += comma + "\"e" + std::to_string(i) + "\":{}";
  }
  const Written written{.theme = "{\"elements\":{" + elements + "}}", .skins = "[" + skins + "]"};
  EXPECT_EQ(mistakes(written), (Messages{"elements.e16: is one element too many; 16 are the most",
                                         "skins: has 17 skins; 16 are the most"}));
  const Look look = look_of(written, rules);
  EXPECT_EQ(look.elements.size(), 16U);
  EXPECT_EQ(look.skins.size(), 16U);
}

TEST(Look, HasTextsOfTwoHundredCharactersInAnyScript) {
  const auto theme = [](int characters) {
    std::string text;
    for (int i = 0; i < characters; ++i) text += "न";
    return "{\"elements\":{\"banner\":{\"text\":\"" + text + "\"}}}";
  };
  EXPECT_EQ(mistakes(Written{.theme = theme(200)}), Messages{});
  EXPECT_EQ(mistakes(Written{.theme = theme(201)}),
            (Messages{"elements.banner.text: has 201 characters; 200 are the most"}));
}

TEST(Look, TellsNoMoreMistakesThanAnybodyReads) {
  std::string members;
  for (int i = 0; i < 250; ++i) members += (i == 0 ? "\"x" : ",\"x") + std::to_string(i) + "\":1";
  const auto told = mistakes(Written{.theme = "{" + members + "}"});
  ASSERT_EQ(told.size(), 101U);
  EXPECT_EQ(told.back(), "look: has 150 more mistakes");
}

TEST(Bonuses, AreWithinTheirBoundsAndHaveTwoDecimals) {
  const auto good = [](const char* text) { return mistakes(Written{.bonuses = text}).empty(); };
  EXPECT_TRUE(good(R"({"giftMultiplier": 5, "coinMultiplier": 3.0, "experienceMultiplier": 2})"));
  EXPECT_TRUE(
      good(R"({"giftMultiplier": 1, "coinMultiplier": 1.01, "experienceMultiplier": 1e0})"));
  for (const char* bad : {"5.01", "0.99", "0", "-1", "1.005", "1e300", "1e999", "\"2\"", "null",
                          "true", "[2]", "18446744073709551615"})
    EXPECT_FALSE(good(("{\"giftMultiplier\": " + std::string(bad) + "}").c_str())) << bad;
  EXPECT_FALSE(good(R"({"coinMultiplier": 3.01})"));
  EXPECT_FALSE(good(R"({"experienceMultiplier": 2.01})"));
}

TEST(Bonuses, AreExactInHundredths) {
  for (int hundredths = 100; hundredths <= 500; ++hundredths) {
    const std::string text = "{\"giftMultiplier\":" + std::to_string(hundredths / 100) + "." +
                             (hundredths % 100 < 10 ? "0" : "") + std::to_string(hundredths % 100) +
                             "}";
    EXPECT_EQ(look_of(Written{.bonuses = text}, {}).bonuses.gift, hundredths) << text;
  }
}

TEST(Bonuses, OfTwoFestivalsAreTheGreaterOfEach) {
  EXPECT_EQ(greater({200, 100, 150}, {150, 300, 150}), (Bonuses{200, 300, 150}));
}

TEST(DroppedValues, AreToldAndTakeNothingElseWithThem) {
  std::vector<Problem> dropped;
  const Look look =
      look_of({R"({"name": "x;}", "overlay": "diyas", "fonts": {"body": ["a\"", "Mukta"]}})",
               "[1, \"diyo\"]", "{\"giftMultiplier\": 9, \"coinMultiplier\": 2}"},
              rules, &dropped);
  EXPECT_EQ(look.name, "");
  EXPECT_EQ(look.overlay, "diyas");
  EXPECT_EQ(look.fonts.at("body"), std::vector<std::string>{"Mukta"});
  EXPECT_EQ(look.skins, std::vector<Skin>{Skin{"diyo"}});
  EXPECT_EQ(look.bonuses, (Bonuses{100, 200, 100}));
  EXPECT_EQ(dropped.size(), 4U);
}

}  // namespace
}  // namespace hotclock::theme
