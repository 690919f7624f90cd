#include "service/cli/manual.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "scheduler/base/nearest.h"

namespace hotclock::cli {
namespace {

// As it is read: "festivals show".
std::string path_of(const CommandForm& command) {
  return command.is_act() ? command.within + " " + command.name : command.name;
}

std::string page_of(const CommandForm& command) {
  return command.is_act() ? command.within + "-" + command.name : command.name;
}

// Text for scdoc in which nothing is markup.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '*' || c == '_') out += '\\';
    out += c;
  }
  return out;
}

std::string bold(std::string_view text) { return "*" + plain(text) + "*"; }
std::string italic(std::string_view text) { return "_" + plain(text) + "_"; }

std::string sentence(std::string text) {
  if (text.empty()) return text;
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  // What may open a heading, a list or a table.
  const bool opens = std::string_view("#[|-").find(text.front()) != std::string_view::npos;
  return (opens ? "\\" : "") + plain(text) + (text.ends_with('.') ? "" : ".");
}

// ---- what hotclock(1) says of a command ----

struct Paragraph {
  std::string heading;  // "*pause* _JOB_ --reason _WHY_, *resume* _JOB_ --reason _WHY_"
  std::string text;     // its lines, each indented
};

std::vector<Paragraph> paragraphs_of_commands(std::string_view book) {
  std::vector<Paragraph> out;
  std::istringstream lines{std::string(book)};
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# ")) inside = line == "# COMMANDS";
    if (!inside) continue;
    if (line.starts_with('*')) out.push_back({line, ""});
    if (line.starts_with('\t') && !out.empty()) out.back().text += line + "\n";
  }
  return out;
}

std::string without_markup(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != '*' && c != '_' && c != '\\') out += c;
  return out;
}

bool begins_with_words(std::string_view text, std::string_view words) {
  return text.starts_with(words) && (text.size() == words.size() ||
                                     !std::isalnum(static_cast<unsigned char>(text[words.size()])));
}

// Which command a text such as "festivals show ID" begins with: the one of the most words. Null:
// none.
const CommandForm* named_first(const std::vector<CommandForm>& commands, std::string_view text) {
  const CommandForm* longest = nullptr;
  for (const CommandForm& command : commands)
    if (!command.name.empty() && begins_with_words(text, path_of(command)) &&
        (!longest || path_of(*longest).size() < path_of(command).size()))
      longest = &command;
  return longest;
}

// A heading names a command where it opens what is bold.
bool is_about(const Paragraph& paragraph, const std::vector<CommandForm>& commands,
              const CommandForm& command) {
  bool opens = false;
  for (std::size_t i = 0; i < paragraph.heading.size(); ++i) {
    if (paragraph.heading[i] != '*') continue;
    opens = !opens;
    if (opens && named_first(commands, without_markup(paragraph.heading.substr(i))) == &command)
      return true;
  }
  return false;
}

// Each under how the command is called, where several are told of.
std::string told(std::string_view book, const std::vector<CommandForm>& commands,
                 const CommandForm& command) {
  std::string out;
  for (const Paragraph& paragraph : paragraphs_of_commands(book))
    if (is_about(paragraph, commands, command))
      out += paragraph.heading + "\n" + paragraph.text + "\n";
  return out;
}

// ---- what the parser says of it ----

std::string value_of(const Place& place) {
  if (!place.choices.empty()) return italic(fmt::format("{}", fmt::join(place.choices, "|")));
  return italic(place.name);
}

std::string call_of(const Switch& s) {
  std::vector<std::string> names;
  for (const std::string& name : s.names) names.push_back(bold(name));
  return fmt::format("{}", fmt::join(names, ", ")) + (s.takes_value ? " " + value_of(s.value) : "");
}

std::string in_brackets(const std::string& text, bool required) {
  return required ? text : "[" + text + "]";
}

bool is_help(const Switch& s) { return std::ranges::find(s.names, "--help") != s.names.end(); }

