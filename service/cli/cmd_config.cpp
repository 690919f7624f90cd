// hotclock config: every setting in force, and where it comes from; and what is wrong with them.
#include <algorithm>
#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "scheduler/base/nearest.h"
#include "service/app/settings.h"
#include "service/cli/commands.h"
#include "service/cli/session.h"
#include "service/cli/table.h"

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

void print_json(Console& console, const std::vector<config::Shown>& settings) {
  boost::json::array list;
  for (const auto& shown : settings)
    list.push_back(
        boost::json::object{{"key", shown.key}, {"value", shown.value}, {"origin", shown.origin}});
  print(console, {{"settings", std::move(list)}});
}

void print_table(Console& console, const std::vector<config::Shown>& settings, bool origin) {
  std::vector<Column> columns{{"key"}, {"value", Column::Kind::cut}};
  if (origin) columns.push_back({"from"});
  Table table(columns);
  for (const auto& shown : settings) {
    const Tone tone = shown.origin == "default" ? Tone::faint : Tone::plain;
    if (origin)
      table.add({shown.key, shown.value, {shown.origin, tone}});
    else
      table.add({shown.key, shown.value});
  }
  console.out << table.text(look_of(console));
}

}  // namespace

int cmd_config(Console& console, const Common& common, const ConfigArgs& args) {
  auto settings = read_settings_in_force(console, common);
  if (!settings) return fail(console, common.json, settings.error());
  std::vector<config::Shown> shown = settings->shown;
  std::erase_if(shown, [&](const config::Shown& one) { return !is_below(one.key, args.key); });
  if (shown.empty()) return fail(console, common.json, no_such_key(settings->shown, args.key));
  if (common.json)
    print_json(console, shown);
  else
    print_table(console, shown, args.origin);
  return exit_done;
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
