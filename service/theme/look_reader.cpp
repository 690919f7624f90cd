#include "service/theme/look_reader.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "scheduler/base/nearest.h"
#include "service/theme/kinds.h"
#include "service/theme/written.h"

namespace hotclock::theme {
namespace {

namespace json = boost::json;

struct Pair {
  std::string_view text;
  std::string_view ground;
};

// Which colours are read on which.
constexpr std::array<Pair, 4> pairs = {{{"onPrimary", "primary"},
                                        {"onAccent", "accent"},
                                        {"text", "background"},
                                        {"onSurface", "surface"}}};

std::string at(const std::string& where, std::size_t index) {
  return fmt::format("{}[{}]", where, index);
}

template <class Map>
auto find(const Map& map, std::string_view name) {
  const auto found = map.find(std::string(name));
  return found == map.end() ? nullptr : &found->second;
}

// "4.48"; what is too little does not look like enough once it is rounded.
std::string ratio(double contrast) {
  const double rounded = std::round(contrast * 100) / 100;
  return fmt::format("{:.2f}", rounded < enough_contrast ? rounded : enough_contrast - 0.01);
}

// A number in hundredths; none where it needs a third decimal.
std::optional<int> hundredths_of(const json::value& value) {
  json::error_code error;
  const double number = value.to_number<double>(error);
  if (error || !(std::abs(number) <= 1000)) return std::nullopt;
  const double rounded = std::round(number * 100);
  if (std::abs(number * 100 - rounded) > 1e-9) return std::nullopt;
  return static_cast<int>(rounded);
}

}  // namespace

void LookReader::note(const Path& where, std::string what, std::string right) {
  problems_.push_back({where.empty() ? "theme" : where, std::move(what), std::move(right)});
}

void LookReader::note_unknown(const Path& where, std::string_view name,
                              std::span<const std::string_view> known) {
  const std::string_view meant = nearest(name, known);
  note(below(where, name), "unknown",
       meant.empty() ? fmt::format("known are {}", fmt::join(known, ", "))
                     : fmt::format("did you mean {}?", meant));
}

void LookReader::each_member(const Value& value, const Path& where, const ReadNamed& read) {
  const json::object* object = value.if_object();
  if (!object) return note(where, "is no object", "write {...}");
  for (const auto& [key, member] : *object) {
    const std::string_view name(key.data(), key.size());
    read(name, member, below(where, name));
  }
}

void LookReader::each_known(const Value& value, const Path& where,
                            std::span<const std::string_view> known, const ReadNamed& read) {
  each_member(value, where, [&](std::string_view name, const Value& member, const Path& path) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return note_unknown(where, name, known);
    read(name, member, path);
  });
}

void LookReader::members(const Value& value, const Path& where,
                         std::initializer_list<Member> known) {
  std::vector<std::string_view> names;
  for (const Member& member : known) names.push_back(member.name);
  each_known(value, where, names, [&](std::string_view name, const Value& v, const Path& path) {
    std::find_if(known.begin(), known.end(), [&](const Member& m) {
      return m.name == name;
    })->read(v, path);
  });
}

std::optional<std::string_view> LookReader::text_of(const Value& value, const Path& where) {
  const json::string* text = value.if_string();
  if (text) return std::string_view(text->data(), text->size());
  note(where, "is no text", "write \"...\"");
  return std::nullopt;
}

std::optional<Color> LookReader::color_of(const Value& value, const Path& where) {
  const auto text = text_of(value, where);
  if (!text) return std::nullopt;
  const auto color = parse_color(*text);
  if (!color) note(where, fmt::format("'{}' is no colour", shown(*text)), "write #rrggbb");
  return color;
}

std::string LookReader::slug_of(const Value& value, const Path& where) {
  const auto text = text_of(value, where);
  if (!text) return {};
  if (is_slug(*text)) return std::string(*text);
  note(where, fmt::format("'{}' is no name", shown(*text)),
       "write small letters, digits and hyphens, a letter first, at most 40");
  return {};
}

std::string LookReader::words_of(const Value& value, const Path& where) {
  const auto text = text_of(value, where);
  if (!text) return {};
  if (!is_plain_text(*text)) {
    note(where, fmt::format("'{}' has a character that is not for people", shown(*text)),
         "write it on one line, without characters that control or turn the text");
  } else if (length(*text) > longest_text) {
    note(where, fmt::format("has {} characters", length(*text)),
         fmt::format("{} are the most", longest_text));
  } else {
    return std::string(*text);
  }
  return {};
}

