// A server in a process of its own, as the benchmark meets it: by its port, and by what it uses.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "bench/child.h"

namespace hotclock::bench {

struct CpuTime {
  double user = 0;
  double system = 0;
  double total() const { return user + system; }
  CpuTime operator-(const CpuTime& other) const {
    return {user - other.user, system - other.system};
  }
};

// Started with the words of `command`; it says `listening on PORT` as its first line. Ended with
// the object.
class ServerProcess {
 public:
  explicit ServerProcess(const std::vector<std::string>& command) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) fail("no pipe");
    child_ = fork();
    if (child_ < 0) fail("no child process");
    if (child_ == 0) run(command, ends[1]);
    close(ends[1]);
    FILE* said = fdopen(ends[0], "r");
    if (!said || std::fscanf(said, "listening on %d", &port_) != 1)
      fail(command.back() + " does not listen");
    std::fclose(said);
  }
  ~ServerProcess() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  int port() const { return port_; }

  CpuTime cpu() const {
    std::ifstream stat(fmt::format("/proc/{}/stat", child_));
    std::string text((std::istreambuf_iterator<char>(stat)), {});
    long user = 0, system = 0;
    // The name, in parentheses, may hold anything; the fields that count are the 14th and the 15th.
    const char* rest = text.c_str() + text.rfind(')') + 1;
    if (std::sscanf(rest, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld %ld", &user, &system) !=
        2)
      fail("the server is gone");
    const double tick = static_cast<double>(sysconf(_SC_CLK_TCK));
    return {static_cast<double>(user) / tick, static_cast<double>(system) / tick};
  }

  double resident_kib() const {
    std::ifstream status(fmt::format("/proc/{}/status", child_));
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6);
    fail("the server is gone");
  }

 private:
  [[noreturn]] static void run(const std::vector<std::string>& command, int out) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // also where the benchmark fails
    dup2(out, STDOUT_FILENO);
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    execvp(words[0], words.data());
    _exit(127);
  }

  pid_t child_ = 0;
  int port_ = 0;
};

}  // namespace hotclock::bench
