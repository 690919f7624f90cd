#include "service/audit/audit.h"

#include <limits>

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service/audit/audit.sql.h"
#include "service/digest/sha256.h"

namespace hotclock::audit {
namespace text = stmt::audit;

namespace {

constexpr int rows_at_once = 500;

sql::Param param(const std::optional<std::int64_t>& number) {
  return number ? sql::Param(*number) : sql::Param(nullptr);
}

std::optional<std::int64_t> integer_or_none(const sql::Rows& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.integer(column));
}

Entry entry_of(const sql::Rows& row) {
  const auto text = [&row](int column) { return std::string(row.text(column)); };
  Entry e;
  e.id = row.integer(0);
  e.number = integer_or_none(row, 1);
  e.at = row.instant(2);
  e.who = text(3);
  e.from = text(4);
  e.token = integer_or_none(row, 5);
  e.request = text(6);
  e.what = text(7);
  e.job = text(8);
  e.slot_id = integer_or_none(row, 9);
  e.detail = text(10);
  e.was = text(11);
  e.became = text(12);
  e.reason = text(13);
  e.outcome = text(14);
  e.seal = text(15);
  return e;
}

Entry entry_of(const Link& link, const Note& note, const Person& by, Instant now) {
  Entry e;
  e.number = link.number;
  e.at = now;
  e.who = by.name;
  e.from = by.from;
  e.token = by.token;
  e.request = by.request;
  e.what = note.what;
  e.job = note.job;
  e.slot_id = note.slot_id;
  e.detail = note.detail;
  e.was = note.was;
  e.became = note.became;
  e.reason = by.reason;
  e.outcome = to_string(note.outcome);
  e.seal = seal_of(e, link.before);
  return e;
}

Result<std::vector<Entry>> entries(sql::Transaction& transaction, const sql::Statement& statement,
                                   std::span<const sql::Param> params) {
  auto rows = transaction.query(statement, params);
  if (!rows) return std::move(rows).error().within("audit");
  std::vector<Entry> out;
  while ((*rows)->next()) out.push_back(entry_of(**rows));
  if (auto end = (*rows)->end(); !end) return std::move(end).error().within("audit");
  return out;
}

bool is_what(std::string_view asked, std::string_view what) {
  if (asked.empty() || asked == what) return true;
  return asked.ends_with(".*") && what.starts_with(asked.substr(0, asked.size() - 1));
}

bool fits(const Entry& e, const Query& query) {
  return (query.who.empty() || e.who == query.who) && is_what(query.what, e.what) &&
         (query.outcome.empty() || e.outcome == query.outcome);
}

Result<> walk(sql::Transaction& transaction, const std::function<bool(const Entry&)>& each) {
  for (std::int64_t after = 0;;) {
    const sql::Param params[] = {after, std::int64_t{rows_at_once}};
    auto page = entries(transaction, text::oldest, params);
    if (!page) return std::move(page).error();
    for (const Entry& entry : *page)
      if (!each(entry)) return {};
    if (page->size() < rows_at_once) return {};
    after = page->back().id;
  }
}

// Rows of the chain stand in the order of their numbers: their ids were given while nobody else had
// a link.
std::string what_breaks(const Entry& entry, const Checked& so_far) {
  if (!entry.number)
    return fmt::format("a row without a number ({} by {}) stands behind row {}", entry.what,
                       entry.who, so_far.rows);
  if (*entry.number != so_far.rows + 1)
    return fmt::format("row {} should follow and row {} does: rows are missing, or were put in",
                       so_far.rows + 1, *entry.number);
  if (entry.seal != seal_of(entry, so_far.seal))
    return fmt::format("row {} ({} by {}, {}) is not what was written", *entry.number, entry.what,
                       entry.who, hotclock::to_string(entry.at));
  return {};
}

// Whether the chain holds with this row, too.
bool holds_on(const Entry& entry, Checked& checked) {
  if (!entry.number && checked.rows == 0) return ++checked.unchained, true;
  checked.broken = what_breaks(entry, checked);
  if (!checked.broken.empty()) return false;
  ++checked.rows;
  checked.seal = entry.seal;
  return true;
}

Result<std::string> what_breaks_the_end(sql::Transaction& transaction, const Checked& checked) {
  auto rows = transaction.query(text::head);
  if (!rows) return std::move(rows).error().within("audit");
  std::int64_t number = 0;
  std::string seal;
  while ((*rows)->next()) number = (*rows)->integer(0), seal = (*rows)->text(1);
  if (auto end = (*rows)->end(); !end) return std::move(end).error().within("audit");
  if (number != checked.rows)
    return fmt::format("{} rows were written and {} are there: the last ones are missing", number,
                       checked.rows);
  if (seal != checked.seal) return std::string("the last row is not the one that was written last");
  return std::string();
}

}  // namespace

std::string_view to_string(Outcome outcome) {
  return outcome == Outcome::done ? "done" : "refused";
}

sql::Question next_link() { return {&text::next_link}; }

Result<Link> link_of(sql::Rows& answer) {
  Link link;
  while (answer.next()) link = {answer.integer(0), std::string(answer.text(1))};
  if (auto end = answer.end(); !end) return std::move(end).error().within("audit");
  return link;
}

