// TLS over a Socket, as a client that believes only what it can verify.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"
#include "service/emitters/emitter.h"
#include "service/emitters/socket.h"

namespace hotclock::emitters {

// Whom to trust and who we are, read from files once. Threads: any.
class TlsContext {
 public:
  // Errc::invalid where a file cannot be read.
  static Result<TlsContext> load(const EmitterSettings::Tls& files);

 private:
  friend class TlsStream;
  struct Free {
    void operator()(SSL_CTX* c) const { SSL_CTX_free(c); }
  };
  explicit TlsContext(SSL_CTX* context) : context_(context) {}

  std::unique_ptr<SSL_CTX, Free> context_;
};

// Threads: one at a time. Errors as those of Socket, and Errc::conflict where the server is not who
// it should be, or does not want us.
class TlsStream {
 public:
  // Shakes hands. `host` is the name or the address that the server's certificate must be for.
  static Result<TlsStream> over(Socket socket, const TlsContext& context, const std::string& host,
                                Steady until);

  Result<> write(std::string_view bytes, Steady until);
  Result<std::size_t> read(std::span<char> room, Steady until);

 private:
  struct Free {
    void operator()(SSL* s) const { SSL_free(s); }
  };
  TlsStream(Socket socket, SSL* session) : socket_(std::move(socket)), session_(session) {}

  Result<> begin(const std::string& host);
  Result<> shake_hands(Steady until);
  Result<> send_sealed(Steady until);
  Result<bool> take_sealed(Steady until);
  Error broken(int outcome) const;

  Socket socket_;
  std::unique_ptr<SSL, Free> session_;
};

}  // namespace hotclock::emitters
