#include "service/emitters/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>

// OpenSSL reads and writes memory only; the socket moves the bytes, so that deadlines hold and a
// peer that is gone raises no signal.
namespace hotclock::emitters {
namespace {

std::string last_words() {
  const unsigned long fault = ERR_peek_last_error();
  ERR_clear_error();
  const char* words = fault ? ERR_reason_error_string(fault) : nullptr;
  return words ? words : "the connection broke";
}

Error unreadable(const std::string& file) {
  return Error(Errc::invalid, "'" + file + "' cannot be used for TLS: " + last_words());
}

bool is_address(const std::string& host) {
  in6_addr address;
  return inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

}  // namespace

Result<TlsContext> TlsContext::load(const EmitterSettings::Tls& files) {
  TlsContext made(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = made.context_.get();
  if (!context) return Error(Errc::internal, "no memory for TLS");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (files.ca_file.empty())
    SSL_CTX_set_default_verify_paths(context);
  else if (SSL_CTX_load_verify_file(context, files.ca_file.c_str()) != 1)
    return unreadable(files.ca_file);
  if (!files.certificate_file.empty() &&
      SSL_CTX_use_certificate_chain_file(context, files.certificate_file.c_str()) != 1)
    return unreadable(files.certificate_file);
  if (!files.key_file.empty() &&
      SSL_CTX_use_PrivateKey_file(context, files.key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return unreadable(files.key_file);
  return made;
}

Result<TlsStream> TlsStream::over(Socket socket, const TlsContext& context, const std::string& host,
                                  Steady until) {
  TlsStream made(std::move(socket), SSL_new(context.context_.get()));
  if (auto ok = made.begin(host); !ok) return std::move(ok).error();
  if (auto ok = made.shake_hands(until); !ok) return std::move(ok).error();
  return made;
}

Result<> TlsStream::begin(const std::string& host) {
  if (!session_) return Error(Errc::internal, "no memory for TLS");
  SSL_set_bio(session_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(session_.get());
  const bool named =
      is_address(host)
          ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session_.get()), host.c_str()) == 1
          : SSL_set1_host(session_.get(), host.c_str()) == 1 &&
                SSL_set_tlsext_host_name(session_.get(), host.c_str()) == 1;
  return named ? Result<>() : Error(Errc::invalid, "'" + host + "' is no name of a host");
}

Result<> TlsStream::shake_hands(Steady until) {
  for (;;) {
    ERR_clear_error();
    const int outcome = SSL_do_handshake(session_.get());
    if (auto sent = send_sealed(until); !sent) return sent;
    if (outcome == 1) return {};
    if (SSL_get_error(session_.get(), outcome) != SSL_ERROR_WANT_READ) return broken(outcome);
    auto more = take_sealed(until);
    if (!more) return std::move(more).error();
    if (!*more)
      return Error(Errc::unavailable, "the server closed the connection while shaking hands");
  }
}

Result<> TlsStream::send_sealed(Steady until) {
  BIO* out = SSL_get_wbio(session_.get());
  char* bytes = nullptr;
  const long count = BIO_get_mem_data(out, &bytes);
  auto sent = socket_.write({bytes, static_cast<std::size_t>(count)}, until);
  (void)BIO_reset(out);
  return sent;
}

// False where the peer has closed.
Result<bool> TlsStream::take_sealed(Steady until) {
  std::array<char, 16 * 1024> room;
  auto came = socket_.read(room, until);
  if (!came) return std::move(came).error();
  BIO_write(SSL_get_rbio(session_.get()), room.data(), static_cast<int>(*came));
  return *came > 0;
}

Result<> TlsStream::write(std::string_view bytes, Steady until) {
  ERR_clear_error();
  std::size_t wrote = 0;
  const int outcome = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &wrote);
  if (outcome != 1 || wrote != bytes.size()) return broken(outcome);
  return send_sealed(until);
}

Result<std::size_t> TlsStream::read(std::span<char> room, Steady until) {
  for (;;) {
    ERR_clear_error();
    std::size_t came = 0;
    const int outcome = SSL_read_ex(session_.get(), room.data(), room.size(), &came);
    if (outcome == 1) return came;
    const int why = SSL_get_error(session_.get(), outcome);
    if (why == SSL_ERROR_ZERO_RETURN) return std::size_t{0};
    if (why != SSL_ERROR_WANT_READ) return broken(outcome);
    if (auto sent = send_sealed(until); !sent) return std::move(sent).error();
    auto more = take_sealed(until);
    if (!more) return std::move(more).error();
    if (!*more) return std::size_t{0};
  }
}

Error TlsStream::broken(int outcome) const {
  const int why = SSL_get_error(session_.get(), outcome);
  if (const long verdict = SSL_get_verify_result(session_.get()); verdict != X509_V_OK)
    return Error(Errc::conflict, std::string("its certificate is not trusted: ") +
                                     X509_verify_cert_error_string(verdict));
  return Error(why == SSL_ERROR_SSL ? Errc::conflict : Errc::unavailable, "TLS: " + last_words());
}

}  // namespace hotclock::emitters