std::string synopsis(const CommandForm& command) {
  std::string out = "*hotclock " + plain(path_of(command)) + "*";
  for (const Place& place : command.places)
    if (!place.name.empty()) out += " " + in_brackets(italic(place.name), place.required);
  for (const Switch& s : command.switches) {
    if (is_help(s)) continue;
    const std::string call = bold(s.names.back()) + (s.takes_value ? " " + value_of(s.value) : "");
    out += " " + in_brackets(call, s.required);
  }
  if (!command.is_act() && !command.acts.empty())
    out += "++\n*hotclock " + plain(command.name) + "* _COMMAND_ ...";
  return out;
}

std::string entry(const std::string& term, std::string text, const Place& value,
                  const std::string& environment) {
  text = sentence(std::move(text));
  if (!value.range.empty()) text += " " + plain(value.range) + ".";
  if (!environment.empty()) text += " Otherwise " + bold(environment) + ".";
  return term + "\n\t" + text + "\n\n";
}

std::string section(std::string_view title, const std::string& text) {
  return text.empty() ? "" : fmt::format("# {}\n\n{}\n", title, text);
}

std::string words_section(const CommandForm& command) {
  std::string out;
  for (const Place& place : command.places)
    if (!place.name.empty()) out += entry(italic(place.name), place.help, place, "");
  return section("ARGUMENTS", out);
}

std::string options_section(const CommandForm& command) {
  std::string out;
  for (const Switch& s : command.switches)
    if (!is_help(s)) out += entry(call_of(s), s.help, s.value, s.environment);
  return section("OPTIONS", out);
}

std::string common_section(const CommandForm& program) {
  std::vector<std::string> calls;
  for (const Switch& s : program.switches)
    if (s.takes_value || s.names.back() == "--json") calls.push_back(call_of(s));
  return section("OPTIONS OF EVERY COMMAND",
                 fmt::format("{}: see *hotclock*(1).\n", fmt::join(calls, ", ")));
}

std::string acts_section(const std::vector<CommandForm>& commands, const CommandForm& command) {
  std::string out;
  for (const CommandForm& act : commands)
    if (!command.is_act() && act.within == command.name)
      out += "*hotclock-" + plain(page_of(act)) + "*(1)\n\t" + sentence(act.help) + "\n\n";
  return section("COMMANDS", out);
}

// Its relatives.
std::string see_also(const std::vector<CommandForm>& commands, const CommandForm& command) {
  std::string out = "*hotclock*(1), *hotclock.toml*(5)";
  for (const CommandForm& other : commands)
    if (command.is_act() && &other != &command &&
        (other.within == command.within || other.name == command.within))
      if (!other.is_act() || other.within == command.within)
        out += ", *hotclock-" + plain(page_of(other)) + "*(1)";
  return section("SEE ALSO", out + "\n");
}

}  // namespace

std::vector<std::string> manual_pages(const std::vector<CommandForm>& commands) {
  std::vector<std::string> out;
  for (const CommandForm& command : commands)
    if (!command.name.empty()) out.push_back(page_of(command));
  return out;
}

Result<std::string> manual_page(const std::vector<CommandForm>& commands, std::string_view page,
                                std::string_view book) {
  const auto command = std::ranges::find_if(
      commands, [&](const CommandForm& one) { return !one.name.empty() && page_of(one) == page; });
  if (command == commands.end()) {
    const auto pages = manual_pages(commands);
    const std::string_view near = nearest(page, std::span<const std::string>(pages));
    return Error(Errc::not_found,
                 fmt::format("there is no page \"{}\"", page) +
                     (near.empty() ? "" : fmt::format("; did you mean {}?", near)));
  }
  return fmt::format("hotclock-{}(1)\n\n", page) +
         section("NAME", fmt::format("hotclock-{} - {}\n", page, plain(command->help))) +
         section("SYNOPSIS", synopsis(*command) + "\n") +
         section("DESCRIPTION", sentence(command->help) + "\n\n" + told(book, commands, *command)) +
         acts_section(commands, *command) + words_section(*command) + options_section(*command) +
         common_section(commands.front()) +
         section("EXIT STATUS", "As *hotclock*(1) says of every command.\n") +
         see_also(commands, *command);
}

}  // namespace hotclock::cli
