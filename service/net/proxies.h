// Who is behind a proxy.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/net/networks.h"

namespace hotclock::net {

// The proxies whose word is taken for where a client is. None: nobody's is.
// Threads: any, once it is built.
class TrustedProxies {
 public:
  TrustedProxies() = default;
  // REQUIRES: read_network() takes each.
  explicit TrustedProxies(const std::vector<std::string>& networks);

  bool none() const { return networks_.empty(); }

  // The client's address, where `peer` connected and asked with this X-Forwarded-For (all of its
  // fields, in their order, with commas between them). Each proxy writes behind what it was told
  // whom it was told it by, so what counts is the last entry that is no trusted proxy; what stands
  // in front of it anybody may have written. An entry that is no address ends the search: the
  // client is the proxy that wrote it.
  std::string client_of(std::string_view peer, std::string_view forwarded) const;

 private:
  bool trusts(const Address& address) const;

  std::vector<Network> networks_;
};

}  // namespace hotclock::net
