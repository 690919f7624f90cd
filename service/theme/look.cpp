#include "service/theme/look.h"

#include <algorithm>

#include <fmt/format.h>

#include "service/theme/kinds.h"
#include "service/theme/look_reader.h"
#include "service/theme/written.h"

namespace hotclock::theme {
namespace {

constexpr std::size_t most_told = 100;

std::size_t size_of(const Written& written) {
  return written.theme.size() + written.skins.size() + written.bonuses.size();
}

}  // namespace

std::string Problem::message() const {
  std::string out = where + ": " + what;
  if (!right.empty()) out += "; " + right;
  return out;
}

Bonuses greater(const Bonuses& a, const Bonuses& b) {
  return {std::max(a.gift, b.gift), std::max(a.coin, b.coin), std::max(a.experience, b.experience)};
}

Look look_of(const Written& written, const Rules& rules, std::vector<Problem>* dropped) {
  std::vector<Problem> problems;
  LookReader reader(rules, problems);
  if (const auto theme = read_json(written.theme, largest_look, "theme", "", problems))
    reader.read_theme(*theme);
  if (const auto skins = read_json(written.skins, largest_look, "skins", "skins", problems))
    reader.read_skins(*skins);
  if (const auto bonuses = read_json(written.bonuses, largest_look, "bonuses", "bonuses", problems))
    reader.read_bonuses(*bonuses);
  if (dropped) *dropped = std::move(problems);
  return reader.take();
}

std::vector<Problem> problems_of(const Written& written, const Rules& rules) {
  if (const std::size_t size = size_of(written); size > largest_look)
    return {
        {"look", fmt::format("has {} bytes", size), fmt::format("{} are the most", largest_look)}};
  std::vector<Problem> problems;
  look_of(written, rules, &problems);
  if (problems.size() > most_told) {
    const std::size_t more = problems.size() - most_told;
    problems.resize(most_told);
    problems.push_back({"look", fmt::format("has {} more mistakes", more), ""});
  }
  return problems;
}

}  // namespace hotclock::theme
