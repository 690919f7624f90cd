// One request, read as its bytes come in.
#pragma once

#include <memory>
#include <string_view>

#include "service/http/request.h"

namespace hotclock::http {

// Threads: one. Lives for one request; the next one gets a reader of its own.
class RequestReader {
 public:
  enum class Step {
    more,      // all that could be used is used
    head,      // all but the body is there; said once, and only where a body follows
    complete,  // the request is there; what is left of the bytes belongs to the next one
    wrong,     // see status()
  };

  explicit RequestReader(std::size_t most_header_bytes);
  ~RequestReader();

  // Takes what it can use from the front of `bytes`. What is left after `more` has to be shown
  // again, with what comes after it.
  Step feed(std::string_view& bytes);

  // After head and before the next feed(). False where more is announced: the request is wrong.
  bool limit_body(std::size_t most);

  // After head; after complete it may be moved from.
  Request& request();
  bool keeps_alive() const;
  // Whether the peer waits to be told to send the body.
  bool expects_continue() const;
  // Why it is wrong: 400, 413, 431, 501 or 505.
  int status() const;

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace hotclock::http
