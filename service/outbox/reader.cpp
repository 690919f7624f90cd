#include "service/outbox/reader.h"

#include <algorithm>
#include <type_traits>

#include "service/outbox/outbox.sql.h"
#include "service/outbox/rows.h"
#include "service/outbox/writers.sql.h"

namespace hotclock::outbox {
namespace text = stmt::outbox;

namespace {

constexpr std::int64_t all_there_is = std::numeric_limits<std::int64_t>::max();

Head head_of(const sql::Rows& row) {
  return {row.integer(0), row.instant(1), std::string(row.text(2))};
}

// How many of them follow `position` without a gap.
template <class One>
std::size_t without_gap(const std::vector<One>& rows, std::int64_t position) {
  std::size_t count = 0;
  while (count < rows.size() && rows[count].id == position + 1 + static_cast<std::int64_t>(count))
    ++count;
  return count;
}

}  // namespace

Result<std::vector<Posted>> Reader::next(int most) { return read<Posted>(most); }
Result<std::vector<Head>> Reader::next_heads(int most) { return read<Head>(most); }

template <class One>
Result<std::vector<One>> Reader::read(int most) {
  auto rows = rows_after<One>(all_there_is, most);
  if (!rows || rows->empty()) return rows;
  const std::size_t sure = without_gap(*rows, position_);
  if (sure < rows->size() && database_.dialect().locks_rows) {
    const std::int64_t last = rows->back().id;
    auto over = settled(last);
    if (!over) return std::move(over).error();
    if (*over) {
      // What filled the gap meanwhile is seen by a look from now.
      rows = rows_after<One>(gap_->until, most);
      gap_.reset();
      if (!rows) return rows;
    } else {
      rows->resize(sure);
    }
  }
  if (!rows->empty()) position_ = rows->back().id;
  return rows;
}

template <class One>
Result<std::vector<One>> Reader::rows_after(std::int64_t until, int most) {
  auto transaction = database_.glance();
  if (!transaction) return std::move(transaction).error().within("read the outbox");
  const auto& statement = std::is_same_v<One, Head> ? text::heads_after : text::after;
  auto rows = (*transaction)->query(statement, {position_, until, std::int64_t{most}});
  if (!rows) return std::move(rows).error().within("read the outbox");
  std::vector<One> found;
  while ((*rows)->next())
    if constexpr (std::is_same_v<One, Head>)
      found.push_back(head_of(**rows));
    else
      found.push_back(posted_of(**rows));
  if (auto end = (*rows)->end(); !end) return std::move(end).error().within("read the outbox");
  return found;
}

// Whoever has an id below one that is seen had announced itself before that one was seen. So once
// those who were there when the gap was found are gone, what is not there will never be.
Result<bool> Reader::settled(std::int64_t until) {
  auto now = writers();
  if (!now) return std::move(now).error();
  if (!gap_ || gap_->until <= position_) gap_ = Gap{until, *now};
  const auto still = [&now](const std::string& writer) { return now->contains(writer); };
  return std::ranges::none_of(gap_->writers, still);
}

Result<Reader::Writers> Reader::writers() {
  auto transaction = database_.glance();
  if (!transaction) return std::move(transaction).error().within("who writes to the outbox");
  auto rows = (*transaction)->query(stmt::writers::writers);
  if (!rows) return std::move(rows).error().within("who writes to the outbox");
  Writers found;
  while ((*rows)->next()) found.emplace((*rows)->text(0));
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return found;
}

Result<std::int64_t> place_of(sql::Database& database, Instant since) {
  auto transaction = database.glance();
  if (!transaction) return std::move(transaction).error().within("read the outbox");
  auto rows = (*transaction)->query(text::place_of, {since});
  if (!rows) return std::move(rows).error().within("read the outbox");
  std::int64_t place = 0;
  while ((*rows)->next()) place = (*rows)->integer(0);
  if (auto end = (*rows)->end(); !end) return std::move(end).error();
  return place;
}

Result<std::vector<Posted>> read_events(sql::Database& database, std::span<const std::int64_t> ids) {
  std::vector<Posted> found;
  if (ids.empty()) return found;
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("read events");
  std::vector<sql::Question> questions;
  questions.reserve(ids.size());
  for (const std::int64_t id : ids) questions.push_back({&text::event, {id}});
  auto answers = (*transaction)->query_all(questions);
  if (!answers) return std::move(answers).error().within("read events");
  found.reserve(ids.size());
  for (const auto& rows : *answers) {
    while (rows->next()) found.push_back(posted_of(*rows));
    if (auto end = rows->end(); !end) return std::move(end).error().within("read events");
  }
  return found;
}

std::vector<const sql::Statement*> statements(const sql::Dialect& dialect) {
  std::vector<const sql::Statement*> all(text::all.begin(), text::all.end());
  if (dialect.locks_rows)
    all.insert(all.end(), stmt::writers::all.begin(), stmt::writers::all.end());
  return all;
}

Result<> announce(sql::Transaction& transaction, const sql::Dialect& dialect) {
  if (!dialect.locks_rows) return {};
  return transaction.post(stmt::writers::announce, {});
}

}  // namespace hotclock::outbox
