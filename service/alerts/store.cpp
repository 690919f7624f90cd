#include "service/alerts/store.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/alerts/alerts.sql.h"
#include "service/alerts/facts.sql.h"
#include "service/sql/in_one.h"
#include "service/sql/rows.h"

namespace hotclock::alerts {
namespace text = stmt::alerts;

namespace {

constexpr int rows_at_once = 500;

Result<Words> words_in(const sql::Rows& row, int column) { return words_of(row.text(column)); }

Result<> named(Alert& alert, const sql::Rows& row) {
  if (config::from_string(row.text(1), alert.rule) &&
      config::from_string(row.text(2), alert.severity) && from_string(row.text(6), alert.state))
    return {};
  return Error(Errc::corrupt, "alert " + std::to_string(row.integer(0)) +
                                  " has a rule, severity or state that this program does not know");
}

Result<Alert> alert_of(const sql::Rows& row) {
  Alert alert{.id = row.integer(0), .identity = std::string(row.text(3))};
  if (auto known = named(alert, row); !known) return std::move(known).error();
  auto labels = words_in(row, 4);
  auto annotations = words_in(row, 5);
  if (!labels) return std::move(labels).error();
  if (!annotations) return std::move(annotations).error();
  alert.labels = std::move(labels).value();
  alert.annotations = std::move(annotations).value();
  alert.began = row.instant(7);
  alert.fired = row.instant_or_none(8);
  alert.away_since = row.instant_or_none(9);
  alert.resolved = row.instant_or_none(10);
  alert.resolve_after = Duration{row.integer(11)};
  alert.mark = row.text(12);
  alert.held_back = row.text(13);
  alert.told = row.integer(14) != 0;
  return alert;
}

Result<Silence> silence_of(const sql::Rows& row) {
  auto matchers = words_in(row, 1);
  if (!matchers) return std::move(matchers).error();
  return Silence{.id = row.integer(0),
                 .matchers = std::move(matchers).value(),
                 .author = std::string(row.text(2)),
                 .reason = std::string(row.text(3)),
                 .begins = row.instant(4),
                 .ends = row.instant(5),
                 .made = row.instant(6),
                 .lifted_by = std::string(row.text(7))};
}

Result<> done(Result<std::int64_t> changed) {
  return changed ? Result<>() : std::move(changed).error();
}

bool fits(const Alert& alert, const AlertQuery& query) {
  const auto job = alert.labels.find("job");
  return (!query.state || alert.state == *query.state) &&
         (!query.rule || alert.rule == *query.rule) &&
         (!query.severity || alert.severity == *query.severity) &&
         (query.job.empty() || (job != alert.labels.end() && job->second == query.job));
}

std::string in_words(const Words& matchers) {
  std::string words;
  for (const auto& [label, value] : matchers)
    words += (words.empty() ? "" : ", ") + label + " = " + value;
  return words;
}

}  // namespace

std::vector<const sql::Statement*> statements() {
  std::vector<const sql::Statement*> all(text::all.begin(), text::all.end());
  all.insert(all.end(), stmt::facts::all.begin(), stmt::facts::all.end());
  return all;
}

std::string to_json(const Words& words) {
  boost::json::object object;
  for (const auto& [name, value] : words) object[name] = value;
  return boost::json::serialize(object);
}

Result<Words> words_of(std::string_view json) {
  const auto corrupt = [&json] {
    return Error(Errc::corrupt, "this holds no texts by their names: " + std::string(json));
  };
  boost::system::error_code failed;
  const auto parsed = boost::json::parse(json, failed);
  if (failed || !parsed.is_object()) return corrupt();
  Words words;
  for (const auto& field : parsed.get_object()) {
    if (!field.value().is_string()) return corrupt();
    words.emplace(field.key(), field.value().get_string());
  }
  return words;
}

// ---------------------------------------------------------------- for a pass

Result<std::vector<Alert>> open_alerts(sql::Transaction& transaction) {
  return sql::try_all_rows(transaction, text::open_alerts, {}, alert_of);
}

Result<> add(sql::Transaction& transaction, Alert& alert) {
  const std::string labels = to_json(alert.labels);
  const std::string annotations = to_json(alert.annotations);
  auto id = sql::number(transaction, text::add_alert,
                        {config::to_string(alert.rule), config::to_string(alert.severity),
                         alert.identity, labels, annotations, to_string(alert.state), alert.began,
                         sql::param(alert.fired), alert.resolve_after.count(), alert.mark});
  if (!id) return std::move(id).error();
  alert.id = *id;
  return {};
}

Result<> change(sql::Transaction& transaction, const Alert& alert) {
  const std::string annotations = to_json(alert.annotations);
  return done(transaction.exec(
      text::change_alert,
      {alert.id, config::to_string(alert.severity), annotations, to_string(alert.state),
       alert.began, sql::param(alert.fired), sql::param(alert.away_since),
       sql::param(alert.resolved), alert.resolve_after.count(), alert.mark, alert.held_back,
       sql::param(alert.told), sql::param(alert.stands() || alert.told)}));
}

Result<> drop(sql::Transaction& transaction, const Alert& alert) {
  return done(transaction.exec(text::drop_alert, {alert.id}));
}

Result<std::vector<Group>> groups(sql::Transaction& transaction) {
  std::vector<Group> all;
  auto read = sql::for_each_row(transaction, text::groups, {}, [&all](const sql::Rows& row) {
    all.push_back({std::string(row.text(0)), row.instant(1), row.instant_or_none(2)});
  });
  if (!read) return std::move(read).error();
  return all;
}

Result<> put_groups(sql::Transaction& transaction, std::span<const Group> before,
                    std::span<const Group> after) {
  for (const Group& group : after) {
    if (std::ranges::find(before, group) != before.end()) continue;
    auto put =
        transaction.exec(text::put_group, {group.key, group.since, sql::param(group.told_at)});
    if (!put) return std::move(put).error();
  }
  for (const Group& group : before) {
    if (std::ranges::find(after, group.key, &Group::key) != after.end()) continue;
    auto gone = transaction.exec(text::drop_group, {group.key});
    if (!gone) return std::move(gone).error();
  }
  return {};
}

Result<std::vector<Silence>> silences_in_force(sql::Transaction& transaction, Instant now) {
  return sql::try_all_rows(transaction, text::silences_in_force, {now}, silence_of);
}

Result<std::vector<notices::AlertText>> firing(sql::Database& database) {
  auto transaction = database.glance();
  if (!transaction) return std::move(transaction).error().within("alerts that fire");
  auto open = open_alerts(**transaction);
  if (!open) return std::move(open).error().within("alerts that fire");
  std::vector<notices::AlertText> texts;
  for (const Alert& alert : *open)
    if (alert.state == State::firing && alert.held_back.empty()) texts.push_back(text_of(alert));
  return texts;
}

// ---------------------------------------------------------------- whose turn it is

Result<std::optional<std::int64_t>> take_turn(sql::Database& database, std::int64_t node,
                                              Instant now, Instant until) {
  return sql::in_one(database.write(), "take the turn to evaluate alerts",
                     [&](sql::Transaction& transaction) {
                       return sql::first_row(transaction, text::take_turn, {node, now, until},
                                             [](const sql::Rows& row) { return row.integer(0); });
                     });
}

namespace {

std::string looks_json(std::span<const Look> looks) {
  boost::json::array all;
  for (const Look& look : looks)
    all.push_back({{"rule", config::to_string(look.rule)},
                   {"job", look.job},
                   {"about", look.about},
                   {"value", look.value}});
  return boost::json::serialize(all);
}

// Those of rules that this version does not know are left out.
Result<std::vector<Look>> looks_of(std::string_view text) {
  std::vector<Look> all;
  if (text.empty()) return all;
  boost::system::error_code failed;
  const auto parsed =
      boost::json::parse(boost::json::string_view(text.data(), text.size()), failed);
  if (failed || !parsed.is_array()) return Error(Errc::corrupt, "what rules saw cannot be read");
  const auto field = [](const boost::json::value& of, std::string_view name) -> std::string {
    const auto* object = of.if_object();
    const auto* value = object ? object->if_contains(name) : nullptr;
    return value && value->is_string() ? std::string(value->as_string()) : "";
  };
  for (const auto& one : parsed.as_array()) {
    Look look{.job = field(one, "job"), .about = field(one, "about"), .value = field(one, "value")};
    if (from_string(field(one, "rule"), look.rule)) all.push_back(std::move(look));
  }
  return all;
}

}  // namespace

Result<> keep_turn(sql::Transaction& transaction, std::int64_t fence, Instant until,
                   std::span<const Look> looks, Instant now) {
  auto kept = transaction.exec(text::keep_turn, {fence, until, now, looks_json(looks)});
  if (!kept) return std::move(kept).error();
  if (*kept == 0) return Error(Errc::lease_lost, "another node evaluates alerts by now");
  return {};
}

Result<> give_turn_up(sql::Database& database, std::int64_t fence, Instant now) {
  return sql::in_one(database.write(), "give up the turn to evaluate alerts",
                     [&](sql::Transaction& transaction) {
                       return done(transaction.exec(text::give_turn_up, {fence, now}));
                     });
}

Result<std::optional<Turn>> turn(sql::Database& database) {
  auto transaction = database.glance();
  if (!transaction) return std::move(transaction).error().within("who evaluates alerts");
  return sql::first_row(**transaction, text::turn, {}, [](const sql::Rows& row) {
    return Turn{std::string(row.text(0)), row.instant(1), row.instant_or_none(2)};
  });
}

Result<std::optional<LastPass>> last_pass(sql::Database& database) {
  auto transaction = database.glance();
  if (!transaction) return std::move(transaction).error().within("what rules saw");
  return sql::try_first_row(**transaction, text::last_pass, {},
                            [](const sql::Rows& row) -> Result<LastPass> {
                              auto looks = looks_of(row.is_null(1) ? "" : row.text(1));
                              if (!looks) return std::move(looks).error();
                              return LastPass{row.instant(0), std::move(looks).value()};
                            });
}

// ---------------------------------------------------------------- what people ask for

Result<std::vector<Alert>> list(sql::Database& database, const AlertQuery& query) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("alerts");
  const bool over = query.all || query.state == State::resolved;
  const sql::Statement& page_of = over ? text::newest_alerts : text::standing_alerts;
  std::vector<Alert> found;
  std::int64_t before = query.before.value_or(std::numeric_limits<std::int64_t>::max());
  for (;;) {
    auto page =
        sql::try_all_rows(**transaction, page_of, {before, std::int64_t{rows_at_once}}, alert_of);
    if (!page) return std::move(page).error().within("alerts");
    const bool last = page->size() < rows_at_once;
    if (!page->empty()) before = page->back().id;
    for (Alert& alert : *page) {
      if (fits(alert, query)) found.push_back(std::move(alert));
      if (static_cast<int>(found.size()) == query.limit) return found;
    }
    if (last) return found;
  }
}

