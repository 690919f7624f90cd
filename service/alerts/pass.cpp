#include "service/alerts/pass.h"

#include <map>
#include <utility>

#include "service/alerts/alerts.sql.h"
#include "service/sql/in_one.h"

namespace hotclock::alerts {
namespace {

constexpr Duration node_facts_are_kept = std::chrono::days{30};

// What the database holds, and what it is to hold.
struct Work {
  std::vector<Alert> before;
  std::vector<Group> groups;
  std::vector<Silence> silences;
  Advanced advanced;
};

Result<Work> read(sql::Transaction& transaction, Instant now) {
  Work work;
  auto alerts = open_alerts(transaction);
  if (!alerts) return std::move(alerts).error();
  auto known = groups(transaction);
  if (!known) return std::move(known).error();
  auto silences = silences_in_force(transaction, now);
  if (!silences) return std::move(silences).error();
  work.before = std::move(alerts).value();
  work.groups = std::move(known).value();
  work.silences = std::move(silences).value();
  return work;
}

// In this order: what is over makes room for what begins in its place.
Result<> write_beginnings(sql::Transaction& transaction, Work& work) {
  for (const Alert& gone : work.advanced.gone)
    if (auto dropped = drop(transaction, gone); !dropped) return dropped;
  for (const Alert& alert : work.advanced.alerts)
    if (alert.id != 0 && !alert.stands())
      if (auto changed = change(transaction, alert); !changed) return changed;
  for (Alert& alert : work.advanced.alerts)
    if (alert.id == 0)
      if (auto added = add(transaction, alert); !added) return added;
  return {};
}

// Those that are not as the database has them.
Result<> write_changes(sql::Transaction& transaction, const Work& work, Passed& passed) {
  std::map<std::int64_t, const Alert*> before;
  for (const Alert& alert : work.before) before.emplace(alert.id, &alert);
  for (const Alert& alert : work.advanced.alerts) {
    const auto was = before.find(alert.id);
    const Alert* old = was == before.end() ? nullptr : was->second;
    if (old && *old == alert) continue;
    passed.changed = true;
    if (alert.state == State::firing && (!old || old->state != State::firing))
      passed.fired.push_back(alert);
    if (!alert.stands() && old && old->stands()) passed.resolved.push_back(alert);
    if (auto changed = change(transaction, alert); !changed) return changed;
  }
  passed.changed = passed.changed || !work.advanced.gone.empty();
  return {};
}

Result<> forget(sql::Transaction& transaction, Duration retention, Instant now) {
  auto alerts = transaction.exec(stmt::alerts::forget_alerts, {now - retention});
  if (!alerts) return std::move(alerts).error();
  auto facts = transaction.exec(stmt::alerts::forget_node_facts, {now - node_facts_are_kept});
  return facts ? Result<>() : std::move(facts).error();
}

}  // namespace

Result<Passed> pass(sql::Database& database, const Held& held, const Seen& seen,
                    std::span<const Route> routes, const config::AlertsConfig& settings,
                    Instant now) {
  return sql::in_one(
      database.write(), "evaluate alerts", [&](sql::Transaction& sql) -> Result<Passed> {
        if (auto kept = keep_turn(sql, held.fence, held.until, seen.looks, now); !kept)
          return std::move(kept).error();
        auto work = read(sql, now);
        if (!work) return std::move(work).error();
        work->advanced = advance(work->before, seen.findings, now);
        if (auto begun = write_beginnings(sql, *work); !begun) return std::move(begun).error();
        hold_back(work->advanced.alerts, work->silences, now);
        const Told told =
            tell(work->advanced.alerts, work->groups, routes, rhythm_of(settings), now);
        Passed passed{.notices = std::ssize(told.notices)};
        for (const notices::Notice& notice : told.notices)
          if (auto put = notices::enqueue(sql, notice, now); !put) return std::move(put).error();
        if (auto put = put_groups(sql, work->groups, told.groups); !put)
          return std::move(put).error();
        if (auto written = write_changes(sql, *work, passed); !written)
          return std::move(written).error();
        if (auto gone = forget(sql, settings.retention, now); !gone) return std::move(gone).error();
        if (passed.changed || passed.notices > 0)
          if (auto news = sql.notify(); !news) return std::move(news).error();
        return passed;
      });
}

}  // namespace hotclock::alerts
