#include "service/notices/line.h"

#include "service/notices/notices.sql.h"
#include "service/sql/rows.h"

namespace hotclock::notices {
namespace text = stmt::notices;

namespace {

constexpr std::int64_t most_at_once = 1000;
constexpr std::size_t longest_error = 500;
constexpr Duration minute = std::chrono::minutes{1};

sql::Limits limits() { return {.stop = {}, .deadline = std::chrono::seconds{10}}; }

std::string_view beginning_of(const std::string& text) {
  return std::string_view(text).substr(0, longest_error);
}

}  // namespace

Result<std::optional<Held>> Line::claim(Instant now, Instant until) {
  auto transaction = database_.write(limits());
  if (!transaction) return std::move(transaction).error();
  if (auto there = (*transaction)->exec(text::enlist, {notifier_, now}); !there)
    return std::move(there).error();
  auto held = sql::first_row(
      **transaction, text::claim, {notifier_, node_, now, until}, [](const sql::Rows& row) {
        return Held{row.integer(0), row.instant(1), row.integer(2), row.instant(3), row.integer(4)};
      });
  if (!held) return std::move(held).error();
  if (auto done = (*transaction)->commit(); !done) return std::move(done).error();
  return held;
}

Result<> Line::hold(const Held& held, Instant until) {
  return change(text::hold, {notifier_, held.fence, until});
}

Result<> Line::release(const Held& held, Instant now) {
  return change(text::release, {notifier_, held.fence, now});
}

Result<std::vector<Waiting>> Line::waiting(Instant now) {
  std::vector<Waiting> out;
  std::vector<std::int64_t> broken;
  auto transaction = database_.glance(limits());
  if (!transaction) return std::move(transaction).error();
  auto read = sql::for_each_row(
      **transaction, text::waiting, {notifier_, now, most_at_once}, [&](const sql::Rows& row) {
        auto notice = notice_of(row.text(2));
        if (!notice) return broken.push_back(row.integer(0));
        notice->notifier = notifier_;
        notice->group = row.text(1);
        out.push_back({row.integer(0), std::move(notice).value(), row.instant(3), row.integer(4),
                       row.instant(5) <= now});
      });
  if (!read) return std::move(read).error();
  transaction->reset();
  if (auto gone = give_up_broken(broken, now); !gone) return std::move(gone).error();
  return out;
}

Result<> Line::give_up_broken(const std::vector<std::int64_t>& notices, Instant now) {
  if (notices.empty()) return {};
  auto transaction = database_.write(limits());
  if (!transaction) return std::move(transaction).error();
  for (const std::int64_t id : notices)
    if (auto done = (*transaction)->exec(text::give_up_one, {id, now}); !done)
      return std::move(done).error();
  return (*transaction)->commit();
}

Result<std::int64_t> Line::depth() {
  auto transaction = database_.glance(limits());
  if (!transaction) return std::move(transaction).error();
  return sql::number(**transaction, text::depth, {notifier_});
}

Result<> Line::settle(Held& held, const Settled& settled) {
  auto transaction = database_.write(limits());
  if (!transaction) return std::move(transaction).error();
  Held after = held;
  Result<> written;
  switch (settled.answer.fate) {
    case Answer::Fate::sent:
      written = write_sent(**transaction, after, settled);
      break;
    case Answer::Fate::refused:
      written = write_refused(**transaction, after, settled);
      break;
    case Answer::Fate::away:
      ++after.failures;
      after.next = settled.next;
      written = with_fence(
          **transaction, text::was_away,
          {notifier_, after.fence, settled.now, beginning_of(settled.answer.said), settled.next});
      break;
  }
  if (!written) return written;
  if (auto done = (*transaction)->commit(); !done) return done;
  held = after;
  return {};
}

Result<> Line::write_sent(sql::Transaction& transaction, Held& held, const Settled& settled) {
  const bool same_minute =
      settled.now >= held.minute_from && settled.now < held.minute_from + minute;
  if (!same_minute) held.minute_from = settled.now, held.minute_count = 0;
  held.minute_count += settled.batch.message.alerts.empty() ? 0 : 1;
  held.failures = 0;
  if (auto done =
          with_fence(transaction, text::answered,
                     {notifier_, held.fence, settled.now, held.minute_from, held.minute_count});
      !done)
    return done;
  for (const std::int64_t id : settled.batch.notices)
    if (auto done = transaction.post(text::sent, {id, settled.now}); !done) return done;
  return write_owed(transaction, settled);
}

// Who has not got it yet is told of the same, later.
Result<> Line::write_owed(sql::Transaction& transaction, const Settled& settled) {
  const Message& message = settled.batch.message;
  if (settled.answer.owed.empty()) return {};
  return enqueue(transaction,
                 {.notifier = notifier_,
                  .group = message.group,
                  .alerts = message.alerts,
                  .test = message.test,
                  .only_to = settled.answer.owed},
                 message.created, settled.next);
}

Result<> Line::write_refused(sql::Transaction& transaction, const Held& held,
                             const Settled& settled) {
  if (auto done =
          with_fence(transaction, text::refused_one,
                     {notifier_, held.fence, settled.now, beginning_of(settled.answer.said)});
      !done)
    return done;
  for (const std::int64_t id : settled.batch.notices)
    if (auto done =
            transaction.post(text::refused, {id, settled.next, beginning_of(settled.answer.said)});
        !done)
      return done;
  return {};
}

Result<std::int64_t> Line::give_up(Instant now, Instant before) {
  auto transaction = database_.write(limits());
  if (!transaction) return std::move(transaction).error();
  auto gone = (*transaction)->exec(text::give_up, {notifier_, now, before});
  if (!gone) return gone;
  if (auto done = (*transaction)->commit(); !done) return std::move(done).error();
  return gone;
}

Result<> Line::tidy_up(Instant now, Instant before) {
  auto transaction = database_.write(limits());
  if (!transaction) return std::move(transaction).error();
  if (auto done = (*transaction)->exec(text::give_up_nobodys, {now, before}); !done)
    return std::move(done).error();
  if (auto done = (*transaction)->exec(text::forget, {before}); !done)
    return std::move(done).error();
  return (*transaction)->commit();
}

Result<> Line::change(const sql::Statement& statement, std::vector<sql::Param> params) {
  auto transaction = database_.write(limits());
  if (!transaction) return std::move(transaction).error();
  if (auto done = with_fence(**transaction, statement, std::move(params)); !done) return done;
  return (*transaction)->commit();
}

Result<> Line::with_fence(sql::Transaction& transaction, const sql::Statement& statement,
                          std::vector<sql::Param> params) {
  auto changed = transaction.exec(statement, params);
  if (!changed) return std::move(changed).error();
  if (*changed == 0) return Error(Errc::lease_lost, "another node serves " + notifier_);
  return {};
}

}  // namespace hotclock::notices
