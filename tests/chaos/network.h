// A network of the test's own: the database's host, and one host per node, each behind a router that can
// swallow what goes either way. Made of network namespaces, so that nothing outside them is touched; their
// addresses are those set aside for documentation (RFC 5737).
#pragma once

#include <string>

namespace hotclock::chaos {

class Network {
 public:
  // Why there can be none here; empty where there can.
  static std::string missing();

  // REQUIRES: missing() is empty.
  explicit Network(int nodes);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  // The namespaces of the hosts.
  std::string database() const { return name_ + "db"; }
  std::string node(int node) const { return name_ + "n" + std::to_string(node); }
  // Where a node finds the database.
  std::string database_address(int node) const;

  // What the router of a node swallows, without a word to anybody.
  enum class Cut { nothing, to_database, from_database, both };
  void cut(int node, Cut what);

  // Moves the calling process into a namespace; for a new process, before its program. It ends the process
  // where that fails.
  static void enter(const std::string& name);

 private:
  std::string router(int node) const { return name_ + "r" + std::to_string(node); }

  const int nodes_;
  const std::string name_;
};

}  // namespace hotclock::chaos
