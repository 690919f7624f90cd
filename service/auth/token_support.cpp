#include "service/auth/token_support.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cstdlib>

#include "service/auth/base64url.h"

namespace hotclock::auth {
namespace {

// What fails here is a fault of the test itself.
void must(bool done) {
  if (!done) std::abort();
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string out(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return out;
}

std::string number_of(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  must(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string out(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(out.data()));
  BN_free(number);
  return to_base64url(out);
}

std::string raw_public(EVP_PKEY* key) {
  std::string out(32, '\0');
  std::size_t size = out.size();
  must(EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(out.data()), &size) == 1);
  return to_base64url(out);
}

std::string signed_part(std::string_view header, std::string_view claims) {
  return to_base64url(header) + "." + to_base64url(claims);
}

}  // namespace

KeyPair::KeyPair(EVP_PKEY* key) : key_(key, EVP_PKEY_free) { must(key != nullptr); }

KeyPair KeyPair::rsa(unsigned bits) { return KeyPair(EVP_RSA_gen(bits)); }

KeyPair KeyPair::rsa_pss() {
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA-PSS", nullptr);
  must(EVP_PKEY_keygen_init(context) == 1);
  EVP_PKEY* key = nullptr;
  must(EVP_PKEY_generate(context, &key) == 1);
  EVP_PKEY_CTX_free(context);
  return KeyPair(key);
}

KeyPair KeyPair::ed25519() { return KeyPair(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }

std::string KeyPair::public_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  must(PEM_write_bio_PUBKEY(bio, key_.get()) == 1);
  return text_of(bio);
}

std::string KeyPair::private_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  must(PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio);
}

std::string KeyPair::sign(std::string_view text) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const EVP_MD* digest = EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_RSA ? EVP_sha256() : nullptr;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  must(EVP_DigestSignInit(context, nullptr, digest, nullptr, key_.get()) == 1);
  must(EVP_DigestSign(context, nullptr, &size, bytes, text.size()) == 1);
  std::string out(size, '\0');
  must(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(out.data()), &size, bytes,
                      text.size()) == 1);
  EVP_MD_CTX_free(context);
  return out;
}

std::string KeyPair::jwk(std::string_view more) const {
  const std::string begin = "{" + std::string(more);
  if (EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_RSA)
    return begin + R"("kty":"RSA","n":")" + number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N) +
           R"(","e":")" + number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E) + "\"}";
  return begin + R"("kty":"OKP","crv":"Ed25519","x":")" + raw_public(key_.get()) + "\"}";
}

std::string jwk_of_secret(std::string_view more, std::string_view secret) {
  return "{" + std::string(more) + R"("kty":"oct","k":")" + to_base64url(secret) + "\"}";
}

std::string jwks(std::initializer_list<std::string> keys) {
  std::string out;
  for (const std::string& key : keys) out += (out.empty() ? "" : ",") + key;
  return R"({"keys":[)" + out + "]}";
}

std::string token_hs256(std::string_view header, std::string_view claims, std::string_view secret) {
  const std::string text = signed_part(header, claims);
  return text + "." + to_base64url(hmac_sha256(secret, text));
}

std::string token_of(const KeyPair& key, std::string_view header, std::string_view claims) {
  const std::string text = signed_part(header, claims);
  return text + "." + to_base64url(key.sign(text));
}

}  // namespace hotclock::auth
