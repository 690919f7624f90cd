// hotclock festivals create, edit, activate, end, remove.
#include <ostream>

#include <fmt/format.h>
#include <boost/json/object.hpp>

#include "service/app/theme_rules.h"
#include "service/cli/commands.h"
#include "service/cli/festival_text.h"
#include "service/cli/text_file.h"
#include "service/festivals/festival_json.h"
#include "service/ledger/serving.h"

namespace hotclock::cli {
namespace {

using festivals::Answer;
using festivals::Festival;

constexpr Duration between_looks = std::chrono::milliseconds{50};
constexpr std::chrono::seconds patience{5};

// What became of a change that clients are to hear of.
enum class Turned { told, not_yet, nobody_serves };

// Whether clients know all that there is to know: one that begins or ends by an act is heard of at once,
// another only when its time comes.
bool is_right(const Festival& festival, Instant now) {
  return festival.is_active ==
         (festivals::standing_at(festival, now) == festivals::Standing::running);
}

// Where a node serves, waits until it has turned the festival.
Result<Turned> follow(Console& console, Session& session, Festival& festival) {
  const auto served = ledger::is_served(*session.database, session.clock->now());
  if (!served) return served.error();
  if (!*served) return Turned::nobody_serves;
  const Steady until = console.clock.steady() + patience;
  for (;;) {
    auto found = festivals::find(*session.database, festival.id);
    if (!found) return std::move(found).error();
    festival = std::move(found).value();
    if (is_right(festival, session.clock->now())) return Turned::told;
    if (console.clock.steady() >= until) return Turned::not_yet;
    console.clock.sleep_until(console.clock.now() + between_looks, {});
  }
}

std::string_view words_for(Turned turned) {
  switch (turned) {
    case Turned::told:
      return "clients have been told";
    case Turned::not_yet:
      return "clients have not been told yet: `hotclock jobs` shows what festival-activation does";
    case Turned::nobody_serves:
      return "no node serves, so clients are told when one does";
  }
  return "";
}

struct Act {
  std::string done;                     // "is changed"
  std::vector<std::string> notes = {};  // on what overlaps
};

int tell(Console& console, const Common& common, Session& session, Festival festival,
         const Act& act) {
  std::optional<Turned> turned;
  if (!is_right(festival, session.clock->now())) {
    auto followed = follow(console, session, festival);
    if (!followed) return fail(console, common.json, followed.error());
    turned = *followed;
  }
  if (common.json) {
    std::string told;
    if (turned) told = fmt::format(R"(,"told":{})", *turned == Turned::told);
    console.out << fmt::format(R"({{"festival":{},"notes":{}{}}})", festivals::to_json(festival),
                               texts_json(act.notes), told)
                << '\n';
    return exit_done;
  }
  console.out << name_of(festival) << ' ' << act.done;
  if (turned) console.out << "; " << words_for(*turned);
  console.out << '\n';
  for (const std::string& note : act.notes) console.out << "note: " << note << '\n';
  return exit_done;
}

// Of what an editor wrote in `what`: saved, refused, or an error.
int answer(Console& console, const Common& common, Session& session, const std::string& what,
           Result<Answer> answer, Act act) {
  if (!answer) return fail(console, common.json, answer.error());
  if (const auto* refused = std::get_if<festivals::Refused>(&*answer))
    return refuse(console, common.json, what, refused->problems);
  auto& saved = std::get<festivals::Saved>(*answer);
  act.notes = std::move(saved.notes);
  return tell(console, common, session, std::move(saved.festival), act);
}

}  // namespace

int cmd_festival_create(Console& console, const Common& common, const FestivalCreateArgs& args) {
  const auto text = read_text(console, args.file);
  if (!text) return fail(console, common.json, text.error());
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  auto created = festivals::create(*session->database, *text, app::theme_rules(session->settings),
                                   {asking(console, args.by), args.reason}, session->clock->now());
  return answer(console, common, *session, args.file, std::move(created), {.done = "is there"});
}

int cmd_festival_edit(Console& console, const Common& common, const FestivalEditArgs& args) {
  const auto text = read_text(console, args.file);
  if (!text) return fail(console, common.json, text.error());
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  auto edited = festivals::edit(*session->database, {{args.id, ""}, *text},
                                app::theme_rules(session->settings),
                                {asking(console, args.by), args.reason}, session->clock->now());
  return answer(console, common, *session, args.file, std::move(edited), {.done = "is changed"});
}

int cmd_festival_activate(Console& console, const Common& common,
                          const FestivalActivateArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  auto activated =
      festivals::activate(*session->database, {args.id, ""}, app::theme_rules(session->settings),
                          {asking(console, args.by), args.reason}, session->clock->now());
  return answer(console, common, *session, fmt::format("festival {}", args.id),
                std::move(activated), {.done = "runs"});
}

int cmd_festival_end(Console& console, const Common& common, const FestivalEndArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  auto ended = festivals::end(*session->database, {args.id, ""},
                              {asking(console, args.by), args.reason}, session->clock->now());
  if (!ended) return fail(console, common.json, ended.error());
  return tell(console, common, *session, std::move(ended).value(),
              {.done = "is over"});
}

int cmd_festival_remove(Console& console, const Common& common, const FestivalRemoveArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto removed =
      festivals::remove(*session->database, {args.id, ""}, {asking(console, args.by), args.reason},
                        session->clock->now());
  if (!removed) return fail(console, common.json, removed.error());
  if (common.json)
    print(console, {{"removed", std::to_string(args.id)}});
  else
    console.out << "festival " << args.id << " is removed\n";
  return exit_done;
}

}  // namespace hotclock::cli
