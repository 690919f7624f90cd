#include "service/cli/festival_text.h"

#include <ostream>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "service/cli/when.h"

namespace hotclock::cli {

using festivals::Festival;
using festivals::Problem;
using festivals::Standing;

std::string name_of(const Festival& festival) {
  return fmt::format("festival {} ({})", festival.id, festival.name);
}

Cell state_cell(const Festival& festival, Instant now) {
  const Standing standing = festivals::standing_at(festival, now);
  const bool runs = standing == Standing::running;
  const Instant turn = standing == Standing::coming ? festival.starts_at : festival.ends_at;
  std::string text = fmt::format("{}, {}{}", festivals::to_string(standing), runs ? "ends " : "",
                                 relative_text(turn, now));
  if (runs == festival.is_active)
    return {text, runs ? Tone::good : standing == Standing::over ? Tone::faint : Tone::plain};
  return {text + "; clients have not been told yet", Tone::notice};
}

void show_festival(Console& console, const Festival& festival, Instant now) {
  Table table({{"festival"}, {std::to_string(festival.id), Column::Kind::wrapped}});
  table.add({"name", festival.name});
  table.add({"type", festival.type});
  table.add({"country", festival.country});
  table.add({"priority", std::to_string(festival.priority)});
  table.add({"from", festivals::to_string(festival.starts_at)});
  table.add({"to", festivals::to_string(festival.ends_at)});
  table.add({"state", state_cell(festival, now)});
  table.add({"theme", festival.look.theme});
  table.add({"skins", festival.look.skins});
  table.add({"bonuses", festival.look.bonuses});
  table.add({"gifts", fmt::format("{}", fmt::join(festival.gifts, ", "))});
  table.add({"revision", festival.revision});
  console.out << table.text(look_of(console));
}

std::string problems_json(const std::vector<Problem>& problems) {
  boost::json::array list;
  for (const Problem& p : problems)
    list.push_back({{"where", p.where}, {"what", p.what}, {"right", p.right}});
  return boost::json::serialize(list);
}

std::string texts_json(const std::vector<std::string>& texts) {
  return boost::json::serialize(boost::json::array(texts.begin(), texts.end()));
}

int refuse(Console& console, bool json, const std::string& what,
           const std::vector<Problem>& problems) {
  const std::string message = fmt::format("{}: {} {}; nothing was changed", what, problems.size(),
                                          problems.size() == 1 ? "problem" : "problems");
  if (json) {
    const boost::json::value error{{"code", "invalid"}, {"message", message}};
    console.out << fmt::format(R"({{"error":{},"problems":{}}})", boost::json::serialize(error),
                               problems_json(problems))
                << '\n';
    return exit_usage;
  }
  for (const Problem& problem : problems) console.err << problem.message() << '\n';
  return fail(console, false, Error(Errc::invalid, message));
}

}  // namespace hotclock::cli
