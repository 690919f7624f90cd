#include "service/ledger/statements.h"

#include "service/ledger/control.sql.h"
#include "service/ledger/finding.sql.h"
#include "service/ledger/history.sql.h"
#include "service/ledger/log_tail.sql.h"
#include "service/ledger/nodes.sql.h"
#include "service/ledger/partitions.sql.h"
#include "service/ledger/retention.sql.h"
#include "service/ledger/row_locks.sql.h"
#include "service/ledger/settle.sql.h"
#include "service/ledger/settle_at_once.sql.h"
#include "service/ledger/slot_list.sql.h"

namespace hotclock::ledger {

std::vector<const sql::Statement*> statements(const sql::Dialect& dialect) {
  std::vector<const sql::Statement*> all;
  const auto add = [&all](const auto& some) {
    for (const sql::Statement* statement : some) all.push_back(statement);
  };
  add(stmt::settle::all);
  if (dialect.takes_arrays) add(stmt::settle_at_once::all);
  if (dialect.locks_rows) add(stmt::row_locks::all);
  add(stmt::control::all);
  add(stmt::finding::all);
  add(stmt::history::all);
  add(stmt::log_tail::all);
  add(stmt::nodes::all);
  add(stmt::partitions::all);
  add(stmt::retention::all);
  add(stmt::slot_list::all);
  return all;
}

}  // namespace hotclock::ledger
