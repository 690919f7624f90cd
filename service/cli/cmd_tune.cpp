// hotclock tune: chunk sizes and parallelism, measured on the real data without an effect.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <cctype>
#include <charconv>
#include <ostream>

#include "service/audit/audit.h"
#include "service/cli/commands.h"
#include "service/cli/profile_text.h"
#include "service/cli/progress_line.h"
#include "service/cli/session.h"
#include "service/cli/spans.h"
#include "service/cli/table.h"
#include "service/cli/when.h"
#include "service/ledger/node.h"
#include "service/tuning/bench.h"
#include "service/tuning/tune.h"

namespace hotclock::cli {
namespace {

namespace json = boost::json;

// HOTCLOCK_JOBS__OG_DAILY_BONUS__SETTINGS__CHUNK
std::string variable_of(const std::string& job, const std::string& key) {
  std::string name = "HOTCLOCK_JOBS__" + job + "__SETTINGS__" + key;
  for (char& c : name)
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

// The settings of this machine, with others of the job's own over them as the environment would
// have them.
tuning::With with_settings(const Console& console, const Common& common, const std::string& job) {
  return [source = settings_source(console, common), job](const auto& values) {
    app::SettingsSource changed = source;
    for (const auto& [key, value] : values) changed.environment[variable_of(job, key)] = value;
    return app::read_settings(changed);
  };
}

Result<std::vector<std::int64_t>> read_chunks(const std::string& text) {
  std::vector<std::int64_t> sizes;
  for (std::size_t from = 0; from < text.size();) {
    const auto comma = std::min(text.find(',', from), text.size());
    std::int64_t size = 0;
    const auto [end, failed] = std::from_chars(text.data() + from, text.data() + comma, size);
    if (failed != std::errc{} || end != text.data() + comma || size < 1)
      return Error(Errc::invalid, "--chunks: write sizes such as 500,2000,8000");
    sizes.push_back(size);
    from = comma + 1;
  }
  return sizes;
}

Result<tuning::TuneOptions> options_of(Console& console, Session& session, const TuneArgs& args) {
  const auto job = config::find_job(session.settings, args.job);
  if (!job) return job.error();
  const Instant now = session.clock->now();
  const Schedule& schedule = (*job)->schedule;
  auto at = args.at.empty() ? Result<Instant>(schedule.next(now).value_or(now))
                            : read_instant(args.at, schedule.zone(), now);
  if (!at) return std::move(at).error().within("--at");
  auto span = read_span(args.span, "--for", std::chrono::seconds{30});
  if (!span) return std::move(span).error();
  auto chunks = read_chunks(args.chunks);
  if (!chunks) return std::move(chunks).error();
  tuning::TuneOptions options{
      .job = args.job, .at = *at, .span = *span, .chunks = std::move(chunks).value()};
  const auto commit = tuning::commit_cost(session.settings.database, console.clock);
  if (commit) options.commit = *commit;
  if (!commit)
    console.err << "what a commit costs is not known, and is left out: " << commit.error().message()
                << '\n';
  if (console.err_is_terminal)
    options.tell = [&console](std::string_view what) {
      console.err << "\r\033[K" << what << std::flush;
    };
  return options;
}

json::value or_null(const std::optional<std::int64_t>& number) {
  return number ? json::value(*number) : json::value();
}

json::object as_json(const tuning::TuneOptions& options, const tuning::Tuned& tuned) {
  json::array trials;
  for (const tuning::Trial& trial : tuned.trials)
    trials.push_back({{"chunk", trial.chunk},
                      {"partitions", trial.partitions},
                      {"units_a_second", trial.rate.median()},
                      {"lowest", trial.rate.lowest()},
                      {"highest", trial.rate.highest()},
                      {"trust", json::string_view(to_string(trial.rate.trust()))},
                      {"longest_chunk_us", trial.longest.count()},
                      {"units", trial.units},
                      {"all_of_it", trial.all_of_it}});
  return {{"job", options.job},
          {"scheduled_for", to_string(options.at)},
          {"commit_us", tuned.commit ? json::value(tuned.commit->count()) : json::value()},
          {"trials", std::move(trials)},
          {"chunk_now", or_null(tuned.chunk_now)},
          {"partitions_now", or_null(tuned.partitions_now)},
          {"chunk", or_null(tuned.chunk)},
          {"partitions", or_null(tuned.partitions)},
          {"why", json::array(tuned.why.begin(), tuned.why.end())}};
}

// The keys that a live change may set are others (service/live): a file of settings it is.
void show_settings(Console& console, const std::string& job, const tuning::Tuned& tuned) {
  if (!tuned.chunk && !tuned.partitions) return;
  console.out << fmt::format("\n# in jobs.d/{}.toml, then `hotclock reload`\n[settings]\n", job);
  if (tuned.chunk) console.out << fmt::format("chunk = {}\n", *tuned.chunk);
  if (tuned.partitions) console.out << fmt::format("partitions = {}\n", *tuned.partitions);
}

void show(Console& console, const TuneArgs& args, const tuning::Tuned& tuned) {
  using enum Column::Kind;
  Table table({{"chunk", number},
               {"at once", number},
               {"units/s", number},
               {"from", number},
               {"to", number},
               {"longest chunk", number},
               {"how sure"},
               {""}});
  const auto whole = [](double rate) { return grouped(static_cast<std::int64_t>(rate + 0.5)); };
  for (const tuning::Trial& trial : tuned.trials)
    table.add({trial.chunk > 0 ? std::to_string(trial.chunk) : "", std::to_string(trial.partitions),
               whole(trial.rate.median()), whole(trial.rate.lowest()), whole(trial.rate.highest()),
               span_words(trial.longest.count()), std::string(to_string(trial.rate.trust())),
               trial.chunk == tuned.chunk_now && trial.partitions == 1 ? "as it is" : ""});
  console.out << table.text(look_of(console));
  if (tuned.commit)
    console.out << fmt::format("each chunk with a commit of {}, as it takes here\n",
                               span_words(tuned.commit->count()));
  for (const std::string& sentence : tuned.why) console.out << sentence << '\n';
  if (args.apply)
    show_settings(console, args.job, tuned);
  else if (tuned.chunk || tuned.partitions)
    console.out << "`--apply` says what to write where\n";
  console.out << "nothing was changed\n";
}

// It reads the real data, and holds locks of it for a while: that is written down.
Result<> note(Session& session, const Console& console, const TuneArgs& args,
              const tuning::Tuned& tuned) {
  const std::string detail =
      fmt::format("measured {} settings, and took every chunk back", tuned.trials.size());
  return audit::append(*session.database, {.what = "tune", .job = args.job, .detail = detail},
                       {.name = asking(console, args.by),
                        .reason = "tune --dry-run",
                        .from = "command line on " + ledger::host_name()},
                       session.clock->now());
}

}  // namespace

int cmd_tune(Console& console, const Common& common, const TuneArgs& args) {
  if (!args.dry_run)
    return fail(console, common.json,
                Error(Errc::invalid, "tune works without effects alone: say --dry-run"));
  auto session = open_session(console, common);
  if (!session) return fail(console, common.json, session.error());
  const auto options = options_of(console, *session, args);
  if (!options) return fail(console, common.json, options.error());
  const auto tuned =
      tuning::tune(*session->database, *session->clock, with_settings(console, common, args.job),
                   session->catalogue, *options);
  if (console.err_is_terminal) console.err << "\r\033[K" << std::flush;
  if (!tuned) return fail(console, common.json, tuned.error());
  if (auto noted = note(*session, console, args, *tuned); !noted)
    return fail(console, common.json, noted.error());
  if (common.json)
    print(console, as_json(*options, *tuned));
  else
    show(console, args, *tuned);
  return exit_done;
}

}  // namespace hotclock::cli
