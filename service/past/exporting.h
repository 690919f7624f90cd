// Slots that have ended, as lines for other programs: CSV (RFC 4180, with a header) or JSON lines.
// In pages, each in a snapshot of its own and of bounded size, so that an export of any length
// holds up nothing and takes no more room than one page.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/ledger/slot_list.h"

namespace hotclock::past {

enum class Format { csv, jsonl };

// The first line of a CSV file, with its end.
std::string_view csv_header();

struct Lines {
  std::string text;                      // whole lines
  std::optional<ledger::Position> next;  // none: that was the last page
};

// The slots of the query that have ended, newest first; query.limit lines at most. A CSV page has
// no header.
Result<Lines> export_page(sql::Database& database, const ledger::SlotQuery& query, Format format);

}  // namespace hotclock::past
