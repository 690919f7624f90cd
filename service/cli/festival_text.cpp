#include "service/cli/festival_text.h"

#include <charconv>
#include <ostream>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "service/cli/when.h"
#include "service/operations/json.h"

namespace hotclock::cli {

using festivals::Festival;
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

Festival festival_of(const operations::Seen& seen) {
  const auto written = [&seen](const char* name) {
    const auto* value = seen.members().if_contains(name);
    return value ? boost::json::serialize(*value) : std::string();
  };
  const std::string id = seen.text("id");
  Festival out{.name = seen.text("name"),
               .type = seen.text("type"),
               .country = seen.text("country"),
               .priority = seen.number("priority"),
               .starts_at = seen.instant("startsAt").value_or(Instant{}),
               .ends_at = seen.instant("endsAt").value_or(Instant{}),
               .is_active = seen.flag("active"),
               .look = {written("theme"), written("skins"), written("bonuses")},
               .gifts = seen.texts("gifts"),
               .revision = seen.text("revision")};
  std::from_chars(id.data(), id.data() + id.size(), out.id);
  return out;
}

std::vector<Problem> problems_in(const operations::Seen& answer) {
  std::vector<Problem> out;
  for (const operations::Seen& one : answer.list("problems"))
    out.push_back({one.text("where"), one.text("what"), one.text("right")});
  return out;
}

int refuse(Console& console, bool json, const std::string& what,
           const std::vector<Problem>& problems) {
  const std::string message = fmt::format("{}: {} {}; nothing was changed", what, problems.size(),
                                          problems.size() == 1 ? "problem" : "problems");
  if (json) {
    const boost::json::value error{{"code", "invalid"}, {"message", message}};
    print(console, {{"error", error}, {"problems", operations::problems_json(problems)}});
    return exit_usage;
  }
  for (const Problem& problem : problems) console.err << problem.message() << '\n';
  return fail(console, false, Error(Errc::invalid, message));
}

}  // namespace hotclock::cli
