#include "service/past/statements.h"

#include "service/past/exporting.sql.h"
#include "service/past/search.sql.h"
#include "service/past/search_by_index.sql.h"
#include "service/past/statistics.sql.h"

namespace hotclock::past {

std::vector<const sql::Statement*> statements(const sql::Dialect& dialect) {
  std::vector<const sql::Statement*> all;
  const auto add = [&all](const auto& some) {
    for (const sql::Statement* statement : some) all.push_back(statement);
  };
  add(stmt::exporting::all);
  add(stmt::search::all);
  if (dialect.finds_words) add(stmt::search_by_index::all);
  add(stmt::statistics::all);
  return all;
}

}  // namespace hotclock::past
