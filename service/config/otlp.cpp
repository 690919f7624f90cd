#include "service/config/otlp.h"

namespace hotclock::config {

using namespace std::chrono_literals;

OtlpConfig read_otlp(Section section) {
  OtlpConfig out;
  out.endpoint = section.url("endpoint", out.endpoint);
  if (!out.endpoint.empty() && !out.endpoint.starts_with("http://") &&
      !out.endpoint.starts_with("https://"))
    section.refuse("endpoint", "this is no URL of a collector",
                   "write it as \"http://127.0.0.1:4318\": OTLP over HTTP");
  while (out.endpoint.ends_with('/')) out.endpoint.pop_back();
  out.headers = section.secret("headers");
  out.every = section.duration("every", out.every, 1s, 1h);
  out.traces = section.flag("traces", out.traces);
  return out;
}

}  // namespace hotclock::config
