// hotclock __man: the sources of the manual's pages of commands, for whoever builds Hotclock.
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/manual.h"
#include "service/cli/text_file.h"

namespace hotclock::cli {

// Without a page it lists them.
int cmd_manual(Console& console, const Common& common, const ManualArgs& args) {
  Invocation unused;
  const auto commands = walk(*make_parser(unused));
  if (args.page.empty()) {
    for (const std::string& page : manual_pages(commands)) console.out << page << '\n';
    return exit_done;
  }
  const auto book = args.book.empty() ? Result<std::string>("") : read_text(console, args.book);
  if (!book) return fail(console, common.json, book.error());
  const auto text = manual_page(commands, args.page, *book);
  if (!text) return fail(console, common.json, text.error());
  console.out << *text;
  return exit_done;
}

}  // namespace hotclock::cli
