#include "service/festivals/festival_json.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "scheduler/base/nearest.h"
#include "scheduler/base/utf8.h"
#include "scheduler/zone/civil.h"
#include "service/strict_json/strict_json.h"
#include "service/festivals/json_text.h"
#include "service/theme/festival.h"

namespace hotclock::festivals {
namespace {

namespace json = boost::json;

constexpr std::size_t most_bytes = 64 * 1024;
constexpr std::size_t longest_name = 100;  // characters
constexpr std::size_t most_gifts = 200;
constexpr std::int64_t greatest_priority = 1'000'000;

constexpr std::array<std::string_view, 4> known_types{"seasonal", "cultural", "special",
                                                      "anniversary"};

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

// What somebody wrote, as a message may repeat it.
std::string shown(std::string_view text) {
  std::string out;
  for (std::size_t n = 0; !text.empty() && n < 40; ++n) {
    const Utf8Character c = first_character(text);
    const std::size_t size = std::max<std::size_t>(c.size, 1);
    out += c.size == 0 || c.code < 0x20 || c.code == 0x7f ? "?" : std::string(text.substr(0, size));
    text.remove_prefix(size);
  }
  return "'" + out + (text.empty() ? "'" : "...'");
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known,
                         std::string otherwise) {
  const std::string_view near = nearest(word, known);
  return near.empty() ? otherwise : fmt::format("did you mean {}?", near);
}

// Length and characters of a name that people read; empty where it is one.
std::string fault_of_name(std::string_view name) {
  std::size_t characters = 0;
  for (std::string_view rest = name; !rest.empty(); ++characters) {
    const Utf8Character c = first_character(rest);
    if (c.size == 0 || c.code < 0x20 || (c.code >= 0x7f && c.code < 0xa0))
      return "it holds a control character";
    rest.remove_prefix(c.size);
  }
  if (name.find_first_not_of(' ') == std::string_view::npos) return "it is empty";
  return characters > longest_name ? fmt::format("it has {} characters", characters) : "";
}

// One member of the JSON: its value, and the same as it was written.
struct Member {
  std::string_view name;
  const json::value& value;
  std::string text;
};

class Reader {
 public:
  explicit Reader(Draft& draft) : draft_(draft) {}

  using Read = void (Reader::*)(const Member&);
  static Read reading(std::string_view name);
  static std::vector<std::string_view> names();

  void member(const Member& m) {
    if (const Read read = reading(m.name)) return (this->*read)(m);
    static const std::vector<std::string_view> known = names();
    problem(std::string(m.name.substr(0, 40)), "unknown", did_you_mean(m.name, known, ""));
  }
  void problem(std::string where, std::string what, std::string right) {
    draft_.problems.push_back({std::move(where), std::move(what), std::move(right)});
  }

 private:
  // A text, or a problem and none.
  std::optional<std::string> text(const Member& m, const std::string& right) {
    if (const json::string* text = m.value.if_string()) return std::string(view(*text));
    problem(std::string(m.name), shown(m.text) + " is no text", right);
    return std::nullopt;
  }

