#include "service/app/open_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

#include <fmt/format.h>

namespace hotclock::app {
namespace {

// Databases, sinks, logs, the API and its callers, programs that jobs run.
constexpr std::int64_t own = 256;

Error failed(const char* what) {
  return Error(Errc::unavailable, std::generic_category().message(errno)).within(what);
}

std::int64_t number_of(rlim_t limit) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return limit > static_cast<rlim_t>(most) ? most : static_cast<std::int64_t>(limit);
}

}  // namespace

Result<std::int64_t> raise_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return failed("the limit of open files");
  if (limit.rlim_cur == limit.rlim_max) return number_of(limit.rlim_cur);
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return failed("raise the limit of open files");
  return number_of(limit.rlim_cur);
}

std::optional<std::string> too_few_open_files(std::int64_t limit, std::int64_t connections) {
  if (limit - own >= connections) return std::nullopt;
  return fmt::format(
      "the limit of open files holds {} connections, not the {} of realtime.connections: raise it "
      "(ulimit -n, LimitNOFILE) to {}, or lower the setting",
      std::max<std::int64_t>(limit - own, 0), connections, connections + own);
}

}  // namespace hotclock::app
