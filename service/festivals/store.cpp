#include "service/festivals/store.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "scheduler/base/nearest.h"
#include "service/audit/audit.h"
#include "service/digest/sha256.h"
#include "service/festivals/festivals.sql.h"
#include "service/festivals/theme_rows.h"
#include "service/sql/rows.h"

namespace hotclock::festivals {
namespace {

namespace text = stmt::festivals;

Festival read_festival(const sql::Rows& row) {
  return {.id = row.integer(0),
          .name = std::string(row.text(1)),
          .type = std::string(row.text(2)),
          .country = std::string(row.text(3)),
          .priority = row.integer(4),
          .starts_at = row.instant(5),
          .ends_at = row.instant(6),
          .is_active = row.integer(7) != 0,
          .look = {std::string(row.text(8)), std::string(row.text(9)), std::string(row.text(10))},
          .gifts = {},
          .revision = {}};
}

// Their gifts, and with these their revisions.
Result<std::vector<Festival>> completed(Sql& sql, std::vector<Festival> festivals,
                                        Platform platform) {
  if (festivals.empty()) return festivals;
  const auto& gifts_of = platform == Platform::own ? text::gifts_of : text::gifts_of_adopted;
  std::map<std::int64_t, std::vector<std::string>> gifts;
  auto read =
      for_each_row(sql, gifts_of, {festivals.front().id, festivals.back().id},
                   [&](const sql::Rows& row) { gifts[row.integer(0)].emplace_back(row.text(1)); });
  if (!read) return std::move(read).error();
  for (Festival& festival : festivals) {
    festival.gifts = std::move(gifts[festival.id]);
    std::ranges::sort(festival.gifts);  // an engine's order is its own
    festival.revision = revision_of(festival);
  }
  return festivals;
}

Error no_such_festival(Sql& sql, std::int64_t id) {
  std::string message = fmt::format("there is no festival {}", id);
  auto read = for_each_row(sql, text::newest, {}, [&](const sql::Rows& row) {
    message += fmt::format("; the newest is {} ({})", row.integer(0), row.text(1));
  });
  if (!read) return std::move(read).error();
  return {Errc::not_found, std::move(message)};
}

Result<std::vector<theme::Festival>> read_within(Sql& sql, const Festival& span) {
  std::vector<theme::Festival> found;
  auto read =
      for_each_row(sql, text::beside, {span.starts_at, span.ends_at, span.country, span.id},
                   [&](const sql::Rows& row) { found.push_back(read_theme_festival(row)); });
  if (!read) return std::move(read).error();
  return found;
}

Result<Problem> no_such_gift(Sql& sql, const std::string& name) {
  std::vector<std::string> names;
  auto read = for_each_row(sql, text::gift_names, {},
                           [&](const sql::Rows& row) { names.emplace_back(row.text(0)); });
  if (!read) return std::move(read).error();
  const std::string_view near = nearest(name, std::span<const std::string>(names));
  return Problem{"gifts", fmt::format("there is no gift '{}'", name),
                 near.empty() ? "" : fmt::format("did you mean {}?", near)};
}

Result<> give(Sql& sql, std::int64_t festival, const std::vector<std::int64_t>& gifts) {
  for (const std::int64_t gift : gifts)
    if (auto given = sql.post(text::give, {festival, gift}); !given) return given;
  return {};
}

}  // namespace

std::string revision_of(const Festival& f) {
  std::string content =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n", f.id, f.name, f.type, f.country, f.priority,
                  to_millis(f.starts_at), to_millis(f.ends_at), f.is_active);
  content += fmt::format("{}\n{}\n{}\n", f.look.theme, f.look.skins, f.look.bonuses);
  for (const std::string& gift : f.gifts) content += gift + "\n";
  return digest::sha256_hex(content).substr(0, 24);
}

theme::Festival as_theme(const Festival& f) {
  return {f.id,      f.name,      f.country,    f.priority,   f.starts_at,
          f.ends_at, f.is_active, f.look.theme, f.look.skins, f.look.bonuses};
}

