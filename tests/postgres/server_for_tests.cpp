// The PostgreSQL server that the tests of one run share: a fixture of ctest.
//   server_for_tests start FILE    starts it and writes its URL into FILE
//   server_for_tests stop FILE
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <fstream>
#include <iostream>
#include <thread>

#include "service/sql/postgres_support.h"

namespace {

using namespace std::chrono_literals;

// The keeper of the server: its process lives as long as the server does.
[[noreturn]] void keep(const std::string& file, int tell) {
  setsid();
  try {
    hotclock::sql::PostgresServer server;
    std::ofstream(file) << server.url() << "\n" << getpid() << "\n";
    sigset_t end;
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    sigprocmask(SIG_BLOCK, &end, nullptr);
    if (write(tell, "x", 1) != 1) _exit(1);
    close(tell);
    for (const int standard : {0, 1, 2}) dup2(open("/dev/null", O_RDWR), standard);
    // A run that was killed never says stop: nobody needs it for longer than a day's work.
    const timespec limit{4 * 3600, 0};
    sigtimedwait(&end, nullptr, &limit);
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    _exit(1);
  }
  unlink(file.c_str());
  _exit(0);
}

int stop(const std::string& file) {
  std::ifstream in(file);
  std::string url;
  pid_t keeper = 0;
  if (!std::getline(in, url) || !(in >> keeper)) return 0;
  kill(keeper, SIGTERM);
  for (int i = 0; i < 2000 && access(file.c_str(), F_OK) == 0 && kill(keeper, 0) == 0; ++i)
    std::this_thread::sleep_for(5ms);
  unlink(file.c_str());
  return 0;
}

int start(const std::string& file) {
  stop(file);
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) return 1;
  if (fork() == 0) keep(file, ready[1]);
  close(ready[1]);
  char byte = 0;
  return read(ready[0], &byte, 1) == 1 ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  if (count == 3 && std::strcmp(words[1], "start") == 0) return start(words[2]);
  if (count == 3 && std::strcmp(words[1], "stop") == 0) return stop(words[2]);
  std::cerr << "server_for_tests start|stop FILE\n";
  return 2;
}
