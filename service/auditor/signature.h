// The key that reports are signed with: Ed25519, in a file of this node's that nobody else may
// read. Others know its public half, and need nothing more to verify.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"

// OpenSSL's; only signature.cpp looks inside.
struct evp_pkey_st;

namespace hotclock::auditor {

// Immutable; copies share what is inside. Threads: any.
class SigningKey {
 public:
  // The key in the file (PEM, PKCS#8); where there is no file one is made, readable by its owner
  // alone. Errc::invalid where the file holds another thing, Errc::read_only where none can be
  // made.
  static Result<SigningKey> in_file(const std::filesystem::path& file);

  // In base64url: 43 characters. What `audit report --key` takes.
  const std::string& public_key() const { return public_key_; }
  // In base64url: 86 characters.
  Result<std::string> sign(std::string_view text) const;

 private:
  explicit SigningKey(std::shared_ptr<evp_pkey_st> key);

  std::shared_ptr<evp_pkey_st> key_;
  std::string public_key_;
};

// Whether the signature is that key's under the text. Errc::invalid where the key is none.
Result<bool> is_signed_by(std::string_view text, std::string_view signature,
                          std::string_view public_key);

// Where the key lies: what the setting says; else in the state directory that a service manager
// gave; else beside SQLite's file. Empty: nowhere, and reports are not signed.
std::filesystem::path key_file(const std::filesystem::path& setting,
                               const std::string& state_directory, std::string_view database_url);

}  // namespace hotclock::auditor
