#include "service/festivals/overlap.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace hotclock::festivals {
namespace {

using theme::Festival;

constexpr Duration moment = std::chrono::milliseconds{1};

// What lies in both.
struct Span {
  Instant from, until;
};
Span common(const Festival& a, const Festival& b) {
  return {std::max(a.starts_at, b.starts_at), std::min(a.ends_at, b.ends_at)};
}

std::string name_of(const Festival& f) { return fmt::format("{} ({})", f.name, f.id); }

std::string overlap_note(const Festival& festival, const Festival& other) {
  const Span span = common(festival, other);
  return fmt::format("overlaps {}, {}, priority {}, from {} to {}", name_of(other), other.country,
                     other.priority, to_string(span.from), to_string(span.until));
}

// Where a country may change its dress while `festival` runs.
std::set<Instant> turns(const Festival& festival, const std::vector<Festival>& all) {
  std::set<Instant> at{festival.starts_at};
  for (const Festival& f : all)
    for (const Instant t : {f.starts_at, f.ends_at + moment})
      if (t > festival.starts_at && t <= festival.ends_at) at.insert(t);
  return at;
}

std::set<std::string> countries(const Festival& festival, const std::vector<Festival>& others) {
  std::set<std::string> all{festival.country};
  if (festival.country == theme::global)
    for (const Festival& f : others) all.insert(f.country);
  return all;
}

// "NP is dressed by this festival from ..., by Tihar (3) from ..."; empty where it is by `festival`
// alone.
std::string dress_note(const Festival& festival, const std::vector<Festival>& all,
                       const std::string& country) {
  std::string words;
  const Festival* before = nullptr;
  bool alone = true;
  for (const Instant t : turns(festival, all)) {
    const Festival* now = theme::dresses(all, country, t);
    if (!now || now == before) continue;  // `festival` runs all the time, so somebody dresses
    before = now;
    const bool itself = now->id == festival.id;
    alone = alone && itself;
    words += fmt::format("{} by {} from {}", words.empty() ? "" : ",",
                         itself ? "this festival" : name_of(*now), to_string(t));
  }
  return alone ? "" : fmt::format("{} is dressed{}", country, words);
}

}  // namespace

std::vector<std::string> notes_on(const Festival& festival, const std::vector<Festival>& others) {
  std::vector<std::string> notes;
  for (const Festival& other : others) notes.push_back(overlap_note(festival, other));
  std::vector<Festival> all = others;
  all.push_back(festival);
  for (const std::string& country : countries(festival, others))
    if (std::string note = dress_note(festival, all, country); !note.empty())
      notes.push_back(std::move(note));
  return notes;
}

}  // namespace hotclock::festivals
