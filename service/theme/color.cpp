#include "service/theme/color.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace hotclock::theme {
namespace {

constexpr Color black{0, 0, 0};
constexpr Color white{255, 255, 255};

// A colour as it is to the eye (OKLab): lightness, and how far it is from grey on two axes.
struct Seen {
  double lightness = 0;
  double a = 0;
  double b = 0;
};

// Light of the three primaries, 0 to 1 where a screen can show it.
struct Light {
  double red = 0;
  double green = 0;
  double blue = 0;
};

double linear(std::uint8_t channel) {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

std::uint8_t channel(double light) {
  const double c = light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(std::clamp(c, 0.0, 1.0) * 255));
}

Light light_of(Color c) { return {linear(c.red), linear(c.green), linear(c.blue)}; }

Color color_of(Light l) { return {channel(l.red), channel(l.green), channel(l.blue)}; }

double luminance(Color color) {
  const Light l = light_of(color);
  return 0.2126 * l.red + 0.7152 * l.green + 0.0722 * l.blue;
}

// The matrices of OKLab (Ottosson, 2020).
Seen seen(Light c) {
  const double l = std::cbrt(0.4122214708 * c.red + 0.5363325363 * c.green + 0.0514459929 * c.blue);
  const double m = std::cbrt(0.2119034982 * c.red + 0.6806995451 * c.green + 0.1073969566 * c.blue);
  const double s = std::cbrt(0.0883024619 * c.red + 0.2817188376 * c.green + 0.6299787005 * c.blue);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

double cube(double x) { return x * x * x; }

Light light_of(Seen c) {
  const double l = cube(c.lightness + 0.3963377774 * c.a + 0.2158037573 * c.b);
  const double m = cube(c.lightness - 0.1055613458 * c.a - 0.0638541728 * c.b);
  const double s = cube(c.lightness - 0.0894841775 * c.a - 1.2914855480 * c.b);
  return {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
          -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
          -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

bool can_be_shown(Light l) {
  constexpr double slack = 1e-6;
  const auto shown = [](double c) { return c >= -slack && c <= 1 + slack; };
  return shown(l.red) && shown(l.green) && shown(l.blue);
}

double distance(Seen x, Seen y) {
  return std::hypot(x.lightness - y.lightness, x.a - y.a, x.b - y.b);
}

// Less than one step of one channel away from grey.
bool is_grey(Seen c) { return std::hypot(c.a, c.b) < 1e-4; }

Color grey(double lightness) {
  const double light = cube(lightness);
  return color_of({light, light, light});
}

// `c` in another lightness and of the same hue, only as colourful as a screen can show it then.
Color in_lightness(Seen c, double lightness) {
  if (is_grey(c)) return grey(lightness);
  double from = 0;
  double to = 1;
  const auto faded = [&](double part) { return light_of(Seen{lightness, c.a * part, c.b * part}); };
  if (can_be_shown(faded(to))) return color_of(faded(to));
  for (int step = 0; step < 12; ++step) {
    const double middle = (from + to) / 2;
    (can_be_shown(faded(middle)) ? from : to) = middle;
  }
  return color_of(faded(from));
}

constexpr int coarse_steps = 32;
constexpr int fine_steps = 6;  // halvings: finer then than 8 bits of a channel tell apart

// The first shade from `text` to `end` (0 or 1) that passes; none where none does.
std::optional<Color> first_passing(Seen text, double end, Color background, double needed) {
  const auto shade = [&](double part) {
    return in_lightness(text, text.lightness + (end - text.lightness) * part);
  };
  const auto passes = [&](double part) { return contrast(shade(part), background) >= needed; };
  constexpr double step = 1.0 / coarse_steps;
  double to = step;
  while (to <= 1 && !passes(to)) to += step;
  if (to > 1) return std::nullopt;
  double from = to - step;
  for (int i = 0; i < fine_steps; ++i) {
    const double middle = (from + to) / 2;
    (passes(middle) ? to : from) = middle;
  }
  return shade(to);
}

std::optional<std::uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

std::optional<Color> parse_color(std::string_view text) {
  if (!text.starts_with('#') || (text.size() != 4 && text.size() != 7)) return std::nullopt;
  text.remove_prefix(1);
  const std::size_t digits = text.size() / 3;
  std::array<std::uint8_t, 3> channels{};
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const auto high = hex_digit(text[i * digits]);
    const auto low = hex_digit(text[i * digits + digits - 1]);
    if (!high || !low) return std::nullopt;
    channels[i] = static_cast<std::uint8_t>(*high * 16 + *low);
  }
  return Color{channels[0], channels[1], channels[2]};
}

std::string to_string(Color c) {
  return fmt::format("#{:02x}{:02x}{:02x}", c.red, c.green, c.blue);
}

double contrast(Color a, Color b) {
  const auto [darker, lighter] = std::minmax({luminance(a), luminance(b)});
  return (lighter + 0.05) / (darker + 0.05);
}

Color readable_on(Color background) {
  return contrast(black, background) >= contrast(white, background) ? black : white;
}

Color nearest_passing(Color text, Color background, double needed) {
  if (contrast(text, background) >= needed) return text;
  const Seen wanted = seen(light_of(text));
  const auto lighter = first_passing(wanted, 1, background, needed);
  const auto darker = first_passing(wanted, 0, background, needed);
  if (!lighter && !darker) return readable_on(background);
  if (!lighter || !darker) return lighter ? *lighter : *darker;
  const auto away = [&](Color c) { return distance(wanted, seen(light_of(c))); };
  return away(*lighter) <= away(*darker) ? *lighter : *darker;
}

}  // namespace hotclock::theme
