#include "service/cli/completion.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "scheduler/base/nearest.h"
#include "service/cli/command_tree.h"

namespace hotclock::cli {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view between = " ") {
  return fmt::format("{}", fmt::join(words, between));
}

std::vector<std::string> names_of(const std::vector<CommandForm>& commands) {
  std::vector<std::string> out;
  for (const CommandForm& command : commands)
    if (!command.name.empty() && !command.is_act()) out.push_back(command.name);
  return out;
}

std::vector<std::string> switch_names(const CommandForm& command) {
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
std::string path_of(const CommandForm& command) {
  return command.is_act() ? command.within + "/" + command.name : command.name;
}

// The first of its words that can be completed, if any; where in the line it stands is not counted.
const Place* telling_place(const CommandForm& command) {
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

std::string bash_values(const CommandForm& command) {
  std::string out;
  const std::string path = command.name.empty() ? "*" : path_of(command);
  for (const Switch& s : command.switches)
    if (s.takes_value)
      out += fmt::format("    {}:{}) {}; return ;;\n", path,
                         joined(s.names, fmt::format("|{}:", path)), bash_words(s.value));
  return out;
}

std::string bash_options(const std::vector<CommandForm>& commands) {
  const std::string common = joined(switch_names(commands.front()));
  std::string out;
  for (const CommandForm& command : commands) {
    if (command.name.empty()) continue;
    out += fmt::format("    {}) options=\"{} {}\"", path_of(command), joined(switch_names(command)),
                       common);
    if (const Place* place = telling_place(command))
      out += fmt::format("; [[ $current == -* ]] || {{ {}; return; }}", bash_words(*place));
    out += " ;;\n";
  }
  return out + fmt::format("    *) options=\"{} {}\" ;;\n", joined(names_of(commands)), common);
}

std::string bash_acts(const std::vector<CommandForm>& commands) {
  std::string out;
  for (const CommandForm& command : commands)
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

std::string bash_script(const std::vector<CommandForm>& commands) {
  std::string values;
  // A command's own option goes before the program's of the same name.
  for (const CommandForm& command : commands)
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

std::vector<std::string> zsh_arguments(const CommandForm& command) {
  std::vector<std::string> out;
  for (const Switch& s : command.switches)
    for (const std::string& name : s.names)
      out.push_back(single_quoted(fmt::format("{}[{}]{}", name, zsh_text(s.help),
                                              s.takes_value ? zsh_words(s.value) : "")));
  return out;
}

// The line of the `case` that completes one command, or one act by the two words of it.
std::string zsh_case(const CommandForm& command, const std::vector<std::string>& common) {
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

std::string zsh_script(const std::vector<CommandForm>& commands) {
  const std::vector<std::string> common = zsh_arguments(commands.front());
  std::string listed, cases;
  for (const CommandForm& command : commands) {
    if (command.name.empty()) continue;
    if (!command.is_act())
      listed += "    " + single_quoted(command.name + ":" + zsh_text(command.help)) + "\n";
  }
  // An act goes before the command that it is of.
  for (const bool acts : {true, false})
    for (const CommandForm& command : commands)
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

std::string fish_command(const CommandForm& command) {
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

std::string fish_script(const std::vector<CommandForm>& commands) {
  std::string out =
      "# fish completion for hotclock: hotclock completion fish | source\n"
      "complete -c hotclock -f\n";
  for (const Switch& s : commands.front().switches) out += fish_switch(s, "");
  for (const CommandForm& command : commands)
    if (!command.name.empty()) out += fish_command(command);
  return out;
}

constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};

}  // namespace

Result<std::string> completion_script(const CLI::App& parser, std::string_view shell) {
  const std::vector<CommandForm> commands = walk(parser);
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  const std::string_view near = nearest(shell, shells);
  std::string message = fmt::format("there is no completion for \"{}\"", shell);
  message += near.empty() ? "; write bash, zsh or fish" : fmt::format("; did you mean {}?", near);
  return Error(Errc::invalid, std::move(message));
}

}  // namespace hotclock::cli
