#include "service/past/exporting.h"

#include <algorithm>
#include <array>
#include <span>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/past/exporting.sql.h"
#include "service/sql/rows.h"

namespace hotclock::past {
namespace {

namespace json = boost::json;

// A page may look at more slots than a list on a screen: nobody waits for its first line.
constexpr int looked_at = 20'000;
// Each question that is open is a statement of its own in SQLite, and the more are open the dearer
// is one.
constexpr std::size_t asked_at_once = 150;

enum class Kind { text, number, instant, object };
struct Field {
  std::string_view name;
  Kind kind;
};
// In the order of the statement's columns.
constexpr std::array<Field, 16> fields{{{"slot", Kind::number},
                                        {"job", Kind::text},
                                        {"scheduled_for", Kind::instant},
                                        {"trigger", Kind::text},
                                        {"queue", Kind::text},
                                        {"requested_by", Kind::text},
                                        {"end", Kind::text},
                                        {"attempt", Kind::number},
                                        {"execution", Kind::text},
                                        {"node", Kind::text},
                                        {"started_at", Kind::instant},
                                        {"ended_at", Kind::instant},
                                        {"took_ms", Kind::number},
                                        {"set_aside", Kind::number},
                                        {"tally", Kind::object},
                                        {"reason", Kind::text}}};

// With all milliseconds, so that texts sort as instants do.
std::string rfc3339(Instant t) {
  std::string text = to_string(t);
  if (text.size() == 20) text.insert(19, ".000");
  return text;
}

std::string plain(const sql::Rows& row, int column, Kind kind) {
  if (row.is_null(column)) return {};
  if (kind == Kind::number) return std::to_string(row.integer(column));
  return kind == Kind::instant ? rfc3339(row.instant(column)) : std::string(row.text(column));
}

// A spreadsheet takes what begins so for a formula, and works it out.
bool is_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

void add_quoted(std::string_view text, std::string& out) {
  const bool formula = is_formula(text);
  if (!formula && text.find_first_of(",\"\r\n") == text.npos) {
    out += text;
    return;
  }
  out += formula ? "\"'" : "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

void add_csv(const sql::Rows& row, std::string& out) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    const std::string text = plain(row, static_cast<int>(i), fields[i].kind);
    if (fields[i].kind == Kind::number)
      out += text;
    else
      add_quoted(text, out);
  }
  out += "\r\n";
}

json::value value_of(const sql::Rows& row, int column, Kind kind) {
  if (row.is_null(column)) return nullptr;
  if (kind == Kind::number) return row.integer(column);
  const std::string text = plain(row, column, kind);
  if (kind != Kind::object) return json::string(text);
  json::error_code failed;
  json::value value = json::parse(text, failed);
  return failed ? json::value(json::object()) : value;
}

void add_json(const sql::Rows& row, std::string& out) {
  json::object line;
  for (std::size_t i = 0; i < fields.size(); ++i)
    line[json::string_view(fields[i].name)] = value_of(row, static_cast<int>(i), fields[i].kind);
  out += json::serialize(line);
  out += '\n';
}

Result<> add_lines(sql::Transaction& transaction, std::span<const ledger::Position> places,
                   Format format, std::string& out) {
  std::vector<sql::Question> questions;
  for (const ledger::Position& place : places)
    questions.push_back({&stmt::exporting::line, {place.id}});
  auto answers = transaction.query_all(questions);
  if (!answers) return std::move(answers).error();
  for (auto& answer : *answers) {
    auto read = each_row(*answer, [&](const sql::Rows& row) {
      format == Format::csv ? add_csv(row, out) : add_json(row, out);
    });
    if (!read) return read;
  }
  return {};
}

Result<Lines> lines_of(sql::Transaction& transaction, const ledger::SlotQuery& query,
                       Format format) {
  auto walked = ledger::walk_slots(transaction, query, looked_at);
  if (!walked) return std::move(walked).error();
  Lines lines{.text = {}, .next = walked->next};
  for (std::span<const ledger::Position> left = walked->found; !left.empty();) {
    const auto now = left.first(std::min(left.size(), asked_at_once));
    if (auto added = add_lines(transaction, now, format, lines.text); !added)
      return std::move(added).error();
    left = left.subspan(now.size());
  }
  return lines;
}

}  // namespace

std::string_view csv_header() {
  static const std::string header = [] {
    std::string line;
    for (const Field& field : fields) line.append(line.empty() ? "" : ",").append(field.name);
    return line + "\r\n";
  }();
  return header;
}

Result<Lines> export_page(sql::Database& database, const ledger::SlotQuery& query, Format format) {
  ledger::SlotQuery ended = query;
  ended.state = State::ended;
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("export");
  auto lines = lines_of(**transaction, ended, format);
  if (!lines) return std::move(lines).error().within("export");
  return lines;
}

}  // namespace hotclock::past
