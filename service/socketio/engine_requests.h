// What Engine.IO requests ask for, and how they are refused; who may ask from which page.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/http/request.h"
#include "service/http/response.h"
#include "service/socketio/engine_options.h"

namespace hotclock::socketio {

enum class Refused {
  unknown_transport = 0,
  unknown_session = 1,
  bad_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_protocol = 5,
};

// The answer that says so. A refused WebSocket gets it as a plain text, and its connection ends.
// `reason` in place of the protocol's own text.
http::Response refusal(const http::Request& request, Refused why, std::string_view reason = {});

// What can be said against any request, whatever it is about.
std::optional<Refused> fault(const http::Request& request);
// Whether it is an opening handshake of a WebSocket just where its transport says so.
bool fits_transport(const http::Request& request);
bool wants_websocket(const http::Request& request);

Handshake handshake_of(const http::Request& request);

// Whether a page of the request's Origin may connect: one of the options' origins, or where there
// are none, one of the request's own host. Who sends no Origin is no page.
bool may_connect(const http::Request& request, const EngineOptions& options);

// Lets pages of other origins read the answer, where they may.
void add_cors(const http::Request& request, const EngineOptions& options, http::Response& response);
http::Response preflight(const http::Request& request);

http::Response payload_response(std::string payload);
http::Response ok_response();

}  // namespace hotclock::socketio
