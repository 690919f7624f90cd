// A connected socket that does not block, plain or under TLS.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "scheduler/base/result.h"

struct ssl_ctx_st;
struct ssl_st;

namespace hotclock::http {

// What reading or writing came to.
struct Io {
  enum class State { done, again, ended, failed };  // again: not now
  State state = State::done;
  std::size_t bytes = 0;
};

struct TlsFiles {
  std::string certificate;  // PEM, the chain
  std::string key;          // PEM
};

// A server's certificate and key, for all its connections. TLS 1.2 and above.
class TlsContext {
 public:
  // Errc::invalid, with what OpenSSL says, where the files do not hold what they should.
  static Result<std::shared_ptr<TlsContext>> read(const TlsFiles& files);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ssl_ctx_st* get() const { return context_; }

 private:
  TlsContext() = default;
  ssl_ctx_st* context_ = nullptr;
};

// Owns its descriptor. Threads: one, with SIGPIPE blocked (the loop's is).
class Wire {
 public:
  // `tls` null: plain.
  explicit Wire(int descriptor, const TlsContext* tls = nullptr);
  Wire(Wire&&) noexcept;
  Wire& operator=(Wire&&) = delete;
  ~Wire();

  int descriptor() const { return descriptor_; }

  Io read(std::span<char> into);
  // What it says it took is taken, though TLS may still hold some of it back; see unfinished().
  Io write(std::span<const iovec> parts);
  // Whether it waits to write for reasons of its own: then finish() when the socket takes more.
  bool unfinished() const;
  // `done` when nothing is held back any more.
  Io finish();
  // Tells the peer that no more comes.
  void shut();

 private:
  struct Tls;
  Io write_plain(std::span<const iovec> parts) const;
  Io write_tls(std::span<const iovec> parts);

  int descriptor_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace hotclock::http
