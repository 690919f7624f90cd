#include "service/jobs/festival_activation/festival_activation.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/json/parse.hpp>

#include "service/jobs/festival_activation/festival_activation.sql.h"
#include "service/jobs/kit/rows.h"

namespace hotclock::festival_activation {
namespace {

namespace statement = stmt::festival_activation;

struct Counts {
  std::int64_t activated = 0;
  std::int64_t deactivated = 0;
  std::int64_t gifts = 0;
  std::int64_t themes = 0;

  std::int64_t all() const { return activated + deactivated + gifts + themes; }
};

// A text that is no JSON reaches the clients as null rather than keep a festival from starting.
boost::json::value json_of(std::string_view text) {
  boost::system::error_code wrong;
  boost::json::value value = boost::json::parse(text, wrong);
  return wrong ? boost::json::value(nullptr) : value;
}

Festival read_festival(const sql::Rows& row) {
  return {row.integer(0),           std::string(row.text(1)), std::string(row.text(2)),
          row.integer(3),           row.instant(4),           row.instant(5),
          row.integer(6) != 0,      std::string(row.text(7)), std::string(row.text(8)),
          std::string(row.text(9))};
}

Theme read_theme(const sql::Rows& row) {
  Theme theme{std::string(row.text(0)), row.integer(1), std::nullopt, std::string(row.text(3))};
  if (!row.is_null(2)) theme.festival = row.integer(2);
  return theme;
}

Result<std::vector<Festival>> read_festivals(sql::Transaction& sql,
                                             const sql::Statement& statement, Instant t) {
  std::vector<Festival> festivals;
  auto done = kit::each_row(sql, statement, {t}, [&](sql::Rows& row) {
    festivals.push_back(read_festival(row));
  });
  if (!done) return std::move(done).error();
  return festivals;
}

// The latest instant that was worked; none where the memo does not tell.
Result<std::optional<Instant>> read_memo(sql::Transaction& sql, const std::string& job) {
  auto memo = kit::first_row(sql, statement::memo, {job},
                             [](sql::Rows& row) { return std::string(row.text(0)); });
  if (!memo) return std::move(memo).error();
  const std::string text = memo.value().value_or("");
  std::int64_t millis = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (read.ec != std::errc()) return std::optional<Instant>();
  return std::optional(from_millis(millis));
}

Result<Instant> instant_to_work(work::Chunk& chunk, const Slot& slot) {
  if (slot.trigger == Trigger::manual) return slot.scheduled_for;
  auto latest = read_memo(chunk.sql(), slot.job);
  if (!latest) return std::move(latest).error();
  const Instant t = std::max(slot.scheduled_for, latest.value().value_or(slot.scheduled_for));
  const std::string memo = std::to_string(to_millis(t));
  if (auto kept = chunk.sql().exec(statement::keep_memo, {slot.job, memo}); !kept)
    return std::move(kept).error();
  return t;
}

Result<> turn_festivals(work::Chunk& chunk, const std::vector<Festival>& festivals, Instant t,
                        Counts& counts) {
  for (const Festival& f : festivals) {
    const bool runs = theme::runs_at(f, t);
    if (runs == f.is_active) continue;
    auto set = chunk.sql().exec(statement::set_active, {f.id, sql::param(runs)});
    if (!set) return std::move(set).error();
    if (auto told = chunk.emit(runs ? activated(f) : deactivated(f)); !told) return told;
    ++(runs ? counts.activated : counts.deactivated);
  }
  return {};
}

Result<> turn_gifts(work::Chunk& chunk, Counts& counts) {
  auto opened = chunk.sql().exec(statement::open_gifts);
  if (!opened) return std::move(opened).error();
  auto closed = chunk.sql().exec(statement::close_gifts);
  if (!closed) return std::move(closed).error();
  counts.gifts = opened.value() + closed.value();
  return {};
}

Result<> turn_themes(work::Chunk& chunk, const std::vector<Festival>& festivals, Instant t,
                     Counts& counts) {
  std::vector<Theme> themes;
  auto read = kit::each_row(chunk.sql(), statement::themes, {},
                            [&](sql::Rows& row) { themes.push_back(read_theme(row)); });
  if (!read) return read;
  for (const Theme& theme : theme::changed_themes(themes, festivals, t)) {
    const sql::Param festival = theme.festival ? sql::Param(*theme.festival) : sql::Param(nullptr);
    auto dressed = chunk.sql().exec(statement::dress,
                                    {theme.country, theme.version, festival, theme.theme, t});
    if (!dressed) return std::move(dressed).error();
    if (auto told = chunk.emit(theme_changed(theme)); !told) return told;
    ++counts.themes;
  }
  return {};
}

Result<Counts> turn(work::Desk& desk, Execution& execution) {
  Counts counts;
  auto chunk = desk.begin(execution);
  if (!chunk) return std::move(chunk).error();
  auto t = instant_to_work(chunk.value(), execution.slot());
  if (!t) return std::move(t).error();
  auto festivals = read_festivals(chunk.value().sql(), statement::concerned, t.value());
  if (!festivals) return std::move(festivals).error();
  if (auto done = turn_festivals(chunk.value(), festivals.value(), t.value(), counts); !done)
    return std::move(done).error();
  if (auto done = turn_gifts(chunk.value(), counts); !done) return std::move(done).error();
  if (auto done = turn_themes(chunk.value(), festivals.value(), t.value(), counts); !done)
    return std::move(done).error();
  if (auto done = chunk.value().commit("", counts.all()); !done) return std::move(done).error();
  return counts;
}

}  // namespace

Result<Settings> read_settings(config::Section& section) {
  if (auto read = section.finish(); !read) return std::move(read).error();
  return Settings{};
}

outbox::Event activated(const Festival& festival) {
  return {"festival:activated",
          {},
          {{"festivalId", std::to_string(festival.id)},
           {"name", festival.name},
           {"theme", json_of(festival.theme)},
           {"bonuses", json_of(festival.bonuses)},
           {"skins", json_of(festival.skins)},
           {"endsAt", to_string(festival.ends_at)}}};
}

outbox::Event deactivated(const Festival& festival) {
  return {"festival:deactivated",
          {},
          {{"festivalId", std::to_string(festival.id)}, {"name", festival.name}}};
}

outbox::Event theme_changed(const Theme& theme) {
  return {"theme:changed",
          {},
          {{"country", theme.country}, {"version", theme.version}, {"theme", json_of(theme.theme)}}};
}

Outcome FestivalActivation::run(Execution& execution) {
  auto counts = work::patiently(execution, [&] { return turn(desk_, execution); });
  if (!counts) return work::outcome_of(std::move(counts).error().within("turn festivals"));
  return Done{{{"activated", counts->activated},
               {"deactivated", counts->deactivated},
               {"gifts", counts->gifts},
               {"themes", counts->themes}}};
}

Result<std::optional<Instant>> FestivalActivation::next_wake(Instant now) {
  auto sql = desk_.database().glance();
  if (!sql) return std::move(sql).error();
  auto festivals = read_festivals(*sql.value(), statement::turning, now);
  if (!festivals) return std::move(festivals).error();
  return theme::next_turn(festivals.value(), now);
}

}  // namespace hotclock::festival_activation
