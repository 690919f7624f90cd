#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "service/profiling/plans_of.h"
#include "service/sql/rows.h"

namespace hotclock::profiling {
namespace {

struct Line {
  std::int64_t id, parent;
  std::string text;
};

// Writing statements too are explained in a transaction that may write; it is rolled back.
class Sqlite {
 public:
  Sqlite(sql::Transaction& sql, const Asking& asking, const PlanLimits& limits)
      : sql_(sql), asking_(asking), limits_(limits) {}

  Result<Plan> plan() {
    auto lines = read();
    if (!lines) return std::move(lines).error();
    Plan plan{.statement = std::string(asking_.statement)};
    std::map<std::int64_t, int> depths;
    for (const Line& line : *lines) {
      const int depth = depths[line.id] = line.parent == 0 ? 0 : depths[line.parent] + 1;
      plan.lines.push_back(std::string(static_cast<std::size_t>(2 * depth), ' ') + line.text);
      if (auto judged = judge(line.text, plan); !judged) return std::move(judged).error();
    }
    return plan;
  }

 private:
  Result<std::vector<Line>> read() {
    const std::string text = "EXPLAIN QUERY PLAN " + std::string(asking_.text);
    std::vector<Line> lines;
    auto read = sql::for_each_row(sql_, {"explain", text}, asking_.params, [&](const auto& row) {
      lines.push_back({row.integer(0), row.integer(1), std::string(row.text(3))});
    });
    if (!read) return std::move(read).error();
    return lines;
  }

  Result<> judge(const std::string& line, Plan& plan) {
    if (line.starts_with("SCAN ")) return judge_scan(word(line, 1), plan);
    if (line.find("AUTOMATIC") != line.npos) {
      const auto open = line.rfind('('), close = line.rfind(')');
      std::string columns = line.substr(open + 1, close - open - 1);
      std::erase_if(columns, [](char c) { return c == '=' || c == '?'; });
      found(plan, Finding::Kind::missing_index,
            "an index is built for each run of it: make one on {} ({})",
            table_called(asking_.text, word(line, 1)), columns);
    }
    if (line.starts_with("USE TEMP B-TREE") && asking_.rows >= limits_.large)
      found(plan, Finding::Kind::sort_on_disk,
            "it sorts {} rows that no index gives in order ({}): what does not fit the cache goes "
            "to a file",
            counted(static_cast<double>(asking_.rows)), line);
    return {};
  }

  // What no table is named, such as a list of values or a part of the statement itself, is no
  // table.
  Result<> judge_scan(const std::string& alias, Plan& plan) {
    const std::string table = table_called(asking_.text, alias);
    auto columns = columns_of(table);
    if (!columns) return std::move(columns).error();
    if (columns->empty()) return {};
    auto rows = rows_of(table);
    if (!rows) return std::move(rows).error();
    if (*rows < limits_.large) return {};
    found(plan, Finding::Kind::scan, "it reads all of {}, which has {} rows or more", table,
          counted(static_cast<double>(*rows)));
    const auto sides = compared(asking_.text, *columns);
    if (!sides.empty() && asking_.rows < *rows / 10)
      found(plan, Finding::Kind::missing_index,
            "no index helps it to the rows it wants of {}: it compares ({})", table,
            fmt::join(sides, ", "));
    return estimates(table, *rows, plan);
  }

  Result<std::vector<std::string>> columns_of(const std::string& table) {
    static constexpr sql::Statement columns{"profiling.columns",
                                            "SELECT name FROM pragma_table_info($1)"};
    std::vector<std::string> names;
    auto read = sql::for_each_row(sql_, columns, {table},
                                  [&](const auto& row) { names.emplace_back(row.text(0)); });
    if (!read) return std::move(read).error();
    return names;
  }

  // Bounded: so many as make it large.
  Result<std::int64_t> rows_of(const std::string& table) {
    const std::string text =
        fmt::format("SELECT count(*) FROM (SELECT 1 FROM \"{}\" LIMIT {})", table, limits_.large);
    return sql::number(sql_, {"profiling.rows", text});
  }

  // ANALYZE was run once, and the table is another one since.
  Result<> estimates(const std::string& table, std::int64_t rows, Plan& plan) {
    static constexpr sql::Statement there{
        "profiling.stat", "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'"};
    static constexpr sql::Statement known{
        "profiling.stat1",
        "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = $1 HAVING count(*) > 0"};
    auto analyzed = sql::number(sql_, there);
    if (!analyzed) return std::move(analyzed).error();
    if (*analyzed == 0) return {};
    auto believed =
        sql::first_row(sql_, known, {table}, [](const auto& row) { return row.integer(0); });
    if (!believed) return std::move(believed).error();
    if (*believed && **believed < rows / 10)
      found(plan, Finding::Kind::stale_estimate,
            "the engine believes that {} has {} rows, and it has {} or more: run ANALYZE", table,
            counted(static_cast<double>(**believed)), counted(static_cast<double>(rows)));
    return {};
  }

  static std::string word(const std::string& line, int number) {
    std::size_t from = 0;
    for (; number > 0; --number) from = line.find(' ', from) + 1;
    return line.substr(from, line.find(' ', from) - from);
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

Result<Plan> sqlite_plan(sql::Database& database, const Asking& asking, const PlanLimits& limits) {
  auto transaction = database.write({.deadline = std::chrono::seconds{5}});
  if (!transaction) return std::move(transaction).error();
  return Sqlite(**transaction, asking, limits).plan();
}

}  // namespace hotclock::profiling
