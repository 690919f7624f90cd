// hotclock festivals: which there are, one of them, and how it would look.
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/festival_text.h"
#include "service/cli/telling.h"
#include "service/cli/text_file.h"

namespace hotclock::cli {
namespace {

using festivals::Festival;

// In capitals; empty where none was said.
Result<std::string> read_country(const std::string& typed) {
  std::string country = typed;
  for (char& c : country)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (!country.empty() && country != theme::global && country.size() != 2)
    return Error(Errc::invalid, "--country: '" + typed +
                                    "' is no country; write GLOBAL, or two letters, such as NP");
  return country;
}

void show_page(Console& console, const Seen& page, Instant now) {
  Table table({{"id", Column::Kind::number},
               {"festival", Column::Kind::cut},
               {"country"},
               {"priority", Column::Kind::number},
               {"from"},
               {"to"},
               {"state", Column::Kind::wrapped}});
  for (const Seen& one : page.list("items")) {
    const Festival f = festival_of(one);
    table.add({std::to_string(f.id), f.name, f.country, std::to_string(f.priority),
               festivals::to_string(f.starts_at), festivals::to_string(f.ends_at),
               state_cell(f, now)});
  }
  if (table.empty())
    console.err << "no festival is like that\n";
  else
    console.out << table.text(look_of(console));
  if (page.has("next")) console.err << "there are more: --after " << page.text("next") << '\n';
}

std::string standing_word(const FestivalsArgs& args) {
  return args.running ? "running" : args.coming ? "coming" : args.over ? "over" : "";
}

void show_judgement(Console& console, const std::string& file, const Seen& judged) {
  for (const Problem& problem : problems_in(judged)) console.out << problem.message() << '\n';
  for (const std::string& note : judged.texts("notes")) console.out << "note: " << note << '\n';
  console.err << file << (judged.flag("valid") ? " may be stored\n" : " may not be stored\n");
}

}  // namespace

int cmd_festivals(Console& console, const Common& common, const FestivalsArgs& args) {
  const auto country = read_country(args.country);
  if (!country) return fail(console, common.json, country.error());
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const auto page =
      (*door)->ask(get("/festivals", {{"country", *country},
                                      {"standing", standing_word(args)},
                                      {"cursor", args.after > 0 ? std::to_string(args.after) : ""},
                                      {"limit", std::to_string(args.limit)}}));
  return tell(console, common, page,
              [&](const Seen& seen) { show_page(console, seen, (*door)->now()); });
}

int cmd_festival_show(Console& console, const Common& common, const FestivalShowArgs& args) {
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  return tell(console, common, (*door)->ask(get("/festivals/" + std::to_string(args.id))),
              [&](const Seen& seen) { show_festival(console, festival_of(seen), (*door)->now()); });
}

int cmd_festival_validate(Console& console, const Common& common,
                          const FestivalValidateArgs& args) {
  const auto text = read_text(console, args.file);
  if (!text) return fail(console, common.json, text.error());
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const auto judged =
      (*door)->ask({.method = "POST", .path = "/festivals/validate", .body = *text});
  const int code = tell(console, common, judged,
                        [&](const Seen& seen) { show_judgement(console, args.file, seen); });
  if (!judged) return code;
  return Seen(judged->body).flag("valid") ? exit_done : exit_usage;
}

int cmd_festival_preview(Console& console, const Common& common, const FestivalPreviewArgs& args) {
  const auto country = read_country(args.country);
  if (!country) return fail(console, common.json, country.error());
  const auto door = open_door(console, common);
  if (!door) return fail(console, common.json, door.error());
  const auto shown = (*door)->ask(get("/festivals/" + std::to_string(args.id) + "/preview",
                                      {{"country", *country}, {"format", args.css ? "css" : ""}}));
  if (!shown) return fail(console, common.json, shown.error());
  if (!args.css)
    print(console, shown->body);
  else if (common.json)
    print(console, {{"css", shown->text}});
  else
    console.out << shown->text;
  return exit_done;
}

}  // namespace hotclock::cli
