// An approval as the API shows it.
#pragma once

#include <boost/json/object.hpp>

#include "service/access/approvals.h"

namespace hotclock::operations {

boost::json::object approval_json(const access::Approval& approval);

}  // namespace hotclock::operations
