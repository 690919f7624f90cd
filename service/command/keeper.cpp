#include "service/command/keeper.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

// Nothing here may allocate, lock or throw.
namespace hotclock::command {
namespace {

constexpr int first_of_ours = 3;
// Where the files that the keeper needs stand, once all others are closed.
constexpr int control_place = 3, reports_place = 4, output_place = 5, input_place = 6;

void report(const Report& report) {
  while (write(reports_place, &report, sizeof report) < 0 && errno == EINTR) {
  }
}

[[noreturn]] void give_up(Step step, int why) {
  report(
      {.kind = Report::Kind::cannot_start, .value = why, .step = static_cast<std::int32_t>(step)});
  _exit(127);
}

void must(bool done, Step step) {
  if (!done) give_up(step, errno);
}

// ---------------------------------------------------------------- the leader

void take_signals_anew() {
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) sigaction(number, &usual, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

void wire_files() {
  must(dup2(input_place, 0) == 0 && dup2(output_place, 1) == 1 && dup2(output_place, 2) == 2,
       Step::files);
  must(fcntl(reports_place, F_SETFD, FD_CLOEXEC) == 0, Step::files);
  close(control_place);
  close_range(output_place, ~0U, 0);
}

[[noreturn]] void lead(const Launch& launch, char* const* argv, char* const* envp, pid_t keeper) {
  must(setpgid(0, 0) == 0, Step::group);
  must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == keeper, Step::group);
  must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, Step::privileges);
  wire_files();
  for (const Launch::Limit& limit : launch.limits)
    must(setrlimit(limit.resource, &limit.most) == 0, Step::limits);
  must(chdir(launch.directory.c_str()) == 0, Step::directory);
  take_signals_anew();
  execve(argv[0], argv, envp);
  give_up(Step::program, errno);
}

// ---------------------------------------------------------------- the keeper

// Puts the four where they stand for good, whatever numbers they had, and closes all others.
void arrange(int control, int reports, int output, int input) {
  const int high = 100;
  control = fcntl(control, F_DUPFD, high);
  reports = fcntl(reports, F_DUPFD, high);
  output = fcntl(output, F_DUPFD, high);
  input = fcntl(input, F_DUPFD, high);
  dup2(control, control_place);
  dup2(reports, reports_place);
  dup2(output, output_place);
  dup2(input, input_place);
  close_range(input_place + 1, ~0U, 0);
}

struct Children {
  pid_t leader = 0;
  bool led = true;           // the leader has not ended
  std::int32_t orphans = 0;  // reaped, without the leader
};

void tell_end(int status, const rusage& used) {
  Report ended{.kind = Report::Kind::ended, .value = status};
  ended.cpu_millis = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                     (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
  ended.peak_kib = used.ru_maxrss;
  report(ended);
}

// Those that have ended. False once there are no children at all. What the leader leaves in its
// group is killed before it is reaped: only until then the group's number is certainly its.
bool reap(Children& children) {
  for (;;) {
    siginfo_t ended{};
    if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    if (ended.si_pid == 0) return true;
    const bool is_leader = ended.si_pid == children.leader;
    if (is_leader) kill(-children.leader, SIGKILL);
    int status = 0;
    rusage used{};
    wait4(ended.si_pid, &status, 0, &used);
    if (is_leader) {
      children.led = false;
      tell_end(status, used);
    } else {
      ++children.orphans;
    }
  }
}

// Signals each child of this process, adopted ones too: "4711 4712 " as the kernel lists them.
// False where it does not.
bool signal_children(int number) {
  const int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (list < 0) return false;
  char text[4096];
  pid_t pid = 0;
  for (ssize_t size; (size = read(list, text, sizeof text)) > 0;)
    for (ssize_t i = 0; i < size; ++i) {
      if (text[i] >= '0' && text[i] <= '9') {
        pid = pid * 10 + (text[i] - '0');
      } else if (pid > 0) {
        kill(pid, number);
        pid = 0;
      }
    }
  close(list);
  return true;
}

// False where nobody can tell who is left.
bool kill_all(const Children& children) {
  if (children.led) kill(-children.leader, SIGKILL);
  return signal_children(SIGKILL);
}

// A killed one's children become ours: again until none is left.
[[noreturn]] void end_all(Children& children, int news) {
  constexpr int rounds_in_the_dark = 50;
  for (int round = 0; reap(children); ++round) {
    if (!kill_all(children) && !children.led && round > rounds_in_the_dark) break;
    pollfd watched{news, POLLIN, 0};
    poll(&watched, 1, 20);
    signalfd_siginfo about;
    while (read(news, &about, sizeof about) > 0) {
    }
  }
  report({.kind = Report::Kind::gone, .value = children.orphans});
  _exit(0);
}

void obey(Children& children, int news) {
  char order = 0;
  const ssize_t size = read(control_place, &order, 1);
  if (size < 0 && errno == EINTR) return;
  if (size == 1 && order == static_cast<char>(Order::stop)) {
    kill(-children.leader, SIGTERM);
    return;
  }
  end_all(children, news);
}

[[noreturn]] void watch_over(Children children, int news) {
  for (;;) {
    pollfd watched[2] = {{control_place, POLLIN, 0}, {news, POLLIN, 0}};
    if (poll(watched, 2, -1) < 0) continue;
    signalfd_siginfo about;
    while (read(news, &about, sizeof about) > 0) {
    }
    reap(children);
    if (!children.led) end_all(children, news);
    if (watched[0].revents != 0) obey(children, news);
  }
}

}  // namespace

void keep(const Launch& launch, char* const* argv, char* const* envp, int control, int reports,
          int output, int input) {
  setpgid(0, 0);  // a terminal's Ctrl-C is this process's parent's to deal with
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  arrange(control, reports, output, input);
  static_assert(control_place == first_of_ours);
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;  // whoever ignores it would have no children to wait for
  sigaction(SIGCHLD, &usual, nullptr);
  const int news = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  if (news < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) give_up(Step::fork, errno);
  const pid_t keeper = getpid();
  const pid_t leader = _Fork();
  if (leader < 0) give_up(Step::fork, errno);
  if (leader == 0) lead(launch, argv, envp, keeper);
  setpgid(leader, leader);  // whoever is first: none of the two may wait for the other
  close(output_place);
  close(input_place);
  report({.kind = Report::Kind::started, .value = leader});
  watch_over({.leader = leader}, news);
}

}  // namespace hotclock::command
