#include "service/theme/festival.h"

#include <algorithm>
#include <tuple>

namespace hotclock::theme {
namespace {

auto standing(const Festival& f) {
  return std::tuple(f.priority, f.country != global, f.starts_at, f.id);
}

// When the flag of `f` will first be wrong.
std::optional<Instant> turn_of(const Festival& f, Instant now) {
  if (f.is_active != runs_at(f, now)) return now;
  if (f.is_active) return f.ends_at + instant_step;
  if (f.starts_at > now) return f.starts_at;
  return std::nullopt;
}

}  // namespace

bool runs_at(const Festival& festival, Instant t) {
  return festival.starts_at <= t && t <= festival.ends_at;
}

std::vector<const Festival*> runs_in(const std::vector<Festival>& festivals,
                                     std::string_view country, Instant t) {
  std::vector<const Festival*> running;
  for (const Festival& f : festivals)
    if (runs_at(f, t) && (f.country == global || f.country == country)) running.push_back(&f);
  std::sort(running.begin(), running.end(),
            [](const Festival* a, const Festival* b) { return a->id < b->id; });
  return running;
}

const Festival* dresses(const std::vector<Festival>& festivals, std::string_view country,
                        Instant t) {
  const auto running = runs_in(festivals, country, t);
  const auto best =
      std::max_element(running.begin(), running.end(), [](const Festival* a, const Festival* b) {
        return standing(*a) < standing(*b);
      });
  return best == running.end() ? nullptr : *best;
}

std::optional<Instant> next_turn(const std::vector<Festival>& festivals, Instant now) {
  std::optional<Instant> next;
  for (const Festival& f : festivals)
    if (const auto turn = turn_of(f, now); turn && (!next || *turn < *next)) next = turn;
  return next;
}

}  // namespace hotclock::theme
