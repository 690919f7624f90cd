#include "service/festivals/festivals.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "service/festivals/judge.h"

namespace hotclock::festivals {
namespace {

constexpr std::int64_t longest_page = 500;

std::string span_of(const Festival& f) {
  return fmt::format("{}, from {} to {}", f.country, to_string(f.starts_at), to_string(f.ends_at));
}

// Where the platform's tables are the operator's, its views are for reading: what is written to
// them may go nowhere.
Result<> may_write(const sql::Database& database) {
  if (!database.dialect().platform_adopted) return {};
  return Error(
      Errc::unsupported,
      "festivals are the platform's own here (database.platform = \"adopted\"): change them "
      "there; hotclock follows");
}

Platform platform_of(const sql::Database& database) {
  return database.dialect().platform_adopted ? Platform::adopted : Platform::own;
}

Result<> has_reason(const Person& by) {
  const bool blank = by.reason.find_first_not_of(" \t\r\n") == std::string::npos;
  return blank ? Result<>(Error(Errc::invalid, "it needs a reason")) : Result<>();
}

// Runs `act(transaction)` for a look alone.
template <class Act>
auto looking(sql::Database& database, const std::string& step, Act act)
    -> decltype(act(std::declval<Sql&>())) {
  auto sql = database.read();
  if (!sql) return std::move(sql).error().within(step);
  auto result = act(**sql);
  if (!result) return std::move(result).error().within(step);
  return result;
}

// Whether there is anything to keep.
template <class T>
bool is_kept(const Result<T>&) {
  return true;
}
bool is_kept(const Result<Answer>& answer) { return std::holds_alternative<Saved>(*answer); }

Result<> kept(Sql& sql) {
  if (auto told = sql.notify(); !told) return told;
  return sql.commit();
}

// Runs `act(transaction)`, commits what it has to keep and tells every node.
template <class Act>
auto acting(sql::Database& database, const std::string& step, Act act)
    -> decltype(act(std::declval<Sql&>())) {
  if (auto may = may_write(database); !may) return std::move(may).error().within(step);
  auto sql = database.write();
  if (!sql) return std::move(sql).error().within(step);
  auto result = act(**sql);
  if (!result) return std::move(result).error().within(step);
  if (!is_kept(result)) return result;
  if (auto done = kept(**sql); !done) return std::move(done).error().within(step);
  return result;
}

std::string step_of(std::string_view what, std::int64_t id) {
  return fmt::format("{} festival {}", what, id);
}

// As the database has it now, which is what an editor sees next.
Result<Answer> saved(Sql& sql, std::int64_t id, std::vector<std::string> notes) {
  auto festival = read_one(sql, id);
  if (!festival) return std::move(festival).error();
  return Answer(Saved{std::move(festival).value(), std::move(notes)});
}

Answer refused(std::vector<Problem> problems) { return Refused{std::move(problems)}; }

Result<Answer> create_in(Sql& sql, Draft draft, const theme::Rules& rules, const Person& by,
                         Instant now) {
  auto judged = judge(sql, std::move(draft), Festival{}, rules);
  if (!judged) return std::move(judged).error();
  if (!judged->judgement.problems.empty()) return refused(std::move(judged->judgement.problems));
  Festival& festival = judged->festival;
  auto id = add(sql, festival, judged->gifts, now);
  if (!id) return std::move(id).error();
  festival.id = *id;
  auto noted = write_down(sql, festival, {"festival.create", span_of(festival)}, by, now);
  if (!noted) return std::move(noted).error();
  return saved(sql, *id, std::move(judged->judgement.notes));
}

// What an edit begins with: the festival, or of it only what no editor writes.
Festival base_of(const Festival& stored, Absent absent) {
  if (absent == Absent::stays) return stored;
  Festival blank;
  blank.id = stored.id;
  blank.is_active = stored.is_active;
  return blank;
}

// A file may be sent back to another festival by mistake.
void compare_ids(Draft& draft, std::int64_t id) {
  if (!draft.id || *draft.id == id) return;
  draft.problems.push_back({"id", fmt::format("it is of festival {}, not {}", *draft.id, id),
                            "leave it out, or edit that one"});
}

Result<Answer> edit_in(Sql& sql, const Edit& edit, const theme::Rules& rules, const Person& by,
                       Instant now) {
  Draft draft = read_draft(edit.json);
  compare_ids(draft, edit.which.id);
  Which which = edit.which;
  if (which.revision.empty()) which.revision = draft.revision;
  const auto stored = hold(sql, which, now);
  if (!stored) return stored.error();
  auto judged = judge(sql, std::move(draft), base_of(*stored, edit.absent), rules);
  if (!judged) return std::move(judged).error();
  if (!judged->judgement.problems.empty()) return refused(std::move(judged->judgement.problems));
  const Festival& festival = judged->festival;
  if (auto done = change(sql, festival, judged->gifts); !done) return std::move(done).error();
  const std::string what = difference(*stored, festival);
  auto noted = write_down(sql, festival,
                          {"festival.edit", what.empty() ? "nothing is another" : what}, by, now);
  if (!noted) return std::move(noted).error();
  return saved(sql, festival.id, std::move(judged->judgement.notes));
}

Result<> may_be_removed(const Festival& f, Instant now) {
  if (standing_at(f, now) == Standing::running)
    return Error(Errc::conflict,
                 fmt::format("it runs until {}: end it first, so that clients hear of it",
                             to_string(f.ends_at)));
  if (f.is_active)
    return Error(
        Errc::conflict,
        "it has ended, but clients have not heard of it yet: a node that serves tells them "
        "within a second");
  return {};
}

Result<> remove_in(Sql& sql, const Which& which, const Person& by, Instant now) {
  const auto festival = hold(sql, which, now);
  if (!festival) return festival.error();
  if (auto may = may_be_removed(*festival, now); !may) return may;
  if (auto gone = take_away(sql, which.id); !gone) return gone;
  return write_down(sql, *festival, {"festival.delete", span_of(*festival)}, by, now);
}

Result<> may_start(const Festival& f, Instant now) {
  switch (standing_at(f, now)) {
    case Standing::coming:
      return {};
    case Standing::running:
      return Error(Errc::conflict, fmt::format("it runs since {} already", to_string(f.starts_at)));
    case Standing::over:
      break;
  }
  return Error(Errc::conflict, fmt::format("it is over since {}: move its endsAt by an edit first",
                                           to_string(f.ends_at)));
}

Result<Answer> activate_in(Sql& sql, const Which& which, const theme::Rules& rules,
                           const Person& by, Instant now) {
  auto festival = hold(sql, which, now);
  if (!festival) return std::move(festival).error();
  if (auto may = may_start(*festival, now); !may) return std::move(may).error();
  if (auto problems = problems_of_look(festival->look, rules); !problems.empty())
    return refused(std::move(problems));
  const std::string planned = to_string(festival->starts_at);
  festival->starts_at = now;
  if (auto moved = move(sql, *festival); !moved) return std::move(moved).error();
  auto noted = write_down(
      sql, *festival, {"festival.activate", fmt::format("now, instead of {}", planned)}, by, now);
  if (!noted) return std::move(noted).error();
  auto notes = notes_for(sql, *festival);
  if (!notes) return std::move(notes).error();
  return saved(sql, which.id, std::move(notes).value());
}

Result<> may_end(const Festival& f, Instant now) {
  switch (standing_at(f, now)) {
    case Standing::running:
      return {};
    case Standing::coming:
      return Error(
          Errc::conflict,
          fmt::format("it has not begun: it would at {}; remove it, or move its dates by an "
                      "edit",
                      to_string(f.starts_at)));
    case Standing::over:
      break;
  }
  return Error(Errc::conflict, fmt::format("it is over since {} already", to_string(f.ends_at)));
}

Result<Festival> end_in(Sql& sql, const Which& which, const Person& by, Instant now) {
  auto festival = hold(sql, which, now);
  if (!festival) return festival;
  if (auto may = may_end(*festival, now); !may) return std::move(may).error();
  const std::string planned = to_string(festival->ends_at);
  festival->ends_at = now - theme::instant_step;
  festival->starts_at = std::min(festival->starts_at, festival->ends_at);
  if (auto moved = move(sql, *festival); !moved) return std::move(moved).error();
  auto noted = write_down(sql, *festival,
                          {"festival.end", fmt::format("now, instead of {}", planned)}, by, now);
  if (!noted) return std::move(noted).error();
  return read_one(sql, which.id);
}

// `festival` may be of another country: it is shown as if it were there.
Result<theme::Document> preview_in(Sql& sql, const Festival& festival, std::string_view country,
                                   const theme::Rules& rules, Instant now) {
  const std::string_view where = country.empty() ? festival.country : country;
  const Instant t =
      std::clamp(now, festival.starts_at, std::max(festival.starts_at, festival.ends_at));
  auto running = read_running(sql, where, t);
  if (!running) return std::move(running).error();
  return theme::preview(*running, as_theme(festival), where, t, rules);
}

// The festival whose new form a draft is; an empty one where it is new.
Result<Festival> meant_by(Sql& sql, Draft& draft) {
  if (!draft.id) return Festival{};
  auto stored = read_one(sql, *draft.id);
  if (stored || stored.error().code() != Errc::not_found) return stored;
  draft.problems.push_back({"id", stored.error().message(), "leave it out"});
  return Festival{};
}

Result<Judged> judged_in(Sql& sql, std::string_view json, const theme::Rules& rules) {
  Draft draft = read_draft(json);
  auto base = meant_by(sql, draft);
  if (!base) return std::move(base).error();
  return judge(sql, std::move(draft), std::move(base).value(), rules);
}

}  // namespace

Standing standing_at(const Festival& festival, Instant t) {
  if (t < festival.starts_at) return Standing::coming;
  return t > festival.ends_at ? Standing::over : Standing::running;
}

std::string_view to_string(Standing standing) {
  switch (standing) {
    case Standing::coming:
      return "coming";
    case Standing::running:
      return "running";
    case Standing::over:
      return "over";
  }
  return "";
}

Result<Page> list(sql::Database& database, const Query& query, Instant now) {
  return looking(database, "list festivals", [&](Sql& sql) -> Result<Page> {
    const std::int64_t limit = std::clamp<std::int64_t>(query.limit, 1, longest_page);
    Query one_more = query;  // which tells whether there is a next page
    one_more.limit = limit + 1;
    auto found = read_page(sql, one_more, now, platform_of(database));
    if (!found) return std::move(found).error();
    Page page{std::move(found).value(), std::nullopt};
    if (static_cast<std::int64_t>(page.festivals.size()) > limit) {
      page.festivals.pop_back();
      page.next_after = page.festivals.back().id;
    }
    return page;
  });
}

Result<Festival> find(sql::Database& database, std::int64_t id) {
  return looking(database, "find a festival",
                 [&](Sql& sql) { return read_one(sql, id, platform_of(database)); });
}

Result<theme::Document> preview(sql::Database& database, std::int64_t id, std::string_view country,
                                const theme::Rules& rules, Instant now) {
  return looking(database, "preview a festival", [&](Sql& sql) -> Result<theme::Document> {
    const auto festival = read_one(sql, id, platform_of(database));
    if (!festival) return festival.error();
    return preview_in(sql, *festival, country, rules, now);
  });
}

Result<Judgement> validate(sql::Database& database, std::string_view json,
                           const theme::Rules& rules) {
  const std::string step = "validate a festival";
  if (auto may = may_write(database); !may) return std::move(may).error().within(step);
  return looking(database, step, [&](Sql& sql) -> Result<Judgement> {
    auto judged = judged_in(sql, json, rules);
    if (!judged) return std::move(judged).error();
    return std::move(judged->judgement);
  });
}

Result<DraftPreview> preview_draft(sql::Database& database, std::string_view json,
                                   std::string_view country, const theme::Rules& rules,
                                   Instant now) {
  const std::string step = "preview a festival's draft";
  if (auto may = may_write(database); !may) return std::move(may).error().within(step);
  return looking(database, step, [&](Sql& sql) -> Result<DraftPreview> {
    auto judged = judged_in(sql, json, rules);
    if (!judged) return std::move(judged).error();
    if (auto& problems = judged->judgement.problems; !problems.empty())
      return DraftPreview(Refused{std::move(problems)});
    auto document = preview_in(sql, judged->festival, country, rules, now);
    if (!document) return std::move(document).error();
    return DraftPreview(std::move(document).value());
  });
}

Result<Answer> create(sql::Database& database, std::string_view json, const theme::Rules& rules,
                      const Person& by, Instant now) {
  Draft draft = read_draft(json);
  if (draft.id)
    draft.problems.push_back({"id", "it is a festival already", "leave it out, or edit that one"});
  return acting(database, "create a festival",
                [&](Sql& sql) { return create_in(sql, std::move(draft), rules, by, now); });
}

Result<Answer> edit(sql::Database& database, const Edit& edit, const theme::Rules& rules,
                    const Person& by, Instant now) {
  const std::string step = step_of("edit", edit.which.id);
  if (auto right = has_reason(by); !right) return std::move(right).error().within(step);
  return acting(database, step, [&](Sql& sql) { return edit_in(sql, edit, rules, by, now); });
}

Result<> remove(sql::Database& database, const Which& which, const Person& by, Instant now) {
  const std::string step = step_of("remove", which.id);
  if (auto right = has_reason(by); !right) return std::move(right).error().within(step);
  return acting(database, step, [&](Sql& sql) { return remove_in(sql, which, by, now); });
}

Result<Answer> activate(sql::Database& database, const Which& which, const theme::Rules& rules,
                        const Person& by, Instant now) {
  const std::string step = step_of("activate", which.id);
  if (auto right = has_reason(by); !right) return std::move(right).error().within(step);
  return acting(database, step, [&](Sql& sql) { return activate_in(sql, which, rules, by, now); });
}

Result<Festival> end(sql::Database& database, const Which& which, const Person& by, Instant now) {
  const std::string step = step_of("end", which.id);
  if (auto right = has_reason(by); !right) return std::move(right).error().within(step);
  return acting(database, step, [&](Sql& sql) { return end_in(sql, which, by, now); });
}

}  // namespace hotclock::festivals
