#include "service/auth/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <cassert>

#include "scheduler/base/names.h"

namespace hotclock::auth {
namespace {

constexpr Names<Algorithm, 3> algorithms{
    {{Algorithm::hs256, "HS256"}, {Algorithm::rs256, "RS256"}, {Algorithm::eddsa, "EdDSA"}}};
constexpr std::size_t shortest_secret = 32;
constexpr int fewest_bits = 2048, most_bits = 8192;

template <class T, void (*free)(T*)>
struct Free {
  void operator()(T* object) const { free(object); }
};
using Bio = std::unique_ptr<BIO, Free<BIO, BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Free<BIGNUM, BN_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX, EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM, OSSL_PARAM_free>>;
using KeyPtr = std::shared_ptr<EVP_PKEY>;

KeyPtr owned(EVP_PKEY* key) { return KeyPtr(key, EVP_PKEY_free); }

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Error invalid(std::string message) {
  ERR_clear_error();
  return Error(Errc::invalid, std::move(message));
}

Number number_of(std::string_view bytes) {
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

// What everyone who knows the key would accept of it: an exponent that is odd and at least 3.
Result<void> check_rsa(EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < fewest_bits) return invalid("the RSA key has less than 2048 bits");
  if (bits > most_bits) return invalid("the RSA key has more than 8192 bits");
  BIGNUM* read = nullptr;
  EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &read);
  const Number exponent(read);
  if (!exponent || !BN_is_odd(exponent.get()) || BN_is_one(exponent.get()) ||
      BN_num_bits(exponent.get()) > 64)
    return invalid("the RSA key's exponent is none");
  return {};
}

KeyPtr rsa_of(const BIGNUM* modulus, const BIGNUM* exponent) {
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus);
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent);
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* out = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) == 1)
    EVP_PKEY_fromdata(context.get(), &out, EVP_PKEY_PUBLIC_KEY, parameters.get());
  return owned(out);
}

bool verifies(EVP_PKEY* key, const EVP_MD* digest, std::string_view text,
              std::string_view signature) {
  const Digest context(EVP_MD_CTX_new());
  const bool fits = EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
                    EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                     bytes_of(text), text.size()) == 1;
  ERR_clear_error();
  return fits;
}

}  // namespace

std::string_view to_string(Algorithm algorithm) { return name_of(algorithms, algorithm); }

bool from_string(std::string_view text, Algorithm& algorithm) {
  return find_name(algorithms, text, algorithm);
}

Result<Key> Key::secret(std::string bytes) {
  if (bytes.find("-----BEGIN ") != std::string::npos)
    return invalid("a key in PEM is no secret of HS256; its algorithm is RS256 or EdDSA");
  if (bytes.size() < shortest_secret) return invalid("the secret has less than 32 bytes");
  return Key(Algorithm::hs256, std::move(bytes), nullptr);
}

Result<Key> Key::public_key(Algorithm algorithm, std::string_view pem) {
  assert(algorithm != Algorithm::hs256);
  if (pem.find("PRIVATE KEY-----") != pem.npos)
    return invalid("this is a private key; only its public half belongs here");
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const KeyPtr key = owned(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  if (!key) return invalid("this is no public key in PEM");
  const int kind = algorithm == Algorithm::rs256 ? EVP_PKEY_RSA : EVP_PKEY_ED25519;
  if (EVP_PKEY_get_base_id(key.get()) != kind)
    return invalid("the public key is of another kind than " + std::string(to_string(algorithm)) +
                   " needs");
  if (algorithm == Algorithm::rs256)
    if (auto fine = check_rsa(key.get()); !fine) return std::move(fine).error();
  return Key(algorithm, {}, key);
}

Result<Key> Key::rsa(std::string_view modulus, std::string_view exponent) {
  if (modulus.size() > most_bits / 8) return invalid("the RSA key has more than 8192 bits");
  const Number n = number_of(modulus), e = number_of(exponent);
  const KeyPtr key = rsa_of(n.get(), e.get());
  if (!key) return invalid("this is no RSA key");
  if (auto fine = check_rsa(key.get()); !fine) return std::move(fine).error();
  return Key(Algorithm::rs256, {}, key);
}

Result<Key> Key::ed25519(std::string_view bytes) {
  const KeyPtr key =
      owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(bytes), bytes.size()));
  if (!key) return invalid("this is no Ed25519 key");
  return Key(Algorithm::eddsa, {}, key);
}

bool Key::signed_by_it(std::string_view text, std::string_view signature) const {
  if (algorithm_ == Algorithm::rs256) return verifies(key_.get(), EVP_sha256(), text, signature);
  if (algorithm_ == Algorithm::eddsa) return verifies(key_.get(), nullptr, text, signature);
  const std::string own = hmac_sha256(secret_, text);
  return own.size() == signature.size() &&
         CRYPTO_memcmp(own.data(), signature.data(), own.size()) == 0;
}

std::string hmac_sha256(std::string_view secret, std::string_view text) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(text), text.size(),
       reinterpret_cast<unsigned char*>(out.data()), &length);
  out.resize(length);
  return out;
}

}  // namespace hotclock::auth
