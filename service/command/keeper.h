// The keeper: a process between this one and a command, that lets nothing of the command outlive
// it.
//
//   this process --control--> keeper --> the command's leader --> whatever that starts
//               <--reports--
//
// The keeper adopts what the command's processes leave behind, even in sessions of their own
// (PR_SET_CHILD_SUBREAPER, of that process alone). When the leader has ended, when it is told to,
// and when this process is gone, however that died, it kills all of them until none is left.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hotclock::command {

// A command as the system takes it, made before the fork: behind that nothing may be allocated.
struct Launch {
  std::vector<std::string> argv;         // the first is the program's path
  std::vector<std::string> environment;  // "NAME=value"; nothing else is inherited
  std::string directory;
  struct Limit {
    __rlimit_resource_t resource;
    rlimit most;
  };
  std::vector<Limit> limits;
  std::string input;  // what it reads from its standard input
};

// One byte down the control pipe. Its end means the same as kill.
enum class Order : char { stop = 's', kill = 'k' };

// What comes up the reports' pipe.
struct Report {
  enum class Kind : std::int32_t {
    started,       // value: the leader's process id, which is its group's too
    cannot_start,  // value: errno; step: at which Step
    ended,         // value: the wait status of the leader; and what it and its children have used
    gone,          // none of the command is left; value: how many the keeper had to adopt
  };
  Kind kind = Kind::started;
  std::int32_t value = 0;
  std::int32_t step = 0;
  std::int64_t cpu_millis = 0;
  std::int64_t peak_kib = 0;
};

// What the leader does between the fork and the program.
enum class Step : std::int32_t { fork, group, privileges, limits, files, directory, program };

// The life of the keeper, in the child of a fork. Async-signal-safe: this process has threads.
// REQUIRES: `argv` and `envp` end with null.
[[noreturn]] void keep(const Launch& launch, char* const* argv, char* const* envp, int control,
                       int reports, int output, int input);

}  // namespace hotclock::command
