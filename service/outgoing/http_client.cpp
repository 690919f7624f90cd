#include "service/outgoing/http_client.h"

#include <algorithm>

#include <fmt/format.h>

#include "service/outgoing/transfer.h"

namespace hotclock::outgoing {
namespace {

constexpr std::size_t most_headers = 16 << 10;
constexpr Duration longest_retry_after = std::chrono::hours{24};

// One request on its way.
class HttpTransfer final : public Transfer {
 public:
  HttpTransfer(const Request& request, std::stop_token stop)
      : Transfer({request.reach, request.timeout, request.ca_file}, std::move(stop)),
        request_(request) {}

  Result<Response> send() {
    if (!prepare()) return Error(Errc::unavailable, "no request can be made: out of memory");
    const auto code = run();
    return code ? result(*code) : stopped();
  }

 private:
  bool prepare() {
    if (!begin("http,https")) return false;
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set_request();
    set_listeners();
    return is_fine();
  }

  void set_request() {
    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    if (request_.method == "HEAD") set(CURLOPT_NOBODY, 1L);
    if (!request_.body.empty()) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      set(CURLOPT_POSTFIELDS, request_.body.c_str());
    } else if (request_.method != "GET" && request_.method != "HEAD") {
      add_header("Content-Length: 0");
    }
    add_header("Expect:");  // nobody waits for leave to send
    for (const auto& [name, value] : request_.headers)
      add_header(value.empty() ? name + ";" : name + ": " + value);
    set(CURLOPT_HTTPHEADER, headers());
  }

  void set_listeners() {
    set(CURLOPT_WRITEFUNCTION, &HttpTransfer::take_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &HttpTransfer::take_header);
    set(CURLOPT_HEADERDATA, this);
  }

  static std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    std::string& body = transfer.response_.body;
    const std::size_t room = transfer.request_.most_body - body.size();
    body.append(bytes, std::min(size, room));
    if (size <= room) return size;
    transfer.response_.cut = true;
    return 0;  // ends the transfer
  }

  // Of several answers (100 Continue before another) the last one counts.
  static std::size_t take_header(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    std::string_view line(bytes, size);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    auto& headers = transfer.response_.headers;
    if (line.starts_with("HTTP/")) headers.clear();
    transfer.header_bytes_ += size;
    const auto colon = line.find(':');
    if (colon == line.npos || transfer.header_bytes_ > most_headers) return size;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    headers.emplace_back(in_small_letters(std::string(line.substr(0, colon))), value);
    return size;
  }

  bool was_sent() const {
    long size = 0;
    curl_easy_getinfo(easy(), CURLINFO_REQUEST_SIZE, &size);
    return size > 0;
  }

  Result<Response> stopped() const {
    return was_sent() ? Error(Errc::unknown, "a stop was requested before the answer came")
                      : Error(Errc::stopped, "a stop was requested before it was sent");
  }

  Result<Response> result(CURLcode code) {
    long status = 0;
    curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    const bool answered = code == CURLE_OK || (response_.cut && code == CURLE_WRITE_ERROR);
    if (!answered) return failure(code);
    curl_off_t seconds = 0;
    curl_easy_getinfo(easy(), CURLINFO_RETRY_AFTER, &seconds);
    response_.retry_after = std::min<Duration>(
        std::chrono::seconds{std::clamp<curl_off_t>(seconds, 0, 1'000'000)}, longest_retry_after);
    return std::move(response_);
  }

  Error failure(CURLcode code) const {
    const std::string what = words(code);
    if (code == CURLE_COULDNT_CONNECT && !refused().empty()) return Error(Errc::invalid, refused());
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
        code == CURLE_LOGIN_DENIED)
      return Error(Errc::invalid, what);
    return Error(was_sent() ? Errc::unknown : Errc::unavailable, what);
  }

  const Request& request_;
  std::size_t header_bytes_ = 0;
  Response response_;
};

}  // namespace

std::optional<std::string> wrong_with_url(const std::string& url, const Reach& reach) {
  const Url parts = parsed(url);
  if (!parts) return "this is no URL";
  const std::string scheme = part_of(parts.get(), CURLUPART_SCHEME);
  if (scheme != "https" && scheme != "http") return "only http and https are spoken here";
  return not_allowed(parts.get(), reach);
}

Result<Response> send(const Request& request, std::stop_token stop) {
  if (const auto wrong = wrong_with_url(request.url, request.reach))
    return Error(Errc::invalid, *wrong);
  return HttpTransfer(request, std::move(stop)).send();
}

}  // namespace hotclock::outgoing
