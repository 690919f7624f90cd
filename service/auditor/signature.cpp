#include "service/auditor/signature.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "service/auth/base64url.h"
#include "service/auth/key.h"

namespace hotclock::auditor {
namespace {

constexpr std::size_t key_bytes = 32, signature_bytes = 64;

template <class T, void (*free)(T*)>
struct Free {
  void operator()(T* object) const { free(object); }
};
using Bio = std::unique_ptr<BIO, Free<BIO, BIO_free_all>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX, EVP_MD_CTX_free>>;
using KeyPtr = std::shared_ptr<EVP_PKEY>;

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Error not_made(const std::filesystem::path& file) {
  return Error(Errc::read_only,
               "the auditor's key " + file.string() + " cannot be made: " + std::strerror(errno));
}

Result<KeyPtr> read(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  const std::string pem = text.str();
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  ERR_clear_error();
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519)
    return Error(Errc::invalid, file.string() + " holds no private key of Ed25519 in PEM");
  return key;
}

std::string pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(std::max(size, 0L))};
}

// Wholly or not at all: another process that makes one at the same time finds it, or makes it.
Result<> write(const std::filesystem::path& file, const std::string& pem) {
  const std::string beside = file.string() + "." + std::to_string(::getpid());
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return not_made(file);
  const bool written =
      ::write(fd, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size()) && ::fsync(fd) == 0;
  ::close(fd);
  const bool there = written && (::link(beside.c_str(), file.c_str()) == 0 || errno == EEXIST);
  const Result<> done = there ? Result<>() : not_made(file);
  ::unlink(beside.c_str());
  return done;
}

}  // namespace

SigningKey::SigningKey(KeyPtr key) : key_(std::move(key)) {
  std::string bytes(key_bytes, '\0');
  std::size_t size = bytes.size();
  EVP_PKEY_get_raw_public_key(key_.get(), bytes_of(bytes), &size);
  public_key_ = auth::to_base64url(bytes);
}

Result<SigningKey> SigningKey::in_file(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) {
    const KeyPtr made(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
    if (!made) return Error(Errc::internal, "no key of Ed25519 can be made here");
    if (auto done = write(file, pem_of(made.get())); !done) return std::move(done).error();
  }
  auto key = read(file);
  if (!key) return std::move(key).error();
  return SigningKey(std::move(key).value());
}

Result<std::string> SigningKey::sign(std::string_view text) const {
  const Digest context(EVP_MD_CTX_new());
  std::string signature(signature_bytes, '\0');
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(text), text.size()) != 1) {
    ERR_clear_error();
    return Error(Errc::internal, "the report could not be signed");
  }
  return auth::to_base64url(signature);
}

Result<bool> is_signed_by(std::string_view text, std::string_view signature,
                          std::string_view public_key) {
  const auto bytes = auth::from_base64url(public_key);
  if (!bytes || bytes->size() != key_bytes)
    return Error(Errc::invalid,
                 "'" + std::string(public_key) + "' is no public key of Ed25519 in base64url");
  const auto key = auth::Key::ed25519(*bytes);
  if (!key) return key.error();
  const auto signed_bytes = auth::from_base64url(signature);
  return signed_bytes && key->signed_by_it(text, *signed_bytes);
}

std::filesystem::path key_file(const std::filesystem::path& setting,
                               const std::string& state_directory, std::string_view database_url) {
  if (!setting.empty()) return setting;
  if (!state_directory.empty())
    return std::filesystem::path(state_directory.substr(0, state_directory.find(':'))) /
           "auditor.pem";
  constexpr std::string_view sqlite = "sqlite:";
  if (!database_url.starts_with(sqlite)) return {};
  return std::string(database_url.substr(sqlite.size())) + ".auditor.pem";
}

}  // namespace hotclock::auditor
