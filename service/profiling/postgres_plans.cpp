#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "service/profiling/plans_of.h"
#include "service/sql/rows.h"

namespace hotclock::profiling {
namespace {

// What the server knows of a table.
struct Table {
  double rows = 0;
  std::int64_t changed = 0;  // rows since it was last analyzed
  bool analyzed = false;
};

constexpr sql::Statement facts{
    "profiling.table",
    "SELECT greatest(c.reltuples, 0)::bigint, coalesce(s.n_mod_since_analyze, 0)::bigint,"
    " CASE WHEN c.reltuples < 0 THEN 0 ELSE 1 END::bigint"
    "  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    "  LEFT JOIN pg_stat_all_tables AS s ON s.relid = c.oid"
    " WHERE n.nspname = $1 AND c.relname = $2"};
constexpr sql::Statement memory{
    "profiling.memory", "SELECT setting::bigint * 1024 FROM pg_settings WHERE name = 'work_mem'"};

std::string line_of(const Node& node) {
  std::string line(static_cast<std::size_t>(2 * node.depth), ' ');
  line += node.kind;
  if (!node.index.empty()) line += " by " + node.index;
  if (!node.table.empty()) line += " of " + node.table;
  line += fmt::format(", {} rows expected", counted(node.rows));
  if (!node.filter.empty()) line += ", where " + node.filter.substr(0, 300);
  return line;
}

class Postgres {
 public:
  Postgres(sql::Transaction& sql, const Asking& asking, const PlanLimits& limits)
      : sql_(sql), asking_(asking), limits_(limits) {}

  Result<Plan> plan() {
    const std::string text = "EXPLAIN (VERBOSE, FORMAT JSON) " + std::string(asking_.text);
    auto json = sql::first_row(sql_, {"explain", text}, asking_.params,
                               [](const auto& row) { return std::string(row.text(0)); });
    if (!json) return std::move(json).error();
    auto nodes = nodes_of(json->value_or(""));
    if (!nodes) return std::move(nodes).error();
    Plan plan{.statement = std::string(asking_.statement)};
    for (const Node& node : *nodes) plan.lines.push_back(line_of(node));
    if (auto judged = judge(*nodes, plan); !judged) return std::move(judged).error();
    return plan;
  }

 private:
  Result<> judge(const std::vector<Node>& nodes, Plan& plan) {
    judge_estimate(nodes, plan);
    for (const Node& node : nodes) {
      auto judged = node.kind == "Seq Scan" ? judge_scan(node, plan) : Result<>();
      if (judged && node.kind.find("Sort") != node.kind.npos) judged = judge_sort(node, plan);
      if (!judged) return judged;
    }
    return {};
  }

  // What changes rows expects to give none: then the node beneath counts.
  void judge_estimate(const std::vector<Node>& nodes, Plan& plan) {
    const auto giving =
        std::ranges::find_if(nodes, [](const Node& n) { return n.kind != "ModifyTable"; });
    if (giving == nodes.end()) return;
    const double rows = static_cast<double>(asking_.rows), expected = std::max(giving->rows, 1.0);
    if (rows < static_cast<double>(limits_.large) || rows < 10 * expected) return;
    found(plan, Finding::Kind::stale_estimate,
          "{} rows were expected, and {} came: run ANALYZE on its tables", counted(expected),
          counted(rows));
  }

  Result<> judge_scan(const Node& node, Plan& plan) {
    auto table = sql::first_row(sql_, facts, {node.schema, node.table}, [](const auto& row) {
      return Table{static_cast<double>(row.integer(0)), row.integer(1), row.integer(2) != 0};
    });
    if (!table) return std::move(table).error();
    if (!*table) return {};
    const Table& t = **table;
    const double large = static_cast<double>(limits_.large);
    const double rows = std::max(t.rows, node.rows);
    judge_statistics(node, t, plan);
    if (rows < large) return {};
    found(plan, Finding::Kind::scan, "it reads all of {}, {} rows, for {} that it wants",
          node.table, counted(rows), counted(node.rows));
    const auto columns = columns_in(node.filter, node.alias);
    if (!columns.empty() && node.rows < rows / 10)
      found(plan, Finding::Kind::missing_index,
            "no index helps it to the rows it wants of {}: it compares ({})", node.table,
            fmt::join(columns, ", "));
    return {};
  }

  void judge_statistics(const Node& node, const Table& table, Plan& plan) {
    const auto large = limits_.large;
    if (!table.analyzed && table.changed >= large)
      found(plan, Finding::Kind::stale_estimate, "{} was never analyzed: run ANALYZE {}",
            node.table, node.table);
    else if (table.analyzed && table.changed >= large &&
             static_cast<double>(table.changed) > table.rows / 5)
      found(plan, Finding::Kind::stale_estimate,
            "{} rows of {} were changed since it was analyzed: run ANALYZE {}",
            counted(static_cast<double>(table.changed)), node.table, node.table);
  }

  Result<> judge_sort(const Node& node, Plan& plan) {
    auto room = sql::number(sql_, memory);
    if (!room) return std::move(room).error();
    const double need = node.rows * (node.width + 24);
    if (need <= static_cast<double>(*room)) return {};
    found(plan, Finding::Kind::sort_on_disk,
          "it sorts {} rows by {}, some {} MiB, and work_mem is {} MiB: the rest goes to files",
          counted(node.rows), fmt::join(node.sort_key, ", "),
          static_cast<std::int64_t>(need / (1 << 20)) + 1, *room >> 20);
    return {};
  }

  template <class... Values>
  static void found(Plan& plan, Finding::Kind kind, fmt::format_string<Values...> words,
                    Values&&... values) {
    plan.findings.push_back({kind, fmt::format(words, std::forward<Values>(values)...)});
  }

  sql::Transaction& sql_;
  const Asking& asking_;
  const PlanLimits& limits_;
};

}  // namespace

std::string counted(double rows) {
  std::string digits = fmt::format("{:.0f}", std::max(0.0, std::round(rows)));
  for (auto at = std::ssize(digits) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

Result<Plan> postgres_plan(sql::Database& database, const Asking& asking,
                           const PlanLimits& limits) {
  auto transaction = database.read({.deadline = std::chrono::seconds{5}});
  if (!transaction) return std::move(transaction).error();
  return Postgres(**transaction, asking, limits).plan();
}

}  // namespace hotclock::profiling
