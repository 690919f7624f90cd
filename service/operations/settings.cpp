// The settings in force, where they come from, and reading them anew.
#include "scheduler/base/nearest.h"
#include "service/operations/functions.h"
#include "service/operations/json.h"

namespace hotclock::operations {
namespace {

namespace json = boost::json;

bool is_below(std::string_view key, std::string_view path) {
  return path.empty() || key == path ||
         (key.starts_with(path) && key.substr(path.size()).starts_with('.'));
}

json::array changes_json(const std::vector<config::Change>& changes) {
  json::array out;
  for (const config::Change& one : changes)
    out.push_back({{"key", one.key},
                   {"before", one.before},
                   {"after", one.after},
                   {"origin", one.origin}});
  return out;
}

}  // namespace

Result<Answer> show_settings(Desk& desk, const Call& call) {
  const auto settings = desk.settings();
  const std::string path = call.text("key");
  json::array items;
  std::vector<std::string_view> keys;
  for (const config::Shown& one : settings->shown) {
    keys.push_back(one.key);
    if (is_below(one.key, path))
      items.push_back({{"key", one.key}, {"value", one.value}, {"origin", one.origin}});
  }
  if (!items.empty()) return listed(std::move(items));
  const std::string_view near = nearest(path, std::span<const std::string_view>(keys));
  return Error(Errc::not_found, "there is no setting '" + path + "'" +
                                    (near.empty() ? "" : "; did you mean '" + std::string(near) + "'?"));
}

Result<Answer> show_drift(Desk&, const Call&) { return listed({}); }

Result<Answer> reload_settings(Desk& desk, const Call& call) {
  if (!desk.reload) return Error(Errc::unsupported, "no node serves here whose settings could be read anew");
  const auto reread = desk.reload(call.who.name);
  if (!reread) return reread.error();
  return answer_of(json::object{{"in_force", changes_json(reread->in_force)},
                                {"at_next_start", changes_json(reread->at_next_start)}});
}

}  // namespace hotclock::operations
