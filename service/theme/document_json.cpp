// A document as JSON, and back.
#include <charconv>
#include <cstdio>

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "scheduler/base/utf8.h"
#include "service/theme/document.h"
#include "service/theme/kinds.h"
#include "service/theme/look_reader.h"

namespace hotclock::theme {
namespace {

namespace json = boost::json;

// A text in quotes. It may stand inside a page, too: nothing in it ends a script.
std::string quoted(std::string_view text) {
  const std::string plain_json = json::serialize(json::string(well_formed(text)));
  std::string out;
  for (std::size_t i = 0; i < plain_json.size(); ++i) {
    const std::string_view rest = std::string_view(plain_json).substr(i);
    const bool ends_line = rest.starts_with("\u2028") || rest.starts_with("\u2029");
    if (rest[0] == '<' || rest[0] == '>' || rest[0] == '&') {
      out += fmt::format("\\u{:04x}", static_cast<int>(rest[0]));
    } else if (ends_line) {
      out += fmt::format("\\u{:04x}", static_cast<int>(first_character(rest).code));
      i += 2;
    } else {
      out += rest[0];
    }
  }
  return out;
}

// Members in the order in which they are added.
class Object {
 public:
  Object& add(std::string_view name, std::string_view json) {
    if (!text_.empty()) text_ += ',';
    text_ += fmt::format("{}:{}", quoted(name), json);
    return *this;
  }
  Object& add_text(std::string_view name, std::string_view text) {
    return text.empty() ? *this : add(name, quoted(text));
  }
  std::string json() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

template <class List, class ToJson>
std::string array_of(const List& list, ToJson to_json) {
  std::string out = "[";
  for (const auto& item : list) out += (out.size() > 1 ? "," : "") + to_json(item);
  return out + "]";
}

template <class Map, class ToJson>
std::string object_of(const Map& map, ToJson to_json) {
  Object out;
  for (const auto& [name, value] : map) out.add(name, to_json(value));
  return out.json();
}

std::string color_json(const Color& color) { return quoted(to_string(color)); }

std::string families_json(const std::vector<std::string>& families) {
  return array_of(families, quoted);
}

std::string element_json(const Element& element) {
  return Object()
      .add("visible", element.visible ? "true" : "false")
      .add_text("text", element.text)
      .add_text("link", element.link)
      .json();
}

std::string skin_json(const Skin& skin) {
  Object out;
  out.add("name", quoted(skin.name));
  if (skin.background) out.add("background", color_json(*skin.background));
  if (skin.text) out.add("text", color_json(*skin.text));
  if (skin.border) out.add("border", color_json(*skin.border));
  return out.add_text("image", skin.image).json();
}

// 150 is 1.5.
std::string multiplier_json(int hundredths) {
  std::string out = fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.pop_back();
  return out;
}

std::string multipliers_json(const Bonuses& bonuses) {
  return Object()
      .add("giftMultiplier", multiplier_json(bonuses.gift))
      .add("coinMultiplier", multiplier_json(bonuses.coin))
      .add("experienceMultiplier", multiplier_json(bonuses.experience))
      .json();
}

std::string id_json(std::int64_t id) { return quoted(std::to_string(id)); }

std::string instant_json(const std::optional<Instant>& t) {
  return t ? quoted(hotclock::to_string(*t)) : "null";
}

std::string festival_json(const Document& document) {
  if (!document.festival) return "null";
  return Object()
      .add("id", id_json(*document.festival))
      .add("name", quoted(document.festival_name))
      .json();
}

void add_look(Object& out, const Look& look) {
  out.add_text("name", look.name).add("colors", object_of(look.colors, color_json));
  if (!look.dark.empty()) out.add("dark", object_of(look.dark, color_json));
  if (!look.images.empty()) out.add("images", object_of(look.images, quoted));
  if (!look.logo.empty())
    out.add("logo", Object().add("image", quoted(look.logo)).add_text("alt", look.logo_alt).json());
  if (!look.fonts.empty()) out.add("fonts", object_of(look.fonts, families_json));
  out.add_text("overlay", look.overlay)
      .add("skins", array_of(look.skins, skin_json))
      .add("elements", object_of(look.elements, element_json));
}

const json::value* member(const json::value& value, std::string_view name) {
  const json::object* object = value.if_object();
  return object ? object->if_contains({name.data(), name.size()}) : nullptr;
}

std::optional<std::string> text_of(const json::value* value) {
  const json::string* text = value ? value->if_string() : nullptr;
  return text ? std::optional(std::string(text->data(), text->size())) : std::nullopt;
}

std::optional<std::int64_t> id_of(const json::value* value) {
  const auto text = text_of(value);
  std::int64_t id = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), id);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return id;
}

// Of what to_string(Instant) wrote, and nothing else.
std::optional<Instant> instant_of(const json::value* value) {
  const auto text = text_of(value);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0;
  if (!text || std::sscanf(text->c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3d", &year, &month, &day, &hour,
                           &minute, &second, &millis) < 6)
    return std::nullopt;
  using namespace std::chrono;
  const auto date = std::chrono::year{year} / month / day;
  if (!date.ok()) return std::nullopt;
  const Instant t =
      sys_days{date} + hours{hour} + minutes{minute} + seconds{second} + milliseconds{millis};
  return hotclock::to_string(t) == *text ? std::optional(t) : std::nullopt;
}

Look look_in(const json::value& document, const Rules& rules) {
  std::vector<Problem>
      problems;  // the document's own members, which are no look's, and what is amiss
  LookReader reader(rules, problems);
  reader.read_theme(document);
  if (const auto* skins = member(document, "skins")) reader.read_skins(*skins);
  if (const auto* bonuses = member(document, "bonuses")) reader.read_bonuses(*bonuses);
  return reader.take();
}

Error corrupt(std::string what) {
  return Error(Errc::corrupt, "the theme document " + std::move(what));
}

}  // namespace

std::string to_json(const Document& document) {
  Object out;
  out.add("country", quoted(document.country))
      .add("version", std::to_string(document.version))
      .add("festival", festival_json(document))
      .add("validUntil", instant_json(document.valid_until));
  add_look(out, document.look);
  return out.add("bonuses", multipliers_json(document.look.bonuses))
      .add("festivals", array_of(document.festivals, id_json))
      .json();
}

std::string bonuses_json(const Document& document) {
  return Object()
      .add("country", quoted(document.country))
      .add("version", std::to_string(document.version))
      .add("bonuses", multipliers_json(document.look.bonuses))
      .add("festivals", array_of(document.festivals, id_json))
      .add("validUntil", instant_json(document.valid_until))
      .json();
}

Result<Document> parse_document(std::string_view text, const Rules& rules) {
  json::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  if (error) return corrupt("is no JSON");
  const auto country = text_of(member(value, "country"));
  const json::value* version = member(value, "version");
  if (!country || !version || !version->is_int64()) return corrupt("has no country or no version");
  Document document{.country = *country, .version = version->get_int64()};
  if (const json::value* festival = member(value, "festival"); festival && festival->is_object()) {
    document.festival = id_of(member(*festival, "id"));
    if (!document.festival) return corrupt("has a festival without an id");
    document.festival_name = plain(text_of(member(*festival, "name")).value_or(""));
  }
  document.valid_until = instant_of(member(value, "validUntil"));
  document.look = look_in(value, rules);
  if (const json::value* ids = member(value, "festivals"); ids && ids->is_array())
    for (const json::value& id : ids->get_array())
      if (const auto known = id_of(&id)) document.festivals.push_back(*known);
  return document;
}

}  // namespace hotclock::theme
