#include "service/jobs/stream_ranking/stream_ranking.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/json/array.hpp>

#include "service/jobs/stream_ranking/stream_ranking.sql.h"
#include "service/jobs/stream_ranking/stream_ranking_at_once.sql.h"
#include "service/sql/columns.h"
#include "service/sql/rows.h"

namespace hotclock::stream_ranking {
namespace {

namespace statement = stmt::stream_ranking;

constexpr std::size_t rows_between_looks = 256;  // a stop request is looked for so often
constexpr std::size_t most_at_once = 5000;       // places in one statement

Place read_place(const sql::Rows& row, int column) {
  return {row.real(column), row.integer(column + 1), row.integer(column + 2),
          row.integer(column + 3)};
}

Stream read_stream(const sql::Rows& row) {
  Stream s{row.integer(0),
           row.integer(1),
           row.integer(2),
           row.real(3),
           std::string(row.text(4)),
           std::string(row.text(5)),
           row.instant(6),
           std::nullopt,
           Place{}};
  if (!row.is_null(7)) s.before = read_place(row, 7);
  return s;
}

Gone read_gone(const sql::Rows& row) {
  return {row.integer(0), std::string(row.text(1)), std::string(row.text(2)), read_place(row, 3)};
}

bool changed(const Stream& stream) { return stream.before != stream.now; }

// Writes places: row by row, or many in one statement where the engine takes arrays apart.
class Places {
 public:
  Places(sql::Transaction& sql, bool at_once, Instant computed_at)
      : sql_(sql), at_once_(at_once), computed_at_(computed_at) {}

  Result<> add(const Stream& s) {
    const auto previous = s.before ? std::optional(s.before->overall) : std::nullopt;
    if (!at_once_)
      return sql_.post(statement::place,
                       {s.id, s.now.score, s.now.overall, s.now.in_category, s.now.in_country,
                        previous ? sql::Param(*previous) : sql::Param(nullptr), computed_at_});
    waiting_.add(s.id, s.now.score, s.now.overall, s.now.in_category, s.now.in_country, previous);
    return waiting_.rows() < most_at_once ? Result<>() : flush();
  }

  Result<> flush() {
    if (waiting_.rows() == 0) return {};
    const auto [id, score, overall, in_category, in_country, previous] = waiting_.params();
    auto done = sql_.post(stmt::stream_ranking_at_once::place_many,
                          {id, score, overall, in_category, in_country, previous, computed_at_});
    waiting_.clear();
    return done;
  }

