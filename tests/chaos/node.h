// One serving node of a cluster that is to be struck: the program as it is shipped, on a host of its own,
// with a board under it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/chaos/board.h"
#include "tests/process/program.h"

namespace hotclock::chaos {

// Memory shared with a program.
class SharedBoard {
 public:
  explicit SharedBoard(std::string file);
  ~SharedBoard();
  SharedBoard(const SharedBoard&) = delete;
  SharedBoard& operator=(const SharedBoard&) = delete;

  Board* operator->() { return board_; }
  const std::string& file() const { return file_; }
  // What a program started with this environment has under it.
  std::map<std::string, std::string> environment() const;

 private:
  const std::string file_;
  Board* board_;
};

// Where a node runs and what it is told.
struct Place {
  std::map<std::string, std::string> environment;
  std::string directory;
  std::string network;     // the namespace it lives in; empty: ours
  // A machine of its own as far as others can tell: that its process has ended, only its lease tells. Root
  // alone can have that.
  bool another_machine = false;
};

class Node {
 public:
  explicit Node(const Place& place);

  pid_t pid() const { return program_->pid(); }
  SharedBoard& board() { return board_; }

  void dies();          // SIGKILL
  void freezes();       // SIGSTOP
  void goes_on();       // SIGCONT
  void is_told_to_end();  // SIGTERM
  Ended ends() { return program_->wait(); }
  // Whether its process is still there.
  bool lives() const;
  std::string log() const { return program_->log(); }

  // Strikes itself with `signal` when it comes to a point, the `passages`-th time.
  void strikes_itself(Point point, int signal, int passages = 1);
  bool was_struck() { return board_->struck > 0; }
  // How often the database has refused a fence of this node's, or it has given up a lease by itself.
  std::int64_t leases_given_up() const;
  std::int64_t stale_proofs() { return board_->stale_proofs; }

 private:
  SharedBoard board_;
  std::unique_ptr<Program> program_;
};

}  // namespace hotclock::chaos
