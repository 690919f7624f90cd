#include "service/http/response.h"

#include <algorithm>
#include <array>

namespace hotclock::http {
namespace {

struct Named {
  int status;
  std::string_view name;
};
constexpr std::array named{
    Named{101, "Switching Protocols"},
    Named{200, "OK"},
    Named{201, "Created"},
    Named{202, "Accepted"},
    Named{204, "No Content"},
    Named{301, "Moved Permanently"},
    Named{302, "Found"},
    Named{303, "See Other"},
    Named{304, "Not Modified"},
    Named{307, "Temporary Redirect"},
    Named{308, "Permanent Redirect"},
    Named{400, "Bad Request"},
    Named{401, "Unauthorized"},
    Named{403, "Forbidden"},
    Named{404, "Not Found"},
    Named{405, "Method Not Allowed"},
    Named{406, "Not Acceptable"},
    Named{408, "Request Timeout"},
    Named{409, "Conflict"},
    Named{410, "Gone"},
    Named{412, "Precondition Failed"},
    Named{413, "Content Too Large"},
    Named{415, "Unsupported Media Type"},
    Named{422, "Unprocessable Content"},
    Named{428, "Precondition Required"},
    Named{429, "Too Many Requests"},
    Named{431, "Request Header Fields Too Large"},
    Named{500, "Internal Server Error"},
    Named{501, "Not Implemented"},
    Named{503, "Service Unavailable"},
    Named{505, "HTTP Version Not Supported"},
};

void put(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

bool says(const Fields& headers, std::string_view name) {
  return std::ranges::any_of(headers, [&](const auto& h) { return same_word(h.first, name); });
}

}  // namespace

Response Response::text(int status, std::string body, std::string_view type) {
  return {
      .status = status, .headers = {{"Content-Type", std::string(type)}}, .body = std::move(body)};
}

std::string_view bytes(const Body& body) {
  if (const auto* own = std::get_if<std::string>(&body)) return *own;
  const auto& shared = *std::get_if<1>(&body);
  return shared ? std::string_view(*shared) : std::string_view{};
}

std::string_view reason(int status) {
  const auto at = std::ranges::find(named, status, &Named::status);
  return at == named.end() ? std::string_view{} : at->name;
}

std::string head(const Response& response, const Dressing& dressing) {
  std::string out;
  out.reserve(256);
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(reason(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers) put(out, name, value);
  for (const auto& [name, value] : dressing.defaults)
    if (!says(response.headers, name)) put(out, name, value);
  if (!dressing.date.empty()) put(out, "Date", dressing.date);
  if (dressing.chunked)
    put(out, "Transfer-Encoding", "chunked");
  else if (response.status >= 200 && response.status != 204 && response.status != 304)
    put(out, "Content-Length", std::to_string(bytes(response.body).size()));
  if (!dressing.keep_alive) put(out, "Connection", "close");
  return out.append("\r\n");
}

}  // namespace hotclock::http
