// The settings of the API: where people and programs ask for things, and have them done.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scheduler/base/time.h"
#include "service/config/section.h"

namespace hotclock::config {

// [api]
struct ApiConfig {
  bool enabled = true;
  bool dashboard = true;               // the pages for people, beside it
  std::filesystem::path ui_directory;  // their files, of serve --ui-dir; empty: the program's own
  std::string address = "127.0.0.1";   // of this machine, in digits
  int port = 8081;                     // 0: any that is free
  std::filesystem::path certificate;   // PEM; empty as is the key: no TLS
  std::filesystem::path key;
  bool plain = false;                        // whether others than this machine may ask without TLS
  std::vector<std::string> trusted_proxies;  // networks whose X-Forwarded-For is believed

  Duration session_idle = std::chrono::minutes{30};   // of a browser, without a request
  Duration session_longest = std::chrono::hours{12};  // in all

  int reads_a_minute = 1200;   // of one address, and of one token
  int changes_a_minute = 120;  // the same
  int attempts_a_minute = 30;  // of one address, with tokens that are none
  int streams = 8;             // live lists at once, of one address
};

// Who calls finishes it. Mistakes are recorded in the section.
ApiConfig read_api(Section section);

}  // namespace hotclock::config
