// Numbers about this process, as Prometheus reads them.
#pragma once

#include <memory>
#include <string>

namespace prometheus {
class Registry;
}

namespace hotclock::metrics {

// All numbers of this process. Whoever counts makes its families here when it is built, at zero, and
// keeps references to them: counting is an atomic addition then.
// Threads: any.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  prometheus::Registry& registry() { return *registry_; }

  // In the text format that Prometheus scrapes; its media type is content_type.
  std::string text() const;
  static constexpr char content_type[] = "text/plain; version=0.0.4; charset=utf-8";

 private:
  const std::shared_ptr<prometheus::Registry> registry_;
};

}  // namespace hotclock::metrics
