#include "service/operations/operation.h"

namespace hotclock::operations {
namespace {

template <class P>
bool of(const P& policy) {
  if constexpr (requires { policy.second_person; }) return policy.second_person;
  return false;
}

}  // namespace

bool needs_second_person(const config::JobConfig& job) { return of(*job.policy); }

}  // namespace hotclock::operations
