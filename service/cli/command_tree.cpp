#include "service/cli/command_tree.h"

#include <CLI/CLI.hpp>
#include <utility>

namespace hotclock::cli {
namespace {

// The names in the type an option shows: "TEXT:{bash,zsh,fish}".
std::vector<std::string> choices_in(const std::string& type) {
  const auto open = type.find('{');
  const auto close = type.find('}', open);
  std::vector<std::string> out;
  if (open == std::string::npos || close == std::string::npos) return out;
  std::string name;
  for (const char c : type.substr(open + 1, close - open - 1) + ",") {
    if (c != ',') {
      name += c;
    } else if (!name.empty()) {
      out.push_back(std::move(name));
      name.clear();
    }
  }
  return out;
}

// The bounds in such a type: "INT:INT in [1 - 65535]".
std::string range_in(const std::string& type) {
  const auto open = type.find(" in [");
  const auto between = type.find(" - ", open);
  const auto close = type.find(']', open);
  if (open == std::string::npos || between > close || close == std::string::npos) return "";
  return type.substr(open + 5, between - open - 5) + " to " +
         type.substr(between + 3, close - between - 3);
}

// What a value is, in a word: "N" for whole numbers of any width.
std::string value_name(const std::string& type) {
  const std::string word = type.substr(0, type.find_first_of(": "));
  return word == "INT" || word == "UINT" ? "N" : word;
}

Words words_of(const Place& place, const CLI::Option& option) {
  if (!place.choices.empty()) return Words::choices;
  const std::string name = option.get_positional() ? place.name : std::string();
  if (name.find("JOB") != std::string::npos) return Words::jobs;
  if (name.find("FILE") != std::string::npos || option.get_type_name() == "FILE")
    return Words::files;
  return Words::anything;
}

Place place_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  Place out;
  out.choices = choices_in(type);
  out.name = option.get_positional() ? option.get_name(true) : value_name(type);
  out.help = option.get_description();
  out.range = range_in(type);
  out.required = option.get_required();
  out.words = words_of(out, option);
  return out;
}

Switch switch_of(const CLI::Option& option) {
  Switch out;
  for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  out.help = option.get_description();
  out.takes_value = option.get_items_expected_max() > 0 && option.get_type_size_max() > 0;
  out.required = option.get_required();
  out.value = place_of(option);
  out.environment = option.get_envname();
  return out;
}

CommandForm command_of(const CLI::App& app, std::string name, std::string within = "") {
  CommandForm out{std::move(name), std::move(within), app.get_description(), {}, {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional())
      out.places.push_back(place_of(*option));
    else if (option->nonpositional())
      out.switches.push_back(switch_of(*option));
  }
  return out;
}

std::vector<const CLI::App*> all_within(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
}

// A command, and behind it its acts, whose names are what its first word may be.
void add_command(const CLI::App& app, std::vector<CommandForm>& out) {
  CommandForm command = command_of(app, app.get_name());
  for (const CLI::App* act : all_within(app)) command.acts.push_back(act->get_name());
  if (!command.acts.empty())
    command.places.insert(command.places.begin(),
                          {.words = Words::choices, .choices = command.acts});
  const std::vector<std::string> names = command.acts;
  out.push_back(std::move(command));
  for (const CLI::App* act : all_within(app)) {
    out.push_back(command_of(*act, act->get_name(), app.get_name()));
    out.back().acts = names;
  }
}

}  // namespace

std::vector<CommandForm> walk(const CLI::App& parser) {
  std::vector<CommandForm> out{command_of(parser, "")};
  for (const CLI::App* app : all_within(parser)) add_command(*app, out);
  return out;
}

}  // namespace hotclock::cli
