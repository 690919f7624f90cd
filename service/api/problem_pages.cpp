#include "service/api/problem_pages.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace hotclock::api {
namespace {

struct Meaning {
  std::string_view code;
  std::string_view text;
};

constexpr std::array meanings{
    Meaning{"invalid",
            "The request is wrong. `problems` names each mistake, and what would be right."},
    Meaning{"unauthorized",
            "No token was shown, or none that is good: unknown, ended, revoked, or not good from "
            "there."},
    Meaning{"forbidden", "Whoever asks may not. The attempt stands in the audit."},
    Meaning{"not_found", "There is no such thing."},
    Meaning{"method_not_allowed",
            "It can be asked, but not by this method. Allow names those that can be."},
    Meaning{"conflict", "It is there already, or its state forbids the act."},
    Meaning{"stale",
            "It was changed after the version that was named. Read it again, then decide again."},
    Meaning{"precondition_required",
            "Say which version you change: If-Match, with the ETag you were given."},
    Meaning{"refused", "It was understood and is no good. `problems` names each mistake."},
    Meaning{"key_used", "The Idempotency-Key came with another request before. Take another key."},
    Meaning{"in_progress",
            "The first request with this Idempotency-Key is being worked, or nobody knows what "
            "became of it: look before you ask again with another key."},
    Meaning{"too_large", "The body is larger than 64 KiB."},
    Meaning{"too_slow", "The request did not come in time. Nothing was done: send it again."},
    Meaning{"unsupported_media_type", "Send the body as Content-Type: application/json."},
    Meaning{"too_many_requests", "Ask less often. Retry-After says when again."},
    Meaning{"unsupported", "It was understood, but is not to be had here."},
    Meaning{"unavailable",
            "The database does not answer now, or this node has too much to do. Nothing was done: "
            "ask again."},
    Meaning{"internal",
            "A fault of Hotclock's own. The log of the node says more, by the request's id."},
};

}  // namespace

http::Response problem_page(std::string_view path) {
  const std::string_view code = path.substr(path.rfind('/') + 1);
  const auto at = std::ranges::find(meanings, code, &Meaning::code);
  if (at == meanings.end()) return http::Response::text(404, "there is no such problem\n");
  return http::Response::text(200, fmt::format("{}\n\n{}\n", at->code, at->text));
}

}  // namespace hotclock::api