std::string LookReader::url_of(const Value& value, const Path& where) {
  const auto text = text_of(value, where);
  if (!text) return {};
  if (is_url(*text, rules_)) return std::string(*text);
  note(where, fmt::format("'{}' is no address that may be shown", shown(*text)),
       rules_.hosts.empty()
           ? "write a path of this site, as /festivals/sky.webp"
           : fmt::format("write a path of this site, as /festivals/sky.webp, or https:// on {}",
                         fmt::join(rules_.hosts, ", ")));
  return {};
}

std::vector<std::string> LookReader::families_of(const Value& value, const Path& where) {
  const json::array* list = value.if_array();
  std::vector<std::string> families;
  if (!list || list->empty() || list->size() > most_families) {
    note(where, "is no list of fonts",
         fmt::format("write [\"Mukta\", \"serif\"], at most {}", most_families));
    return families;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto family = text_of((*list)[i], at(where, i));
    if (!family) continue;
    if (is_family(*family))
      families.emplace_back(*family);
    else
      note(at(where, i), fmt::format("'{}' is no font's name", shown(*family)),
           "write letters, digits, spaces and hyphens, a letter first, at most 40");
  }
  return families;
}

void LookReader::read_palette(const Value& value, const Path& where,
                              std::map<std::string, Color>& palette) {
  each_known(value, where, color_names,
             [&](std::string_view name, const Value& member, const Path& path) {
               if (const auto color = color_of(member, path)) palette[std::string(name)] = *color;
             });
}

void LookReader::read_images(const Value& value, const Path& where) {
  each_known(value, where, image_names,
             [&](std::string_view name, const Value& member, const Path& path) {
               if (auto url = url_of(member, path); !url.empty())
                 look_.images[std::string(name)] = std::move(url);
             });
}

void LookReader::read_logo(const Value& value, const Path& where) {
  bool pictured = false;
  members(value, where,
          {{"image",
            [&](const Value& v, const Path& path) {
              pictured = true;
              look_.logo = url_of(v, path);
            }},
           {"alt", [&](const Value& v, const Path& path) { look_.logo_alt = words_of(v, path); }}});
  if (!pictured && value.is_object()) note(below(where, "image"), "missing", "write its address");
  if (look_.logo.empty()) look_.logo_alt.clear();
}

void LookReader::read_fonts(const Value& value, const Path& where) {
  each_known(value, where, font_names,
             [&](std::string_view name, const Value& member, const Path& path) {
               if (auto families = families_of(member, path); !families.empty())
                 look_.fonts[std::string(name)] = std::move(families);
             });
}

void LookReader::read_element(const Value& value, const Path& where, Element& element) {
  members(value, where,
          {{"visible",
            [&](const Value& v, const Path& path) {
              if (v.is_bool())
                element.visible = v.get_bool();
              else
                note(path, "is neither true nor false", "write true or false");
            }},
           {"text", [&](const Value& v, const Path& path) { element.text = words_of(v, path); }},
           {"link", [&](const Value& v, const Path& path) { element.link = url_of(v, path); }}});
}

void LookReader::read_elements(const Value& value, const Path& where) {
  each_member(value, where, [&](std::string_view name, const Value& member, const Path& path) {
    if (!is_element_name(name))
      return note(path, "is no name of an element",
                  "write letters and digits, a small letter first, at most 40");
    if (look_.elements.size() == most_elements)
      return note(path, "is one element too many", fmt::format("{} are the most", most_elements));
    if (!member.is_object()) return note(path, "is no object", "write {\"visible\": true}");
    read_element(member, path, look_.elements[std::string(name)]);
  });
}

