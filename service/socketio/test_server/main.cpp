// A server to be put beside other implementations of Engine.IO and Socket.IO. Not installed.
//
//   socketio_test_server --mode engine --port 0
//
// Prints "listening on PORT", and ends on SIGTERM or SIGINT.
#include <csignal>
#include <cstdio>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "scheduler/base/clock.h"
#include "service/http/loop.h"
#include "service/http/server.h"
#include "service/socketio/engine_server.h"
#include "service/socketio/test_server/mode.h"

namespace {

using namespace hotclock;

struct Arguments {
  std::string mode = "engine";
  std::uint16_t port = 0;
  int connect_timeout = 45'000;
  int ping_interval = 25'000;
  int ping_timeout = 20'000;
  int upgrade_timeout = 10'000;
  int recovery = 0;
  socketio::EngineOptions engine;
};

void describe(CLI::App& app, Arguments& arguments) {
  app.add_option("--mode", arguments.mode, "engine, echo or app");
  app.add_option("--port", arguments.port, "0: any free one");
  app.add_option("--path", arguments.engine.path);
  app.add_option("--ping-interval", arguments.ping_interval, "milliseconds");
  app.add_option("--ping-timeout", arguments.ping_timeout, "milliseconds");
  app.add_option("--upgrade-timeout", arguments.upgrade_timeout, "milliseconds");
  app.add_option("--max-payload", arguments.engine.max_payload, "bytes");
  app.add_option("--connect-timeout", arguments.connect_timeout, "milliseconds");
  app.add_option("--recovery", arguments.recovery, "seconds; 0: off");
  app.add_option("--cors-origin", arguments.engine.origins, "may be said more than once");
  app.add_option("--cookie", arguments.engine.cookie, "its name");
}

void take_durations(Arguments& arguments) {
  arguments.engine.ping_interval = Duration{arguments.ping_interval};
  arguments.engine.ping_timeout = Duration{arguments.ping_timeout};
  arguments.engine.upgrade_timeout = Duration{arguments.upgrade_timeout};
}

sigset_t end_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

int fail(const std::string& why) {
  std::cerr << "socketio_test_server: " << why << '\n';
  return 1;
}

int serve(const Arguments& arguments) {
  const sigset_t signals = end_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const SystemClock clock{};
  http::Loop loop(clock);
  const auto mode = socketio::make_mode(
      arguments.mode,
      {Duration{arguments.connect_timeout}, std::chrono::seconds{arguments.recovery}}, clock, loop);
  if (!mode) return fail("there is no mode " + arguments.mode);
  socketio::Engine engine(loop, arguments.engine, mode->listener());
  http::Server server(loop, {.port = arguments.port});
  engine.serve(server);
  if (const auto started = server.start(); !started) return fail(started.error().message());
  if (const auto started = loop.start(); !started) return fail(started.error().message());
  std::cout << "listening on " << server.port() << std::endl;
  int received = 0;
  sigwait(&signals, &received);
  engine.close_all();
  server.stop();
  loop.stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A Socket.IO server for tests"};
  Arguments arguments;
  describe(app, arguments);
  CLI11_PARSE(app, argc, argv);
  take_durations(arguments);
  return serve(arguments);
}
