// hotclock demo: fills a new database with a platform to play with.
#include <ostream>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "service/app/store.h"
#include "service/cli/commands.h"
#include "service/cli/copying.h"
#include "service/cli/progress_line.h"
#include "service/cli/session.h"
#include "service/demo/demo.h"

namespace hotclock::cli {
namespace {

demo::DemoOptions options_of(const DemoArgs& args, Instant now) {
  demo::DemoOptions options;
  options.users = args.users;
  options.streams = args.streams;
  options.seed = static_cast<std::uint64_t>(args.seed);
  options.history_days = args.history_days;
  options.now = now;
  return options;
}

}  // namespace

int cmd_demo(Console& console, const Common& common, const DemoArgs& args) {
  const auto settings = read_settings(console, common);
  if (!settings) return fail(console, common.json, settings.error());
  const Instant now = console.clock.now();
  const auto database = app::make_store(*settings, now);
  if (!database) return fail(console, common.json, database.error());
  Result<demo::DemoReport> made = Error(Errc::internal, "nothing was made");
  {
    Copying making(console);
    made = demo::create_demo(**database, options_of(args, now),
                             [&](auto what, auto done, auto total) { making.at(what, done, total); });
  }
  if (!made) return fail(console, common.json, made.error());
  if (common.json) {
    print(console, {{"users", made->users}, {"streams", made->streams}, {"thrones", made->thrones},
                    {"festivals", made->festivals}, {"gifts", made->gifts},
                    {"transactions", made->transactions}});
    return exit_done;
  }
  console.out << fmt::format(
      "{}: {} users, {} streams, {} thrones, {} festivals with {} gifts, {} transactions\n",
      (*database)->where(), grouped(made->users), grouped(made->streams), grouped(made->thrones),
      made->festivals, made->gifts, grouped(made->transactions));
  return exit_done;
}

}  // namespace hotclock::cli
