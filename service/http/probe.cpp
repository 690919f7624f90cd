#include "service/http/probe.h"

#include <netdb.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "service/http/place.h"

namespace hotclock::http {
namespace {

struct Freed {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using Context = std::unique_ptr<SSL_CTX, Freed>;
using Line = std::unique_ptr<BIO, Freed>;

// More than any page for watchers has.
constexpr std::size_t longest = 1 << 20;

// Of "all addresses" the loopback.
std::string asked_at(const std::string& address) {
  return address == "0.0.0.0" ? "127.0.0.1" : address == "::" ? "::1" : address;
}

std::string place_of(const Probe& whom) { return http::place_of(asked_at(whom.address), whom.port); }

class Question {
 public:
  Question(const Clock& clock, const Probe& whom, Duration patience)
      : clock_(clock), place_(place_of(whom)), until_(clock.steady() + patience) {}

  Result<std::string> ask(const Probe& whom, const std::string& request) {
    if (!connect_to(whom)) return missing("connect to");
    for (std::size_t sent = 0; sent < request.size();) {
      bound_waiting();
      const int more =
          BIO_write(line_.get(), request.data() + sent, static_cast<int>(request.size() - sent));
      if (more <= 0) return missing("ask");
      sent += static_cast<std::size_t>(more);
    }
    return all_of_the_answer();
  }

 private:
  bool connect_to(const Probe& whom) {
    addrinfo hints{}, *found = nullptr;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(asked_at(whom.address).c_str(), std::to_string(whom.port).c_str(), &hints,
                    &found) != 0)
      return false;
    const std::unique_ptr<addrinfo, Freed> place(found);
    descriptor_ = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) return false;
    line_.reset(BIO_new_socket(descriptor_, BIO_CLOSE));
    bound_waiting();
    if (connect(descriptor_, found->ai_addr, found->ai_addrlen) != 0) return false;
    if (!whom.tls) return true;
    context_.reset(SSL_CTX_new(TLS_client_method()));
    line_.reset(BIO_push(BIO_new_ssl(context_.get(), 1), line_.release()));
    return BIO_do_handshake(line_.get()) == 1;
  }

  Result<std::string> all_of_the_answer() {
    std::string out;
    std::array<char, 4096> some{};
    while (out.size() < longest) {
      bound_waiting();
      const int count = BIO_read(line_.get(), some.data(), static_cast<int>(some.size()));
      if (count <= 0 && BIO_should_retry(line_.get())) return missing("hear");
      if (count <= 0) return out;
      out.append(some.data(), static_cast<std::size_t>(count));
      if (clock_.steady() >= until_) return missing("hear");
    }
    return Error(Errc::unavailable, place_ + " says too much");
  }

  Error missing(const std::string& step) const {
    if (clock_.steady() >= until_)
      return Error(Errc::timeout, place_ + " does not answer in time").within(step);
    return Error(Errc::unavailable, "nobody answers at " + place_).within(step);
  }

  // What the socket waits at most for whatever is next. A little more than is left, so that the
  // clock agrees.
  void bound_waiting() const {
    const auto left =
        std::chrono::duration_cast<std::chrono::microseconds>(until_ - clock_.steady()).count();
    const std::int64_t us = std::max<std::int64_t>(0, left) + 1000;
    const timeval limit{us / 1'000'000, us % 1'000'000};
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  }

  const Clock& clock_;
  const std::string place_;
  const Steady until_;
  Context context_;
  int descriptor_ = -1;
  Line line_;  // owns the descriptor
};

Result<Probed> read_answer(const std::string& text) {
  constexpr std::string_view version = "HTTP/1.1 ";
  Probed out;
  const auto body = text.find("\r\n\r\n");
  const char* const digits = text.data() + version.size();
  if (!text.starts_with(version) || body == std::string::npos ||
      std::from_chars(digits, digits + 3, out.status).ptr != digits + 3)
    return Error(Errc::unavailable, "what answers speaks no HTTP");
  out.body = text.substr(body + 4);
  return out;
}

}  // namespace

Result<Probed> ask(const Clock& clock, const Probe& whom, std::string_view path,
                   Duration patience) {
  const auto heard =
      Question(clock, whom, patience)
          .ask(whom, "GET " + std::string(path) +
                         " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  if (!heard) return heard.error();
  return read_answer(*heard);
}

}  // namespace hotclock::http
