#include "service/theme/document.h"

#include <algorithm>

#include "service/theme/kinds.h"

namespace hotclock::theme {
namespace {

// The last instant whose year has four digits, as ISO 8601 wants it; what is later is never.
constexpr Instant latest = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} - instant_step;

Look look_of(const Festival& f, const Rules& rules) {
  return look_of(Written{f.theme, f.skins, f.bonuses}, rules);
}

Bonuses bonuses_of(const Festival& f) { return look_of(Written{.bonuses = f.bonuses}, {}).bonuses; }

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
  for (const Festival* f : running) effective = greater(effective, bonuses_of(*f));
  document.look.bonuses = effective;
  document.festivals = ids_of(running);
  return document;
}

// When `f` will next begin or be over, after `t`.
std::optional<Instant> turn_after(const Festival& f, Instant t) {
  if (f.starts_at > f.ends_at) return std::nullopt;
  const Instant turn = f.starts_at > t ? f.starts_at : std::min(f.ends_at, latest) + instant_step;
  return turn > t ? std::optional(turn) : std::nullopt;
}

// A document names all festivals that run: it is another one as soon as one of them begins or is
// over.
std::optional<Instant> valid_until(const std::vector<Festival>& festivals, std::string_view country,
                                   Instant t) {
  std::optional<Instant> next;
  for (const Festival& f : festivals) {
    if (f.country != global && f.country != country) continue;
    const auto turn = turn_after(f, t);
    if (turn && *turn <= latest && (!next || *turn < *next)) next = turn;
  }
  return next;
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
