#include "service/cli/completion.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "scheduler/base/nearest.h"

namespace hotclock::cli {
namespace {

// What may stand in a place of the command line.
enum class Words { anything, jobs, files, choices };

struct Place {
  Words words = Words::anything;
  std::vector<std::string> choices;
};

struct Switch {
  std::vector<std::string> names;  // "--json", "-n"
  std::string help;
  bool takes_value = false;
  Place value;
};

struct Command {
  std::string name;    // empty: the program itself
  std::string within;  // the command that it is an act of: "festivals"
  std::string help;
  std::vector<Switch> switches;
  std::vector<Place> places;      // of its words that are no options
  std::vector<std::string> acts;  // of the command, or of the one that it is an act of

  bool is_act() const { return !within.empty(); }
};

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

Place place_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::string name = option.get_positional() ? option.get_name(true) : std::string();
  if (auto choices = choices_in(type); !choices.empty())
    return {Words::choices, std::move(choices)};
  if (name.find("JOB") != std::string::npos) return {Words::jobs, {}};
  if (name.find("FILE") != std::string::npos || type == "FILE") return {Words::files, {}};
  return {};
}

Switch switch_of(const CLI::Option& option) {
  Switch out;
  for (const std::string& name : option.get_snames()) out.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) out.names.push_back("--" + name);
  out.help = option.get_description();
  out.takes_value = option.get_items_expected_max() > 0 && option.get_type_size_max() > 0;
  out.value = place_of(option);
  return out;
}

Command command_of(const CLI::App& app, std::string name, std::string within = "") {
  Command out{std::move(name), std::move(within), app.get_description(), {}, {}, {}};
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
void add_command(const CLI::App& app, std::vector<Command>& out) {
  Command command = command_of(app, app.get_name());
  for (const CLI::App* act : all_within(app)) command.acts.push_back(act->get_name());
  if (!command.acts.empty())
    command.places.insert(command.places.begin(), {Words::choices, command.acts});
  const std::vector<std::string> names = command.acts;
  out.push_back(std::move(command));
  for (const CLI::App* act : all_within(app)) {
    out.push_back(command_of(*act, act->get_name(), app.get_name()));
    out.back().acts = names;
  }
}

// The program first, then its commands; what is hidden from --help is left out.
std::vector<Command> walk(const CLI::App& parser) {
  std::vector<Command> out{command_of(parser, "")};
  for (const CLI::App* app : all_within(parser)) add_command(*app, out);
  return out;
}

std::string joined(const std::vector<std::string>& words, std::string_view between = " ") {
  return fmt::format("{}", fmt::join(words, between));
}

std::vector<std::string> names_of(const std::vector<Command>& commands) {
  std::vector<std::string> out;
  for (const Command& command : commands)
    if (!command.name.empty() && !command.is_act()) out.push_back(command.name);
  return out;
}

std::vector<std::string> switch_names(const Command& command) {
  std::vector<std::string> out;
  for (const Switch& s : command.switches) out.insert(out.end(), s.names.begin(), s.names.end());
  return out;
}

// `text` within single quotes of a shell.
std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// "run", or "festivals/show".
std::string path_of(const Command& command) {
  return command.is_act() ? command.within + "/" + command.name : command.name;
}

// The first of its words that can be completed, if any; where in the line it stands is not counted.
const Place* telling_place(const Command& command) {
  for (const Place& place : command.places)
    if (place.words != Words::anything) return &place;
  return command.places.empty() ? nullptr : &command.places.front();
}

// ---- bash ----

std::string bash_words(const Place& place) {
  switch (place.words) {
    case Words::jobs:
      return "COMPREPLY=($(compgen -W \"$(hotclock __complete jobs 2>/dev/null)\" -- "
             "\"$current\"))";
    case Words::files:
      return "COMPREPLY=($(compgen -f -- \"$current\"))";
    case Words::choices:
      return fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$current\"))", joined(place.choices));
    case Words::anything:
      return "COMPREPLY=()";
  }
  return {};
}

