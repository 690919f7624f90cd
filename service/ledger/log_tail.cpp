#include "service/ledger/log_tail.h"

#include <algorithm>
#include <utility>

#include "service/ledger/log_tail.sql.h"
#include "service/ledger/row_locks.sql.h"
#include "service/ledger/settle.sql.h"
#include "service/sql/rows.h"

namespace hotclock::ledger {
namespace text = stmt::log_tail;

namespace {

// Whoever calls write() has other things to do: what does not come through now does with the next.
constexpr Duration patience = std::chrono::milliseconds{500};

bool begins_character(char c) { return (c & 0xC0) != 0x80; }

}  // namespace

LogView view_of(LogText log, std::int64_t from) {
  LogView view{.text = {},
               .dropped = log.dropped,
               .from = log.dropped,
               .length = log.length(),
               .written_at = {}};
  std::size_t at =
      static_cast<std::size_t>(std::clamp(from, view.dropped, view.length) - view.dropped);
  while (at < log.text.size() && !begins_character(log.text[at])) ++at;
  view.from += static_cast<std::int64_t>(at);
  view.text = std::move(log.text);
  view.text.erase(0, at);
  return view;
}

Result<LogView> running_log(sql::Transaction& transaction, std::string_view execution,
                            std::int64_t from) {
  LogText log;
  std::int64_t kept_from = 0;
  std::optional<Instant> written_at;
  auto read = for_each_row(transaction, text::read, {execution, from}, [&](const sql::Rows& row) {
    // Behind a gap stands all that is kept.
    if (!written_at || row.integer(0) != log.length()) log = {{}, row.integer(0)};
    log.text += row.text(1);
    kept_from = row.integer(2);
    written_at = row.instant(3);
  });
  if (!read) return std::move(read).error();
  LogView view = view_of(std::move(log), std::max(from, kept_from));
  view.dropped = kept_from;
  view.written_at = written_at;
  return view;
}

Result<> keep_running_log(sql::Transaction& transaction, std::string_view execution) {
  auto log = running_log(transaction, execution, 0);
  if (!log) return std::move(log).error();
  if (log->empty()) return {};
  auto kept = transaction.post(stmt::settle::keep_log,
                               {execution, std::string_view(log->text), log->dropped});
  return kept ? transaction.post(text::forget, {execution}) : kept;
}

void LogTail::begins(std::shared_ptr<const Permit> permit, std::shared_ptr<ExecutionLog> log) {
  Lock lock(m_);
  begun_.push_back({.permit = std::move(permit), .log = log});
}

Result<> LogTail::write(Instant now) {
  {
    Lock lock(m_);
    std::ranges::move(begun_, std::back_inserter(growing_));
    begun_.clear();
  }
  std::erase_if(growing_, [](const Growing& one) { return one.log.expired(); });
  const std::vector<News> news = this->news();
  if (news.empty()) return {};
  auto done = written(news, now);
  for (const auto& [growing, piece, anew] : news) {
    growing->anew = !done;
    if (!done) continue;
    if (anew || growing->pieces == 0) growing->first = piece.begins;
    growing->pieces = anew ? 1 : growing->pieces + 1;
    growing->told = piece.begins + static_cast<std::int64_t>(piece.text.size());
  }
  return done ? done : std::move(done).error().within("write what running attempts say");
}

std::vector<LogTail::News> LogTail::news() {
  std::vector<News> news;
  for (Growing& growing : growing_)
    if (const auto log = growing.log.lock())
      if (auto one = news_of(growing, *log)) news.push_back(*std::move(one));
  return news;
}

std::optional<LogTail::News> LogTail::news_of(Growing& growing, ExecutionLog& log) {
  ExecutionLog::Piece piece = log.behind(growing.told);
  if (piece.text.empty() && !growing.anew) return std::nullopt;
  const std::int64_t kept = growing.told - piece.kept_from;
  const bool mostly_dropped =
      growing.pieces > 0 && piece.kept_from - growing.first > std::max(kept, std::int64_t{0});
  const bool anew = growing.anew || growing.pieces >= most_pieces || mostly_dropped;
  if (anew) piece = log.behind(0);
  if (piece.text.empty()) return std::nullopt;
  return News{&growing, std::move(piece), anew};
}

Result<> LogTail::written(const std::vector<News>& news, Instant now) {
  auto transaction = database_.write({.stop = {}, .deadline = patience});
  if (!transaction) return std::move(transaction).error();
  const auto& add = database_.dialect().locks_rows ? stmt::row_locks::add_log : text::add;
  for (const auto& [growing, piece, anew] : news) {
    const Permit& permit = *growing->permit;
    const std::string execution = permit.execution.text();
    if (anew)
      if (auto done = (*transaction)->exec(text::forget, {std::string_view(execution)}); !done)
        return std::move(done).error();
    auto done = (*transaction)
                    ->post(add, {permit.slot_id, permit.fence, piece.begins,
                                 std::string_view(piece.text), piece.kept_from, now});
    if (!done) return done;
  }
  return (*transaction)->commit();
}

}  // namespace hotclock::ledger
