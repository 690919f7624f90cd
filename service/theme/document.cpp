#include "service/theme/document.h"

#include <algorithm>

#include "service/theme/kinds.h"

namespace hotclock::theme {
namespace {

constexpr Duration instant_step{1};  // a festival still runs at ends_at: it is over a step later

Look look_of(const Festival& f, const Rules& rules) {
  return look_of(Written{f.theme, f.skins, f.bonuses}, rules);
}

std::vector<std::int64_t> ids_of(const std::vector<const Festival*>& festivals) {
  std::vector<std::int64_t> ids;
  for (const Festival* f : festivals) ids.push_back(f->id);
  return ids;
}

// The document in which `dressing`, if any, dresses the country while all of `running` run there.
Document dressed(std::string_view country, const Festival* dressing,
                 const std::vector<const Festival*>& running, const Rules& rules) {
  Document document;
  document.country = plain(country);
  if (dressing) {
    document.festival = dressing->id;
    document.festival_name = plain(dressing->name);
    document.look = look_of(*dressing, rules);
  }
  Bonuses effective;
  for (const Festival* f : running) effective = greater(effective, look_of(*f, rules).bonuses);
  document.look.bonuses = effective;
  document.festivals = ids_of(running);
  return document;
}

// Every instant after `t` at which some festival of the country begins or is over, in order.
std::vector<Instant> turns_after(const std::vector<Festival>& festivals, std::string_view country,
                                 Instant t) {
  std::vector<Instant> turns;
  for (const Festival& f : festivals) {
    if (f.country != global && f.country != country) continue;
    if (f.starts_at > t) turns.push_back(f.starts_at);
    if (f.ends_at >= t && f.ends_at < Instant::max()) turns.push_back(f.ends_at + instant_step);
  }
  std::sort(turns.begin(), turns.end());
  return turns;
}

// A document names all festivals that run: it is another one exactly when those are others.
std::optional<Instant> valid_until(const std::vector<Festival>& festivals, std::string_view country,
                                   Instant t) {
  const auto now = ids_of(runs_in(festivals, country, t));
  for (const Instant turn : turns_after(festivals, country, t))
    if (ids_of(runs_in(festivals, country, turn)) != now) return turn;
  return std::nullopt;
}

}  // namespace

Document document_for(const std::vector<Festival>& festivals, std::string_view country, Instant t,
                      const Rules& rules) {
  Document document =
      dressed(country, dresses(festivals, country, t), runs_in(festivals, country, t), rules);
  document.valid_until = valid_until(festivals, country, t);
  return document;
}

Document preview(const std::vector<Festival>& festivals, const Festival& festival,
                 std::string_view country, Instant t, const Rules& rules) {
  auto running = runs_in(festivals, country, t);
  std::erase_if(running, [&](const Festival* f) { return f->id == festival.id; });
  const auto place = std::find_if(running.begin(), running.end(),
                                  [&](const Festival* f) { return f->id > festival.id; });
  running.insert(place, &festival);
  return dressed(country, &festival, running, rules);
}

bool same_but_version(const Document& a, const Document& b) {
  Document as_b = a;
  as_b.version = b.version;
  return as_b == b;
}

}  // namespace hotclock::theme