Result<> append(sql::Transaction& transaction, const Link& link, const Note& note, const Person& by,
                Instant now) {
  const Entry e = entry_of(link, note, by, now);
  auto written = transaction.post(
      text::append, {param(e.number), e.at, e.who, e.from, param(e.token), e.request, e.what, e.job,
                     param(e.slot_id), e.detail, e.was, e.became, e.reason, e.outcome, e.seal});
  if (written) written = transaction.post(text::seal, {link.number, e.seal});
  return written ? Result<>() : std::move(written).error().within("audit");
}

Result<> append(sql::Transaction& transaction, const Note& note, const Person& by, Instant now) {
  auto rows = transaction.query(text::next_link);
  if (!rows) return std::move(rows).error().within("audit");
  auto link = link_of(**rows);
  if (!link) return std::move(link).error();
  rows->reset();
  return append(transaction, *link, note, by, now);
}

Result<> append(sql::Database& database, const Note& note, const Person& by, Instant now) {
  auto transaction = database.write();
  if (!transaction) return std::move(transaction).error().within("audit");
  if (auto written = append(**transaction, note, by, now); !written) return written;
  return (*transaction)->commit();
}

Result<std::vector<Entry>> list(sql::Database& database, const Query& query) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("audit");
  std::vector<Entry> found;
  std::int64_t before = query.before.value_or(std::numeric_limits<std::int64_t>::max());
  for (;;) {
    std::vector<sql::Param> params{before, std::int64_t{rows_at_once}};
    if (!query.job.empty()) params.emplace_back(std::string_view(query.job));
    auto page =
        entries(**transaction, query.job.empty() ? text::newest : text::newest_of_job, params);
    if (!page) return std::move(page).error();
    for (Entry& entry : *page) {
      if (query.since && entry.at < *query.since) return found;
      if (fits(entry, query)) found.push_back(std::move(entry));
      if (static_cast<int>(found.size()) == query.limit) return found;
    }
    if (page->size() < rows_at_once) return found;
    before = page->back().id;
  }
}

Result<> for_each(sql::Database& database, const std::function<bool(const Entry&)>& each) {
  auto transaction = database.read({.deadline = std::chrono::hours{1}});
  if (!transaction) return std::move(transaction).error().within("audit");
  return walk(**transaction, each);
}

std::string to_json(const Entry& e) {
  boost::json::object out;
  if (e.number) out["number"] = *e.number;
  out["at"] = hotclock::to_string(e.at);
  out["who"] = e.who;
  out["from"] = e.from;
  if (e.token) out["token"] = *e.token;
  out["what"] = e.what;
  out["job"] = e.job;
  if (e.slot_id) out["slot"] = *e.slot_id;
  out["outcome"] = e.outcome;
  out["detail"] = e.detail;
  out["before"] = e.was;
  out["after"] = e.became;
  out["reason"] = e.reason;
  out["request"] = e.request;
  out["seal"] = e.seal;
  return boost::json::serialize(out);
}

// Each field with its length in front, so that no two rows read alike.
std::string seal_of(const Entry& e, std::string_view before) {
  std::string sealed;
  const auto add = [&sealed](std::string_view field) {
    sealed += fmt::format("{}:{};", field.size(), field);
  };
  const auto number = [](const std::optional<std::int64_t>& n) {
    return n ? std::to_string(*n) : "";
  };
  add(before);
  add(number(e.number));
  add(std::to_string(to_millis(e.at)));
  for (const std::string* field : {&e.who, &e.from, &e.request, &e.what, &e.job, &e.detail, &e.was,
                                   &e.became, &e.reason, &e.outcome})
    add(*field);
  add(number(e.token));
  add(number(e.slot_id));
  return digest::sha256_hex(sealed);
}

Result<Checked> check(sql::Database& database) {
  auto transaction = database.read({.deadline = std::chrono::hours{1}});
  if (!transaction) return std::move(transaction).error().within("audit");
  Checked checked;
  auto walked =
      walk(**transaction, [&checked](const Entry& entry) { return holds_on(entry, checked); });
  if (!walked) return std::move(walked).error();
  if (!checked.broken.empty()) return checked;
  auto end = what_breaks_the_end(**transaction, checked);
  if (!end) return std::move(end).error();
  checked.broken = std::move(end).value();
  return checked;
}

Result<> check_on(sql::Database& database, Walk& walk, int rows) {
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("audit");
  const sql::Param params[] = {walk.after, std::int64_t{rows}};
  auto page = entries(**transaction, text::oldest, params);
  if (!page) return std::move(page).error();
  for (const Entry& entry : *page) {
    walk.after = entry.id;
    walk.ended = !holds_on(entry, walk.checked);
    if (walk.ended) return {};
  }
  if (static_cast<int>(page->size()) == rows) return {};
  auto end = what_breaks_the_end(**transaction, walk.checked);
  if (!end) return std::move(end).error();
  walk.checked.broken = std::move(end).value();
  walk.ended = true;
  return {};
}

}  // namespace hotclock::audit
