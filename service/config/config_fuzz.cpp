// Any text as the main file and as a job's file: it is read or refused, and never anything else.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "service/config/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hotclock::config;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto half = text.find('\0');
  const std::string job = half == std::string::npos ? text : text.substr(half + 1);
  static const std::vector<JobDefaults> jobs{{"job", "5 0 * * *"}};
  const auto config =
      read({File{"hotclock.toml", text.substr(0, half)}, {{"jobs.d/job.toml", job}}}, {}, jobs);
  if (config && config->jobs.size() != 1) std::abort();
  if (!config && config.error().message().empty()) std::abort();
  return 0;
}
