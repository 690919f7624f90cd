// Requests to hosts that other people run: they lead to no address of ours, follow nobody
// elsewhere, and are given up when they take too long, answer too much, or somebody wants to stop.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"

namespace hotclock::outgoing {

// Where requests may go.
struct Reach {
  bool allow_private = false;            // to addresses that are not of the public internet too
  std::vector<std::string> allow_hosts;  // to these hosts alone; empty: to any
};

struct Request {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Duration timeout = std::chrono::seconds{30};  // for all of it
  Reach reach;
  std::size_t most_body = 64 << 10;  // of the answer: the rest is not read
  std::string ca_file = {};  // whom certificates are believed from; empty: whom this machine does
};

struct Response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool cut = false;                         // there would have been more of the body
  Duration retry_after = Duration::zero();  // as the answer asks for it, at most a day
};

// Sends it once. Redirects are not followed: they are answers like any other. The address that is
// connected to is the one that was looked at; no proxy is used, whatever the environment says.
// Errc::invalid: it may not or cannot go there, ever; Errc::unavailable: it was not sent;
// Errc::unknown: it was sent, wholly or in part, and the answer did not come; Errc::stopped: a stop
// was requested before anything was sent. Within a second of the request to stop it has returned.
Result<Response> send(const Request& request, std::stop_token stop);

// What is wrong with a URL before anything is sent: no URL, not http or https, a user or password
// in it, a host that is not among those allowed. None where nothing is.
std::optional<std::string> wrong_with_url(const std::string& url, const Reach& reach);

}  // namespace hotclock::outgoing
