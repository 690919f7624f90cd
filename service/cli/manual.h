// The manual's page of each command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/result.h"
#include "service/cli/command_tree.h"

namespace hotclock::cli {

// The pages there are: "run", "festivals-show", ...: of each command and of each act of one.
std::vector<std::string> manual_pages(const std::vector<CommandForm>& commands);

// One of them as a source for scdoc(5). How a command is called, its words and its options come
// from the parser; what it does at length is told in one place, the section COMMANDS of
// hotclock(1), whose source is `book`: all of its paragraphs that are about the command.
// Errc::not_found names the nearest page.
Result<std::string> manual_page(const std::vector<CommandForm>& commands, std::string_view page,
                                std::string_view book);

}  // namespace hotclock::cli
