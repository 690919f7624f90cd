#include "service/ledger/slot_list.h"

#include <algorithm>
#include <limits>

#include "service/ledger/history.sql.h"
#include "service/ledger/slot_list.sql.h"
#include "service/ledger/slot_rows.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::slot_list;

namespace {

// So few that no engine thinks of starting helpers for them, which takes longer than the rows do.
constexpr std::int64_t rows_at_once = 150;
// What history_long holds, in 0014_past.
constexpr Duration long_from = std::chrono::minutes{1};
// Between the clocks of the nodes, and between two signs of life.
constexpr Duration clocks_apart = std::chrono::minutes{5};

bool is_of_the_end(const SlotQuery& query) {
  return query.state == State::ended || query.ended || !query.node.empty() ||
         query.longer_than > Duration::zero();
}

bool is_plain(const SlotQuery& query) {
  return !is_of_the_end(query) && query.job.empty() && !query.trigger && query.queue.empty() &&
         query.requested_by.empty();
}

// The index that holds the fewest slots beside those that are asked for.
const sql::Statement& way_for(const SlotQuery& query) {
  if (!query.requested_by.empty()) return text::through_asked_for;
  if (query.trigger && *query.trigger != Trigger::schedule) return text::through_unscheduled;
  if (query.ended && *query.ended != End::completed) return text::through_notable;
  if (query.longer_than >= long_from) return text::through_long;
  if (!query.job.empty()) return text::through_job;
  if (!query.queue.empty() && query.queue != "default") return text::through_queue;
  return text::through_time;
}

bool is_before(const Position& a, const Position& b) {
  return a.scheduled_for != b.scheduled_for ? a.scheduled_for < b.scheduled_for : a.id < b.id;
}

// Whatever is asked for lies before it.
Position begin_of(const SlotQuery& query) {
  Position begin = query.after.value_or(newest_position());
  if (query.until && *query.until <= begin.scheduled_for)
    begin = std::min(begin, Position{*query.until, 0}, is_before);
  return begin;
}

template <class Value>
std::string_view text_of(const std::optional<Value>& value) {
  return value ? to_string(*value) : std::string_view();
}

class Walk {
 public:
  Walk(sql::Transaction& transaction, const SlotQuery& query, std::int64_t looked_at)
      : sql_(transaction),
        query_(query),
        left_(std::max<std::int64_t>(looked_at, query.limit + 1)),
        at_(begin_of(query)) {}

  Result<Walked> go() {
    if (query_.state && *query_.state != State::ended) return through_open();
    auto there = start_where_the_node_ended();
    if (!there) return std::move(there).error();
    if (!*there) return Walked{};
    while (left_ > 0 && !done_)
      if (auto stepped = step(std::min(rows(), left_)); !stepped) return std::move(stepped).error();
    return ended();
  }

 private:
  // More at once only where as many are wanted.
  std::int64_t rows() const {
    const std::int64_t wanted = query_.limit + 1;
    return is_plain(query_) ? wanted : std::max(rows_at_once, wanted);
  }

  Result<> step(std::int64_t most) {
    std::int64_t came = 0;
    const auto longer = std::chrono::duration_cast<std::chrono::milliseconds>(query_.longer_than);
    auto read = for_each_row(
        sql_, way_for(query_),
        {at_.scheduled_for, at_.id, query_.since.value_or(earliest_instant()), most, query_.job,
         text_of(query_.trigger), query_.requested_by, query_.queue,
         std::int64_t{is_of_the_end(query_)}, text_of(query_.ended), query_.node, longer.count()},
        [&](const sql::Rows& row) {
          ++came;
          at_ = {row.instant(1), row.integer(0)};
          if (row.integer(2) != 0) walked_.found.push_back(at_);
        });
    if (!read) return read;
    left_ -= came;
    all_seen_ = came < most;
    done_ = all_seen_ || std::ssize(walked_.found) > query_.limit;
    return {};
  }

  // One more than a page holds tells that another follows.
  Walked ended() {
    if (std::ssize(walked_.found) > query_.limit) {
      walked_.found.resize(static_cast<std::size_t>(query_.limit));
      walked_.next = walked_.found.empty() ? at_ : walked_.found.back();
    } else if (!all_seen_) {
      walked_.next = at_;
    }
    return std::move(walked_);
  }

  // No slot is later than the last sign of life of who worked it. False: there was no such node.
  Result<bool> start_where_the_node_ended() {
    if (query_.node.empty()) return true;
    auto seen = first_row(sql_, text::node_seen, {query_.node},
                          [](const sql::Rows& row) { return row.instant_or_none(0); });
    if (!seen) return std::move(seen).error();
    if (!*seen || !**seen) return false;
    at_ = std::min(at_, Position{***seen + clocks_apart, 0}, is_before);
    return true;
  }

  Result<Walked> through_open() {
    if (query_.ended || query_.longer_than > Duration::zero()) return Walked{};
    auto read =
        for_each_row(sql_, text::open,
                     {at_.scheduled_for, at_.id, query_.since.value_or(earliest_instant()),
                      std::int64_t{query_.limit} + 1, query_.job, text_of(query_.trigger),
                      query_.requested_by, query_.queue, query_.node, to_string(*query_.state)},
                     [&](const sql::Rows& row) {
                       walked_.found.push_back({row.instant(1), row.integer(0)});
                     });
    if (!read) return std::move(read).error();
    all_seen_ = true;
    return ended();
  }

  sql::Transaction& sql_;
  const SlotQuery& query_;
  std::int64_t left_;
  Position at_;
  Walked walked_;
  bool all_seen_ = false;
  bool done_ = false;
};

// Each by its number, all in one way to a server and back.
Result<std::vector<SlotView>> slots_at(sql::Transaction& transaction,
                                       const std::vector<Position>& places) {
  std::vector<sql::Question> questions;
  for (const Position& place : places) questions.push_back({&stmt::history::one, {place.id}});
  std::vector<SlotView> slots;
  if (questions.empty()) return slots;
  auto answers = transaction.query_all(questions);
  if (!answers) return std::move(answers).error();
  for (auto& answer : *answers)
    if (auto read =
            each_row(*answer, [&](const sql::Rows& row) { slots.push_back(slot_of_row(row)); });
        !read)
      return std::move(read).error();
  return slots;
}

Result<Page> page_of(sql::Transaction& transaction, const SlotQuery& query) {
  auto walked = walk_slots(transaction, query);
  if (!walked) return std::move(walked).error();
  auto slots = slots_at(transaction, walked->found);
  if (!slots) return std::move(slots).error();
  return Page{std::move(slots).value(), walked->next};
}

}  // namespace

// What every engine's instants can hold.
Position newest_position() {
  return {from_millis(std::numeric_limits<std::int64_t>::max()),
          std::numeric_limits<std::int64_t>::max()};
}
Instant earliest_instant() { return from_millis(std::numeric_limits<std::int64_t>::min()); }

Result<Walked> walk_slots(sql::Transaction& transaction, const SlotQuery& query, int looked_at) {
  return Walk(transaction, query, looked_at).go();
}

Result<Page> list_slots(sql::Database& database, const SlotQuery& query) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("list slots");
  auto page = page_of(**transaction, query);
  if (!page) return std::move(page).error().within("list slots");
  return page;
}

}  // namespace hotclock::ledger
