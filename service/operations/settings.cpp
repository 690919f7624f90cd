// The settings in force, where they come from, and reading them anew.
#include <algorithm>

#include "scheduler/base/nearest.h"
#include "service/live/layer.h"
#include "service/operations/functions.h"
#include "service/operations/instants.h"
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
    out.push_back(
        {{"key", one.key}, {"before", one.before}, {"after", one.after}, {"origin", one.origin}});
  return out;
}

// As it would stand in a file.
std::string unquoted(const std::string& value) {
  const bool quoted = value.size() > 1 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

std::string note_on(const live::Drift& drift) {
  switch (drift.kind) {
    case live::Drift::Kind::differs: return "";
    case live::Drift::Kind::same: return "the files say the same: a reset would change nothing";
    case live::Drift::Kind::left_out: return "it counts no more: " + drift.why;
    case live::Drift::Kind::nowhere: return "the files know no such job or setting";
  }
  return "";
}

json::object drift_json(const live::Drift& drift) {
  return {{"job", drift.job},
          {"key", drift.key},
          {"file", unquoted(drift.file)},
          {"file_origin", drift.origin},
          {"live", drift.live.value},
          {"author", drift.live.author},
          {"reason", drift.live.reason},
          {"since", rfc3339(drift.live.at)},
          {"note", note_on(drift)}};
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
  return Error(Errc::not_found,
               "there is no setting '" + path + "'" +
                   (near.empty() ? "; hotclock config lists them" : "; did you mean '" + std::string(near) + "'?"));
}

// What the files alone would have, beside what was changed live.
Result<Answer> show_drift(Desk& desk, const Call&) {
  const auto files = desk.files();
  if (!files) return files.error();
  const auto in_force = live::in_force(desk.database);
  if (!in_force) return in_force.error();
  std::vector<live::LeftOut> left_out;
  if (desk.lay) {
    auto laid = desk.lay(*in_force);
    if (!laid) return std::move(laid).error();
    left_out = std::move(laid->left_out);
  }
  json::array items;
  for (const live::Drift& one : live::drift(**files, *in_force, left_out))
    items.push_back(drift_json(one));
  return listed(std::move(items));
}

Result<Answer> reload_settings(Desk& desk, const Call& call) {
  if (!desk.reload)
    return Error(Errc::unsupported, "no node serves here whose settings could be read anew");
  const auto reread = desk.reload(call.who.name);
  if (!reread) return reread.error();
  return answer_of(json::object{{"in_force", changes_json(reread->in_force)},
                                {"at_next_start", changes_json(reread->at_next_start)}});
}

}  // namespace hotclock::operations
