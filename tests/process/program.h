// The program as a person starts it: a process with arguments, an environment and an end.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hotclock {

struct Ended {
  int code = 0;  // -SIGNAL where a signal ended it
  std::string out, err;
};

// A started program. Destroying it kills it, and so does the end of the thread that started it.
class Program {
 public:
  // `before`: run in the new process, before the program.
  Program(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
          const std::string& directory, const std::function<void()>& before = {});
  ~Program();

  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  // What it has said so far about what it does.
  std::string log() const;
  // What it has said so far to whoever started it.
  std::string said() const;
  void signal(int number);
  Ended wait();

 private:
  pid_t pid_ = -1;
  std::string out_file_, err_file_;
};

// Waits, with small rests, until `condition` holds; false after a minute.
bool comes_true(const std::function<bool()>& condition);

}  // namespace hotclock
