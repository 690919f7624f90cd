#include "service/theme/written.h"

#include <fmt/format.h>

#include "service/strict_json/strict_json.h"
#include "service/theme/kinds.h"

namespace hotclock::theme {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 6;

void note_names(std::string_view text, const std::string& inside, std::vector<Problem>& problems) {
  for (const std::string& path : strict_json::repeated_names(text, deepest)) {
    const std::string joint = inside.empty() || path.starts_with('[') ? "" : ".";
    problems.push_back({inside + joint + shown(path), "stands twice", "write it once"});
  }
}

}  // namespace

std::string below(const std::string& path, std::string_view member) {
  const std::string name = shown(member);
  return path.empty() ? name : path + "." + name;
}

std::optional<json::value> read_json(std::string_view text, std::size_t most,
                                     const std::string& where, const std::string& inside,
                                     std::vector<Problem>& problems) {
  const auto refused = [&](std::string what, std::string right) {
    problems.push_back({where, std::move(what), std::move(right)});
    return std::nullopt;
  };
  if (text.size() > most)
    return refused(fmt::format("has {} bytes", text.size()), fmt::format("{} are the most", most));
  auto value = strict_json::parse(text, deepest);
  if (!value && value.error().message() == "it is nested too deeply")
    return refused("is nested too deeply", fmt::format("{} deep is the most", deepest));
  if (!value) return refused("is no JSON", "write JSON (UTF-8, quotes around names)");
  note_names(text, inside, problems);
  return std::move(value).value();
}

}  // namespace hotclock::theme
