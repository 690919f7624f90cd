#include "service/cli/program.h"

#include <pwd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <set>
#include <utility>

#include "service/cli/commands.h"
#include "service/cli/first_process.h"
#include "service/config/config.h"

extern char** environ;

namespace hotclock::cli {
namespace {

std::string logged_in_user() {
  const passwd* user = getpwuid(getuid());
  return user ? user->pw_name : "uid " + std::to_string(getuid());
}

int terminal_width() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// What the process has, handed to the command.
int run_words(const std::vector<std::string>& words, jobs::Catalogue catalogue) {
  SystemClock clock;
  Console console{std::cin, std::cout, std::cerr, clock};
  console.environment = config::process_environment(environ);
  console.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  console.err_is_terminal = isatty(STDERR_FILENO) == 1;
  console.in_is_terminal = isatty(STDIN_FILENO) == 1;
  console.width = terminal_width();
  console.user = logged_in_user();
  console.catalogue = std::move(catalogue);
  try {
    return run_command(console, words);
  } catch (const std::exception& thrown) {
    std::cerr << "hotclock: internal fault: " << thrown.what() << '\n';
    return exit_failed;
  }
}

// A name that two jobs have; empty where none does.
std::string named_twice(const jobs::Catalogue& catalogue) {
  std::set<std::string> names;
  for (const jobs::Entry& entry : catalogue)
    if (!names.insert(entry.defaults.name).second) return entry.defaults.name;
  return "";
}

}  // namespace

int run_program(int argc, char** argv, jobs::Catalogue catalogue) {
  if (const auto twice = named_twice(catalogue); !twice.empty()) {
    std::cerr << "hotclock: two jobs are called '" << twice << "'\n";
    return exit_usage;
  }
  // A reader that went away (`hotclock history | head`) is an error of the write, not of the
  // process.
  std::signal(SIGPIPE, SIG_IGN);
  // A file that may not grow is like a disk that is full: the write says so.
  std::signal(SIGXFSZ, SIG_IGN);
  std::ios::sync_with_stdio(false);
  const auto run = [&] { return run_words({argv + 1, argv + argc}, std::move(catalogue)); };
  return getpid() == 1 ? run_as_child(run) : run();
}

}  // namespace hotclock::cli
