// Colours as themes have them, and whether text can be read on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hotclock::theme {

struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  friend bool operator==(const Color&, const Color&) = default;
};

// What WCAG 2.2 asks of text of ordinary size (success criterion 1.4.3).
inline constexpr double enough_contrast = 4.5;

// "#rgb" or "#rrggbb"; nothing else is a colour here.
std::optional<Color> parse_color(std::string_view text);
// "#rrggbb".
std::string to_string(Color color);

// From 1, the same colour, to 21, black on white: WCAG 2.2's contrast ratio.
double contrast(Color a, Color b);

// Black or white, whichever has more contrast; it is always enough for text.
Color readable_on(Color background);

// Of the shades of `text`, the same hue lighter or darker, the one nearest to it for the eye
// (OKLab) that has `needed` contrast on `background`; `text` itself where it has. Where no colour
// has so much it is readable_on(background).
Color nearest_passing(Color text, Color background, double needed = enough_contrast);

}  // namespace hotclock::theme
