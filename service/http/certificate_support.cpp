#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "service/http/client_support.h"

namespace hotclock::http {
namespace {

X509* certificate_for(EVP_PKEY* key) {
  X509* const out = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(out), 1);
  X509_gmtime_adj(X509_getm_notBefore(out), -3600);
  X509_gmtime_adj(X509_getm_notAfter(out), 3600);
  X509_set_pubkey(out, key);
  X509_NAME* const name = X509_get_subject_name(out);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(out, name);
  EXPECT_GT(X509_sign(out, key, EVP_sha256()), 0);
  return out;
}

}  // namespace

Certificate::Certificate() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hotclock-tls-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  EVP_PKEY* const pair = EVP_EC_gen("P-256");
  X509* const own = certificate_for(pair);
  if (std::FILE* const file = std::fopen(certificate().c_str(), "w")) {
    PEM_write_X509(file, own);
    std::fclose(file);
  }
  if (std::FILE* const file = std::fopen(key().c_str(), "w")) {
    PEM_write_PrivateKey(file, pair, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
  }
  X509_free(own);
  EVP_PKEY_free(pair);
}

Certificate::~Certificate() { std::filesystem::remove_all(folder_); }

}  // namespace hotclock::http
