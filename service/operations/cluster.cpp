#include "service/operations/cluster.h"

#include <memory>

#include "service/operations/cluster.sql.h"

namespace hotclock::operations {
namespace {

namespace text = stmt::cluster;
using Answers = std::vector<std::unique_ptr<sql::Rows>>;

// Somebody waits for the numbers: a database that is slow is left out.
constexpr Duration patience = std::chrono::seconds{2};
// A node says this often that it is there, and is counted for three times as long.
constexpr Duration sightings = std::chrono::seconds{90};

// `read` is given each row.
template <class Read>
Result<> each(sql::Rows& rows, Read read) {
  while (rows.next()) read(rows);
  return rows.end();
}

Result<> read_lines(Answers& answers, ClusterState& out) {
  auto waiting = each(*answers[0], [&](const sql::Rows& row) {
    out.waiting.push_back({std::string(row.text(0)), std::string(row.text(1)), row.integer(2),
                           row.integer(3), row.instant(4)});
  });
  if (!waiting) return waiting;
  return each(*answers[1], [&](const sql::Rows& row) {
    out.running[std::string(row.text(0))] = row.integer(1);
  });
}

Result<> read_jobs(sql::Rows& rows, ClusterState& out) {
  return each(rows, [&](const sql::Rows& row) {
    out.jobs.push_back(
        {std::string(row.text(0)), row.integer(1) == 1, row.integer(2), row.instant_or_none(3)});
  });
}

Result<> read_events(Answers& answers, ClusterState& out) {
  auto events = each(*answers[3], [&](const sql::Rows& row) { out.events = row.integer(0); });
  if (!events) return events;
  auto sinks = each(*answers[4], [&](const sql::Rows& row) {
    out.sinks.push_back({std::string(row.text(0)), row.integer(1), row.instant_or_none(2)});
  });
  if (!sinks) return sinks;
  return each(*answers[5], [&](const sql::Rows& row) { out.nodes = row.integer(0); });
}

Result<> read_alerts(Answers& answers, ClusterState& out) {
  auto firing = each(*answers[6], [&](const sql::Rows& row) {
    out.firing[{std::string(row.text(0)), std::string(row.text(1))}] = row.integer(2);
  });
  if (!firing) return firing;
  return each(*answers[7], [&](const sql::Rows& row) { out.evaluated = row.instant_or_none(0); });
}

}  // namespace

Result<ClusterState> read_cluster(sql::Database& database, Instant now, std::int64_t most_jobs) {
  auto transaction = database.read({.deadline = patience});
  if (!transaction) return std::move(transaction).error();
  const std::vector<sql::Question> questions{
      {&text::waiting, {most_rows_counted}},       {&text::running, {most_rows_counted}},
      {&text::jobs, {most_jobs, slots_looked_at}}, {&text::outbox, {}},
      {&text::sinks, {most_rows_counted}},         {&text::nodes, {now - sightings}},
      {&text::alerts, {most_rows_counted}},        {&text::evaluated, {}}};
  auto answers = (*transaction)->query_all(questions);
  if (!answers) return std::move(answers).error();
  ClusterState out;
  if (auto read = read_lines(*answers, out); !read) return std::move(read).error();
  if (auto read = read_jobs(*(*answers)[2], out); !read) return std::move(read).error();
  if (auto read = read_events(*answers, out); !read) return std::move(read).error();
  if (auto read = read_alerts(*answers, out); !read) return std::move(read).error();
  return out;
}

}  // namespace hotclock::operations
