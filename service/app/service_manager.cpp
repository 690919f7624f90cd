#include "service/app/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace hotclock::app {
namespace {

std::string value_of(const config::Environment& environment, std::string_view name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

std::int64_t number_of(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool is_meant(const config::Environment& environment) {
  const std::string pid = value_of(environment, "WATCHDOG_PID");
  return pid.empty() || number_of(pid) == getpid();
}

// A line of its own for each thing that is said.
std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

}  // namespace

ServiceManager::ServiceManager(const config::Environment& environment)
    : address_(value_of(environment, "NOTIFY_SOCKET")) {
  if (address_.empty()) return;
  socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (is_meant(environment))
    watchdog_ = std::chrono::duration_cast<Duration>(
        std::chrono::microseconds{number_of(value_of(environment, "WATCHDOG_USEC"))});
}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) close(socket_);
}

void ServiceManager::ready(std::string_view status) const {
  say("READY=1\nSTATUS=" + one_line(status));
}
void ServiceManager::stopping() const { say("STOPPING=1\nSTATUS=stopping"); }
void ServiceManager::alive() const {
  if (watchdog_ > Duration::zero()) say("WATCHDOG=1");
}
void ServiceManager::status(std::string_view text) const { say("STATUS=" + one_line(text)); }

void ServiceManager::say(const std::string& message) const {
  sockaddr_un to{};
  if (socket_ < 0 || address_.size() >= sizeof to.sun_path) return;
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  if (address_.front() == '@') to.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  [[maybe_unused]] const auto sent =
      sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
             reinterpret_cast<const sockaddr*>(&to), length);
}

}  // namespace hotclock::app
