#include "service/operations/operation.h"

namespace hotclock::operations {

bool needs_second_person(const config::JobConfig& job) { return job.policy->second_person; }

}  // namespace hotclock::operations
