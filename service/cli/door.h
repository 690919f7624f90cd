// The way in for what people ask: the operations in this process, on the database; or those of a
// server, over HTTP. A command asks through it and knows not which it is.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>

#include "scheduler/base/result.h"
#include "service/cli/arguments.h"
#include "service/cli/console.h"
#include "service/cli/session.h"
#include "service/operations/operations.h"

namespace hotclock::cli {

using operations::Answer;
using operations::Request;

// Threads: one.
class Door {
 public:
  virtual ~Door() = default;

  // What it is answered, be it yes or a problem. Errc::unavailable where nobody answers,
  // Errc::unsupported where it is no Hotclock that does, Errc::unknown where it may have been done.
  virtual Result<Answer> send(const Request& request) = 0;
  virtual Instant now() const = 0;
  // The settings and the database, where it is the door of this machine; else none.
  virtual Session* here() { return nullptr; }

  // The same, where a problem is an error: what was done, or waits for a second person.
  Result<Answer> ask(const Request& request);
};

// The door that was asked for: `--server`, HOTCLOCK_SERVER, else this machine's, where `by` says
// who asks. Errc::invalid where both are said: a token says who asks.
Result<std::unique_ptr<Door>> open_door(Console& console, const Common& common,
                                        const std::string& by = {});
// Where the server is; empty: it is this machine that is meant.
std::string server_of(const Console& console, const Common& common);

// The error that a problem tells.
Error error_of(const Answer& problem);
// Whether nothing was done yet, and a second person is waited for.
bool is_approval(const Answer& answer);

// ---------------------------------------------------------------- requests

Request get(std::string path, std::vector<std::pair<std::string, std::string>> query = {});
Request post(std::string path, const boost::json::object& body);
Request put(std::string path, const boost::json::object& body);
Request remove(std::string path, const std::string& reason);

}  // namespace hotclock::cli
