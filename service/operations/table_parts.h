// The table's parts, a subject each, and the parameters that many operations take.
#pragma once

#include <vector>

#include "service/operations/operation.h"

namespace hotclock::operations {

std::vector<Operation> job_operations();
std::vector<Operation> change_operations();
std::vector<Operation> slot_operations();
std::vector<Operation> past_operations();
std::vector<Operation> backfill_operations();
std::vector<Operation> festival_operations();
std::vector<Operation> client_operations();
std::vector<Operation> audit_operations();
std::vector<Operation> auditor_operations();
std::vector<Operation> service_operations();
std::vector<Operation> token_operations();
std::vector<Operation> alert_operations();

namespace parameter {

inline const Parameter limit{"limit", "Limit", "how many at most"};
inline const Parameter cursor{"cursor", "Cursor", "the `next` of the page before"};
inline const Parameter reason{"reason", "Reason", "why it is done", true};
inline const Parameter may_give_a_reason{"reason", "Reason", "why it is done"};
inline const Parameter job{"job", "JobName", "of this job alone"};

}  // namespace parameter
}  // namespace hotclock::operations
