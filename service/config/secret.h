// A secret of the settings: a file of settings says where it is, never what it is.
#pragma once

#include <filesystem>
#include <string>

#include "scheduler/base/result.h"

namespace hotclock::config {

// Section::secret() reads it. What it is gets asked for as late as possible: a command that needs
// no secret runs where there is none.
struct Secret {
  std::string shown = {};  // "env:NAME", "file:PATH", a URL without its password; empty: none
  std::string value = {};  // the secret, where it does not stand in a file
  std::filesystem::path file = {};  // else the file

  bool given() const { return !shown.empty(); }

  // The secret. Of a file: its bytes without one line's end behind them. Refused where the variable
  // is not set, where the file cannot be read, and where either is empty or longer than 64 KiB. The
  // message names the reference, never the secret.
  Result<std::string> reveal() const;
};

}  // namespace hotclock::config
