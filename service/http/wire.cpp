#include "service/http/wire.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace hotclock::http {
namespace {

using State = Io::State;

constexpr std::size_t most_in_record = 16 * 1024;

State state_of_errno() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? State::again : State::failed;
}

std::string openssl_says() {
  std::array<char, 256> text{};
  const auto code = ERR_get_error();
  ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return code == 0 ? "no reason given" : text.data();
}

std::size_t total(std::span<const iovec> parts) {
  std::size_t sum = 0;
  for (const iovec& part : parts) sum += part.iov_len;
  return sum;
}

// A server of HTTP/1.1 alone: whoever offers only other protocols is told so.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  static constexpr std::string_view ours = "\x08http/1.1";
  auto* const out = const_cast<unsigned char**>(chosen);
  const int found =
      SSL_select_next_proto(out, size, reinterpret_cast<const unsigned char*>(ours.data()),
                            static_cast<unsigned>(ours.size()), offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::read(const TlsFiles& files) {
  std::shared_ptr<TlsContext> out(new TlsContext);
  ERR_clear_error();
  SSL_CTX* const context = out->context_ = SSL_CTX_new(TLS_server_method());
  if (context == nullptr) return Error(Errc::internal, openssl_says()).within("TLS");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return Error(Errc::invalid, openssl_says()).within("certificate " + files.certificate);
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return Error(Errc::invalid, openssl_says()).within("key " + files.key);
  if (SSL_CTX_check_private_key(context) != 1)
    return Error(Errc::invalid, openssl_says()).within("key " + files.key + " for its certificate");
  return out;
}

TlsContext::~TlsContext() { SSL_CTX_free(context_); }

struct Wire::Tls {
  explicit Tls(SSL_CTX* context, int descriptor) : ssl(SSL_new(context)) {
    SSL_set_fd(ssl, descriptor);
    SSL_set_accept_state(ssl);
  }
  ~Tls() { SSL_free(ssl); }
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  State state_of(int result) {
    switch (SSL_get_error(ssl, result)) {
      case SSL_ERROR_WANT_READ:
        return State::again;
      case SSL_ERROR_WANT_WRITE:
        wants_write = true;
        return State::again;
      case SSL_ERROR_ZERO_RETURN:
        return State::ended;
      default:
        broken = true;
        return State::failed;
    }
  }

  Io read(std::span<char> into) {
    ERR_clear_error();
    const int n = SSL_read(ssl, into.data(), static_cast<int>(into.size()));
    if (n > 0) return {State::done, static_cast<std::size_t>(n)};
    return {state_of(n), 0};
  }

  State write(std::string_view bytes) {
    ERR_clear_error();
    const int n = SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size()));
    return n > 0 ? State::done : state_of(n);
  }

  State finish() {
    wants_write = false;
    if (!held.empty()) {
      const State state = write(held);
      if (state != State::done) return state;
      std::string().swap(held);
    }
    if (SSL_is_init_finished(ssl)) return State::done;
    ERR_clear_error();
    const int n = SSL_do_handshake(ssl);
    return n == 1 ? State::done : state_of(n);
  }

  SSL* const ssl;
  std::string held;  // was taken, but its record is not out yet: OpenSSL wants to see it again
  bool wants_write = false;
  bool broken = false;
};

Wire::Wire(int descriptor, const TlsContext* tls)
    : descriptor_(descriptor),
      tls_(tls ? std::make_unique<Tls>(tls->get(), descriptor) : nullptr) {}

Wire::Wire(Wire&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), tls_(std::move(other.tls_)) {}

Wire::~Wire() {
  tls_.reset();
  if (descriptor_ >= 0) close(descriptor_);
}

Io Wire::read(std::span<char> into) {
  if (tls_) return tls_->read(into);
  const auto n = recv(descriptor_, into.data(), into.size(), 0);
  if (n < 0) return {state_of_errno(), 0};
  return {n == 0 ? State::ended : State::done, static_cast<std::size_t>(n)};
}

Io Wire::write(std::span<const iovec> parts) {
  return tls_ ? write_tls(parts) : write_plain(parts);
}

Io Wire::write_plain(std::span<const iovec> parts) const {
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(parts.data());
  message.msg_iovlen = parts.size();
  const auto n = sendmsg(descriptor_, &message, MSG_NOSIGNAL);
  if (n < 0) return {state_of_errno(), 0};
  const auto taken = static_cast<std::size_t>(n);
  return {taken == total(parts) ? State::done : State::again, taken};
}

Io Wire::write_tls(std::span<const iovec> parts) {
  if (const State state = finish().state; state != State::done) return {state, 0};
  Io out;
  std::array<char, most_in_record> record;
  std::size_t size = 0;
  const auto put = [&] {
    out.state = tls_->write({record.data(), size});
    if (out.state == State::again) tls_->held.assign(record.data(), size);
    if (out.state != State::failed) out.bytes += size;
    size = 0;
  };
  for (const iovec& part : parts) {
    const char* from = static_cast<const char*>(part.iov_base);
    for (std::size_t left = part.iov_len; left > 0 && out.state == State::done;) {
      const std::size_t n = std::min(left, record.size() - size);
      std::memcpy(record.data() + size, from, n);
      size += n;
      from += n;
      left -= n;
      if (size == record.size()) put();
    }
  }
  if (size > 0 && out.state == State::done) put();
  return out;
}

bool Wire::unfinished() const { return tls_ && (!tls_->held.empty() || tls_->wants_write); }

Io Wire::finish() {
  if (!unfinished()) return {};
  return {tls_->finish(), 0};
}

void Wire::shut() {
  if (tls_ && !tls_->broken && SSL_is_init_finished(tls_->ssl)) {
    ERR_clear_error();
    SSL_shutdown(tls_->ssl);
  }
  shutdown(descriptor_, SHUT_WR);
}

}  // namespace hotclock::http
