#include "service/festivals/judge.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "service/festivals/overlap.h"
#include "service/theme/kinds.h"

namespace hotclock::festivals {
namespace {

template <class T>
void take(std::optional<T>& from, T& to) {
  if (from) to = std::move(*from);
}

Festival merged(Draft& draft, Festival base) {
  take(draft.name, base.name);
  take(draft.type, base.type);
  take(draft.country, base.country);
  take(draft.priority, base.priority);
  take(draft.starts_at, base.starts_at);
  take(draft.ends_at, base.ends_at);
  take(draft.theme, base.look.theme);
  take(draft.skins, base.look.skins);
  take(draft.bonuses, base.look.bonuses);
  take(draft.gifts, base.gifts);
  return base;
}

// An instant that nobody has written yet.
constexpr Instant unwritten{};

// Members that every festival has, and this one has not: neither right nor wrong.
void find_missing(const Festival& festival, std::vector<Problem>& problems) {
  const auto missing = [&](const char* where, bool is_missing, const char* right) {
    const auto told = [&](const Problem& p) { return p.where == where; };
    if (is_missing && std::ranges::none_of(problems, told))
      problems.push_back({where, "missing", right});
  };
  missing("name", festival.name.empty(), "write the name that people read");
  missing("type", festival.type.empty(), "write seasonal, cultural, special or anniversary");
  missing("country", festival.country.empty(), "write GLOBAL, or a country's two capitals");
  missing("startsAt", festival.starts_at == unwritten, "write its first instant");
  missing("endsAt", festival.ends_at == unwritten, "write the last instant at which it runs");
}

bool has_span(const Festival& festival) {
  return festival.starts_at != unwritten && festival.ends_at != unwritten;
}

void find_turned(const Festival& festival, std::vector<Problem>& problems) {
  if (!has_span(festival) || festival.starts_at <= festival.ends_at) return;
  problems.push_back({"endsAt",
                      fmt::format("{} lies before startsAt, {}", to_string(festival.ends_at),
                                  to_string(festival.starts_at)),
                      "write the last instant at which it runs"});
}

// Of one part of a look alone, so that each problem is known to be of that part.
void append(std::vector<Problem> found, const std::string& part, std::vector<Problem>& problems) {
  for (Problem& problem : found) {
    const bool whole = problem.where.empty() || problem.where == "look" || problem.where == part;
    const bool told =
        problem.where.starts_with(part + ".") || problem.where.starts_with(part + "[");
    if (whole)
      problem.where = part;
    else if (!told)
      problem.where = part + "." + problem.where;
    problems.push_back(std::move(problem));
  }
}

std::size_t size_of(const theme::Written& look) {
  return look.theme.size() + look.skins.size() + look.bonuses.size();
}

}  // namespace

std::vector<Problem> problems_of_look(const theme::Written& look, const theme::Rules& rules) {
  if (size_of(look) > theme::largest_look) return theme::problems_of(look, rules);
  theme::Written theme, skins, bonuses;
  theme.theme = look.theme;
  skins.skins = look.skins;
  bonuses.bonuses = look.bonuses;
  std::vector<Problem> problems;
  append(theme::problems_of(theme, rules), "theme", problems);
  append(theme::problems_of(skins, rules), "skins", problems);
  append(theme::problems_of(bonuses, rules), "bonuses", problems);
  return problems;
}

Result<std::vector<std::string>> notes_for(Sql& sql, const Festival& festival) {
  if (!has_span(festival) || festival.country.empty()) return std::vector<std::string>();
  const auto others = read_beside(sql, festival);
  if (!others) return others.error();
  theme::Festival itself = as_theme(festival);
  // The newer of equals dresses: one that has no id yet will be the newest.
  if (itself.id == 0) itself.id = std::numeric_limits<std::int64_t>::max();
  return notes_on(itself, *others);
}

Result<Judged> judge(Sql& sql, Draft draft, Festival base, const theme::Rules& rules) {
  Judged judged{merged(draft, std::move(base)), {}, {std::move(draft.problems), {}}};
  std::vector<Problem>& problems = judged.judgement.problems;
  const Festival& festival = judged.festival;
  find_missing(festival, problems);
  find_turned(festival, problems);
  std::ranges::move(problems_of_look(festival.look, rules), std::back_inserter(problems));
  auto gifts = find_gifts(sql, festival.gifts);
  if (!gifts) return std::move(gifts).error();
  judged.gifts = std::move(gifts->ids);
  std::ranges::move(gifts->problems, std::back_inserter(problems));
  auto notes = notes_for(sql, festival);
  if (!notes) return std::move(notes).error();
  judged.judgement.notes = std::move(notes).value();
  return judged;
}

std::string difference(const Festival& before, const Festival& after) {
  std::string list;
  const auto compare = [&](const char* member, bool same) {
    if (!same) (list += list.empty() ? "" : ", ") += member;
  };
  compare("name", before.name == after.name);
  compare("type", before.type == after.type);
  compare("country", before.country == after.country);
  compare("priority", before.priority == after.priority);
  compare("startsAt", before.starts_at == after.starts_at);
  compare("endsAt", before.ends_at == after.ends_at);
  compare("theme", before.look.theme == after.look.theme);
  compare("skins", before.look.skins == after.look.skins);
  compare("bonuses", before.look.bonuses == after.look.bonuses);
  compare("gifts", before.gifts == after.gifts);
  return list;
}

}  // namespace hotclock::festivals
