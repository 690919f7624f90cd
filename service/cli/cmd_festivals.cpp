// hotclock festivals: which there are, one of them, and how it would look.
#include <ostream>

#include <fmt/format.h>
#include <boost/json/object.hpp>

#include "service/app/theme_rules.h"
#include "service/cli/commands.h"
#include "service/cli/festival_text.h"
#include "service/cli/text_file.h"
#include "service/festivals/festival_json.h"

namespace hotclock::cli {
namespace {

using festivals::Festival;
using festivals::Standing;

Result<festivals::Query> read_query(const FestivalsArgs& args) {
  festivals::Query query{.country = args.country, .after = args.after, .limit = args.limit};
  if (args.running) query.standing = Standing::running;
  if (args.coming) query.standing = Standing::coming;
  if (args.over) query.standing = Standing::over;
  for (char& c : query.country)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (!query.country.empty() && query.country != theme::global && query.country.size() != 2)
    return Error(Errc::invalid, "--country: '" + args.country +
                                    "' is no country; write GLOBAL, or two letters, such as NP");
  return query;
}

std::string as_json(const festivals::Page& page) {
  std::string list;
  for (const Festival& f : page.festivals)
    list += (list.empty() ? "" : ",") + festivals::to_json(f);
  return fmt::format(R"({{"festivals":[{}],"next_after":{}}})", list,
                     page.next_after ? fmt::format("\"{}\"", *page.next_after) : "null");
}

void show_page(Console& console, const festivals::Page& page, Instant now) {
  Table table({{"id", Column::Kind::number},
               {"festival", Column::Kind::cut},
               {"country"},
               {"priority", Column::Kind::number},
               {"from"},
               {"to"},
               {"state", Column::Kind::wrapped}});
  for (const Festival& f : page.festivals)
    table.add({std::to_string(f.id), f.name, f.country, std::to_string(f.priority),
               festivals::to_string(f.starts_at), festivals::to_string(f.ends_at),
               state_cell(f, now)});
  if (table.empty())
    console.err << "no festival is like that\n";
  else
    console.out << table.text(look_of(console));
  if (page.next_after) console.err << "there are more: --after " << *page.next_after << '\n';
}

}  // namespace

int cmd_festivals(Console& console, const Common& common, const FestivalsArgs& args) {
  const auto query = read_query(args);
  if (!query) return fail(console, common.json, query.error());
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const Instant now = session->clock->now();
  const auto page = festivals::list(*session->database, *query, now);
  if (!page) return fail(console, common.json, page.error());
  if (common.json)
    console.out << as_json(*page) << '\n';
  else
    show_page(console, *page, now);
  return exit_done;
}

int cmd_festival_show(Console& console, const Common& common, const FestivalShowArgs& args) {
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto festival = festivals::find(*session->database, args.id);
  if (!festival) return fail(console, common.json, festival.error());
  if (common.json)
    console.out << festivals::to_json(*festival) << '\n';
  else
    show_festival(console, *festival, session->clock->now());
  return exit_done;
}

int cmd_festival_validate(Console& console, const Common& common,
                          const FestivalValidateArgs& args) {
  const auto text = read_text(console, args.file);
  if (!text) return fail(console, common.json, text.error());
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto judged =
      festivals::validate(*session->database, *text, app::theme_rules(session->settings));
  if (!judged) return fail(console, common.json, judged.error());
  const bool good = judged->problems.empty();
  if (common.json) {
    console.out << fmt::format(R"({{"problems":{},"notes":{}}})", problems_json(judged->problems),
                               texts_json(judged->notes))
                << '\n';
  } else {
    for (const auto& problem : judged->problems) console.out << problem.message() << '\n';
    for (const std::string& note : judged->notes) console.out << "note: " << note << '\n';
    console.err << args.file << (good ? " may be stored\n" : " may not be stored\n");
  }
  return good ? exit_done : exit_usage;
}

int cmd_festival_preview(Console& console, const Common& common, const FestivalPreviewArgs& args) {
  const auto query = read_query({.country = args.country});
  if (!query) return fail(console, common.json, query.error());
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto document =
      festivals::preview(*session->database, args.id, query->country,
                         app::theme_rules(session->settings), session->clock->now());
  if (!document) return fail(console, common.json, document.error());
  if (!args.css)
    console.out << theme::to_json(*document) << '\n';
  else if (common.json)
    print(console, {{"css", theme::to_css(*document)}});
  else
    console.out << theme::to_css(*document);
  return exit_done;
}

}  // namespace hotclock::cli