 private:
  sql::Transaction& sql_;
  const bool at_once_;
  const Instant computed_at_;
  sql::Columns<6> waiting_;
};

Result<> place_changed(Places places, const Execution& execution,
                       const std::vector<Stream>& streams) {
  std::size_t written = 0;
  for (const Stream& s : streams) {
    if (!changed(s)) continue;
    if (++written % rows_between_looks == 0 && execution.stop().stop_requested())
      return Error(Errc::stopped, "a stop was requested");
    if (auto done = places.add(s); !done) return done;
  }
  return places.flush();
}

Result<> remove_gone(sql::Transaction& sql, const std::vector<Gone>& gone) {
  for (const Gone& g : gone)
    if (auto done = sql.post(statement::remove, {g.id}); !done) return done;
  return {};
}

Result<> tell_of(work::Chunk& chunk, const Tops& tops, const std::string& scope,
                 const std::string& room, Instant computed_at) {
  for (const auto& [key, top] : tops)
    if (top.changed)
      if (auto told = chunk.emit(updated(scope + key, room + key, top, computed_at)); !told)
        return told;
  return {};
}

Result<> tell(work::Chunk& chunk, const AllTops& tops, Instant computed_at) {
  if (tops.overall.changed)
    if (auto told = chunk.emit(updated("overall", "rankings", tops.overall, computed_at)); !told)
      return told;
  if (auto told = tell_of(chunk, tops.categories, "category:", "rankings:", computed_at); !told)
    return told;
  return tell_of(chunk, tops.countries, "country:", "rankings:country:", computed_at);
}

}  // namespace

Result<Settings> read_settings(config::Section& section) {
  using config::Decimal;
  const Decimal least{0, 0}, most{1, 0};
  const Decimal viewers = section.decimal("weight_viewers", {3, 1}, least, most);
  const Decimal coins = section.decimal("weight_coins", {4, 1}, least, most);
  const Decimal engagement = section.decimal("weight_engagement", {3, 1}, least, most);
  if (!sum_to_one({viewers, coins, engagement}))
    section.refuse("weight_viewers",
                   "the weights " + viewers.text() + ", " + coins.text() + " and " +
                       engagement.text() + " do not sum to 1",
                   "weight_viewers + weight_coins + weight_engagement = 1");
  if (auto read = section.finish(); !read) return std::move(read).error();
  return Settings{{viewers.nearest_double(), coins.nearest_double(), engagement.nearest_double()}};
}

std::span<const sql::Statement* const> statements(const sql::Dialect& dialect) {
  static const std::vector<const sql::Statement*> at_once = {
      &statement::live, &statement::gone, &stmt::stream_ranking_at_once::place_many,
      &statement::remove};
  if (dialect.takes_arrays) return at_once;
  return statement::all;
}

outbox::Event updated(std::string scope, std::string room, const Top& top, Instant computed_at) {
  boost::json::array lines;
  for (const Line& line : top.lines) {
    boost::json::value previous = nullptr;
    if (line.previous > 0) previous = line.previous;
    lines.push_back({{"streamId", std::to_string(line.stream)},
                     {"rank", line.rank},
                     {"previousRank", std::move(previous)},
                     {"score", line.score}});
  }
  return {"ranking:updated",
          {std::move(room)},
          {{"scope", std::move(scope)},
           {"computedAt", to_string(computed_at)},
           {"top", std::move(lines)}}};
}

Outcome StreamRanking::run(Execution& execution) {
  auto found = work::patiently(execution, [&] { return read(execution); });
  if (!found) return work::outcome_of(std::move(found).error().within("read live streams"));
  rank(found.value().streams, settings_.weights);
  const auto moved = std::ranges::count_if(found.value().streams, changed);
  const auto gone = static_cast<std::int64_t>(found.value().gone.size());
  const Tally tally{{"streams", static_cast<std::int64_t>(found.value().streams.size())},
                    {"changed", moved},
                    {"removed", gone}};
  if (moved + gone == 0) return Done{tally};
  auto done =
      work::patiently(execution, [&] { return write(execution, found.value(), moved + gone); });
  if (!done) return work::outcome_of(std::move(done).error().within("write ranks"));
  return Done{tally};
}

Result<StreamRanking::Found> StreamRanking::read(const Execution& execution) const {
  Found found;
  auto sql = desk_.read(execution);
  if (!sql) return std::move(sql).error();
  auto live = sql::for_each_row(*sql.value(), statement::live, {}, [&](const sql::Rows& row) {
    found.streams.push_back(read_stream(row));
  });
  if (!live) return std::move(live).error();
  auto gone = sql::for_each_row(*sql.value(), statement::gone, {}, [&](const sql::Rows& row) {
    found.gone.push_back(read_gone(row));
  });
  if (!gone) return std::move(gone).error();
  return found;
}

Result<> StreamRanking::write(Execution& execution, const Found& found,
                              std::int64_t changed_places) const {
  const AllTops all = tops(found.streams, found.gone);
  auto chunk = desk_.begin(execution);
  if (!chunk) return std::move(chunk).error();
  sql::Transaction& sql = chunk.value().sql();
  const bool at_once = desk_.database().dialect().takes_arrays;
  Places places(sql, at_once, execution.slot().scheduled_for);
  if (auto done = place_changed(std::move(places), execution, found.streams); !done) return done;
  if (auto done = remove_gone(sql, found.gone); !done) return done;
  if (auto told = tell(chunk.value(), all, execution.slot().scheduled_for); !told) return told;
  return chunk.value().commit("", changed_places);
}

}  // namespace hotclock::stream_ranking
