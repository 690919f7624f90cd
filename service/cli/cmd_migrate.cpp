// hotclock migrate: makes the database, brings it up to date, or moves it to another one.
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "service/app/store.h"
#include "service/cli/commands.h"
#include "service/cli/copying.h"
#include "service/cli/progress_line.h"
#include "service/cli/session.h"
#include "service/cli/table.h"
#include "service/move/move.h"
#include "service/schema/invariants.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

int bring_up_to_date(Console& console, const Common& common, const config::Config& settings) {
  schema::Applied applied;
  const auto database = app::make_store(settings, console.clock.now(), &applied);
  if (!database) return fail(console, common.json, database.error());
  if (common.json) {
    print(console, {{"database", (*database)->where()},
                    {"applied", json::array(applied.names.begin(), applied.names.end())},
                    {"adopted", json::array(applied.adopted.begin(), applied.adopted.end())}});
    return exit_done;
  }
  for (const std::string& name : applied.adopted)
    console.out << "left out " << name << ": these tables are yours\n";
  for (const std::string& name : applied.names) console.out << "applied " << name << '\n';
  console.out << (*database)->where() << " is up to date\n";
  return exit_done;
}

config::Config at(config::Config settings, const std::string& url) {
  settings.database.url = url;
  return settings;
}

void show(Console& console, const move::Moved& moved, const std::string& from, const std::string& to) {
  Table table({{"table"}, {"rows", Column::Kind::number}});
  for (const auto& one : moved.tables)
    if (one.rows > 0) table.add({one.name, grouped(one.rows)});
  if (!table.empty()) console.out << table.text(look_of(console)) << '\n';
  for (const auto& sum : moved.money)
    console.out << fmt::format("{}: {} coins on both sides\n", sum.what, grouped(sum.sum));
  console.out << fmt::format("{} is in {} now; nothing in it was changed\n", from, to);
}

json::object moved_json(const move::Moved& moved, const std::string& from, const std::string& to) {
  json::object tables, money;
  for (const auto& one : moved.tables) tables[one.name] = one.rows;
  for (const auto& sum : moved.money) money[sum.what] = sum.sum;
  return {{"from", from}, {"to", to}, {"tables", std::move(tables)}, {"coins", std::move(money)}};
}

Result<> expect_sound(sql::Database& database) {
  const auto findings = schema::check_invariants(database);
  if (!findings) return findings.error();
  const std::string broken = schema::broken(*findings);
  if (broken.empty()) return {};
  return Error(Errc::corrupt, "everything has arrived, but as in the source not all is well: " + broken);
}

int move_all(Console& console, const Common& common, const config::Config& settings, const MigrateArgs& args) {
  const Instant now = console.clock.now();
  const auto from = app::open_store(at(settings, args.from));
  if (!from) return fail(console, common.json, from.error().within("--from"));
  const auto to = app::make_store(at(settings, args.to), now);
  if (!to) return fail(console, common.json, to.error().within("--to"));
  Result<move::Moved> moved = Error(Errc::internal, "nothing was moved");
  {
    Copying copying(console);
    moved = move::move_everything(
        **from, **to, now, [&](auto table, auto done, auto total) { copying.at(table, done, total); });
  }
  if (!moved) return fail(console, common.json, moved.error());
  if (common.json)
    print(console, moved_json(*moved, (*from)->where(), (*to)->where()));
  else
    show(console, *moved, (*from)->where(), (*to)->where());
  if (const auto sound = expect_sound(**to); !sound) return fail(console, common.json, sound.error());
  return exit_done;
}

}  // namespace

int cmd_migrate(Console& console, const Common& common, const MigrateArgs& args) {
  const auto settings = read_settings(console, common);
  if (!settings) return fail(console, common.json, settings.error());
  return args.from.empty() ? bring_up_to_date(console, common, *settings)
                           : move_all(console, common, *settings, args);
}

}  // namespace hotclock::cli
