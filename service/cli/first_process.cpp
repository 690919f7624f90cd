#include "service/cli/first_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace hotclock::cli {
namespace {

// A group of its own, and the terminal where there is one: a Ctrl-C reaches the child once, not
// also handed on.
void stand_apart() {
  setpgid(0, 0);
  std::signal(SIGTTOU, SIG_IGN);
  if (isatty(STDIN_FILENO) == 1) tcsetpgrp(STDIN_FILENO, getpgrp());
  std::signal(SIGTTOU, SIG_DFL);
}

// Takes in all who have ended; what the child came to, if it is one of them.
std::optional<int> reap(pid_t child) {
  std::optional<int> out;
  int status = 0;
  for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;)
    if (ended == child) out = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return out;
}

int look_after(pid_t child, const sigset_t& signals) {
  for (;;) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (signal != SIGCHLD) {
      kill(child, signal);
      continue;
    }
    if (const auto ended = reap(child)) return *ended;
  }
}

}  // namespace

int run_as_child(const std::function<int()>& work) {
  sigset_t all, before;
  sigfillset(&all);
  // A fault of this process is its own.
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTTOU, SIGTTIN})
    sigdelset(&all, fault);
  sigprocmask(SIG_SETMASK, &all, &before);
  const pid_t child = fork();
  if (child < 0) {
    std::perror("hotclock: fork");
    return EXIT_FAILURE;
  }
  if (child > 0) return look_after(child, all);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  stand_apart();
  return work();
}

}  // namespace hotclock::cli
