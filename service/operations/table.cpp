#include "service/operations/table.h"

#include "service/operations/table_parts.h"

namespace hotclock::operations {

const std::vector<Operation>& table() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> out;
    for (const auto& part :
         {job_operations(), change_operations(), slot_operations(), past_operations(),
          backfill_operations(), festival_operations(), client_operations(), audit_operations(),
          auditor_operations(), service_operations(), token_operations(), alert_operations()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

}  // namespace hotclock::operations
