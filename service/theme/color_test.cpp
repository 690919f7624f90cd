#include "service/theme/color.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

namespace hotclock::theme {
namespace {

constexpr Color black{0, 0, 0};
constexpr Color white{255, 255, 255};

Color color(std::string_view text) { return parse_color(text).value(); }

// Of the whole range from the first try on.
std::uint8_t channel(int from = 0, int to = 256) {
  return static_cast<std::uint8_t>(*rc::gen::resize(rc::kNominalSize, rc::gen::inRange(from, to)));
}

Color any_color() {
  const std::uint8_t red = channel(), green = channel(), blue = channel();
  return {red, green, blue};
}

// Red against green and blue, as a direction; grey has none.
double hue(Color c) {
  return std::atan2(std::sqrt(3.0) * (c.green - c.blue), 2.0 * c.red - c.green - c.blue);
}

TEST(Color, IsThreeOrSixHexDigits) {
  EXPECT_EQ(color("#b3261e"), (Color{0xb3, 0x26, 0x1e}));
  EXPECT_EQ(color("#B3261E"), color("#b3261e"));
  EXPECT_EQ(color("#f0a"), color("#ff00aa"));
  EXPECT_EQ(to_string(color("#F0A")), "#ff00aa");
}

TEST(Color, IsNothingElse) {
  for (const char* text :
       {"",           "#",     "#12",         "#1234",    "#12345",   "#1234567", "#12345678",
        "red",        "fff",   "#ggg",        "#fff ",    " #fff",    "#-12",     "#+1f+1f",
        "rgb(0,0,0)", "#fff;", "transparent", "#12345\n", "var(--x)", "##ffffff"})
    EXPECT_EQ(parse_color(text), std::nullopt) << text;
  EXPECT_EQ(parse_color(std::string_view("#ff\0fff", 7)), std::nullopt);
}

TEST(Contrast, IsThatOfKnownPairs) {
  EXPECT_NEAR(contrast(black, white), 21, 1e-9);
  EXPECT_NEAR(contrast(color("#777"), white), 4.48, 0.005);
  EXPECT_NEAR(contrast(color("#767676"), white), 4.54, 0.005);
  EXPECT_NEAR(contrast(color("#f00"), white), 4.00, 0.005);
  EXPECT_NEAR(contrast(color("#00f"), white), 8.59, 0.005);
  EXPECT_NEAR(contrast(color("#0f0"), black), 15.30, 0.005);
  EXPECT_NEAR(contrast(color("#949494"), white), 3.03, 0.005);
}

TEST(NearestPassing, OfAGreyIsTheNextGreyThatPasses) {
  EXPECT_EQ(nearest_passing(color("#777"), white), color("#767676"));
  EXPECT_EQ(nearest_passing(color("#757575"), black), color("#757575"));
  EXPECT_EQ(nearest_passing(color("#737373"), black), color("#757575"));
}

TEST(NearestPassing, MayBeLighterOrDarkerWhicheverIsNearer) {
  const Color on_dusk = nearest_passing(color("#c0c0c0"), color("#666666"));
  EXPECT_GT(on_dusk.red, 0xc0);
  const Color on_dawn = nearest_passing(color("#404040"), color("#909090"));
  EXPECT_LT(on_dawn.red, 0x40);
}

TEST(NearestPassing, IsBlackOrWhiteWhereNoColourHasSoMuch) {
  EXPECT_EQ(nearest_passing(color("#888"), color("#777"), 7), black);
  EXPECT_EQ(nearest_passing(color("#f00"), color("#444"), 15), white);
}

RC_GTEST_PROP(Color, IsReadBackAsItIsWritten, ()) {
  const Color c = any_color();
  RC_ASSERT(parse_color(to_string(c)) == c);
}

RC_GTEST_PROP(Contrast, IsTheSameFromBothSidesAndBetweenOneAndTwentyOne, ()) {
  const Color a = any_color(), b = any_color();
  RC_ASSERT(contrast(a, b) == contrast(b, a));
  RC_ASSERT(contrast(a, b) >= 1 && contrast(a, b) <= 21 + 1e-9);
  RC_ASSERT(std::abs(contrast(a, a) - 1) < 1e-12);
}

RC_GTEST_PROP(ReadableOn, IsAlwaysEnoughForText, ()) {
  const Color ground = any_color();
  const Color text = readable_on(ground);
  RC_ASSERT(text == black || text == white);
  RC_ASSERT(contrast(text, ground) >= enough_contrast);
}

RC_GTEST_PROP(NearestPassing, PassesWhereAnyColourDoes, ()) {
  const Color text = any_color(), ground = any_color();
  const double needed = channel(10, 211) / 10.0;
  const Color found = nearest_passing(text, ground, needed);
  const double most = std::max(contrast(black, ground), contrast(white, ground));
  if (most >= needed)
    RC_ASSERT(contrast(found, ground) >= needed);
  else
    RC_ASSERT(contrast(found, ground) == most);
  if (contrast(text, ground) >= needed) RC_ASSERT(found == text);
}

// It is the first shade on the way that passes: halfway back to the text none does.
RC_GTEST_PROP(NearestPassing, IsNoFartherThanItMustBe, ()) {
  const Color text = any_color(), ground = any_color();
  RC_PRE(contrast(text, ground) < enough_contrast);
  const Color found = nearest_passing(text, ground);
  const auto halfway = [](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>((a + b) / 2);
  };
  const auto apart = [](Color a, Color b) {
    return std::max(
        {std::abs(a.red - b.red), std::abs(a.green - b.green), std::abs(a.blue - b.blue)});
  };
  RC_PRE(apart(text, found) > 4);
  const Color between{halfway(text.red, found.red), halfway(text.green, found.green),
                      halfway(text.blue, found.blue)};
  RC_ASSERT(contrast(between, ground) < enough_contrast);
}

RC_GTEST_PROP(NearestPassing, KeepsTheHueOfAColourfulText, ()) {
  const Color text{channel(120, 256), channel(), channel(0, 60)}, ground = any_color();
  const auto spread = [](Color c) {
    return std::max({c.red, c.green, c.blue}) - std::min({c.red, c.green, c.blue});
  };
  const Color found = nearest_passing(text, ground);
  if (spread(found) < 60) return;  // near black and white nothing has much of a hue
  const double turned = std::abs(hue(text) - hue(found));
  RC_ASSERT(std::min(turned, 2 * M_PI - turned) < 0.6);  // OKLab's hue is not that of the channels
}

RC_GTEST_PROP(NearestPassing, OfAGreyIsAGrey, ()) {
  const std::uint8_t level = channel();
  const Color found = nearest_passing({level, level, level}, any_color());
  RC_ASSERT(found.red == found.green && found.green == found.blue);
}

}  // namespace
}  // namespace hotclock::theme
