// Requests with an Idempotency-Key: each is worked once, however often it is sent.
#pragma once

#include <functional>
#include <string>

#include "scheduler/base/time.h"
#include "service/access/principal.h"
#include "service/operations/operation.h"
#include "service/operations/operations.h"
#include "service/sql/sql.h"

namespace hotclock::api {

inline constexpr Duration requests_kept = std::chrono::hours{24};

// Works the request, or gives the answer that its first sending was given within a day. 409 while
// that is being worked (or was not heard of again: a node died over it), 422 where the key was
// another request's. An answer of 503 is not kept: nothing was done. The secret of a token is not
// kept either: who sends such a request again learns that it was done.
operations::Answer once(sql::Database& database, const std::string& key,
                        const access::Principal& who, const operations::Request& request,
                        Instant now, const std::function<operations::Answer()>& work);

}  // namespace hotclock::api
