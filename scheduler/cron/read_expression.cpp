// The text as a whole: zone, nickname or fields, and what the fields together mean.
#include <array>
#include <bit>

#include "scheduler/base/nearest.h"
#include "scheduler/cron/fields.h"
#include "scheduler/cron/items.h"

namespace hotclock::cron {
namespace {

constexpr std::size_t kLongest = 4096;

struct Nickname {
  std::string_view name;
  std::string_view fields;
};
constexpr std::array<Nickname, 7> kNicknames{{{"@yearly", "0 0 1 1 *"},
                                              {"@annually", "0 0 1 1 *"},
                                              {"@monthly", "0 0 1 * *"},
                                              {"@weekly", "0 0 * * 0"},
                                              {"@daily", "0 0 * * *"},
                                              {"@midnight", "0 0 * * *"},
                                              {"@hourly", "0 * * * *"}}};
constexpr std::array<std::string_view, 9> kNicknameWords{"@yearly", "@annually", "@monthly",
                                                         "@weekly", "@daily",    "@midnight",
                                                         "@hourly", "@reboot",   "@every"};

// One comparison for nearly every character.
bool is_blank(char c) { return c <= ' ' && (c == ' ' || c == '\t'); }

void skip_blanks(std::string_view& rest) {
  while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
}

// Takes what stands before the next space or tab.
std::string_view take_word(std::string_view& rest) {
  const char* p = rest.data();
  const char* const end = p + rest.size();
  while (p != end && !is_blank(*p)) ++p;
  const std::string_view word(rest.data(), static_cast<std::size_t>(p - rest.data()));
  while (p != end && is_blank(*p)) ++p;
  rest = {p, static_cast<std::size_t>(end - p)};
  return word;
}

bool fail_zone(Reading& r, std::string_view name) {
  return r.fail({name,
                 "zone",
                 "unknown time zone " + quoted(name),
                 {},
                 std::string(nearest(name, std::span<const std::string>(zone_names())))});
}

constexpr std::array<std::string_view, 2> kZonePrefixes{"CRON_TZ=", "TZ="};

// A zone in front of the expression, `CRON_TZ=Europe/Berlin` or `TZ=...`; else the one given beside
// it.
bool read_zone(Reading& r, std::string_view& rest, Plan& plan) {
  for (const std::string_view prefix : kZonePrefixes) {
    if (rest.empty() || rest.front() != prefix.front() || !rest.starts_with(prefix)) continue;
    const std::string_view word = take_word(rest);
    if (!r.extended())
      return r.fail(
          {word, "zone", "a zone in the expression is an extension of the hotclock dialect"});
    const std::string_view name = word.substr(prefix.size());
    if (name.empty())
      return r.fail({name, "zone", "the zone's name is missing", "America/New_York"});
    auto zone = load_zone(name);
    if (!zone) return fail_zone(r, name);
    plan.zone = zone->get();
    return true;
  }
  auto zone = load_zone(r.options().zone);
  if (!zone) return r.fail_beside("zone", r.options().zone, zone.error().message());
  plan.zone = zone->get();
  return true;
}

constexpr std::string_view kSpans = "@every 90s, 15m, 1h30m or 2d";

bool read_every(Reading& r, std::string_view word, std::string_view span, Plan& plan) {
  if (span.empty()) return r.fail({word, "", "`@every` needs a span of time", kSpans});
  std::uint64_t total = 0;
  for (std::string_view rest = span; !rest.empty();) {
    const std::string_view part = rest;
    const bool number = is_digit(rest.front());
    const int n = take_digits(rest);
    if (!number || (!rest.empty() && rest.front() == '.'))
      return r.fail({span, "", quoted(span) + " is no span of whole seconds", kSpans});
    if (rest.empty())
      return r.fail({part, "", "the unit is missing", "s, m, h or d", std::string(span) + "s"});
    const std::size_t unit = std::string_view("smhd").find(rest.front());
    const bool millis = rest.starts_with("ms");
    if (unit == std::string_view::npos || millis)
      return r.fail(
          {rest.substr(0, millis ? 2 : 1), "", "a span has no such unit", "s, m, h or d"});
    constexpr std::array<std::uint64_t, 4> kUnits{1, 60, 3600, 86400};
    total += static_cast<std::uint64_t>(n) * kUnits[unit];
    rest.remove_prefix(1);
  }
  constexpr std::uint64_t kMost = 366 * 86400;
  if (total < 1 || total > kMost)
    return r.fail({span, "", "the span " + quoted(span) + " is out of range", "1s-366d",
                   total < 1 ? "1s" : "366d"});
  plan.kind = Kind::every;
  plan.every = static_cast<std::uint32_t>(total);
  return true;
}

// Gives the fields a nickname stands for, or reads all there is to it (`fields` stays empty then).
bool read_nickname(Reading& r, std::string_view rest, Plan& plan, std::string_view& fields) {
  const std::string_view word = take_word(rest);
  if (r.is(Dialect::quartz))
    return r.fail({word, "", "the quartz dialect has no nicknames", "6 or 7 fields"});
  if (word == "@every" && r.extended()) {
    const std::string_view span = take_word(rest);
    if (!rest.empty()) return r.fail({rest, "", "nothing may follow the span of `@every`", kSpans});
    return read_every(r, word, span, plan);
  }
  const bool reboot = word == "@reboot";
  for (const Nickname& n : kNicknames)
    if (n.name == word) fields = n.fields;
  if (!reboot && fields.empty())
    return r.fail({word, "", "unknown nickname " + quoted(word),
                   "@yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly or @reboot",
                   std::string(nearest(word, std::span<const std::string_view>(kNicknameWords)))});
  if (!rest.empty()) return r.fail({rest, "", "nothing may follow a nickname"});
  if (reboot) plan.kind = Kind::reboot;
  return true;
}

// The fields as they stand.
struct Fields {
  std::array<std::string_view, 7> words;
  std::size_t count = 0;

