#include "tests/chaos/node.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <new>
#include <stdexcept>

#include "tests/chaos/network.h"

namespace hotclock::chaos {
namespace {

std::string board_file(const std::string& directory) {
  static std::atomic<int> count = 0;
  return directory + "/board-" + std::to_string(++count);
}

// Another machine is one with another id (service/ledger/node.h). Ends the process where that fails.
void become_another_machine(const std::string& id_file) {
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount(id_file.c_str(), "/etc/machine-id", nullptr, MS_BIND, nullptr) != 0)
    _exit(126);
}

std::unique_ptr<Program> start(const Place& place, SharedBoard& board) {
  std::map<std::string, std::string> environment = place.environment;
  environment.merge(board.environment());
  const std::string id_file = board.file() + ".machine-id";
  if (place.another_machine) std::ofstream(id_file) << board.file() << "\n";
  return std::make_unique<Program>(std::vector<std::string>{"serve"}, environment, place.directory, [&] {
    if (!place.network.empty()) Network::enter(place.network);
    if (place.another_machine) become_another_machine(id_file);
  });
}

}  // namespace

SharedBoard::SharedBoard(std::string file) : file_(std::move(file)) {
  const int fd = open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  // Whoever the program runs as shall be able to write on it.
  if (fd < 0 || fchmod(fd, 0666) != 0 || ftruncate(fd, sizeof(Board)) != 0)
    throw std::runtime_error("cannot make " + file_);
  void* there = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (there == MAP_FAILED) throw std::runtime_error("cannot map " + file_);
  board_ = new (there) Board;
}

SharedBoard::~SharedBoard() { munmap(board_, sizeof(Board)); }

std::map<std::string, std::string> SharedBoard::environment() const {
  return {{board_variable, file_}, {"LD_PRELOAD", HOTCLOCK_CHAOS_PRELOAD}};
}

Node::Node(const Place& place) : board_(board_file(place.directory)), program_(start(place, board_)) {}

void Node::dies() { program_->signal(SIGKILL); }
void Node::freezes() { program_->signal(SIGSTOP); }
void Node::goes_on() { program_->signal(SIGCONT); }
void Node::is_told_to_end() { program_->signal(SIGTERM); }

bool Node::lives() const {
  // A zombie has no memory map any more.
  std::ifstream statm("/proc/" + std::to_string(pid()) + "/statm");
  std::int64_t pages = 0;
  return (statm >> pages) && pages > 0;
}

void Node::strikes_itself(Point point, int signal, int passages) {
  board_->signal = signal;
  board_->passages = passages;
  board_->point = point;
}

std::int64_t Node::leases_given_up() const {
  const std::string words = "the lease is lost";
  const std::string said = log();
  std::int64_t count = 0;
  for (auto at = said.find(words); at != said.npos; at = said.find(words, at + 1)) ++count;
  return count;
}

}  // namespace hotclock::chaos
