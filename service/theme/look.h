// The look of a festival as an editor writes it: read strictly when it is written, and once more,
// leniently, when it is shown.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/theme/color.h"

namespace hotclock::theme {

// One mistake in a look.
struct Problem {
  std::string where;  // "colors.primary", "skins[2].text"
  std::string what;   // "'red' is no colour"
  std::string right;  // "write #rrggbb"; empty where `what` says it all

  // "colors.primary: 'red' is no colour; write #rrggbb"
  std::string message() const;

  friend bool operator==(const Problem&, const Problem&) = default;
};

struct Rules {
  std::vector<std::string> hosts;  // whose images and links may be shown beside those of the page's own
};

// A named part of the interface.
struct Element {
  bool visible = true;
  std::string text;
  std::string link;

  friend bool operator==(const Element&, const Element&) = default;
};

// What dresses a stream, an avatar, a gift.
struct Skin {
  std::string name;
  std::optional<Color> background;
  std::optional<Color> text;
  std::optional<Color> border;
  std::string image;

  friend bool operator==(const Skin&, const Skin&) = default;
};

// Multipliers of rewards, in hundredths, so that they are exact: 150 is 1.5.
struct Bonuses {
  int gift = 100;
  int coin = 100;
  int experience = 100;

  friend bool operator==(const Bonuses&, const Bonuses&) = default;
};

// What counts where two festivals overlap: the greater of each, never their product.
Bonuses greater(const Bonuses& a, const Bonuses& b);

struct Look {
  std::string name;
  std::map<std::string, Color> colors;
  std::map<std::string, Color> dark;  // where people prefer dark colours
  std::map<std::string, std::string> images;
  std::string logo;
  std::string logo_alt;
  std::map<std::string, std::vector<std::string>> fonts;
  std::string overlay;
  std::map<std::string, Element> elements;
  std::vector<Skin> skins;
  Bonuses bonuses;

  friend bool operator==(const Look&, const Look&) = default;
};

// The JSON texts of a festival.
struct Written {
  std::string theme{"{}"};
  std::string skins{"[]"};
  std::string bonuses{"{}"};
};

// Everything that is wrong with a look: with its theme, then its skins, then its bonuses. Empty: it
// may be stored. Of more than a hundred problems the last one tells how many more there are.
std::vector<Problem> problems_of(const Written& written, const Rules& rules);

// What of a look may be shown: a value that is not what its kind allows is left out, and told in
// `dropped`. Colours of text that are absent, or cannot be read on their ground, are black or
// white. Never fails, for no mistake of an editor may keep a festival from starting.
Look look_of(const Written& written, const Rules& rules, std::vector<Problem>* dropped = nullptr);

}  // namespace hotclock::theme
