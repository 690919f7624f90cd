#include "service/jobs/festival_activation/wardrobe.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "service/jobs/festival_activation/json_text.h"
#include "service/jobs/festival_activation/wardrobe.sql.h"
#include "service/sql/rows.h"
#include "service/theme/document.h"

namespace hotclock::festival_activation {
namespace {

namespace statement = stmt::wardrobe;

using theme::Document;
using theme::Festival;
using theme::Theme;

// What a country wore until now.
struct Worn {
  Theme theme;
  std::string document;     // of that version; empty: there is none
  std::int64_t newest = 0;  // of all its versions
};

using Wardrobe = std::map<std::string, Worn>;

Worn read_worn(const sql::Rows& row) {
  Worn worn;
  worn.theme = {std::string(row.text(0)), row.integer(1), std::nullopt, std::string(row.text(3))};
  if (!row.is_null(2)) worn.theme.festival = row.integer(2);
  worn.document = row.text(4);
  worn.newest = worn.theme.version;
  return worn;
}

Result<Wardrobe> read_wardrobe(sql::Transaction& sql, const std::vector<Festival>& festivals) {
  Wardrobe all;
  auto read = sql::for_each_row(sql, statement::worn, {}, [&](const sql::Rows& row) {
    all.insert_or_assign(std::string(row.text(0)), read_worn(row));
  });
  if (!read) return std::move(read).error();
  for (const Festival& f : festivals) all[f.country];
  all[std::string(theme::global)];
  auto newest = sql::for_each_row(sql, statement::newest, {}, [&](const sql::Rows& row) {
    const auto of = all.find(std::string(row.text(0)));
    if (of != all.end()) of->second.newest = std::max(of->second.newest, row.integer(1));
  });
  if (!newest) return std::move(newest).error();
  return all;
}

Theme theme_of(const std::string& country, const Document& document,
               const std::vector<Festival>& festivals) {
  Theme theme;
  theme.country = country;
  theme.version = document.version;
  theme.festival = document.festival;
  for (const Festival& f : festivals)
    if (f.id == document.festival) theme.theme = f.theme;
  return theme;
}

bool wears_it_already(const Worn& worn, const Theme& theme, const Document& document) {
  return worn.newest == worn.theme.version && worn.theme.festival == theme.festival &&
         worn.theme.theme == theme.theme && worn.document == theme::to_json(document);
}

Result<> store(work::Chunk& chunk, const Theme& theme, const Document& document, Instant t) {
  sql::Transaction& sql = chunk.sql();
  const std::string json = theme::to_json(document);
  const sql::Param festival = theme.festival ? sql::Param(*theme.festival) : sql::Param(nullptr);
  if (auto done =
          sql.post(statement::dress, {theme.country, theme.version, festival, theme.theme, t});
      !done)
    return done;
  if (auto done = sql.post(
          statement::keep_document,
          {theme.country, theme.version, json, sql::param(document.valid_until), chunk.now()});
      !done)
    return done;
  if (auto done =
          sql.post(statement::forget_documents, {theme.country, theme.version - kept_versions});
      !done)
    return done;
  return chunk.emit(theme_changed(theme));
}

// A message as every engine takes it: names and values in it are what somebody has written.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return text;
}

void tell_dropped(const Festival& festival, const theme::Rules& rules, Dressed& dressed) {
  std::vector<theme::Problem> dropped;
  (void)theme::look_of({festival.theme, festival.skins, festival.bonuses}, rules, &dropped);
  dressed.dropped += static_cast<std::int64_t>(dropped.size());
  const std::string record =
      "festival " + std::to_string(festival.id) + " (" + printable(festival.name) + ")";
  for (const theme::Problem& problem : dropped)
    if (dressed.set_aside.size() < Partial::max_kept)
      dressed.set_aside.push_back({record, Error(Errc::invalid, printable(problem.message()))});
}

}  // namespace

outbox::Event theme_changed(const Theme& theme) {
  return {
      "theme:changed",
      {},
      {{"country", theme.country}, {"version", theme.version}, {"theme", json_of(theme.theme)}}};
}

Result<Dressed> dress_countries(work::Chunk& chunk, const std::vector<Festival>& festivals,
                                Instant t, const theme::Rules& rules) {
  auto wardrobe = read_wardrobe(chunk.sql(), festivals);
  if (!wardrobe) return std::move(wardrobe).error();
  Dressed dressed;
  std::set<std::int64_t>
      seen;  // festivals of the new documents: what is wrong with one is told once
  for (const auto& [country, worn] : *wardrobe) {
    Document document = theme::document_for(festivals, country, t, rules);
    document.version = worn.theme.version;
    if (wears_it_already(worn, theme_of(country, document, festivals), document)) continue;
    document.version = worn.newest + 1;
    if (auto done = store(chunk, theme_of(country, document, festivals), document, t); !done)
      return std::move(done).error().within("dress " + country);
    seen.insert(document.festivals.begin(), document.festivals.end());
    ++dressed.themes;
  }
  for (const Festival& f : festivals)
    if (seen.contains(f.id)) tell_dropped(f, rules, dressed);
  return dressed;
}

}  // namespace hotclock::festival_activation
