// How the parser learns of a command.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "service/cli/arguments.h"

namespace hotclock::cli {

// Declares one command whose options fill an `Args` that becomes the invocation's command.
template <class Args>
class Declared {
 public:
  Declared(CLI::App& parser, Invocation& invocation, const std::string& name,
           const std::string& does)
      : kept_(std::make_shared<Args>()), app(*parser.add_subcommand(name, does)), args(*kept_) {
    // The parser keeps the callback, and with it what the options write to.
    app.callback([&invocation, kept = kept_] { invocation.command = *kept; });
  }

  CLI::Option* word(const std::string& name, std::string& target, const std::string& means) {
    return app.add_option(name, target, means);
  }
  std::shared_ptr<Args> kept() const { return kept_; }

 private:
  std::shared_ptr<Args> kept_;

 public:
  CLI::App& app;
  Args& args;
};

// A command that lists where no act is named.
template <class Args>
void lists_without_an_act(Declared<Args>& command, Invocation& invocation) {
  command.app.require_subcommand(0, 1);
  CLI::App* app = &command.app;
  app->callback([&invocation, app, kept = command.kept()] {
    if (app->get_subcommands().empty()) invocation.command = *kept;
  });
}

}  // namespace hotclock::cli
