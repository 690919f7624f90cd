#include "service/cli/spans.h"

#include "service/config/units.h"

namespace hotclock::cli {

Result<Duration> read_span(const std::string& text, std::string_view option, Duration otherwise) {
  if (text.empty()) return otherwise;
  const auto span = config::parse_duration(text);
  if (span && *span > Duration::zero()) return *span;
  return Error(Errc::invalid, "\"" + text + "\" is no span of time; write 30s or 2 min")
      .within(option);
}

}  // namespace hotclock::cli
