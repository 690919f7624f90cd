#include "service/access/statements.h"

#include "service/access/approvals.sql.h"
#include "service/access/sessions.sql.h"
#include "service/access/tokens.sql.h"

namespace hotclock::access {

std::vector<const sql::Statement*> statements() {
  std::vector<const sql::Statement*> all;
  const auto add = [&all](const auto& some) { all.insert(all.end(), some.begin(), some.end()); };
  add(stmt::tokens::all);
  add(stmt::sessions::all);
  add(stmt::approvals::all);
  return all;
}

}  // namespace hotclock::access
