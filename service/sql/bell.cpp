#include "service/sql/bell.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace hotclock::sql {

Bell::Bell() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Bell::~Bell() { close(fd_); }

Bell& Bell::mine() {
  thread_local Bell bell;
  return bell;
}

void Bell::ring() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(fd_, &one, sizeof one);
}

void Bell::wait(Steady until) {
  const auto left = std::max(std::chrono::nanoseconds(until - std::chrono::steady_clock::now()),
                             std::chrono::nanoseconds(0));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
  const timespec limit{static_cast<time_t>(seconds.count()),
                       static_cast<long>((left - seconds).count())};
  pollfd bell{fd_, POLLIN, 0};
  ppoll(&bell, 1, &limit, nullptr);
  drain();
}

void Bell::drain() {
  std::uint64_t drained = 0;
  [[maybe_unused]] const auto rung = read(fd_, &drained, sizeof drained);
}

}  // namespace hotclock::sql
