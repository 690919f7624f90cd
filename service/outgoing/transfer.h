// One exchange with a host that other people run, by libcurl: what all kinds of it obey.
#pragma once

#include <curl/curl.h>
#include <signal.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "scheduler/base/time.h"
#include "service/outgoing/http_client.h"

namespace hotclock::outgoing {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

// Null where it is no URL, or the library cannot be used.
Url parsed(const std::string& url);
std::string part_of(CURLU* url, CURLUPart part);
std::string in_small_letters(std::string text);
// Why nobody may be led there, whatever its scheme: a password in it, a host that is not allowed.
std::optional<std::string> not_allowed(CURLU* url, const Reach& reach);

// OpenSSL writes to sockets without asking to be spared the signal of one that nobody reads.
class NoSigpipe {
 public:
  NoSigpipe();
  ~NoSigpipe();
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_, before_;
};

// Whom it may be led to and how long it may take. Both outlive the transfer.
struct TransferLimits {
  const Reach& reach;
  Duration timeout;
  const std::string& ca_file;  // empty: whom this machine believes
};

// Kinds of it set their own options between begin() and run(). Threads: one.
class Transfer {
 public:
  Transfer(TransferLimits limits, std::stop_token stop) : limits_(limits), stop_(std::move(stop)) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

 protected:
  ~Transfer();

  template <class Value>
  void set(CURLoption option, Value value) {
    fine_ = fine_ && curl_easy_setopt(easy_, option, value) == CURLE_OK;
  }
  void add_header(const std::string& line);
  void must(bool fine) { fine_ = fine_ && fine; }

  // False where there is no memory. `protocols`: "http,https".
  bool begin(const char* protocols);
  // How it ended; none where a stop was requested first.
  std::optional<CURLcode> run();

  CURL* easy() const { return easy_; }
  curl_slist* headers() const { return headers_; }
  bool is_fine() const { return fine_; }
  // The library's words for what went wrong.
  std::string words(CURLcode code) const { return *words_ ? words_ : curl_easy_strerror(code); }
  // Why the address was not connected to; empty where it was.
  const std::string& refused() const { return refused_; }

 private:
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);

  const NoSigpipe no_sigpipe_;
  const TransferLimits limits_;
  const std::stop_token stop_;
  CURL* easy_ = nullptr;
  CURLM* multi_ = nullptr;
  curl_slist* headers_ = nullptr;
  bool fine_ = true;
  std::string refused_;
  char words_[CURL_ERROR_SIZE] = {};
};

}  // namespace hotclock::outgoing