  // Empty for the second where it is not given.  REQUIRES: the year only where it is given.
  std::string_view operator[](FieldId id) const {
    const auto i = static_cast<std::size_t>(id);
    return count > 5 ? words[i] : i == 0 ? std::string_view() : words[i - 1];
  }
};

bool fail_count(Reading& r, std::string_view token, std::size_t count) {
  const bool quartz = r.is(Dialect::quartz);
  return r.fail({token, "",
                 count == 0 ? "the expression is empty"
                            : std::to_string(count) + (count == 1 ? " field" : " fields") +
                                  (count > 7 ? " are too many" : " are too few"),
                 quartz ? "second minute hour day-of-month month day-of-week, and a year if wanted"
                        : "minute hour day-of-month month day-of-week; with 6 a second in front, "
                          "with 7 a year behind"});
}

bool split(Reading& r, std::string_view rest, Fields& out) {
  std::size_t n = 0;
  for (; !rest.empty() && n < out.words.size(); ++n) out.words[n] = take_word(rest);
  const std::size_t least = r.is(Dialect::quartz) ? 6 : 5;
  if (!rest.empty()) {
    std::size_t all = n;
    for (std::string_view more = rest; !more.empty(); ++all) take_word(more);
    return fail_count(r, rest, all);
  }
  if (n < least) return fail_count(r, rest, n);
  out.count = n;
  return true;
}

// Both day fields into one rule. `both` says that a `+` asks for days that both name.
bool read_days(Reading& r, const Fields& fields, DayRule& rule) {
  std::string_view weekday = fields[FieldId::weekday];
  const bool both = weekday.starts_with('+') && !r.is(Dialect::quartz);
  if (both) weekday.remove_prefix(1);
  FieldSet dates, week;
  if (!read_field(r, field_kind(FieldId::day, r.options().dialect), fields[FieldId::day], dates) ||
      !read_field(r, field_kind(FieldId::weekday, r.options().dialect), weekday, week))
    return false;
  rule.days = static_cast<std::uint32_t>(dates.bits);
  rule.from_end = dates.from_end;
  rule.near = dates.near;
  rule.weekdays = static_cast<std::uint8_t>(week.bits);
  rule.nth = week.nth;
  rule.either = !both && !dates.all && !week.all;
  return true;
}

// Quartz takes one of the two day fields only, and wants a `?` in the other.
bool check_quartz_days(Reading& r, const Fields& fields) {
  const std::string_view day = fields[FieldId::day], weekday = fields[FieldId::weekday];
  if ((day == "?") != (weekday == "?")) return true;
  if (day == "?")
    return r.fail(
        {weekday, "day-of-week", "`?` stands in one of the two day fields, not in both", {}, "*"});
  return r.fail({weekday,
                 "day-of-week",
                 "the quartz dialect wants `?` in one of the two day fields",
                 {},
                 weekday == "*" || day != "*" ? "?" : ""});
}

bool one_value(std::uint64_t set) { return std::popcount(set) == 1; }

// Whether the times are fixed, so that a gap or an overlap must not lose or double them.
bool is_fixed(const Plan& plan, const Fields& fields) {
  switch (plan.rule) {
    case DstRule::vixie:
      return !fields[FieldId::minute].starts_with('*') && !fields[FieldId::hour].starts_with('*') &&
             !fields[FieldId::second].starts_with('*');
    case DstRule::ocps:
      return false;
    case DstRule::single_value:
      return one_value(plan.seconds) && one_value(plan.minutes) && one_value(plan.hours);
  }
  return false;
}

bool read_fields(Reading& r, std::string_view text, Plan& plan) {
  Fields fields;
  if (!split(r, text, fields)) return false;
  const Dialect dialect = r.options().dialect;
  const auto read = [&](FieldId id, FieldSet& set) {
    return read_field(r, field_kind(id, dialect), fields[id], set);
  };
  FieldSet seconds, minutes, hours, months, years{.years = &plan.years};
  if (fields.count == 5) {
    seconds.bits = 1;
  } else if (!read(FieldId::second, seconds)) {
    return false;
  }
  if (!read(FieldId::minute, minutes) || !read(FieldId::hour, hours)) return false;
  if (dialect == Dialect::quartz && !check_quartz_days(r, fields)) return false;
  if (!read_days(r, fields, plan.day) || !read(FieldId::month, months)) return false;
  if (fields.count < 7) {
    plan.years = YearSet::all();
  } else if (!read(FieldId::year, years)) {
    return false;
  }
  plan.seconds = seconds.bits;
  plan.minutes = minutes.bits;
  plan.hours = static_cast<std::uint32_t>(hours.bits);
  plan.months = static_cast<std::uint16_t>(months.bits);
  plan.fixed = is_fixed(plan, fields);
  plan.uneven_steps = r.uneven() & 0x3F;
  plan.years_given = fields.count == 7 && !years.all;
  plan.nameless_hash = r.hashed() && r.options().hash_key.empty();
  return true;
}

}  // namespace

bool read_expression(Reading& r, Plan& plan) {
  std::string_view rest = r.text();
  if (rest.size() > kLongest)
    return r.fail({rest.substr(kLongest), "", "the expression is too long", "4096 characters"});
  plan.rule = r.options().dst;
  plan.dialect = r.options().dialect;
  skip_blanks(rest);
  while (!rest.empty() && is_blank(rest.back())) rest.remove_suffix(1);
  if (!read_zone(r, rest, plan)) return false;
  if (!rest.starts_with('@')) return read_fields(r, rest, plan);
  std::string_view fields;
  if (!read_nickname(r, rest, plan, fields)) return false;
  return fields.empty() || read_fields(r, fields, plan);
}

}  // namespace hotclock::cron
