#include "scheduler/core/permit.h"

#include "scheduler/base/names.h"

namespace hotclock {
namespace {

constexpr Names<StopReason, 6> reasons{{{StopReason::none, "none"},
                                        {StopReason::time_limit, "time_limit"},
                                        {StopReason::cancelled, "cancelled"},
                                        {StopReason::replaced, "replaced"},
                                        {StopReason::drain, "drain"},
                                        {StopReason::lease_lost, "lease_lost"}}};

}  // namespace

std::string_view to_string(StopReason reason) { return name_of(reasons, reason); }

}  // namespace hotclock