Result<Alert> find(sql::Database& database, std::int64_t id) {
  auto transaction = database.glance();
  if (!transaction) return std::move(transaction).error().within("alert");
  auto found = sql::try_first_row(**transaction, text::one_alert, {id}, alert_of);
  if (!found) return std::move(found).error().within("alert");
  if (!*found) return Error(Errc::not_found, "there is no alert " + std::to_string(id));
  return std::move(**found);
}

Result<std::vector<Silence>> list_silences(sql::Database& database, bool all, int limit,
                                           Instant now) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("silences");
  if (all)
    return sql::try_all_rows(**transaction, text::newest_silences,
                             {std::numeric_limits<std::int64_t>::max(), std::int64_t{limit}},
                             silence_of);
  auto found = silences_in_force(**transaction, now);
  if (!found) return found;
  std::ranges::reverse(*found);
  if (static_cast<int>(found->size()) > limit) found->resize(static_cast<std::size_t>(limit));
  return found;
}

Result<Silence> make_silence(sql::Database& database, Silence silence, const audit::Person& by,
                             Instant now) {
  silence.author = by.name;
  silence.reason = by.reason;
  silence.made = now;
  if (auto good = check(silence, now); !good) return std::move(good).error();
  return sql::in_one_with_news(
      database.write(), "silence alerts", [&](sql::Transaction& transaction) -> Result<Silence> {
        const std::string matchers = to_json(silence.matchers);
        auto id = sql::number(
            transaction, text::add_silence,
            {matchers, silence.author, silence.reason, silence.begins, silence.ends, silence.made});
        if (!id) return std::move(id).error();
        silence.id = *id;
        auto noted = audit::append(
            transaction,
            {.what = "alert.silence",
             .detail = in_words(silence.matchers) + " until " + hotclock::to_string(silence.ends)},
            by, now);
        if (!noted) return std::move(noted).error();
        return silence;
      });
}

Result<> lift_silence(sql::Database& database, std::int64_t id, const audit::Person& by,
                      Instant now) {
  return sql::in_one_with_news(
      database.write(), "lift a silence", [&](sql::Transaction& transaction) -> Result<> {
        auto found = sql::try_first_row(transaction, text::one_silence, {id}, silence_of);
        if (!found) return std::move(found).error();
        if (!*found) return Error(Errc::not_found, "there is no silence " + std::to_string(id));
        auto lifted = transaction.exec(text::lift_silence, {id, now, by.name});
        if (!lifted) return std::move(lifted).error();
        if (*lifted == 0)
          return Error(Errc::conflict, "silence " + std::to_string(id) + " was over already");
        return audit::append(transaction,
                             {.what = "alert.unsilence", .detail = in_words((**found).matchers)},
                             by, now);
      });
}

}  // namespace hotclock::alerts