std::string bash_values(const Command& command) {
  std::string out;
  const std::string path = command.name.empty() ? "*" : path_of(command);
  for (const Switch& s : command.switches)
    if (s.takes_value)
      out += fmt::format("    {}:{}) {}; return ;;\n", path,
                         joined(s.names, fmt::format("|{}:", path)), bash_words(s.value));
  return out;
}

std::string bash_options(const std::vector<Command>& commands) {
  const std::string common = joined(switch_names(commands.front()));
  std::string out;
  for (const Command& command : commands) {
    if (command.name.empty()) continue;
    out += fmt::format("    {}) options=\"{} {}\"", path_of(command), joined(switch_names(command)),
                       common);
    if (const Place* place = telling_place(command))
      out += fmt::format("; [[ $current == -* ]] || {{ {}; return; }}", bash_words(*place));
    out += " ;;\n";
  }
  return out + fmt::format("    *) options=\"{} {}\" ;;\n", joined(names_of(commands)), common);
}

std::string bash_acts(const std::vector<Command>& commands) {
  std::string out;
  for (const Command& command : commands)
    if (command.is_act())
      out += fmt::format("      {}:{}) command={} ;;\n", command.within, command.name,
                         path_of(command));
  return out;
}

constexpr std::string_view bash_frame =
    R"sh(# bash completion for hotclock: eval "$(hotclock completion bash)"
_hotclock() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
  local command="" options="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command:${{COMP_WORDS[i]}}" in
      {commands}) command="${{COMP_WORDS[i]}}" ;;
{acts}    esac
  done
  case "$command:$before" in
{values}  esac
  case "$command" in
{options}  esac
  COMPREPLY=($(compgen -W "$options" -- "$current"))
}}
complete -F _hotclock hotclock
)sh";

std::string bash_script(const std::vector<Command>& commands) {
  std::string values;
  // A command's own option goes before the program's of the same name.
  for (const Command& command : commands)
    if (!command.name.empty()) values += bash_values(command);
  values += bash_values(commands.front());
  return fmt::format(bash_frame, fmt::arg("commands", ":" + joined(names_of(commands), "|:")),
                     fmt::arg("acts", bash_acts(commands)), fmt::arg("values", values),
                     fmt::arg("options", bash_options(commands)));
}

// ---- zsh ----

// A description inside an _arguments specification: brackets and colons mean something there.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_words(const Place& place) {
  switch (place.words) {
    case Words::jobs:
      return ":job:_hotclock_jobs";
    case Words::files:
      return ":file:_files";
    case Words::choices:
      return ":value:(" + joined(place.choices) + ")";
    case Words::anything:
      return ":value: ";
  }
  return {};
}

std::vector<std::string> zsh_arguments(const Command& command) {
  std::vector<std::string> out;
  for (const Switch& s : command.switches)
    for (const std::string& name : s.names)
      out.push_back(single_quoted(fmt::format("{}[{}]{}", name, zsh_text(s.help),
                                              s.takes_value ? zsh_words(s.value) : "")));
  return out;
}

// The line of the `case` that completes one command, or one act by the two words of it.
std::string zsh_case(const Command& command, const std::vector<std::string>& common) {
  std::vector<std::string> specs = zsh_arguments(command);
  const std::size_t before = command.is_act() ? 2 : 1;
  if (before == 2) specs.push_back("'1: '");
  for (std::size_t i = 0; i < command.places.size(); ++i)
    specs.push_back(single_quoted(std::to_string(i + before) + zsh_words(command.places[i])));
  specs.insert(specs.end(), common.begin(), common.end());
  const std::string name = command.is_act() ? path_of(command) : command.name + "/*";
  return fmt::format("    {}) _arguments {} ;;\n", name, joined(specs, " \\\n      "));
}

