// What people ask for, judged and done: one way in for HTTP and for the command line.
//
//   Operations operations(desk);
//   Answer answer = operations.perform(principal, {.method = "POST", .path =
//   "/jobs/og-daily-bonus/pause",
//                                                  .body = R"({"reason":"wallet migration"})", .id
//                                                  = "..."});
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "service/operations/operation.h"

namespace hotclock::operations {

struct Request {
  std::string method;  // HEAD is GET
  std::string path;    // below the API's root: "/jobs/og-daily-bonus/pause"
  std::vector<std::pair<std::string, std::string>> query = {};
  std::string body = {};
  std::string if_match = {};
  std::string id = {};   // the request's, for the audit
  std::string key = {};  // the Idempotency-Key; who sends it sees to it that it is worked once
};

// An operation, and what its path says.
struct Found {
  const Operation* operation;
  boost::json::object path;
};
// The operation that is asked for; 404, or 405 with what is allowed.
std::variant<Found, Answer> find(std::string_view method, std::string_view path);

// Threads: any.
class Operations {
 public:
  // `desk` outlives it.
  explicit Operations(Desk& desk) : desk_(desk) {}

  // Always an answer: what was done, or why not. Deny by default: an operation whose right `who`
  // does not hold is 403 and the attempt stands in the audit; only then is the request read, and
  // all its mistakes are told at once. What needs a second person is 202 with the approval that was
  // asked for.
  Answer perform(const access::Principal& who, const Request& request) const;
  // The same for who stands at this machine: a failure of the database or of ours is told in its
  // own words.
  Result<Answer> attempt(const access::Principal& who, const Request& request) const;

 private:
  Result<Answer> done(const access::Principal& who, const Request& request,
                      const Found& found) const;
  Result<> may(const access::Principal& who, const Request& request, const Found& found) const;
  Error refused(const access::Principal& who, const Request& request, const Operation& operation,
                const std::string& job, Error why) const;

  Desk& desk_;
};

// Carries out what an approval's plan says, in the name of who asked for it, if they still may.
Result<Answer> carry_out(Desk& desk, std::string_view plan, const access::Principal& asked_by,
                         const std::string& request);

}  // namespace hotclock::operations
