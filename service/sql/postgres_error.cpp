#include "service/sql/postgres_error.h"

#include <algorithm>
#include <cctype>

namespace hotclock::sql {
namespace {

bool in_class(std::string_view state, std::string_view two) { return state.substr(0, 2) == two; }

// What a SQLSTATE means whatever the statement was. Errc::internal where it means nothing of the
// kind.
Errc meaning(std::string_view state) {
  if (state == "23505") return Errc::unique;
  if (state == "23503") return Errc::foreign_key;
  // Class 22 is about values: out of range above all, which SQLite's STRICT tables refuse too.
  if (in_class(state, "23") || in_class(state, "22")) return Errc::check;
  if (state == "25006") return Errc::read_only;
  if (state == "53100") return Errc::disk_full;
  // A deadlock or a serialisation failure is somebody else's work in the way, as a lock is.
  if (in_class(state, "40") || state == "55P03") return Errc::busy;
  if (in_class(state, "08") || in_class(state, "53") || in_class(state, "57") || state == "25P03")
    return Errc::unavailable;
  if (in_class(state, "58") || in_class(state, "XX")) return Errc::corrupt;
  if (state == "3D000" || state == "3F000") return Errc::not_found;
  if (state == "28000" || state == "28P01" || state == "42501") return Errc::conflict;
  return Errc::internal;
}

// The SQLSTATE of "FATAL:  28P01: password ...": five of 0-9 and A-Z between ": " and ":".
std::string_view state_in(std::string_view words) {
  for (std::size_t at = words.find(":  "); at != std::string_view::npos;
       at = words.find(":  ", at + 1)) {
    const std::string_view state = words.substr(at + 3, 5);
    const bool fits = state.size() == 5 && std::all_of(state.begin(), state.end(), [](char c) {
                        return std::isdigit(static_cast<unsigned char>(c)) ||
                               (c >= 'A' && c <= 'Z');
                      });
    if (fits && words.substr(at + 8, 1) == ":") return state;
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
    text.remove_prefix(1);
  return text;
}

std::string field(const PGresult* result, int which) {
  const char* text = PQresultErrorField(result, which);
  return text ? text : "";
}

}  // namespace

std::string first_words(std::string_view words) {
  words = words.substr(0, words.find('\n'));
  if (const auto state = state_in(words); !state.empty())
    words = words.substr(static_cast<std::size_t>(state.data() - words.data()) + 6);
  for (const std::string_view severity : {"ERROR:", "FATAL:", "PANIC:"})
    if (const auto at = words.find(severity); at != std::string_view::npos)
      words = words.substr(at + severity.size());
  return std::string(trimmed(words));
}

Error no_session(const std::string& where) {
  return Error(Errc::unsupported,
               where + " is reached through a pool that gives each transaction another server process"
                       " (PgBouncer: pool_mode = transaction), and Hotclock needs sessions; point it at the"
                       " server itself, or at a pool in session mode");
}

Error postgres_error(const PGresult* result, const std::string& where, const Watch& watch) {
  const std::string state = field(result, PG_DIAG_SQLSTATE);
  std::string words = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (words.empty()) words = first_words(PQresultErrorMessage(result));
  // Ours, or an operator's (statement_timeout of the role, pg_cancel_backend).
  if (state == "57014" && watch.over()) return watch.cut_short();
  if (state == "57014") return Error(Errc::timeout, words);
  const Errc code = meaning(state);
  // What was prepared on this connection is not there, or something else is: it is no session.
  if (state == "26000" || state == "42P05") return no_session(where);
  if (code == Errc::busy) return watch.waited_for(where + ": " + words);
  if (const std::string detail = field(result, PG_DIAG_MESSAGE_DETAIL);
      !detail.empty() && (code == Errc::unique || code == Errc::foreign_key || code == Errc::check))
    words += " (" + detail + ")";
  if (code == Errc::unavailable || code == Errc::disk_full || code == Errc::read_only ||
      code == Errc::corrupt)
    return Error(code, where + ": " + words);
  return Error(code, words);
}

Error postgres_connect_error(std::string_view words, const std::string& where) {
  const std::string_view state = state_in(words);
  const Errc code = state.empty() ? Errc::unavailable : meaning(state);
  // The last line speaks of the last address that was tried.
  words = trimmed(words);
  for (auto end = words.rfind("\nLOCATION:"); end != std::string_view::npos;
       end = words.rfind("\nLOCATION:"))
    words = words.substr(0, end);
  return Error(code, where + ": " + first_words(words));
}

Error postgres_lost(std::string_view words, const std::string& where) {
  const std::string why = first_words(words);
  return Error(Errc::unavailable,
               "the connection to " + where + " was lost" + (why.empty() ? "" : ": " + why));
}

}  // namespace hotclock::sql
