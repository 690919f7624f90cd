// Numbers about this process, as Prometheus reads them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/metrics/exemplars.h"
#include "service/metrics/reading.h"

namespace prometheus {
class Registry;
}

namespace hotclock::metrics {

// In which form they are told.
enum class Format { prometheus, open_metrics };

// The form that whoever sends this `Accept` header understands, OpenMetrics where both would do.
Format wanted(std::string_view accept);
// Its media type.
std::string_view content_type(Format format);

// All numbers of this process. Whoever counts makes its families here when it is built, at zero,
// and keeps references to them: counting is an atomic addition then. What stands elsewhere already
// is read by a source when somebody asks. Threads: any; sources are added before anybody reads.
class Metrics {
 public:
  // Asked at each reading, from the reader's thread. What it reads outlives the last reading.
  using Source = std::function<void(Reading&)>;

  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  prometheus::Registry& registry() { return *registry_; }
  Exemplars& exemplars() { return exemplars_; }
  void add(Source source) { sources_.push_back(std::move(source)); }

  // All families as they stand now, in the order of their names.
  std::vector<prometheus::MetricFamily> read() const;
  std::string text(Format format = Format::prometheus) const;

 private:
  const std::shared_ptr<prometheus::Registry> registry_;
  Exemplars exemplars_;
  std::vector<Source> sources_;
};

}  // namespace hotclock::metrics
