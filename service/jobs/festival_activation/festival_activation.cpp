#include "service/jobs/festival_activation/festival_activation.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/json/parse.hpp>

#include "service/festivals/theme_rows.h"
#include "service/jobs/festival_activation/festival_activation.sql.h"
#include "service/jobs/festival_activation/json_text.h"
#include "service/jobs/festival_activation/wardrobe.h"
#include "service/jobs/festival_activation/wardrobe.sql.h"
#include "service/sql/rows.h"

namespace hotclock::festival_activation {
namespace {

namespace statement = stmt::festival_activation;

// How far ahead festivals are looked for that will change a document.
constexpr Duration foresight = std::chrono::days{366};

struct Counts {
  std::int64_t activated = 0;
  std::int64_t deactivated = 0;
  std::int64_t gifts = 0;
  Dressed dressed;

  std::int64_t all() const { return activated + deactivated + gifts + dressed.themes; }
};

Result<std::vector<Festival>> read_festivals(sql::Transaction& sql, Instant t) {
  std::vector<Festival> festivals;
  auto done = sql::for_each_row(
      sql, statement::concerned, {t, t + foresight},
      [&](const sql::Rows& row) { festivals.push_back(festivals::read_theme_festival(row)); });
  if (!done) return std::move(done).error();
  return festivals;
}

// The latest instant that was worked; none where the memo does not tell.
Result<std::optional<Instant>> read_memo(sql::Transaction& sql, const std::string& job) {
  auto memo = sql::first_row(sql, statement::memo, {job},
                             [](const sql::Rows& row) { return std::string(row.text(0)); });
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

Result<Counts> turn(work::Desk& desk, Execution& execution, const theme::Rules& rules) {
  Counts counts;
  auto chunk = desk.begin(execution);
  if (!chunk) return std::move(chunk).error();
  auto t = instant_to_work(*chunk, execution.slot());
  if (!t) return std::move(t).error();
  if (auto seen = chunk->sql().exec(statement::see_edits); !seen) return std::move(seen).error();
  auto festivals = read_festivals(chunk->sql(), *t);
  if (!festivals) return std::move(festivals).error();
  if (auto done = turn_festivals(*chunk, *festivals, *t, counts); !done)
    return std::move(done).error();
  if (auto done = turn_gifts(*chunk, counts); !done) return std::move(done).error();
  auto dressed = dress_countries(*chunk, *festivals, *t, rules);
  if (!dressed) return std::move(dressed).error();
  counts.dressed = *std::move(dressed);
  if (auto done = chunk->commit("", counts.all()); !done) return std::move(done).error();
  return counts;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.';
}

// "cdn.example", "cdn.example:8443": what stands between https:// and the path.
bool is_host(std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const std::string_view port = colon == text.npos ? "443" : text.substr(colon + 1);
  return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, is_of_name) &&
         !port.empty() && port.size() <= 5 && std::ranges::all_of(port, is_digit);
}

}  // namespace

Result<Settings> read_settings(config::Section& section) {
  Settings settings;
  settings.hosts = section.texts("hosts", {});
  for (const std::string& host : settings.hosts)
    if (!is_host(host))
      section.refuse("hosts", "'" + host + "' is no host's name",
                     "a name as in https://NAME/, like \"cdn.example\"");
  if (auto read = section.finish(); !read) return std::move(read).error();
  return settings;
}

std::span<const sql::Statement* const> statements() {
  static const std::vector<const sql::Statement*> both = [] {
    std::vector<const sql::Statement*> all(statement::all.begin(), statement::all.end());
    all.insert(all.end(), stmt::wardrobe::all.begin(), stmt::wardrobe::all.end());
    return all;
  }();
  return both;
}

boost::json::value json_of(std::string_view text) {
  boost::system::error_code wrong;
  boost::json::value value = boost::json::parse(text, wrong);
  return wrong ? boost::json::value(nullptr) : value;
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

Outcome FestivalActivation::run(Execution& execution) {
  auto counts = work::patiently(execution, [&] { return turn(desk_, execution, rules_); });
  if (!counts) return work::outcome_of(std::move(counts).error().within("turn festivals"));
  Dressed& dressed = counts->dressed;
  Tally tally{{"activated", counts->activated},
              {"deactivated", counts->deactivated},
              {"gifts", counts->gifts},
              {"themes", dressed.themes},
              {"dropped", dressed.dropped}};
  if (dressed.dropped == 0) return Done{std::move(tally)};
  return Partial{std::move(tally), std::move(dressed.set_aside), dressed.dropped};
}

Result<std::optional<Instant>> FestivalActivation::next_wake(Instant now) {
  auto sql = desk_.database().glance();
  if (!sql) return std::move(sql).error();
  bool edited = false;
  std::vector<Festival> festivals;
  auto read = sql::for_each_row(**sql, statement::turning, {now}, [&](const sql::Rows& row) {
    edited = row.integer(0) > 0;
    if (row.is_null(1)) return;
    Festival& f = festivals.emplace_back();
    f.id = row.integer(1);
    f.starts_at = row.instant(2);
    f.ends_at = row.instant(3);
    f.is_active = row.integer(4) != 0;
  });
  if (!read) return std::move(read).error();
  return edited ? now : theme::next_turn(festivals, now);
}

}  // namespace hotclock::festival_activation