Result<std::vector<Festival>> read_page(Sql& sql, const Query& query, Instant now,
                                        Platform platform) {
  std::vector<Festival> found;
  const auto& list = platform == Platform::own ? text::list : text::list_adopted;
  const std::string_view standing = query.standing ? to_string(*query.standing) : "";
  auto read = for_each_row(sql, list, {query.after, query.country, standing, now, query.limit},
                           [&](const sql::Rows& row) { found.push_back(read_festival(row)); });
  if (!read) return std::move(read).error();
  return completed(sql, std::move(found), platform);
}

Result<Festival> read_one(Sql& sql, std::int64_t id, Platform platform) {
  std::vector<Festival> found;
  const auto& find = platform == Platform::own ? text::find : text::find_adopted;
  auto read = for_each_row(sql, find, {id},
                           [&](const sql::Rows& row) { found.push_back(read_festival(row)); });
  if (!read) return std::move(read).error();
  if (found.empty()) return no_such_festival(sql, id);
  auto whole = completed(sql, std::move(found), platform);
  if (!whole) return std::move(whole).error();
  return std::move(whole->front());
}

Result<Festival> hold(Sql& sql, const Which& which, Instant now) {
  if (auto told = sql.exec(text::edited, {which.id, now}); !told) return std::move(told).error();
  auto festival = read_one(sql, which.id);
  if (!festival) return festival;
  if (!which.revision.empty() && which.revision != festival->revision)
    return Error(Errc::conflict,
                 fmt::format("it was changed meanwhile: its revision is {}; look at it again",
                             festival->revision));
  return festival;
}

Result<std::vector<theme::Festival>> read_beside(Sql& sql, const Festival& festival) {
  return read_within(sql, festival);
}

Result<std::vector<theme::Festival>> read_running(Sql& sql, std::string_view country, Instant t) {
  Festival moment;
  moment.country = country;
  moment.starts_at = moment.ends_at = t;
  return read_within(sql, moment);
}

Result<Gifts> find_gifts(Sql& sql, const std::vector<std::string>& names) {
  Gifts gifts;
  for (const std::string& name : names) {
    auto id = sql::first_row(sql, text::gift, {name},
                             [](const sql::Rows& row) { return row.integer(0); });
    if (!id) return std::move(id).error();
    if (*id) {
      gifts.ids.push_back(**id);
      continue;
    }
    auto problem = no_such_gift(sql, name);
    if (!problem) return std::move(problem).error();
    gifts.problems.push_back(std::move(problem).value());
  }
  return gifts;
}

Result<std::int64_t> add(Sql& sql, const Festival& f, const std::vector<std::int64_t>& gifts,
                         Instant now) {
  auto id = sql::first_row(sql, text::add,
                           {f.name, f.type, f.country, f.priority, f.starts_at, f.ends_at,
                            f.look.theme, f.look.skins, f.look.bonuses},
                           [](const sql::Rows& row) { return row.integer(0); });
  if (!id) return std::move(id).error();
  if (!*id) return Error(Errc::internal, "the new festival has no id");
  if (auto told = sql.post(text::edited, {**id, now}); !told) return std::move(told).error();
  if (auto given = give(sql, **id, gifts); !given) return std::move(given).error();
  return **id;
}

Result<> change(Sql& sql, const Festival& f, const std::vector<std::int64_t>& gifts) {
  auto changed = sql.post(text::change, {f.id, f.name, f.type, f.country, f.priority, f.starts_at,
                                         f.ends_at, f.look.theme, f.look.skins, f.look.bonuses});
  if (!changed) return changed;
  if (auto taken = sql.post(text::take_gifts, {f.id}); !taken) return taken;
  return give(sql, f.id, gifts);
}

Result<> move(Sql& sql, const Festival& f) {
  return sql.post(text::move, {f.id, f.starts_at, f.ends_at});
}

Result<> take_away(Sql& sql, std::int64_t id) {
  if (auto taken = sql.post(text::take_gifts, {id}); !taken) return taken;
  return sql.post(text::remove, {id});
}

Result<> write_down(Sql& sql, const Festival& festival, const Note& note, const Person& by,
                    Instant now) {
  const std::string detail =
      fmt::format("festival {} ({}): {}", festival.id, festival.name, note.detail);
  return audit::append(sql, {.what = note.what, .job = "festival-activation", .detail = detail}, by,
                       now);
}

}  // namespace hotclock::festivals
