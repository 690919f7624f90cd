#include "tests/chaos/network.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace hotclock::chaos {
namespace {

// A batch of iproute2's commands, one a line; `in`: the namespace it is for.
void ip(const std::string& in, const std::string& batch) {
  const std::string command = "ip " + (in.empty() ? "" : "-n " + in + " ") + "-batch - >/dev/null 2>&1";
  FILE* pipe = popen(command.c_str(), "w");
  if (!pipe) throw std::runtime_error("cannot run ip");
  std::fputs(batch.c_str(), pipe);
  if (pclose(pipe) != 0) throw std::runtime_error("ip failed in '" + in + "':\n" + batch);
}

bool works(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }

// The two ends of the link between the database and a node's router, and between that and the node.
std::string link(const char* net, int node, int end) { return net + std::to_string(4 * node + end); }
// What a run that was killed has left behind: namespaces are named by the process they belong to.
void remove_abandoned() {
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/run/netns", none)) {
    const std::string name = entry.path().filename();
    int owner = 0;
    if (std::sscanf(name.c_str(), "hc%d-", &owner) == 1 && kill(owner, 0) != 0) works("ip netns del " + name);
  }
}

constexpr const char* near_database = "192.0.2.";
constexpr const char* near_node = "198.51.100.";

}  // namespace

std::string Network::missing() {
  static const std::string why = [] {
    if (geteuid() != 0) return std::string("network namespaces are root's to make");
    if (!works("ip -V")) return std::string("there is no ip program (iproute2)");
    const std::string probe = "hcprobe" + std::to_string(getpid());
    const bool can = works("ip netns add " + probe + " && ip -n " + probe + " link add name hca type veth peer name hcb");
    works("ip netns del " + probe);
    return can ? std::string() : std::string("this kernel lets nobody make network namespaces here");
  }();
  return why;
}

Network::Network(int nodes) : nodes_(nodes), name_("hc" + std::to_string(getpid()) + "-") {
  remove_abandoned();
  std::string hosts = "netns add " + database() + "\n";
  for (int i = 0; i < nodes; ++i) hosts += "netns add " + router(i) + "\nnetns add " + node(i) + "\n";
  ip("", hosts);
  ip(database(), "link set lo up\n");
  for (int i = 0; i < nodes; ++i) {
    const std::string number = std::to_string(i);
    ip(database(), "link add name d" + number + " type veth peer name north netns " + router(i) + "\naddr add " +
                       link(near_database, i, 1) + "/30 dev d" + number + "\nlink set d" + number + " up\n");
    ip(router(i), "link add name south type veth peer name north netns " + node(i) + "\naddr add " +
                      link(near_database, i, 2) + "/30 dev north\naddr add " + link(near_node, i, 1) +
                      "/30 dev south\nlink set north up\nlink set south up\nlink set lo up\n");
    ip(node(i), "addr add " + link(near_node, i, 2) + "/30 dev north\nlink set north up\nlink set lo up\nroute add default via " +
                    link(near_node, i, 1) + "\n");
    ip(database(), "route add " + link(near_node, i, 0) + "/30 via " + link(near_database, i, 2) + "\n");
    if (!works("ip netns exec " + router(i) + " sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'"))
      throw std::runtime_error("a router does not forward");
  }
}

Network::~Network() {
  works("ip netns del " + database());
  for (int i = 0; i < nodes_; ++i) works("ip netns del " + router(i)), works("ip netns del " + node(i));
}

std::string Network::database_address(int node) const { return link(near_database, node, 1); }

void Network::cut(int node, Cut what) {
  const std::string to_database = "blackhole " + database_address(node) + "/32";
  const std::string to_node = "blackhole " + link(near_node, node, 2) + "/32";
  const bool out = what == Cut::to_database || what == Cut::both;
  const bool in = what == Cut::from_database || what == Cut::both;
  const auto have = [&](bool there, const std::string& route) {
    if (there)
      ip(router(node), "route replace " + route + "\n");
    else
      works("ip -n " + router(node) + " route del " + route);
  };
  have(out, to_database);
  have(in, to_node);
}

void Network::enter(const std::string& name) {
  const int network = open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC);
  if (network < 0 || setns(network, CLONE_NEWNET) != 0) _exit(126);
}

}  // namespace hotclock::chaos
