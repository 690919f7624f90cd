// The last day as a strip for each job: what became of the slots that were due in each half hour.
#include <map>

#include "service/operations/cells.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
#include "service/operations/json.h"
#include "service/operations/overview.sql.h"
#include "service/sql/rows.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;
namespace text = stmt::overview;

constexpr Duration cell = std::chrono::minutes{30};
constexpr int cells = 48;
constexpr std::int64_t slots_read = 20'000;

using Strips = std::map<std::string, Cells>;  // by job

// As strips begin: on a whole half hour, so that cells stay what they are as time goes on.
Instant first_cell(Instant now) {
  return std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<1800>>>(now) -
         (cells - 1) * cell;
}

struct Read {
  Strips strips;
  std::int64_t rows = 0;
  std::optional<Instant> oldest;
};

Result<Read> read_strips(Desk& desk, Instant from, Instant to) {
  auto transaction = desk.database.read();
  if (!transaction) return std::move(transaction).error();
  Read out;
  const auto note = [&](const sql::Rows& row) {
    const Instant at = row.instant(1);
    out.strips[std::string(row.text(0))].count(at, row.text(2), from, cell);
    return at;
  };
  auto ended = sql::for_each_row(**transaction, text::ended, {from, to, slots_read},
                                 [&](const sql::Rows& row) {
                                   ++out.rows;
                                   out.oldest = note(row);
                                 });
  if (!ended) return std::move(ended).error();
  auto open = sql::for_each_row(**transaction, text::open, {from, to, slots_read},
                                [&](const sql::Rows& row) { note(row); });
  if (!open) return std::move(open).error();
  return out;
}

json::array strips_json(const Strips& strips) {
  json::array out;
  for (const auto& [job, strip] : strips) out.push_back({{"job", job}, {"cells", strip.json()}});
  return out;
}

}  // namespace

Result<Answer> show_last_day(Desk& desk, const Call&) {
  const Instant from = first_cell(desk.now()), to = from + cells * cell;
  const auto read = read_strips(desk, from, to);
  if (!read) return read.error();
  const bool all = read->rows < slots_read;
  return answer_of(
      json::object{{"from", rfc3339(from)},
                   {"to", rfc3339(to)},
                   {"cell_ms", cell.count()},
                   {"counted_from", all ? json::value() : rfc3339_or_null(read->oldest)},
                   {"items", strips_json(read->strips)}});
}

}  // namespace hotclock::operations
