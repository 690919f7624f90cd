#include "service/outgoing/http_client.h"

#include <curl/curl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "service/outgoing/address.h"

namespace hotclock::outgoing {
namespace {

constexpr std::size_t most_headers = 16 << 10;
constexpr Duration longest_connecting = std::chrono::seconds{10};
constexpr Duration longest_retry_after = std::chrono::hours{24};

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string in_small_letters(std::string text) {
  std::ranges::transform(text, text.begin(), small);
  return text;
}

// The library is made ready once, when it is first needed.
bool ready() {
  static const bool made = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return made;
}

// OpenSSL writes to sockets without asking to be spared the signal of one that nobody reads.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    constexpr timespec at_once{};
    if (sigismember(&before_, SIGPIPE) == 0) sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_, before_;
};

// One request on its way.
class Transfer {
 public:
  Transfer(const Request& request, std::stop_token stop)
      : request_(request), stop_(std::move(stop)) {}
  ~Transfer() {
    if (multi_ && easy_) curl_multi_remove_handle(multi_, easy_);
    if (easy_) curl_easy_cleanup(easy_);
    if (multi_) curl_multi_cleanup(multi_);
    curl_slist_free_all(headers_);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  Result<Response> run() {
    if (!prepare()) return Error(Errc::unavailable, "no request can be made: out of memory");
    const std::stop_callback on_stop(stop_, [this] { curl_multi_wakeup(multi_); });
    for (int running = 1; running > 0;) {
      if (stop_.stop_requested()) return stopped();
      if (curl_multi_perform(multi_, &running) != CURLM_OK) break;
      if (running > 0) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
    }
    return result();
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    fine_ = fine_ && curl_easy_setopt(easy_, option, value) == CURLE_OK;
  }

  bool prepare() {
    easy_ = curl_easy_init();
    multi_ = curl_multi_init();
    if (!easy_ || !multi_) return false;
    set_limits();
    set_request();
    set_listeners();
    return fine_ && curl_multi_add_handle(multi_, easy_) == CURLM_OK;
  }

  void set_limits() {
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);  // a name server that does not answer holds nobody up
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    if (!request_.ca_file.empty()) set(CURLOPT_CAINFO, request_.ca_file.c_str());
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
    set(CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(std::min(request_.timeout, longest_connecting).count()));
    set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
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
    set(CURLOPT_HTTPHEADER, headers_);
  }

  void set_listeners() {
    set(CURLOPT_WRITEFUNCTION, &Transfer::take_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Transfer::take_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_ERRORBUFFER, words_);
  }

  void add_header(const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_, line.c_str());
    fine_ = fine_ && longer;
    if (longer) headers_ = longer;
  }

  // Where the address is looked at: the very one that the socket is then connected to.
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto& transfer = *static_cast<Transfer*>(self);
    if (!transfer.request_.reach.allow_private) {
      if (const auto what = not_public(&address->addr)) {
        transfer.refused_ = fmt::format("it leads to {}, {}", in_digits(&address->addr), *what);
        return CURL_SOCKET_BAD;
      }
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  static std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
    std::string& body = transfer.response_.body;
    const std::size_t room = transfer.request_.most_body - body.size();
    body.append(bytes, std::min(size, room));
    if (size <= room) return size;
    transfer.response_.cut = true;
    return 0;  // ends the transfer
  }

  // Of several answers (100 Continue before another) the last one counts.
  static std::size_t take_header(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& transfer = *static_cast<Transfer*>(self);
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
    curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &size);
    return size > 0;
  }

  Error stopped() const {
    return was_sent() ? Error(Errc::unknown, "a stop was requested before the answer came")
                      : Error(Errc::stopped, "a stop was requested before it was sent");
  }

  Result<Response> result() {
    int left = 0;
    const CURLMsg* end = curl_multi_info_read(multi_, &left);
    const CURLcode code = end && end->msg == CURLMSG_DONE ? end->data.result : CURLE_FAILED_INIT;
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    const bool answered = code == CURLE_OK || (response_.cut && code == CURLE_WRITE_ERROR);
    if (!answered) return failure(code);
    curl_off_t seconds = 0;
    curl_easy_getinfo(easy_, CURLINFO_RETRY_AFTER, &seconds);
    response_.retry_after = std::min<Duration>(
        std::chrono::seconds{std::clamp<curl_off_t>(seconds, 0, 1'000'000)}, longest_retry_after);
    return std::move(response_);
  }

  Error failure(CURLcode code) const {
    const std::string what = *words_ ? words_ : curl_easy_strerror(code);
    if (code == CURLE_COULDNT_CONNECT && !refused_.empty()) return Error(Errc::invalid, refused_);
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
        code == CURLE_LOGIN_DENIED)
      return Error(Errc::invalid, what);
    return Error(was_sent() ? Errc::unknown : Errc::unavailable, what);
  }

  const NoSigpipe no_sigpipe_;
  const Request& request_;
  const std::stop_token stop_;
  CURL* easy_ = nullptr;
  CURLM* multi_ = nullptr;
  curl_slist* headers_ = nullptr;
  bool fine_ = true;
  std::string refused_;
  std::size_t header_bytes_ = 0;
  Response response_;
  char words_[CURL_ERROR_SIZE] = {};
};

}  // namespace

std::optional<std::string> wrong_with_url(const std::string& url, const Reach& reach) {
  if (!ready()) return "no request can be made";
  const Url parsed(curl_url());
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    return "this is no URL";
  const std::string scheme = part_of(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "https" && scheme != "http") return "only http and https are spoken here";
  if (!part_of(parsed.get(), CURLUPART_USER).empty() ||
      !part_of(parsed.get(), CURLUPART_PASSWORD).empty())
    return "a user or a password stands in it";
  const std::string host = in_small_letters(part_of(parsed.get(), CURLUPART_HOST));
  const auto is_it = [&host](const std::string& allowed) {
    return in_small_letters(allowed) == host;
  };
  if (!reach.allow_hosts.empty() && std::ranges::none_of(reach.allow_hosts, is_it))
    return fmt::format("{} is not among the hosts that are allowed", host);
  return std::nullopt;
}

Result<Response> send(const Request& request, std::stop_token stop) {
  if (const auto wrong = wrong_with_url(request.url, request.reach))
    return Error(Errc::invalid, *wrong);
  return Transfer(request, std::move(stop)).run();
}

}  // namespace hotclock::outgoing
