// Programs of others, run beside Hotclock by Node: bench/run installs their packages, and where one or
// Node is missing a benchmark says so and goes on without.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/child.h"

namespace hotclock::bench {

class Peer {
 public:
  // HOTCLOCK_PEERS names the directory they were installed into.
  explicit Peer(const std::string& package = "graphile-worker") {
    if (const char* directory = std::getenv("HOTCLOCK_PEERS")) directory_ = directory;
    there_ = !directory_.empty() && std::filesystem::exists(directory_ + "/node_modules/" + package) &&
             std::system("node --version >/dev/null 2>&1") == 0;
    if (!there_) fmt::print("{} is not installed: left out\n", package);
  }

  bool there() const { return there_; }

  // How a program of bench/peers is started, in words.
  std::vector<std::string> command(const std::string& program) const {
    return {"env", "HOTCLOCK_PEERS=" + directory_, "node", std::string(HOTCLOCK_PEER_PROGRAMS) + "/" + program};
  }

  // What a program of bench/peers prints.
  std::vector<double> numbers(const std::string& program, const std::string& url, int count) const {
    const std::string command = fmt::format("HOTCLOCK_PEERS='{}' node '{}/{}' '{}' {}", directory_,
                                            HOTCLOCK_PEER_PROGRAMS, program, url, count);
    FILE* pipe = popen(command.c_str(), "r");
    if (!pipe) fail("cannot run " + program);
    std::vector<double> numbers;
    for (double number = 0; std::fscanf(pipe, "%lf", &number) == 1;) numbers.push_back(number);
    if (pclose(pipe) != 0 || numbers.empty()) fail(program + " failed");
    return numbers;
  }

 private:
  std::string directory_;
  bool there_ = false;
};

}  // namespace hotclock::bench
