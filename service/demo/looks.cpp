#include "service/demo/looks.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string_view>

#include "service/theme/color.h"

namespace hotclock::demo {
namespace {

namespace json = boost::json;
using theme::Color;
using theme::readable_on;
using theme::to_string;

constexpr Color black{0, 0, 0}, white{255, 255, 255};

Color color(std::string_view text) { return theme::parse_color(text).value_or(black); }

// So many hundredths of `b` in `a`.
Color mixed(Color a, Color b, int hundredths) {
  const auto part = [&](int x, int y) {
    return static_cast<std::uint8_t>((x * (100 - hundredths) + y * hundredths + 50) / 100);
  };
  return {part(a.red, b.red), part(a.green, b.green), part(a.blue, b.blue)};
}

// A page in tints of the first colour: `paper` is what it is nearly made of, `ink` what stands on
// it.
json::object colors(const Looks& looks, Color paper, Color ink, int tone) {
  const Color primary = mixed(color(looks.primary), paper, tone);
  const Color accent = color(looks.accent);
  const Color background = mixed(primary, paper, 93), surface = mixed(primary, paper, 84);
  const Color text = mixed(primary, ink, 88);
  return {{"primary", to_string(primary)},       {"onPrimary", to_string(readable_on(primary))},
          {"accent", to_string(accent)},         {"onAccent", to_string(readable_on(accent))},
          {"background", to_string(background)}, {"text", to_string(text)},
          {"surface", to_string(surface)},       {"onSurface", to_string(text)}};
}

json::object skin(std::string_view name, Color background, Color border) {
  return {{"name", name},
          {"background", to_string(background)},
          {"text", to_string(readable_on(background))},
          {"border", to_string(border)}};
}

// "Eid al-Fitr" -> "eid-al-fitr": what stylesheets and skins are called.
std::string slug_of(std::string_view name) {
  std::string slug;
  for (const char c : name) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) slug += c;
    if (c >= 'A' && c <= 'Z') slug += static_cast<char>(c - 'A' + 'a');
    if ((c == ' ' || c == '-') && !slug.empty() && slug.back() != '-') slug += '-';
  }
  return slug;
}

std::string art_of(std::string_view overlay) {
  return "/demo/art/" + std::string(overlay) + ".svg";
}

json::object fonts_of(const Occasion& o) {
  const json::array serif{"Georgia", "Times New Roman", "serif"};
  const json::array plain{"system-ui", "Helvetica", "sans-serif"};
  return {{"heading", o.type == "cultural" ? serif : plain}, {"body", plain}};
}

std::string greeting_of(const Occasion& o) {
  return o.looks.greeting.empty() ? "Happy " + std::string(o.name) + "!"
                                  : std::string(o.looks.greeting);
}

// "Only now: Diyo, Firework, Laddu"
std::string shelf_of(const Occasion& o) {
  std::string text = "Only now: ";
  for (std::size_t i = 0; i < o.gifts.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::string(o.gifts[i]);
  return text;
}

json::object element(std::string text) { return {{"visible", true}, {"text", std::move(text)}}; }

// 15 -> "1.5": what a person would write.
std::string times(int tenths) {
  return std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10));
}

}  // namespace

std::string theme_of(const Occasion& o) {
  const std::string art = art_of(o.looks.overlay);
  return json::serialize(json::object{{"name", slug_of(o.name)},
                                      {"colors", colors(o.looks, white, black, 0)},
                                      {"dark", colors(o.looks, black, white, 20)},
                                      {"images", {{"overlay", art}}},
                                      {"logo", {{"image", art}, {"alt", o.name}}},
                                      {"fonts", fonts_of(o)},
                                      {"overlay", o.looks.overlay},
                                      {"elements",
                                       {{"banner", element(greeting_of(o))},
                                        {"giftShelf", element(shelf_of(o))},
                                        {"badge", element(std::string(o.name))}}}});
}

std::string skins_of(const Occasion& o) {
  json::object patterned = skin(o.looks.overlay, color(o.looks.accent), color(o.looks.primary));
  patterned["image"] = art_of(o.looks.overlay);
  return json::serialize(json::array{
      skin(o.looks.skin, color(o.looks.primary), color(o.looks.accent)), std::move(patterned)});
}

std::string bonuses_of(const Occasion& o) {
  return "{\"giftMultiplier\":" + times(o.bonuses.gift) +
         ",\"coinMultiplier\":" + times(o.bonuses.coin) +
         ",\"experienceMultiplier\":" + times(o.bonuses.experience) + "}";
}

}  // namespace hotclock::demo
