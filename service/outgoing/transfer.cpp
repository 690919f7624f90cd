#include "service/outgoing/transfer.h"

#include <sys/socket.h>

#include <algorithm>

#include <fmt/format.h>

#include "service/outgoing/address.h"

namespace hotclock::outgoing {
namespace {

constexpr Duration longest_connecting = std::chrono::seconds{10};

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The library is made ready once, when it is first needed.
bool ready() {
  static const bool made = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return made;
}

}  // namespace

Url parsed(const std::string& url) {
  if (!ready()) return nullptr;
  Url out(curl_url());
  if (!out || curl_url_set(out.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return nullptr;
  return out;
}

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

std::string in_small_letters(std::string text) {
  std::ranges::transform(text, text.begin(), small);
  return text;
}

std::optional<std::string> not_allowed(CURLU* url, const Reach& reach) {
  if (!part_of(url, CURLUPART_USER).empty() || !part_of(url, CURLUPART_PASSWORD).empty())
    return "a user or a password stands in it";
  const std::string host = in_small_letters(part_of(url, CURLUPART_HOST));
  const auto is_it = [&host](const std::string& allowed) {
    return in_small_letters(allowed) == host;
  };
  if (!reach.allow_hosts.empty() && std::ranges::none_of(reach.allow_hosts, is_it))
    return fmt::format("{} is not among the hosts that are allowed", host);
  return std::nullopt;
}

NoSigpipe::NoSigpipe() {
  sigemptyset(&pipe_);
  sigaddset(&pipe_, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
}

NoSigpipe::~NoSigpipe() {
  constexpr timespec at_once{};
  if (sigismember(&before_, SIGPIPE) == 0) sigtimedwait(&pipe_, nullptr, &at_once);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

Transfer::~Transfer() {
  if (multi_ && easy_) curl_multi_remove_handle(multi_, easy_);
  if (easy_) curl_easy_cleanup(easy_);
  if (multi_) curl_multi_cleanup(multi_);
  curl_slist_free_all(headers_);
}

bool Transfer::begin(const char* protocols) {
  if (!ready()) return false;
  easy_ = curl_easy_init();
  multi_ = curl_multi_init();
  if (!easy_ || !multi_) return false;
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a name server that does not answer holds nobody up
  set(CURLOPT_PROTOCOLS_STR, protocols);
  set(CURLOPT_PROXY, "");
  if (!limits_.ca_file.empty()) set(CURLOPT_CAINFO, limits_.ca_file.c_str());
  set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(limits_.timeout.count()));
  set(CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::min(limits_.timeout, longest_connecting).count()));
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_ERRORBUFFER, words_);
  return fine_;
}

std::optional<CURLcode> Transfer::run() {
  if (curl_multi_add_handle(multi_, easy_) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
  const std::stop_callback on_stop(stop_, [this] { curl_multi_wakeup(multi_); });
  for (int running = 1; running > 0;) {
    if (stop_.stop_requested()) return std::nullopt;
    if (curl_multi_perform(multi_, &running) != CURLM_OK) break;
    if (running > 0) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
  }
  int left = 0;
  const CURLMsg* end = curl_multi_info_read(multi_, &left);
  return end && end->msg == CURLMSG_DONE ? end->data.result : CURLE_FAILED_INIT;
}

void Transfer::add_header(const std::string& line) {
  curl_slist* longer = curl_slist_append(headers_, line.c_str());
  fine_ = fine_ && longer;
  if (longer) headers_ = longer;
}

// Where the address is looked at: the very one that the socket is then connected to.
curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.limits_.reach.allow_private) {
    if (const auto what = not_public(&address->addr)) {
      transfer.refused_ = fmt::format("it leads to {}, {}", in_digits(&address->addr), *what);
      return CURL_SOCKET_BAD;
    }
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace hotclock::outgoing
