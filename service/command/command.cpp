#include "service/command/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "service/sql/bell.h"

namespace hotclock::command {
namespace {

Error from_errno(std::string_view step) {
  return Error(Errc::unavailable, std::strerror(errno)).within(step);
}

// An open file, closed once.
class File {
 public:
  explicit File(int fd = -1) : fd_(fd) {}
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~File() { close(); }

  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_;
};

struct Ends {
  File ours, theirs;
};

Result<Ends> pipe_to_us() {
  int both[2];
  if (pipe2(both, O_CLOEXEC) != 0) return from_errno("make a pipe");
  Ends ends{File(both[0]), File(both[1])};
  fcntl(ends.ours.get(), F_SETFL, O_NONBLOCK);
  return ends;
}

// A socket, since who writes to one whose reader is gone need not be sent a signal.
Result<Ends> socket_from_us() {
  int both[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) != 0)
    return from_errno("make a pipe");
  return Ends{File(both[0]), File(both[1])};
}

// Open at its beginning. All of it is there before anybody reads: none waits for the other.
Result<File> file_of(std::string_view text) {
  if (text.empty()) {
    File nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
    return nothing.get() < 0 ? Result<File>(from_errno("open nothing")) : std::move(nothing);
  }
  File file(memfd_create("input", MFD_CLOEXEC));
  while (file.get() >= 0 && !text.empty()) {
    const ssize_t size = write(file.get(), text.data(), text.size());
    if (size < 0) return from_errno("write its input");
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  if (file.get() < 0 || lseek(file.get(), 0, SEEK_SET) != 0) return from_errno("write its input");
  return file;
}

// As execve() takes them; they point into `texts`.
std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

std::string_view name_of(Step step) {
  switch (step) {
    case Step::fork:
      return "start a process";
    case Step::group:
      return "make a process group";
    case Step::privileges:
      return "give up privileges";
    case Step::limits:
      return "set limits";
    case Step::files:
      return "open its files";
    case Step::directory:
      return "enter its directory";
    case Step::program:
      break;
  }
  return "run the program";
}

constexpr int try_again_later = 75;  // EX_TEMPFAIL

std::string signal_name(int number) {
  const char* name = sigabbrev_np(number);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

// A keeper and its command, from this side.
class Running {
 public:
  Running(const Stopping& stopping, ExecutionLog& log) : stopping_(stopping), log_(log) {}
  ~Running() { bury(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  Result<> start(const Launch& launch) {
    auto control = socket_from_us();
    auto reports = pipe_to_us();
    auto output = pipe_to_us();
    if (!control || !reports || !output) return from_errno("make pipes");
    auto input = file_of(launch.input);
    if (!input) return std::move(input).error();
    const auto argv = pointers_to(launch.argv);
    const auto environment = pointers_to(launch.environment);
    keeper_ = fork();
    if (keeper_ == 0)
      keep(launch, argv.data(), environment.data(), control->theirs.get(), reports->theirs.get(),
           output->theirs.get(), input->get());
    if (keeper_ < 0) return from_errno("start a process");
    control_ = std::move(control->ours);
    reports_ = std::move(reports->ours);
    output_ = std::move(output->ours);
    return {};
  }

  Result<CommandEnd> wait() {
    const std::stop_callback on_stop(stopping_.stop, [this] { bell_.ring(); });
    while (!gone_ && !keeper_vanished_) {
      stop_where_asked();
      await_something();
      bell_.drain();
      read_output();
      read_reports();
    }
    read_output();
    return end();
  }

 private:
  void await_something() {
    std::array<pollfd, 3> watched{
        {{output_.get(), POLLIN, 0}, {reports_.get(), POLLIN, 0}, {bell_.descriptor(), POLLIN, 0}}};
    int limit = -1;
    if (kill_at_ && !end_.killed_by_us) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          *kill_at_ - std::chrono::steady_clock::now());
      limit = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
    }
    poll(watched.data(), watched.size(), limit);
  }

  void stop_where_asked() {
    if (!end_.asked_to_stop && stopping_.stop.stop_requested()) {
      end_.asked_to_stop = true;
      order(Order::stop);
      const bool at_once = stopping_.without_grace && stopping_.without_grace();
      kill_at_ = std::chrono::steady_clock::now() + (at_once ? Duration::zero() : stopping_.grace);
    }
    if (kill_at_ && !end_.killed_by_us && std::chrono::steady_clock::now() >= *kill_at_) {
      end_.killed_by_us = true;
      order(Order::kill);
    }
  }

  void order(Order order) { send(control_.get(), &order, 1, MSG_NOSIGNAL); }

  // What has come so far; at most so much at once that one who never stops talking is heard in
  // turns with all else, unless nothing else comes any more.
  void read_output() {
    constexpr int most_turns = 64;
    std::array<char, 16 << 10> bytes;
    for (int turn = 0; output_.get() >= 0 && (turn < most_turns || gone_); ++turn) {
      const ssize_t size = read(output_.get(), bytes.data(), bytes.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0 && errno == EAGAIN) return;
      if (size <= 0) return output_.close();
      log_.append({bytes.data(), static_cast<std::size_t>(size)});
    }
  }

  void read_reports() {
    for (Report report;;) {
      const ssize_t size = read(reports_.get(), &report, sizeof report);
      if (size == sizeof report) {
        take(report);
      } else if (size >= 0 || errno != EINTR) {
        keeper_vanished_ = size >= 0 && !gone_;
        return;
      }
    }
  }

  void take(const Report& report) {
    switch (report.kind) {
      case Report::Kind::started:
        leader_ = report.value;
        return;
      case Report::Kind::cannot_start:
        cannot_start_ = report;
        return;
      case Report::Kind::ended:
        ended_ = true;
        end_.status = report.value;
        end_.cpu = Duration{report.cpu_millis};
        end_.peak_kib = report.peak_kib;
        return;
      case Report::Kind::gone:
        gone_ = true;
        end_.left_behind = report.value;
        return;
    }
  }

  Result<CommandEnd> end() {
    bury();
    if (cannot_start_) return why_not_started();
    if (ended_) return end_;
    if (leader_ > 0) ::kill(-leader_, SIGKILL);
    return Error(Errc::unknown, "the process that watched over the command was killed");
  }

  Error why_not_started() const {
    const bool later_may_do = cannot_start_->value == EAGAIN || cannot_start_->value == ENOMEM ||
                              cannot_start_->value == ENFILE || cannot_start_->value == EMFILE;
    return Error(later_may_do ? Errc::unavailable : Errc::invalid,
                 std::strerror(cannot_start_->value))
        .within(name_of(static_cast<Step>(cannot_start_->step)));
  }

  // The keeper ends once our end of its control is closed, and nothing of the command before it.
  void bury() {
    control_.close();
    if (keeper_ > 0)
      while (waitpid(std::exchange(keeper_, -1), nullptr, 0) < 0 && errno == EINTR) {
      }
  }

  const Stopping& stopping_;
  ExecutionLog& log_;
  sql::Bell bell_;
  pid_t keeper_ = -1;
  pid_t leader_ = -1;
  File control_, reports_, output_;
  std::optional<Steady> kill_at_;
  std::optional<Report> cannot_start_;
  bool ended_ = false;
  bool gone_ = false;
  bool keeper_vanished_ = false;
  CommandEnd end_;
};

}  // namespace

std::string to_words(const CommandEnd& end) {
  if (WIFSIGNALED(end.status)) return "killed by " + signal_name(WTERMSIG(end.status));
  const int code = WEXITSTATUS(end.status);
  return fmt::format("exit {}{}", code, code == try_again_later ? " (try again later)" : "");
}

Result<CommandEnd> run_command(const Launch& launch, const Stopping& stopping, ExecutionLog& log) {
  Running running(stopping, log);
  if (auto started = running.start(launch); !started) return std::move(started).error();
  return running.wait();
}

}  // namespace hotclock::command
