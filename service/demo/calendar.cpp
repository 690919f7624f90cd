#include "service/demo/calendar.h"

#include <algorithm>
#include <chrono>

#include "service/demo/looks.h"
#include "service/demo/occasions.h"

namespace hotclock::demo {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year;

sys_days day_of(int yyyymmdd) {
  return std::chrono::year_month_day{
      year{yyyymmdd / 10000}, std::chrono::month{static_cast<unsigned>(yyyymmdd / 100 % 100)},
      std::chrono::day{static_cast<unsigned>(yyyymmdd % 100)}};
}

// Easter Sunday of the Gregorian calendar, by Meeus's rule.
sys_days easter_of(int y) {
  const int a = y % 19, b = y / 100, c = y % 100;
  const int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  const int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
  const int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
  return day_of(y * 10000 + f / 31 * 100 + f % 31 + 1);
}

Festival festival_of(const Occasion& o, Instant starts, Instant ends) {
  return {.name = std::string(o.name),
          .type = o.type,
          .country = o.country,
          .priority = o.priority,
          .starts_at = starts,
          .ends_at = ends,
          .theme = theme_of(o),
          .skins = skins_of(o),
          .bonuses = bonuses_of(o),
          .gifts = o.gifts};
}

// Its first days in the years from `from` to `to`, with how many days it lasts.
std::vector<std::pair<sys_days, int>> dates_of(const Occasion& o, int from, int to) {
  std::vector<std::pair<sys_days, int>> dates;
  for (const Days& span : o.when.by_moon)
    dates.emplace_back(day_of(span.first),
                       static_cast<int>((day_of(span.last) - day_of(span.first)).count()) + 1);
  for (int y = from; y <= to; ++y) {
    if (o.when.fixed != 0) dates.emplace_back(day_of(y * 10000 + o.when.fixed), o.when.length);
    if (o.when.by_easter)
      dates.emplace_back(easter_of(y) + days{o.when.from_easter}, o.when.length);
  }
  return dates;
}

constexpr days half_a_year{183};

void add_those_near(const Occasion& o, Instant now, std::vector<Festival>& found) {
  const int this_year =
      static_cast<int>(std::chrono::year_month_day{std::chrono::floor<days>(now)}.year());
  for (const auto& [first, length] : dates_of(o, this_year - 1, this_year + 1)) {
    const Instant starts = first - minutes{o.utc_offset};
    const Instant ends = starts + days{length} - Duration{1};
    if (ends >= now - half_a_year && starts <= now + half_a_year)
      found.push_back(festival_of(o, starts, ends));
  }
}

// Short ones of the platform's own: one that has ended and one that has begun since the last poll,
// and one each to end and to begin while somebody looks. Neighbours share a gift.
std::vector<Festival> specials_around(Instant now) {
  using std::chrono::hours;
  const Bonuses small{15, 12, 12};
  const auto special = [&](std::string_view name, int priority, Instant from, Instant to,
                           std::vector<std::string_view> sold, std::string_view greeting) {
    const Looks looks{"#00a6fb", "#ffdd00", "neon-frame", "spotlight", greeting};
    return festival_of({name, "special", "GLOBAL", priority, 0, looks, small, std::move(sold), {}},
                       from, to);
  };
  return {
      special("Early Bird Hour", 20, now - hours{2}, now - minutes{20}, {"Golden Mic", "Confetti"},
              "Good morning, early birds!"),
      special("Gift Rush", 25, now - minutes{30}, now + hours{3}, {"Confetti", "Neon Sign"},
              "The gift rush is on!"),
      special("Creator Spotlight", 30, now - hours{20}, now + minutes{4},
              {"Golden Mic", "Neon Sign"}, "The spotlight is on creators!"),
      special("Midnight Market", 35, now + minutes{6}, now + hours{6}, {"Neon Sign", "Lantern"},
              "The midnight market is open!"),
  };
}

}  // namespace

std::vector<Festival> festivals_around(Instant now) {
  std::vector<Festival> found = specials_around(now);
  for (const Occasion& occasion : occasions()) add_those_near(occasion, now, found);
  std::stable_sort(found.begin(), found.end(),
                   [](const Festival& a, const Festival& b) { return a.starts_at < b.starts_at; });
  return found;
}

}  // namespace hotclock::demo
