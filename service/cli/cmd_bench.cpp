// hotclock bench: what this machine and its database can carry.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <ostream>

#include "service/cli/commands.h"
#include "service/cli/progress_line.h"
#include "service/cli/session.h"
#include "service/cli/spans.h"
#include "service/cli/table.h"
#include "service/tuning/bench.h"
#include "service/tuning/scratch.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

// Enough digits for what can be told.
std::string rounded(double value) {
  return value >= 100 ? grouped(static_cast<std::int64_t>(value + 0.5))
                      : fmt::format("{:.2f}", value);
}

json::object as_json(const tuning::BenchReport& report) {
  json::array figures;
  for (const tuning::Figure& figure : report.figures)
    figures.push_back({{"name", figure.name},
                       {"unit", figure.unit},
                       {"median", figure.median()},
                       {"lowest", figure.lowest()},
                       {"highest", figure.highest()},
                       {"trust", json::string_view(to_string(figure.trust()))}});
  return {{"beside", report.where}, {"load", report.load}, {"figures", std::move(figures)}};
}

void show(Console& console, const tuning::BenchReport& report) {
  using enum Column::Kind;
  Table table({{"what"}, {"median", number}, {""}, {"from", number}, {"to", number}, {"how sure"}});
  for (const tuning::Figure& figure : report.figures) {
    const bool sure = figure.trust() != tuning::Trust::unsure;
    table.add({figure.name,
               rounded(figure.median()),
               figure.unit,
               rounded(figure.lowest()),
               rounded(figure.highest()),
               {std::string(to_string(figure.trust())), sure ? Tone::plain : Tone::notice}});
  }
  console.out << table.text(look_of(console));
  if (report.load > 0.5)
    console.err << fmt::format(
        "something else was at work here ({:.1f} processes for each processor): the figures tell "
        "what it leaves\n",
        report.load);
}

int clean(Console& console, const Common& common, const config::Config& settings) {
  if (auto cleaned = tuning::Scratch::clean(settings.database); !cleaned)
    return fail(console, common.json, cleaned.error());
  console.err << "nothing of a bench is left\n";
  return exit_done;
}

}  // namespace

int cmd_bench(Console& console, const Common& common, const BenchArgs& args) {
  const auto settings = read_settings(console, common);
  if (!settings) return fail(console, common.json, settings.error());
  if (args.clean) return clean(console, common, *settings);
  const auto span = read_span(args.span, "--for", std::chrono::seconds{20});
  if (!span) return fail(console, common.json, span.error());
  tuning::BenchOptions options{.span = *span, .rounds = args.rounds, .users = args.users};
  options.tell = [&](std::string_view what) { console.err << what << " ...\n" << std::flush; };
  const auto report = tuning::bench(*settings, console.clock, options);
  if (!report) return fail(console, common.json, report.error());
  if (common.json)
    print(console, as_json(*report));
  else
    show(console, *report);
  return exit_done;
}

}  // namespace hotclock::cli
