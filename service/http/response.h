// What a client is answered.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "service/http/request.h"

namespace hotclock::http {

// Bytes of one answer, or bytes that many answers share without a copy.
using Body = std::variant<std::string, std::shared_ptr<const std::string>>;

struct Response {
  int status = 200;
  // Content-Length, Connection and Date are the server's to add.
  Fields headers = {};
  Body body = {};
  bool close = false;  // the connection ends with this answer

  static Response text(int status, std::string body,
                       std::string_view type = "text/plain; charset=UTF-8");
};

std::string_view bytes(const Body& body);

// "Not Found"; empty where the number has no name.
std::string_view reason(int status);

// A status line and headers, ready to be sent before the body. `defaults` are added where the
// response says nothing else.
struct Dressing {
  std::string_view date;
  const Fields& defaults;
  bool keep_alive = true;
  bool chunked = false;  // how long the body is shows at its end
};
std::string head(const Response& response, const Dressing& dressing);

}  // namespace hotclock::http