void LookReader::read_skin(const Value& value, const Path& where) {
  Skin skin;
  bool named = true;
  const auto color_into = [this](std::optional<Color>& color) {
    return [this, &color](const Value& v, const Path& path) { color = color_of(v, path); };
  };
  if (value.is_string()) {
    skin.name = slug_of(value, where);
  } else {
    named = !value.is_object() || value.get_object().contains("name");
    members(value, where,
            {{"name", [&](const Value& v, const Path& path) { skin.name = slug_of(v, path); }},
             {"background", color_into(skin.background)},
             {"text", color_into(skin.text)},
             {"border", color_into(skin.border)},
             {"image", [&](const Value& v, const Path& path) { skin.image = url_of(v, path); }}});
  }
  if (!named) note(below(where, "name"), "missing", "write its name");
  judge_skin(where, skin);
  if (skin.name.empty()) return;
  const auto twin = [&](const Skin& other) { return other.name == skin.name; };
  if (std::any_of(look_.skins.begin(), look_.skins.end(), twin))
    return note(where, fmt::format("'{}' stands twice", skin.name), "write it once");
  look_.skins.push_back(std::move(skin));
}

void LookReader::read_multiplier(const Value& value, const Path& where, int most, int& hundredths) {
  const auto read = hundredths_of(value);
  if (read && *read >= 100 && *read <= most)
    hundredths = *read;
  else
    note(where, "is no multiplier that may be",
         fmt::format("write a number from 1 to {}, two decimals at most", most / 100));
}

void LookReader::read_theme(const Value& value) {
  members(
      value, "",
      {{"name", [&](const Value& v, const Path& path) { look_.name = slug_of(v, path); }},
       {"colors", [&](const Value& v, const Path& path) { read_palette(v, path, look_.colors); }},
       {"dark", [&](const Value& v, const Path& path) { read_palette(v, path, look_.dark); }},
       {"images", [&](const Value& v, const Path& path) { read_images(v, path); }},
       {"logo", [&](const Value& v, const Path& path) { read_logo(v, path); }},
       {"fonts", [&](const Value& v, const Path& path) { read_fonts(v, path); }},
       {"overlay", [&](const Value& v, const Path& path) { look_.overlay = slug_of(v, path); }},
       {"elements", [&](const Value& v, const Path& path) { read_elements(v, path); }}});
  judge_palette("colors", look_.colors, {});
  judge_palette("dark", look_.dark, look_.colors);
}

void LookReader::read_skins(const Value& value) {
  const json::array* list = value.if_array();
  if (!list) return note("skins", "is no list", "write [...]");
  if (list->size() > most_skins)
    note("skins", fmt::format("has {} skins", list->size()),
         fmt::format("{} are the most", most_skins));
  for (std::size_t i = 0; i < std::min(list->size(), most_skins); ++i)
    read_skin((*list)[i], at("skins", i));
}

void LookReader::read_bonuses(const Value& value) {
  const auto multiplier = [this](int most, int& hundredths) {
    return [this, most, &hundredths](const Value& v, const Path& path) {
      read_multiplier(v, path, most, hundredths);
    };
  };
  members(value, "bonuses",
          {{"giftMultiplier", multiplier(500, look_.bonuses.gift)},
           {"coinMultiplier", multiplier(300, look_.bonuses.coin)},
           {"experienceMultiplier", multiplier(200, look_.bonuses.experience)}});
}

bool LookReader::passes(const Path& where, Color text, std::string_view ground, Color background) {
  const double has = contrast(text, background);
  if (has >= enough_contrast) return true;
  note(where,
       fmt::format("{} on {} {} has a contrast of {}, and {} is needed", to_string(text), ground,
                   to_string(background), ratio(has), enough_contrast),
       fmt::format("the nearest colour that passes is {}",
                   to_string(nearest_passing(text, background))));
  return false;
}

// A palette may lie on another one, whose colours show where it has none.
void LookReader::judge_palette(const Path& where, std::map<std::string, Color>& palette,
                               const std::map<std::string, Color>& beneath) {
  for (const auto& [text, ground] : pairs) {
    const Color* own = find(palette, ground);
    const Color* background = own ? own : find(beneath, ground);
    const Color* chosen = find(palette, text);
    if (chosen && background && !passes(below(where, text), *chosen, ground, *background))
      palette.erase(std::string(text));
    if (own) palette.try_emplace(std::string(text), readable_on(*own));
  }
}

void LookReader::judge_skin(const Path& where, Skin& skin) {
  if (!skin.background) return;
  if (skin.text && !passes(below(where, "text"), *skin.text, "background", *skin.background))
    skin.text.reset();
  if (!skin.text) skin.text = readable_on(*skin.background);
}

Look LookReader::take() { return std::move(look_); }

}  // namespace hotclock::theme
