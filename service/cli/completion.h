// Scripts that let a shell complete Hotclock's commands, options and job names.
#pragma once

#include <string>
#include <string_view>

#include "scheduler/base/result.h"

namespace CLI {
class App;
}

namespace hotclock::cli {

// Made by walking `parser`, so that no script can lag behind it. `shell` is bash, zsh or fish;
// Errc::invalid for another. Names of jobs are asked of `hotclock __complete jobs` while a person
// types.
Result<std::string> completion_script(const CLI::App& parser, std::string_view shell);

}  // namespace hotclock::cli
