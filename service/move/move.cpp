#include "service/move/move.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>

#include "service/ledger/serving.h"
#include "service/move/move.sql.h"

namespace hotclock::move {
namespace text = stmt::move;

namespace {

constexpr std::int64_t page = 2000;
constexpr std::string_view own_history = "schema_migrations";  // each database's own
// A node says every half minute that it is there.
constexpr Duration silence_of_the_dead = std::chrono::seconds{90};
const sql::Limits patient{.stop = {}, .deadline = std::chrono::hours{24}};

struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::string> key;
};

// What is told to the engines, made of names: texts stay in place for as long as this lives.
class Words {
 public:
  sql::Statement statement(std::string name, std::string text) {
    return {keep(std::move(name)), keep(std::move(text))};
  }

 private:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  std::deque<std::string> texts_;
};

// A row of the catalogue: the key's columns are numbered from 1.
struct Listed {
  std::string table, column;
  std::int64_t place_in_key;
};

void add(std::vector<Table>& tables, const Listed& listed) {
  if (listed.table == own_history) return;
  if (tables.empty() || tables.back().name != listed.table) tables.push_back({listed.table, {}, {}});
  Table& table = tables.back();
  table.columns.push_back(listed.column);
  if (listed.place_in_key == 0) return;
  const auto place = static_cast<std::size_t>(listed.place_in_key);
  table.key.resize(std::max(table.key.size(), place));
  table.key[place - 1] = listed.column;
}

Result<std::vector<Table>> tables_of(sql::Transaction& sql, const sql::Dialect& dialect) {
  auto rows = sql.query(sql::Statement{"move.columns", dialect.columns});
  if (!rows) return std::move(rows).error();
  std::vector<Table> tables;
  while ((*rows)->next())
    add(tables, {std::string((*rows)->text(0)), std::string((*rows)->text(1)), (*rows)->integer(2)});
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return tables;
}

Result<std::int64_t> number(sql::Transaction& sql, const sql::Statement& statement) {
  auto rows = sql.query(statement);
  if (!rows) return std::move(rows).error();
  std::int64_t found = 0;
  while ((*rows)->next()) found = (*rows)->integer(0);
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return found;
}

Result<std::int64_t> count(sql::Transaction& sql, Words& words, const Table& table) {
  return number(sql, words.statement("move.count." + table.name, "SELECT count(*) FROM " + table.name));
}

std::string list(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

std::string places(std::size_t count) {
  std::string text;
  for (std::size_t i = 1; i <= count; ++i) text += fmt::format("{}${}", i == 1 ? "" : ", ", i);
  return text;
}

// ---------------------------------------------------------------- one table

// Rows as they were read, with texts of their own.
struct Page {
  std::vector<sql::Param> values;
  std::deque<std::string> texts;
  std::int64_t rows = 0;

  void add(const sql::Rows& row, std::size_t columns) {
    for (std::size_t i = 0; i < columns; ++i) {
      sql::Param value = row.value(static_cast<int>(i));
      if (auto* words = std::get_if<std::string_view>(&value))
        value = std::string_view(texts.emplace_back(*words));
      values.push_back(value);
    }
    ++rows;
  }
};

class Copy {
 public:
  Copy(sql::Transaction& from, sql::Transaction& to, const Table& table, Words& words)
      : from_(from), to_(to), table_(table) {
    const std::string columns = list(table.columns), key = list(table.key);
    const std::string ordered = fmt::format("ORDER BY {} LIMIT {}", key, page);
    first_ = words.statement("move.first." + table.name,
                             fmt::format("SELECT {} FROM {} {}", columns, table.name, ordered));
    next_ = words.statement("move.next." + table.name,
                            fmt::format("SELECT {} FROM {} WHERE ({}) > ({}) {}", columns, table.name, key,
                                        places(table.key.size()), ordered));
    insert_ = words.statement("move.insert." + table.name,
                              fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name, columns,
                                          places(table.columns.size())));
  }

  // How many rows the next page had; 0: that was all.
  Result<std::int64_t> next_page() {
    auto read = next_read();
    if (!read) return std::move(read).error();
    if (read->rows == 0) return 0;
    auto written = to_.exec_each(insert_, read->values, table_.columns.size());
    if (!written) return std::move(written).error();
    last_ = *std::move(read);
    return last_.rows;
  }

 private:
  Result<Page> next_read() {
    auto rows = last_.rows == 0 ? from_.query(first_) : from_.query(next_, last_key());
    if (!rows) return std::move(rows).error();
    Page read;
    while ((*rows)->next()) read.add(**rows, table_.columns.size());
    if (auto end = (*rows)->end(); !end) return std::move(end).error();
    return read;
  }
  std::vector<sql::Param> last_key() const {
    std::vector<sql::Param> key;
    const std::size_t row = last_.values.size() - table_.columns.size();
    for (const std::string& column : table_.key) {
      const auto at = std::ranges::find(table_.columns, column) - table_.columns.begin();
      key.push_back(last_.values[row + static_cast<std::size_t>(at)]);
    }
    return key;
  }

  sql::Transaction& from_;
  sql::Transaction& to_;
  const Table& table_;
  sql::Statement first_, next_, insert_;
  Page last_;
};

// ---------------------------------------------------------------- all of them

struct Sides {
  sql::Transaction& from;
  sql::Transaction& to;
  Words words;
};

Result<> expect_empty(Sides& sides, const std::vector<Table>& tables) {
  for (const Table& table : tables) {
    auto rows = count(sides.to, sides.words, table);
    if (!rows) return std::move(rows).error();
    if (*rows > 0)
      return Error(Errc::conflict,
                   fmt::format("the target is not empty: {} has {} rows; give it a database of its own",
                               table.name, *rows));
  }
  return {};
}

Result<> expect_the_same_tables(const std::vector<Table>& from, const std::vector<Table>& to) {
  for (const Table& table : to) {
    const auto same = std::ranges::find(from, table.name, &Table::name);
    if (same == from.end()) return Error(Errc::conflict, "the source has no table " + table.name);
    for (const std::string& column : table.columns)
      if (std::ranges::find(same->columns, column) == same->columns.end())
        return Error(Errc::conflict, fmt::format("the source's {} has no column {}", table.name, column));
  }
  return {};
}

Result<Moved::Table> copy(Sides& sides, const Table& table, const OnProgress& on_progress) {
  auto total = count(sides.from, sides.words, table);
  if (!total) return std::move(total).error();
  Copy rows(sides.from, sides.to, table, sides.words);
  for (std::int64_t done = 0;;) {
    auto some = rows.next_page();
    if (!some) return std::move(some).error();
    if (*some == 0) break;
    done += *some;
    if (on_progress) on_progress(table.name, done, *total);
  }
  auto arrived = count(sides.to, sides.words, table);
  if (!arrived) return std::move(arrived).error();
  if (*arrived != *total)
    return Error(Errc::corrupt, fmt::format("{} rows left, {} arrived", *total, *arrived));
  return Moved::Table{table.name, *total};
}

Result<std::vector<Moved::Money>> compare_money(Sides& sides) {
  struct Sum {
    const sql::Statement& statement;
    const char* what;
  };
  const Sum sums[] = {{text::coin_balances, "coin balances"},
                      {text::bonus_balances, "bonus balances"},
                      {text::booked, "booked amounts"}};
  std::vector<Moved::Money> money;
  for (const Sum& sum : sums) {
    auto left = number(sides.from, sum.statement);
    if (!left) return std::move(left).error();
    auto arrived = number(sides.to, sum.statement);
    if (!arrived) return std::move(arrived).error();
    if (*left != *arrived)
      return Error(Errc::corrupt, fmt::format("{}: {} coins left, {} arrived", sum.what, *left, *arrived));
    money.push_back({sum.what, *left});
  }
  return money;
}

Result<Moved> copy_all(Sides& sides, const std::vector<Table>& tables, const OnProgress& on_progress) {
  Moved moved;
  for (const Table& table : tables) {
    auto copied = copy(sides, table, on_progress);
    if (!copied) return std::move(copied).error().within(table.name);
    moved.tables.push_back(*std::move(copied));
  }
  auto money = compare_money(sides);
  if (!money) return std::move(money).error();
  moved.money = *std::move(money);
  return moved;
}

Result<> expect_nobody_serves(sql::Transaction& from, Instant now) {
  auto rows = from.query(text::served_by, {now - silence_of_the_dead});
  if (!rows) return std::move(rows).error();
  std::string who;
  while ((*rows)->next()) who = fmt::format("node {}, process {}", (*rows)->text(0), (*rows)->integer(1));
  if (auto end = (*rows)->end(); !end) return end;
  if (who.empty()) return {};
  return Error(Errc::conflict, fmt::format("{} serves the source: stop it first (one that was killed counts"
                                           " as there for a minute and a half)", who));
}

Result<Moved> moved(sql::Database& from, sql::Database& to, Instant now, const OnProgress& on_progress) {
  for (const sql::Database* one : {&from, &to})
    if (one->dialect().platform_adopted)
      return Error(Errc::unsupported, "the platform's tables in " + one->where() +
                                          " are the operator's: moving them is his; on the new database "
                                          "adopt them, and `hotclock migrate`");
  auto served = ledger::lock_serving(from, "a move", now);
  if (!served) return std::move(served).error();
  auto reading = from.read(patient);
  if (!reading) return std::move(reading).error().within("read the source");
  // On SQLite the lock has told already, whatever a node that was killed has left behind.
  if (from.dialect().engine != "sqlite")
    if (auto nobody = expect_nobody_serves(**reading, now); !nobody) return std::move(nobody).error();
  auto writing = to.write(patient);
  if (!writing) return std::move(writing).error().within("write to the target");
  auto theirs = tables_of(**reading, from.dialect());
  if (!theirs) return std::move(theirs).error().within("read the source");
  auto tables = tables_of(**writing, to.dialect());
  if (!tables) return std::move(tables).error().within("read the target");
  if (auto same = expect_the_same_tables(*theirs, *tables); !same) return std::move(same).error();
  Sides sides{**reading, **writing, {}};
  if (auto empty = expect_empty(sides, *tables); !empty) return std::move(empty).error();
  auto all = copy_all(sides, *tables, on_progress);
  if (!all) return all;
  if (const auto recount = to.dialect().recount_ids; !recount.empty())
    if (auto done = (*writing)->script(recount); !done) return std::move(done).error();
  if (auto done = (*writing)->commit(); !done) return std::move(done).error();
  return all;
}

}  // namespace

Result<Moved> move_everything(sql::Database& from, sql::Database& to, Instant now,
                              const OnProgress& on_progress) {
  auto all = moved(from, to, now, on_progress);
  if (!all) return std::move(all).error().within(fmt::format("move {} to {}", from.where(), to.where()));
  return all;
}

}  // namespace hotclock::move
