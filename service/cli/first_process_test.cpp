#include "service/cli/first_process.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <functional>

namespace hotclock::cli {
namespace {

// A process like the first of a container: whoever is left alone below it is given to it. It exits
// with what run_as_child() gives.
class Container {
 public:
  explicit Container(const std::function<int(int tell)>& work) {
    std::array<int, 2> pipe{};
    EXPECT_EQ(::pipe(pipe.data()), 0);
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_CHILD_SUBREAPER, 1);
      _exit(run_as_child([&] { return work(pipe[1]); }));  // both leave here, the child first
    }
    close(pipe[1]);
    heard_ = pipe[0];
  }
  ~Container() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    close(heard_);
  }
  Container(const Container&) = delete;
  Container& operator=(const Container&) = delete;

  char heard() const {
    char byte = 0;
    return read(heard_, &byte, 1) == 1 ? byte : '\0';
  }
  void signal(int number) const { kill(pid_, number); }
  int code() {
    int status = 0;
    EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
  int heard_ = -1;
};

void tell(int line, char what) { EXPECT_EQ(write(line, &what, 1), 1); }

// Until a process is there no longer, not even as one that waits to be reaped.
bool is_reaped(pid_t pid) {
  for (int i = 0; i < 1000; ++i) {
    if (kill(pid, 0) != 0 && errno == ESRCH) return true;
    usleep(10'000);
  }
  return false;
}

TEST(FirstProcess, EndsWithWhatItsWorkCameTo) {
  EXPECT_EQ(Container([](int) { return 5; }).code(), 5);
  EXPECT_EQ(Container([](int) { return raise(SIGKILL); }).code(), 128 + SIGKILL);
}

TEST(FirstProcess, HandsSignalsOn) {
  Container container([](int line) {
    sigset_t wanted;
    sigemptyset(&wanted);
    for (const int number : {SIGHUP, SIGTERM}) sigaddset(&wanted, number);
    sigprocmask(SIG_BLOCK, &wanted, nullptr);
    tell(line, 'r');
    int first = 0, second = 0;
    sigwait(&wanted, &first);
    tell(line, first == SIGHUP ? 'h' : '?');
    sigwait(&wanted, &second);
    return second == SIGTERM ? 7 : 1;
  });
  EXPECT_EQ(container.heard(), 'r');
  container.signal(SIGHUP);
  EXPECT_EQ(container.heard(), 'h');
  container.signal(SIGTERM);
  EXPECT_EQ(container.code(), 7);
}

TEST(FirstProcess, ReapsWhomItsWorkLeftAlone) {
  Container container([](int line) {
    // A child that ends at once and leaves one of its own alone, which ends later.
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) return 1;
    const pid_t child = fork();
    if (child == 0) {
      const pid_t alone = fork();
      if (alone == 0) _exit(0);
      _exit(write(pipe[1], &alone, sizeof alone) == sizeof alone ? 0 : 1);
    }
    pid_t alone = 0;
    if (read(pipe[0], &alone, sizeof alone) != sizeof alone) return 2;
    int status = 0;
    if (waitpid(child, &status, 0) != child || status != 0) return 3;  // one's own is one's own
    tell(line, is_reaped(alone) ? 'y' : 'n');
    return 0;
  });
  EXPECT_EQ(container.heard(), 'y');
  EXPECT_EQ(container.code(), 0);
}

}  // namespace
}  // namespace hotclock::cli
