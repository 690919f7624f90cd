// What this node sends to a collector of OpenTelemetry: its numbers, and a trace of each slot.
#pragma once

#include <memory>
#include <optional>

#include "service/app/slot_traces.h"
#include "service/config/config.h"
#include "service/otlp/exporter.h"

namespace hotclock::app {

// Threads: any. What is handed in outlives it; it is stopped while that, which the numbers are read
// from, is there.
class NodeTraces {
 public:
  // Null where the settings name no collector; an error where its secret cannot be had.
  static Result<std::unique_ptr<NodeTraces>> build(const config::Config& settings,
                                                   metrics::Metrics& metrics, Clock& clock,
                                                   log::Logger& logger);

  void start() { exporter_.start(); }
  // What waits is sent once more.
  void stop() { exporter_.stop(); }
  // Null where no traces are wanted.
  Observer* observer() { return traces_ ? &*traces_ : nullptr; }
  void on(const work::ChunkEnd& chunk) {
    if (traces_) traces_->on(chunk);
  }

 private:
  NodeTraces(otlp::ExporterSettings settings, bool traces, metrics::Metrics& metrics, Clock& clock,
             log::Logger& logger);

  otlp::Exporter exporter_;
  std::optional<SlotTraces> traces_;
};

}  // namespace hotclock::app
