#include "service/app/database_metrics.h"

namespace hotclock::app {
namespace {

using metrics::Labels;
using metrics::Reading;

void tell_statements(Reading& out, const sql::Usage& usage, const std::string& engine) {
  out.histograms("hotclock_db_statement_duration_seconds",
                 "From when a statement was sent until its last row was there.");
  for (const auto& [name, times] : usage.statements)
    out.add(sql::Timing::bounds, times.counts, times.seconds,
            {{"engine", engine}, {"statement", name}});
}

void tell_errors(Reading& out, const sql::Usage& usage, const std::string& engine) {
  out.counters("hotclock_db_errors_total", "Transactions that ended with an error.");
  for (const auto& [kind, count] : usage.errors)
    out.add(static_cast<double>(count),
            {{"engine", engine}, {"kind", std::string(hotclock::to_string(kind))}});
}

// A number of each pool.
template <class Number>
void each(Reading& out, const sql::Usage& usage, Number number) {
  for (const sql::PoolUse& pool : usage.pools)
    out.add(static_cast<double>(number(pool)), {{"pool", pool.pool}});
}

void tell_pools(Reading& out, const sql::Usage& usage) {
  out.gauges("hotclock_db_pool_connections_max", "Connections that a pool may have.");
  each(out, usage, [](const auto& pool) { return pool.size; });
  out.gauges("hotclock_db_pool_connections_taken", "Connections of a pool that are in use.");
  each(out, usage, [](const auto& pool) { return pool.taken; });
  out.gauges("hotclock_db_pool_waiting", "Threads that wait for a connection of a pool.");
  each(out, usage, [](const auto& pool) { return pool.waiting; });
  out.counters("hotclock_db_pool_waits_total", "Times that a thread had to wait for a connection.");
  each(out, usage, [](const auto& pool) { return pool.waits; });
  out.counters("hotclock_db_pool_wait_seconds_total", "How long they waited, in all.");
  each(out, usage, [](const auto& pool) { return pool.waited_seconds; });
}

}  // namespace

void add_database(metrics::Metrics& metrics, sql::Database& database) {
  metrics.add([&database](Reading& out) {
    const sql::Usage usage = database.usage();
    const std::string engine(database.dialect().engine);
    tell_statements(out, usage, engine);
    tell_errors(out, usage, engine);
    tell_pools(out, usage);
  });
}

}  // namespace hotclock::app
