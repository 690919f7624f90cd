// Reads a look member by member: what is of its kind goes into the look, what is not is noted.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "service/theme/look.h"

namespace hotclock::theme {

// One use; `rules` and `problems` outlive it.
class LookReader {
 public:
  LookReader(const Rules& rules, std::vector<Problem>& problems)
      : rules_(rules), problems_(problems) {}

  void read_theme(const boost::json::value& value);
  void read_skins(const boost::json::value& value);
  void read_bonuses(const boost::json::value& value);

  // What was read; where a ground has no colour of text on it, black or white is there.
  Look take();

 private:
  using Value = boost::json::value;
  using Path = std::string;
  using Read = std::function<void(const Value&, const Path&)>;
  using ReadNamed = std::function<void(std::string_view, const Value&, const Path&)>;
  struct Member {
    std::string_view name;
    Read read;
  };

  void note(const Path& where, std::string what, std::string right);
  void note_unknown(const Path& where, std::string_view name,
                    std::span<const std::string_view> known);

  void each_member(const Value& value, const Path& where, const ReadNamed& read);
  void each_known(const Value& value, const Path& where, std::span<const std::string_view> known,
                  const ReadNamed& read);
  void members(const Value& value, const Path& where, std::initializer_list<Member> known);

  std::optional<std::string_view> text_of(const Value& value, const Path& where);
  std::optional<Color> color_of(const Value& value, const Path& where);
  std::string slug_of(const Value& value, const Path& where);
  std::string words_of(const Value& value, const Path& where);
  std::string url_of(const Value& value, const Path& where);
  std::vector<std::string> families_of(const Value& value, const Path& where);
  void read_palette(const Value& value, const Path& where, std::map<std::string, Color>& palette);
  void read_images(const Value& value, const Path& where);
  void read_logo(const Value& value, const Path& where);
  void read_fonts(const Value& value, const Path& where);
  void read_elements(const Value& value, const Path& where);
  void read_element(const Value& value, const Path& where, Element& element);
  void read_skin(const Value& value, const Path& where);
  void read_multiplier(const Value& value, const Path& where, int most, int& hundredths);

  bool passes(const Path& where, Color text, std::string_view ground, Color background);
  void judge_palette(const Path& where, std::map<std::string, Color>& palette,
                     const std::map<std::string, Color>& beneath);
  void judge_skin(const Path& where, Skin& skin);

  const Rules& rules_;
  std::vector<Problem>& problems_;
  Look look_;
};

}  // namespace hotclock::theme
