// The program: what the process has, handed to the command.
#include <pwd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "service/cli/commands.h"
#include "service/config/config.h"

extern char** environ;

namespace {

std::string logged_in_user() {
  const passwd* user = getpwuid(getuid());
  return user ? user->pw_name : "uid " + std::to_string(getuid());
}

int terminal_width() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that went away (`hotclock history | head`) is an error of the write, not of the process.
  std::signal(SIGPIPE, SIG_IGN);
  // A file that may not grow is like a disk that is full: the write says so.
  std::signal(SIGXFSZ, SIG_IGN);
  std::ios::sync_with_stdio(false);
  hotclock::SystemClock clock;
  hotclock::cli::Console console{std::cin, std::cout, std::cerr, clock};
  console.environment = hotclock::config::process_environment(environ);
  console.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  console.err_is_terminal = isatty(STDERR_FILENO) == 1;
  console.in_is_terminal = isatty(STDIN_FILENO) == 1;
  console.width = terminal_width();
  console.user = logged_in_user();
  try {
    return hotclock::cli::run_command(console, {argv + 1, argv + argc});
  } catch (const std::exception& thrown) {
    std::cerr << "hotclock: internal fault: " << thrown.what() << '\n';
    return hotclock::cli::exit_failed;
  }
}
