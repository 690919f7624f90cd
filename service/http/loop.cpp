#include "service/http/loop.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace hotclock::http {
namespace {

int checked(int descriptor, const char* what) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), what);
  return descriptor;
}

// Writing to a connection that is gone is an error to be read, not a signal.
void block_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

std::uint64_t tag(int descriptor, std::uint32_t term) {
  return static_cast<std::uint64_t>(term) << 32 | static_cast<std::uint32_t>(descriptor);
}

std::pair<int, std::uint32_t> untagged(std::uint64_t tag) {
  return {static_cast<int>(tag & 0xffffffff), static_cast<std::uint32_t>(tag >> 32)};
}

timespec to_timespec(std::chrono::nanoseconds span) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(span);
  return {static_cast<time_t>(seconds.count()), static_cast<long>((span - seconds).count())};
}

}  // namespace

Loop::Loop(const Clock& clock)
    : clock_(clock),
      epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      bell_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")),
      buffer_(std::make_unique<std::array<char, 65536>>()),
      now_(clock.steady()) {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = tag(bell_, 0)}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, bell_, &event);
}

Loop::~Loop() {
  stop();
  close(bell_);
  close(epoll_);
}

Result<void> Loop::start() {
  {
    Lock lock(m_);
    if (running_) return {};
    running_ = true;
    stopping_ = false;
  }
  if (thread_.joinable()) thread_.join();
  thread_ = std::thread([this] { run(); });
  return {};
}

void Loop::run() {
  block_sigpipe();
  {
    Lock lock(m_);
    running_ = true;
    runner_ = std::this_thread::get_id();
  }
  while (!ended()) turn();
}

// Ends only when nothing is posted any more, so that nobody waits for ever in call().
bool Loop::ended() {
  Lock lock(m_);
  if (!stopping_ || !posted_.empty()) return false;
  running_ = false;
  stopping_ = false;
  runner_ = {};
  changed_.notify_all();
  return true;
}

void Loop::stop() {
  {
    Lock lock(m_);
    if (running_) stopping_ = true;
    ring();
    if (runner_ == std::this_thread::get_id()) return;
    while (running_) lock.wait(changed_);
  }
  if (thread_.joinable()) thread_.join();
}

void Loop::post(std::function<void()> work) {
  Lock lock(m_);
  posted_.push_back(std::move(work));
  if (posted_.size() == 1) ring();
}

void Loop::call(const std::function<void()>& work) {
  {
    Lock lock(m_);
    if (running_ && runner_ != std::this_thread::get_id()) {
      bool done = false;
      posted_.push_back([&] {
        work();
        Lock inner(m_);
        done = true;
        changed_.notify_all();
      });
      ring();
      while (!done) lock.wait(changed_);
      return;
    }
  }
  work();
}

bool Loop::on_thread() const {
  Lock lock(m_);
  return runner_ == std::this_thread::get_id();
}

void Loop::ring() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(bell_, &one, sizeof one);
}

Loop::TimerId Loop::after(Duration wait, std::function<void()> work) {
  const TimerId id{clock_.steady() + wait, ++last_timer_};
  timers_.emplace(id, std::move(work));
  return id;
}

void Loop::cancel(TimerId timer) { timers_.erase(timer); }

void Loop::defer(std::function<void()> work) { deferred_.push_back(std::move(work)); }

Result<void> Loop::watch(int descriptor, std::uint32_t events, Source& source) {
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= watches_.size()) watches_.resize(index + index / 2 + 1);
  Watch& watch = watches_[index];
  watch = {&source, watch.term + 1};
  epoll_event event{.events = events, .data = {.u64 = tag(descriptor, watch.term)}};
  if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0) return {};
  watch.source = nullptr;
  return Error(Errc::unavailable, std::generic_category().message(errno)).within("epoll_ctl");
}

void Loop::change(int descriptor, std::uint32_t events) {
  const Watch& watch = watches_[static_cast<std::size_t>(descriptor)];
  epoll_event event{.events = events, .data = {.u64 = tag(descriptor, watch.term)}};
  epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event);
}

void Loop::hand_over(int descriptor, Source& source) {
  watches_[static_cast<std::size_t>(descriptor)].source = &source;
}

void Loop::forget(int descriptor) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
  const auto index = static_cast<std::size_t>(descriptor);
  if (index < watches_.size()) watches_[index].source = nullptr;
}

void Loop::turn() {
  const int count = wait();
  now_ = clock_.steady();
  dispatch(count);
  run_timers();
  run_posted();
  run_deferred();
  close_graves();
}

int Loop::wait() {
  timespec timeout{};
  const timespec* until = nullptr;
  if (!deferred_.empty() || !graves_.empty()) {
    until = &timeout;
  } else if (!timers_.empty()) {
    const auto left = timers_.begin()->first.due - clock_.steady();
    timeout = to_timespec(std::max<std::chrono::nanoseconds>(left, std::chrono::nanoseconds{0}));
    until = &timeout;
  }
  return std::max(
      epoll_pwait2(epoll_, ready_.data(), static_cast<int>(ready_.size()), until, nullptr), 0);
}

// Who was forgotten earlier in this turn hears nothing more, and who came in its place nothing that
// was meant for it.
void Loop::dispatch(int count) {
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = ready_[static_cast<std::size_t>(i)];
    const auto [descriptor, term] = untagged(event.data.u64);
    if (descriptor == bell_) {
      std::uint64_t rung = 0;
      [[maybe_unused]] const auto drained = read(bell_, &rung, sizeof rung);
      continue;
    }
    const Watch watch = watches_[static_cast<std::size_t>(descriptor)];
    if (watch.source && watch.term == term) watch.source->ready(event.events);
  }
}

void Loop::run_timers() {
  const TimerId last{now_, last_timer_};  // not those that are made meanwhile
  while (!timers_.empty() && timers_.begin()->first <= last) {
    auto node = timers_.extract(timers_.begin());
    node.mapped()();
  }
}

void Loop::run_posted() {
  Work work;
  {
    Lock lock(m_);
    work.swap(posted_);
  }
  for (const auto& each : work) each();
}

void Loop::run_deferred() {
  Work work;
  work.swap(deferred_);
  for (const auto& each : work) each();
}

// What dies may bury others in its turn.
void Loop::close_graves() {
  while (!graves_.empty()) {
    std::vector<std::shared_ptr<void>> graves;
    graves.swap(graves_);
  }
}

}  // namespace hotclock::http
