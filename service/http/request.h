// What a client asks for.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hotclock::http {

using Fields = std::vector<std::pair<std::string, std::string>>;

// The value of the first field of that name; empty where there is none.
std::string_view find(const Fields& fields, std::string_view name);

// Something that lives as long as a request does; see Route::gate.
class Ticket {
 public:
  virtual ~Ticket() = default;
};

struct Request {
  std::string method;  // as it was sent: "GET"
  std::string path;    // percent-decoded, without the query
  std::string query;   // as it was sent, without the question mark
  Fields parameters;   // the query's, percent-decoded, in their order
  Fields headers;      // names in lower case
  std::string body;
  std::string address;  // the client's, without port: the peer's, or whose a trusted proxy says
  bool secure = false;  // it came over TLS
  bool escaped_slash =
      false;  // a slash of `path` was sent as %2F: what stands in front read other parts
  std::unique_ptr<Ticket> ticket;

  std::string_view header(std::string_view name) const { return find(headers, name); }
  // The values of all fields of that name, in their order, with commas between them.
  std::string headers_joined(std::string_view name) const;
  std::string_view parameter(std::string_view name) const { return find(parameters, name); }
  // Whether it asks to become a WebSocket, rightly or not.
  bool asks_for_websocket() const;
};

// The same but for the case of ASCII letters: names of fields, schemes, codings.
bool same_word(std::string_view a, std::string_view b);
// Whether a comma-separated header value holds `word`, in any case.
bool has_word(std::string_view list, std::string_view word);

// Fills path, query and parameters from a request's target; false where its path is none:
// a broken escape, a zero byte, no slash in front.
bool read_target(std::string_view target, Request& request);

}  // namespace hotclock::http