  void id(const Member& m) {
    const auto written = text(m, "leave it out");
    if (!written) return;
    std::int64_t number = 0;
    const char* end = written->data() + written->size();
    const auto read = std::from_chars(written->data(), end, number);
    if (read.ec != std::errc() || read.ptr != end || number < 1)
      return problem("id", shown(*written) + " is no festival's id", "leave it out");
    draft_.id = number;
  }
  void name(const Member& m) {
    const auto written = text(m, "write the name that people read");
    if (!written) return;
    if (std::string fault = fault_of_name(*written); !fault.empty())
      return problem("name", std::move(fault), fmt::format("1 to {} characters", longest_name));
    draft_.name = *written;
  }
  void type(const Member& m) {
    const std::string right = fmt::format("write {}", fmt::join(known_types, ", "));
    const auto written = text(m, right);
    if (!written) return;
    if (std::ranges::find(known_types, *written) == known_types.end())
      return problem("type", shown(*written) + " is no type of festival",
                     did_you_mean(*written, known_types, right));
    draft_.type = *written;
  }
  void country(const Member& m) {
    const std::string right = "write GLOBAL, or a country's two capitals, such as NP";
    const auto written = text(m, right);
    if (!written) return;
    const bool capitals =
        std::ranges::all_of(*written, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (*written != theme::global && (!capitals || written->size() != 2))
      return problem("country", shown(*written) + " is no country", right);
    draft_.country = *written;
  }
  void priority(const Member& m) {
    const std::int64_t* number = m.value.if_int64();
    if (!number || *number < -greatest_priority || *number > greatest_priority)
      return problem(
          "priority", shown(m.text) + " is no priority",
          fmt::format("write a whole number of at most {}; the highest dresses its country",
                      greatest_priority));
    draft_.priority = *number;
  }
  void starts_at(const Member& m) { draft_.starts_at = instant(m); }
  void ends_at(const Member& m) { draft_.ends_at = instant(m); }
  std::optional<Instant> instant(const Member& m) {
    const std::string right = "write 2026-11-07T18:15:00Z, or an offset for Z: +05:45";
    const auto written = text(m, right);
    if (!written) return std::nullopt;
    const auto read = parse_instant(*written);
    if (!read) problem(std::string(m.name), shown(*written) + " is no instant", right);
    return read;
  }
  // What a look is made of is judged by the rules of looks.
  void theme(const Member& m) { draft_.theme = m.text; }
  void skins(const Member& m) { draft_.skins = m.text; }
  void bonuses(const Member& m) { draft_.bonuses = m.text; }
  void gifts(const Member& m) {
    const json::array* list = m.value.if_array();
    if (!list) return problem("gifts", "it is no list", R"(write the names of gifts: ["Rose"])");
    if (list->size() > most_gifts)
      return problem("gifts", fmt::format("{} gifts", list->size()),
                     fmt::format("at most {}", most_gifts));
    draft_.gifts.emplace();
    for (std::size_t i = 0; i < list->size(); ++i) gift(i, (*list)[i]);
    std::ranges::sort(*draft_.gifts);
  }
  void gift(std::size_t i, const json::value& value) {
    const std::string where = fmt::format("gifts[{}]", i);
    const json::string* text = value.if_string();
    if (!text) return problem(where, "it is no text", "write the gift's name");
    std::vector<std::string>& gifts = *draft_.gifts;
    if (std::ranges::find(gifts, view(*text)) != gifts.end())
      return problem(where, shown(view(*text)) + " stands there twice", "leave one out");
    if (std::string fault = fault_of_name(view(*text)); !fault.empty())
      return problem(where, std::move(fault), "write the gift's name");
    gifts.emplace_back(view(*text));
  }
  void revision(const Member& m) { draft_.revision = text(m, "leave it out").value_or(""); }
  void passed_over(const Member&) {}

  struct Known {
    std::string_view name;
    Read read;
  };
  static std::span<const Known> known();

  Draft& draft_;
};

std::span<const Reader::Known> Reader::known() {
  static constexpr Known members[] = {{"id", &Reader::id},
                                      {"name", &Reader::name},
                                      {"type", &Reader::type},
                                      {"country", &Reader::country},
                                      {"priority", &Reader::priority},
                                      {"startsAt", &Reader::starts_at},
                                      {"endsAt", &Reader::ends_at},
                                      {"active", &Reader::passed_over},
                                      {"theme", &Reader::theme},
                                      {"skins", &Reader::skins},
                                      {"bonuses", &Reader::bonuses},
                                      {"gifts", &Reader::gifts},
                                      {"revision", &Reader::revision}};
  return members;
}

Reader::Read Reader::reading(std::string_view name) {
  for (const Known& member : known())
    if (member.name == name) return member.read;
  return nullptr;
}

std::vector<std::string_view> Reader::names() {
  std::vector<std::string_view> out;
  for (const Known& member : known()) out.push_back(member.name);
  return out;
}

// "+05:45" or "Z".
std::optional<Duration> parse_offset(std::string_view text) {
  if (text == "Z") return Duration{0};
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  int digits[4];
  for (int i = 0, at = 1; i < 4; ++i, at += at == 2 ? 2 : 1) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    digits[i] = text[at] - '0';
  }
  const int hours = digits[0] * 10 + digits[1], minutes = digits[2] * 10 + digits[3];
  if (hours > 14 || minutes > 59) return std::nullopt;
  const Duration offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  return text[0] == '-' ? -offset : offset;
}

// Takes ".250" from the end of a time of the day.
std::optional<Duration> take_fraction(std::string_view& text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return Duration{0};
  const std::string_view digits = text.substr(dot + 1);
  if (digits.empty() || digits.size() > 3) return std::nullopt;
  int millis = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const char c = i < digits.size() ? digits[i] : '0';
    if (c < '0' || c > '9') return std::nullopt;
    millis = millis * 10 + (c - '0');
  }
  text = text.substr(0, dot);
  return Duration{millis};
}

}  // namespace

std::vector<std::string_view> types() { return {known_types.begin(), known_types.end()}; }

std::optional<Instant> parse_instant(std::string_view text) {
  constexpr std::size_t date_and_t = 11;
  if (text.size() <= date_and_t || text[date_and_t - 1] != 'T') return std::nullopt;
  const auto zone = text.find_first_of("Z+-", date_and_t);
  if (zone == std::string_view::npos) return std::nullopt;
  const auto offset = parse_offset(text.substr(zone));
  std::string_view wall = text.substr(0, zone);
  const auto fraction = take_fraction(wall);
  const auto civil = parse_civil(wall);
  if (!offset || !fraction || !civil || civil->year < 1970) return std::nullopt;
  return from_millis(wall_seconds(*civil) * 1000) + *fraction - *offset;
}

std::string to_json(const Festival& f) {
  std::string gifts;
  for (const std::string& gift : f.gifts) gifts += (gifts.empty() ? "" : ",") + quoted(gift);
  return fmt::format(
      R"({{"id":"{}","name":{},"type":{},"country":{},"priority":{},"startsAt":"{}","endsAt":"{}",)"
      R"("active":{},"theme":{},"skins":{},"bonuses":{},"gifts":[{}],"revision":"{}"}})",
      f.id, quoted(f.name), quoted(f.type), quoted(f.country), f.priority, to_string(f.starts_at),
      to_string(f.ends_at), f.is_active, json_or_null(f.look.theme), json_or_null(f.look.skins),
      json_or_null(f.look.bonuses), gifts, f.revision);
}

Draft read_draft(std::string_view text) {
  Draft draft;
  Reader reader(draft);
  if (text.size() > most_bytes) {
    reader.problem("", fmt::format("{} bytes", text.size()), fmt::format("at most {}", most_bytes));
    return draft;
  }
  const auto object = strict_json::object_of(text);
  if (!object) {
    reader.problem("", object.error().message(), R"(write {"name":"Tihar","type":"cultural",...})");
    return draft;
  }
  std::vector<std::string> texts = member_texts(text);
  for (std::size_t i = 0; const auto& [name, value] : *object)
    reader.member({{name.data(), name.size()}, value, std::move(texts[i++])});
  return draft;
}

}  // namespace hotclock::festivals
