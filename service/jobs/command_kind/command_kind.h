// Jobs of the kind `command`: a program of this machine, without a shell, in a cage of its own.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "scheduler/core/job.h"
#include "service/command/command.h"
#include "service/config/config.h"

namespace hotclock::command_kind {

struct Settings {
  std::vector<std::string> argv;
  std::vector<std::pair<std::string, config::Secret>> env;  // as they are, or by reference
  std::string directory = "/";
  std::int64_t memory = 0;  // bytes of address space of each of its processes; 0: no limit
  Duration cpu_time = Duration::zero();  // of each of its processes; zero: no limit
  std::int64_t open_files = 1024;
  Duration grace = std::chrono::seconds{10};
  std::int64_t output = 64 << 10;  // bytes of what it says that are kept, the last ones
};

// The program must be one of those that `commands` allows.
Result<Settings> read_settings(config::Section section, const config::CommandsConfig& commands);

// What a job of this kind is by itself: not repeatable, since what a program did nobody can see
// from here.
config::Kind kind();

// Exit 0 is success. 75 (EX_TEMPFAIL) and other codes are failures, which are tried again as the
// job's rule has it; 64, 65, 77, 78 (wrong usage, data, permissions, configuration) and 126, 127
// are final. One that a stop cut off may have done half of its work: when that was the node's end,
// a job that may not be repeated waits for a person.
class CommandJob final : public Job {
 public:
  explicit CommandJob(Settings settings) : settings_(std::move(settings)) {}

  Outcome run(Execution& execution) override;

 private:
  Result<command::Launch> launch(Execution& execution) const;

  const Settings settings_;
};

}  // namespace hotclock::command_kind
