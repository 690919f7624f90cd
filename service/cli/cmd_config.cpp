// hotclock config: every setting in force, and where it comes from; and what is wrong with them.
#include <algorithm>
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "scheduler/base/nearest.h"
#include "service/app/settings.h"
#include "service/cli/commands.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/operations/json.h"

namespace hotclock::cli {
namespace {

bool is_below(const std::string& key, const std::string& path) {
  return path.empty() || key == path ||
         (key.starts_with(path) && key.compare(path.size(), 1, ".") == 0);
}

Error no_such_key(const std::vector<config::Shown>& all, const std::string& key) {
  std::vector<std::string_view> keys;
  for (const config::Shown& shown : all) keys.push_back(shown.key);
  const std::string_view near = nearest(key, keys);
  return Error(Errc::not_found, "there is no setting '" + key + "'" +
                                    (near.empty() ? "; hotclock config lists them"
                                                  : "; did you mean '" + std::string(near) + "'?"));
}

// Of this machine they are shown without a database, too.
Result<Answer> shown_here(Console& console, const Common& common, const std::string& key) {
  const auto settings = read_settings_in_force(console, common);
  if (!settings) return settings.error();
  boost::json::array items;
  for (const auto& one : settings->shown)
    if (is_below(one.key, key))
      items.push_back({{"key", one.key}, {"value", one.value}, {"origin", one.origin}});
  if (items.empty()) return no_such_key(settings->shown, key);
  return operations::listed(std::move(items));
}

Result<Answer> shown_by_server(Console& console, const Common& common, const std::string& key) {
  const auto door = open_door(console, common);
  if (!door) return door.error();
  return (*door)->ask(get("/config", {{"key", key}}));
}

void print_table(Console& console, const Seen& list, bool origin) {
  std::vector<Column> columns{{"key"}, {"value", Column::Kind::cut}};
  if (origin) columns.push_back({"from"});
  Table table(columns);
  for (const Seen& one : list.list("items")) {
    const Tone tone = one.text("origin") == "default" ? Tone::faint : Tone::plain;
    if (origin)
      table.add({one.text("key"), one.text("value"), {one.text("origin"), tone}});
    else
      table.add({one.text("key"), one.text("value")});
  }
  console.out << table.text(look_of(console));
}

}  // namespace

int cmd_config(Console& console, const Common& common, const ConfigArgs& args) {
  const bool here = server_of(console, common).empty();
  return tell(console, common, (here ? shown_here : shown_by_server)(console, common, args.key),
              [&](const Seen& list) { print_table(console, list, args.origin); });
}

// What is wrong with one profile alone shows only once it is chosen.
int cmd_config_check(Console& console, const Common& common, const ConfigCheckArgs&) {
  const app::SettingsSource source = settings_source(console, common);
  const auto settings = app::read_settings(source);
  if (!settings) return fail(console, common.json, settings.error());
  for (const std::string& profile : settings->profiles) {
    app::SettingsSource chosen = source;
    chosen.environment["HOTCLOCK_PROFILE"] = profile;
    if (const auto read = app::read_settings(chosen); !read)
      return fail(console, common.json, read.error().within("with profile " + profile));
  }
  if (common.json) {
    boost::json::array profiles(settings->profiles.begin(), settings->profiles.end());
    print(console, {{"settings", settings->shown.size()}, {"profiles", std::move(profiles)}});
    return exit_done;
  }
  const auto file = app::main_file(source);
  console.out << (file ? file->string() : "no settings file") << ": " << settings->shown.size()
              << " settings are as they should be";
  for (const std::string& profile : settings->profiles)
    console.out << (&profile == &settings->profiles.front() ? "; profiles " : ", ") << profile;
  console.out << '\n';
  return exit_done;
}

}  // namespace hotclock::cli
