// hotclock festivals create, edit, activate, end, remove.
#include <ostream>

#include <fmt/format.h>

#include "service/cli/commands.h"
#include "service/cli/festival_text.h"
#include "service/cli/telling.h"
#include "service/cli/text_file.h"
#include "service/ledger/serving.h"

namespace hotclock::cli {
namespace {

using festivals::Festival;

constexpr Duration between_looks = std::chrono::milliseconds{50};
constexpr Duration between_requests = std::chrono::milliseconds{250};
constexpr std::chrono::seconds patience{5};

// What became of a change that clients are to hear of.
enum class Turned { told, not_yet, nobody_serves };

// Whether clients know all that there is to know: one that begins or ends by an act is heard of at
// once, another only when its time comes.
bool is_right(const Festival& festival, Instant now) {
  return festival.is_active ==
         (festivals::standing_at(festival, now) == festivals::Standing::running);
}

// A server that answers serves.
Result<bool> somebody_serves(Door& door) {
  Session* const session = door.here();
  return session ? ledger::is_served(*session->database, door.now()) : Result<bool>(true);
}

// Where a node serves, waits until it has turned the festival.
Result<Turned> follow(Console& console, Door& door, const Festival& festival, Answer& answer) {
  const auto served = somebody_serves(door);
  if (!served) return served.error();
  if (!*served) return Turned::nobody_serves;
  const Duration pause = door.here() ? between_looks : between_requests;
  const Steady until = console.clock.steady() + patience;
  for (;;) {
    auto found = door.ask(get("/festivals/" + std::to_string(festival.id)));
    if (!found) return std::move(found).error();
    answer.body.as_object()["active"] = Seen(found->body).flag("active");
    answer.body.as_object()["revision"] = Seen(found->body).text("revision");
    if (is_right(festival_of(Seen(found->body)), door.now())) return Turned::told;
    if (console.clock.steady() >= until) return Turned::not_yet;
    console.clock.sleep_until(console.clock.now() + pause, {});
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

// Of what an editor wrote in `what`: saved and `done`, refused, or an error.
int tell_act(Console& console, const Common& common, Door& door, const std::string& what,
             Result<Answer> answer, const std::string& done) {
  if (!answer) return fail(console, common.json, answer.error());
  if (const auto problems = problems_in(Seen(answer->body));
      answer->status >= 400 && !problems.empty())
    return refuse(console, common.json, what, problems);
  if (answer->status >= 400) return fail(console, common.json, error_of(*answer));
  const Festival festival = festival_of(Seen(answer->body));
  std::optional<Turned> turned;
  if (!is_right(festival, door.now())) {
    const auto followed = follow(console, door, festival, *answer);
    if (!followed) return fail(console, common.json, followed.error());
    turned = *followed;
    answer->body.as_object()["told"] = *turned == Turned::told;
  }
  return tell(console, common, answer, [&](const Seen& said) {
    console.out << name_of(festival) << ' ' << done;
    if (turned) console.out << "; " << words_for(*turned);
    console.out << '\n';
    for (const std::string& note : said.texts("notes")) console.out << "note: " << note << '\n';
  });
}

// A festival as it was written, with why it is.
Request with_draft(std::string_view method, std::string path, const std::string& text,
                   const std::string& reason) {
  Request request{.method = std::string(method), .path = std::move(path), .body = text};
  if (!reason.empty()) request.query.emplace_back("reason", reason);
  return request;
}

template <class Args>
int act(Console& console, const Common& common, const Args& args, const std::string& act,
        const std::string& done) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  auto answer =
      (*door)->send(post(fmt::format("/festivals/{}/{}", args.id, act), {{"reason", args.reason}}));
  return tell_act(console, common, **door, fmt::format("festival {}", args.id), std::move(answer),
                  done);
}

}  // namespace

int cmd_festival_create(Console& console, const Common& common, const FestivalCreateArgs& args) {
  const auto text = read_text(console, args.file);
  if (!text) return fail(console, common.json, text.error());
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  auto created = (*door)->send(with_draft("POST", "/festivals", *text, args.reason));
  return tell_act(console, common, **door, args.file, std::move(created), "is there");
}

int cmd_festival_edit(Console& console, const Common& common, const FestivalEditArgs& args) {
  const auto text = read_text(console, args.file);
  if (!text) return fail(console, common.json, text.error());
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  auto edited =
      (*door)->send(with_draft("PATCH", fmt::format("/festivals/{}", args.id), *text, args.reason));
  return tell_act(console, common, **door, args.file, std::move(edited), "is changed");
}

int cmd_festival_activate(Console& console, const Common& common,
                          const FestivalActivateArgs& args) {
  return act(console, common, args, "activate", "runs");
}

int cmd_festival_end(Console& console, const Common& common, const FestivalEndArgs& args) {
  return act(console, common, args, "end", "is over");
}

int cmd_festival_remove(Console& console, const Common& common, const FestivalRemoveArgs& args) {
  const auto door = open_door(console, common, args.by);
  if (!door) return fail(console, common.json, door.error());
  const auto removed = (*door)->ask(remove(fmt::format("/festivals/{}", args.id), args.reason));
  if (!removed) return fail(console, common.json, removed.error());
  if (common.json)
    print(console, {{"removed", std::to_string(args.id)}});
  else
    console.out << "festival " << args.id << " is removed\n";
  return exit_done;
}

}  // namespace hotclock::cli
