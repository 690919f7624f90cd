#include "tests/process/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace hotclock {
namespace {

std::string content(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void redirect(const std::string& file, int to) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(fd, to);
}

}  // namespace

Program::Program(const std::vector<std::string>& words,
                 const std::map<std::string, std::string>& environment, const std::string& directory,
                 const std::function<void()>& before) {
  static std::atomic<int> count = 0;
  const std::string base = directory + "/output-" + std::to_string(++count);
  out_file_ = base + ".out";
  err_file_ = base + ".err";
  std::vector<std::string> arguments{HOTCLOCK_PROGRAM};
  arguments.insert(arguments.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ > 0) return;
  redirect("/dev/null", STDIN_FILENO);
  redirect(out_file_, STDOUT_FILENO);
  redirect(err_file_, STDERR_FILENO);
  // Any that is free, for there are several.
  setenv("HOTCLOCK_REALTIME__PORT", "0", 1);
  setenv("HOTCLOCK_API__PORT", "0", 1);
  // Here nobody stands by to say yes to a bonus that is run by hand.
  setenv("HOTCLOCK_JOBS__OG_DAILY_BONUS__SECOND_PERSON", "false", 1);
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (before) before();
  if (chdir(directory.c_str()) == 0) execv(HOTCLOCK_PROGRAM, argv.data());
  _exit(127);
}

Program::~Program() {
  if (pid_ < 0) return;
  signal(SIGKILL);
  wait();
}

std::string Program::log() const { return content(err_file_); }
std::string Program::said() const { return content(out_file_); }

void Program::signal(int number) { kill(pid_, number); }

Ended Program::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return {code, content(out_file_), content(err_file_)};
}

bool comes_true(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    poll(nullptr, 0, 5);
  }
  return false;
}

}  // namespace hotclock
