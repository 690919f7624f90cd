// hotclock doctor: whether the money adds up, and whether the rest is as it should be.
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/table.h"
#include "service/cli/telling.h"
#include "service/schema/privileges.h"

namespace hotclock::cli {
namespace {

void show(Console& console, const Seen& doctor) {
  Table table({{"", Column::Kind::text}, {"what must hold"}, {"detail", Column::Kind::wrapped}});
  for (const Seen& finding : doctor.list("findings"))
    table.add({finding.flag("ok") ? Cell("ok", Tone::good) : Cell("WRONG", Tone::bad),
               finding.text("name"), finding.text("detail")});
  console.out << table.text(look_of(console));
}

// Of this machine's settings: a role is given its rights before anything can be asked.
int show_grants(Console& console, const Common& common, const std::string& role) {
  const auto settings = read_settings(console, common);
  if (!settings) return fail(console, common.json, settings.error());
  console.out << schema::grants(role, settings->database.schema, settings->database.platform_schema,
                                settings->database.platform == config::Platform::adopted);
  return exit_done;
}

}  // namespace

int cmd_doctor(Console& console, const Common& common, const DoctorArgs& args) {
  if (!args.grants.empty()) return show_grants(console, common, args.grants);
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const auto answer = (*door)->ask(get("/doctor"));
  const int code =
      tell(console, common, answer, [&](const Seen& doctor) { show(console, doctor); });
  if (!answer) return code;
  return Seen(answer->body).flag("ok") ? exit_done : exit_failed;
}

}  // namespace hotclock::cli
