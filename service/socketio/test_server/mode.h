// What a test server does with its clients' messages.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "scheduler/base/clock.h"
#include "scheduler/base/time.h"
#include "service/http/loop.h"
#include "service/socketio/engine.h"

namespace hotclock::socketio {

struct ModeOptions {
  Duration connect_timeout = std::chrono::milliseconds{45'000};
  Duration recovery = Duration::zero();  // zero: off
};

// Outlives the engine it listens to.
class Mode {
 public:
  virtual ~Mode() = default;
  virtual EngineListener& listener() = 0;
};

// Null where there is no mode of that name. Every mode has its line here.
std::unique_ptr<Mode> make_mode(std::string_view name, const ModeOptions& options,
                                const Clock& clock, http::Loop& loop);

// Each message comes back as it was.
std::unique_ptr<Mode> make_engine_mode();
// Socket.IO: events come back as they were.
std::unique_ptr<Mode> make_echo_mode(const ModeOptions& options, const Clock& clock,
                                     http::Loop& loop);
// Socket.IO: rooms, publishing, questions, kicks.
std::unique_ptr<Mode> make_app_mode(const ModeOptions& options, const Clock& clock,
                                    http::Loop& loop);

}  // namespace hotclock::socketio