constexpr std::string_view zsh_frame = R"sh(#compdef hotclock
# zsh completion for hotclock: put it into a folder of $fpath as _hotclock
_hotclock_jobs() {{
  local -a jobs
  jobs=(${{(f)"$(hotclock __complete jobs 2>/dev/null)"}})
  _describe job jobs
}}
_hotclock() {{
  local context state line curcontext="$curcontext"
  local -a commands
  commands=(
{commands}  )
  _arguments -C {common} \
    '1: :->command' '*:: :->rest'
  if [[ $state == command ]]; then
    _describe command commands
    return
  fi
  case $line[1]/$words[2] in
{cases}  esac
}}
if [ "$funcstack[1]" = "_hotclock" ]; then
  _hotclock "$@"
else
  compdef _hotclock hotclock
fi
)sh";

std::string zsh_script(const std::vector<Command>& commands) {
  const std::vector<std::string> common = zsh_arguments(commands.front());
  std::string listed, cases;
  for (const Command& command : commands) {
    if (command.name.empty()) continue;
    if (!command.is_act())
      listed += "    " + single_quoted(command.name + ":" + zsh_text(command.help)) + "\n";
  }
  // An act goes before the command that it is of.
  for (const bool acts : {true, false})
    for (const Command& command : commands)
      if (!command.name.empty() && command.is_act() == acts) cases += zsh_case(command, common);
  return fmt::format(zsh_frame, fmt::arg("commands", listed),
                     fmt::arg("common", joined(common, " \\\n    ")), fmt::arg("cases", cases));
}

// ---- fish ----

std::string fish_words(const Place& place) {
  switch (place.words) {
    case Words::jobs:
      return " -x -a '(hotclock __complete jobs 2>/dev/null)'";
    case Words::files:
      return " -r -F";
    case Words::choices:
      return " -x -a " + single_quoted(joined(place.choices));
    case Words::anything:
      return " -x";
  }
  return {};
}

std::string fish_switch(const Switch& s, const std::string& condition) {
  std::string out = "complete -c hotclock" + condition;
  for (const std::string& name : s.names)
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  if (s.takes_value) out += fish_words(s.value);
  return out + " -d " + single_quoted(s.help) + "\n";
}

std::string fish_command(const Command& command) {
  const std::string of = command.is_act() ? command.within : command.name;
  const std::string no_act =
      command.acts.empty()
          ? fmt::format("'__fish_seen_subcommand_from {}'", of)
          : fmt::format("'__fish_seen_subcommand_from {}; and not __fish_seen_subcommand_from {}'",
                        of, joined(command.acts));
  const std::string inside = command.is_act() ? no_act : "__fish_use_subcommand";
  const std::string seen =
      " -n " +
      (command.is_act()
           ? fmt::format("'__fish_seen_subcommand_from {}; and __fish_seen_subcommand_from {}'", of,
                         command.name)
           : no_act);
  std::string out = fmt::format("complete -c hotclock -n {} -a {} -d {}\n", inside, command.name,
                                single_quoted(command.help));
  for (const Switch& s : command.switches) out += fish_switch(s, seen);
  // The names of a command's acts are told with the acts.
  const bool has_acts = !command.is_act() && !command.acts.empty();
  const Place* place = has_acts ? nullptr : telling_place(command);
  if (place && place->words != Words::anything)
    out += "complete -c hotclock" + seen + fish_words(*place) + "\n";
  return out;
}

std::string fish_script(const std::vector<Command>& commands) {
  std::string out =
      "# fish completion for hotclock: hotclock completion fish | source\n"
      "complete -c hotclock -f\n";
  for (const Switch& s : commands.front().switches) out += fish_switch(s, "");
  for (const Command& command : commands)
    if (!command.name.empty()) out += fish_command(command);
  return out;
}

constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};

}  // namespace

Result<std::string> completion_script(const CLI::App& parser, std::string_view shell) {
  const std::vector<Command> commands = walk(parser);
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  const std::string_view near = nearest(shell, shells);
  std::string message = fmt::format("there is no completion for \"{}\"", shell);
  message += near.empty() ? "; write bash, zsh or fish" : fmt::format("; did you mean {}?", near);
  return Error(Errc::invalid, std::move(message));
}

}  // namespace hotclock::cli
