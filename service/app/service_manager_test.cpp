#include "service/app/service_manager.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

namespace hotclock::app {
namespace {

using namespace std::chrono_literals;

// A manager's end of the socket.
class Manager {
 public:
  explicit Manager(std::string address) : address_(std::move(address)) {
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_un here{};
    here.sun_family = AF_UNIX;
    std::memcpy(here.sun_path, address_.data(), address_.size());
    if (address_.front() == '@') here.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&here), length), 0);
  }
  ~Manager() {
    close(socket_);
    unlink(address_.c_str());
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // The next thing that was said; empty where nothing was.
  std::string hears() const {
    pollfd said{socket_, POLLIN, 0};
    if (poll(&said, 1, 0) != 1) return {};
    char text[512];
    const auto length = recv(socket_, text, sizeof text, 0);
    return {text, static_cast<std::size_t>(length)};
  }

 private:
  const std::string address_;
  int socket_ = -1;
};

std::string a_path() {
  return (std::filesystem::temp_directory_path() / ("hotclock-notify-" + std::to_string(getpid())))
      .string();
}

TEST(ServiceManager, HearsThatTheProcessIsReadyLivesAndStops) {
  for (const std::string& address : {a_path(), "@hotclock-notify-" + std::to_string(getpid())}) {
    const Manager manager(address);
    const ServiceManager process(
        config::Environment{{"NOTIFY_SOCKET", address}, {"WATCHDOG_USEC", "30000000"}});
    EXPECT_EQ(process.watchdog(), 30s);
    process.ready("serving\nfive jobs");
    EXPECT_EQ(manager.hears(), "READY=1\nSTATUS=serving five jobs");
    process.alive();
    EXPECT_EQ(manager.hears(), "WATCHDOG=1");
    process.status("settings were read anew");
    EXPECT_EQ(manager.hears(), "STATUS=settings were read anew");
    process.stopping();
    EXPECT_EQ(manager.hears(), "STOPPING=1\nSTATUS=stopping");
  }
}

TEST(ServiceManager, HearsNoSignOfLifeWhereItWantsNone) {
  const std::string address = a_path();
  const Manager manager(address);
  ServiceManager(config::Environment{{"NOTIFY_SOCKET", address}}).alive();
  ServiceManager(config::Environment{
                     {"NOTIFY_SOCKET", address}, {"WATCHDOG_USEC", "1"}, {"WATCHDOG_PID", "1"}})
      .alive();
  EXPECT_EQ(manager.hears(), "");
}

TEST(ServiceManager, IsNotMissedWhereThereIsNone) {
  ServiceManager(config::Environment()).ready("serving");
  ServiceManager(config::Environment{{"NOTIFY_SOCKET", "/nowhere/at/all"}}).ready("serving");
  ServiceManager(config::Environment{{"NOTIFY_SOCKET", std::string(500, 'x')}}).ready("serving");
}

}  // namespace
}  // namespace hotclock::app
