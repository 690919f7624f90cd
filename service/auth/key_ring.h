// The keys that are good now, by their ids.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "service/auth/key.h"

namespace hotclock::auth {

// Immutable once made. Threads: any.
class KeyRing {
 public:
  // One key, which every token is verified with, whatever id it names.
  static KeyRing of(Key key);
  // The keys of a JWKS (RFC 7517): `oct`, `RSA`, and `OKP` with Ed25519. A key for another use or
  // of an unknown kind is passed over. Errc::invalid where one is weak, private, broken or without
  // an id beside others of its algorithm, where two have one id, and where none is left.
  static Result<KeyRing> of_jwks(std::string_view json);

  // The key of a token that names `id`, or none. Of one that names none: the only key of the
  // algorithm. Null where there is no such key, or more than one. The key lives as long as the
  // ring.
  const Key* find(const std::optional<std::string>& id, Algorithm algorithm) const;

  std::size_t size() const { return keys_.size(); }

 private:
  struct Named {
    std::string id;  // empty: it has none
    Key key;
  };

  Result<void> add(std::string id, Key key);

  std::vector<Named> keys_;
  bool any_id_ = false;
};

}  // namespace hotclock::auth
