// One step of the schema, as its file has it.
#pragma once

#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "service/sql/sql.h"

namespace hotclock::schema {

struct Migration {
  int version;            // the number in its file's name
  std::string_view name;  // the file's name without .sql: "0001_platform"
  std::string_view text;  // with {placeholders}
};

// The text as one engine takes it. A placeholder is a name of sql::Dialect in braces; another word
// in braces is Errc::internal. Braces around anything else, such as JSON's, stay.
Result<std::string> text_for(const Migration& migration, const sql::Dialect& dialect);

// Whether it is about the platform's tables, which its text names {platform}. A migration is about these or
// about Hotclock's own, never both: an adopted platform is left alone by the whole of it.
bool is_platforms(const Migration& migration);

// Tells whether a migration is still what was applied. Comments, blank lines and indentation do not
// count, so that they may be bettered.
std::string checksum(const Migration& migration);

}  // namespace hotclock::schema
