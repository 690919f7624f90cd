// The kinds of values that a look is made of. Each is a list of what is allowed: what it does not
// name does not pass, and so nothing that passes means anything to a style sheet but itself.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "service/theme/look.h"

namespace hotclock::theme {

inline constexpr std::array<std::string_view, 8> color_names = {
    "primary", "onPrimary", "accent", "onAccent", "background", "text", "surface", "onSurface"};
inline constexpr std::array<std::string_view, 3> image_names = {"background", "pattern", "overlay"};
inline constexpr std::array<std::string_view, 2> font_names = {"heading", "body"};

inline constexpr std::size_t longest_text = 200;  // characters
inline constexpr std::size_t longest_url = 512;
inline constexpr std::size_t most_families = 8;
inline constexpr std::size_t most_elements = 16;
inline constexpr std::size_t most_skins = 16;
inline constexpr std::size_t largest_look = 32 * 1024;

// "dashain-2026": small letters, digits and hyphens, a letter first, at most 40.
bool is_slug(std::string_view text);

// "giftShelf": letters and digits, a small letter first, at most 40.
bool is_element_name(std::string_view text);

// "Noto Sans": letters, digits, spaces and hyphens, a letter first, at most 40.
bool is_family(std::string_view text);

// Words for people: characters, none of which is a control character, ends a line, or turns the
// direction of what stands around it.
bool is_plain_text(std::string_view text);
std::string plain(std::string_view text);  // what of `text` is

// How many characters `text` has.
std::size_t length(std::string_view text);

// A path of the page's own origin, or https:// with some host; of the characters that need no
// quotes anywhere, and no way up or out of the path.
bool is_address(std::string_view text);

// An address of the page's own origin or of one of the hosts that may be shown.
bool is_url(std::string_view text, const Rules& rules);

// How the client and the style sheet call it: "onPrimary" is "on-primary".
std::string kebab(std::string_view name);

// `text` for a message: on one line, not longer than is helpful.
std::string shown(std::string_view text);

}  // namespace hotclock::theme
