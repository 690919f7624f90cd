#include "service/tuning/tune.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <thread>

#include "service/tuning/rehearsal.h"

namespace hotclock::tuning {
namespace {

constexpr int rounds = 3;
constexpr Span longest_good_chunk = std::chrono::seconds{2};
constexpr std::int64_t smallest_chunk = 10, largest_chunk = 100'000;
// Of the whole time, where partitions are tried too.
constexpr double part_for_chunks = 0.6;

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, number);
  return failed == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

// As the settings in force show it.
std::optional<std::int64_t> shown(const config::Config& settings, const std::string& job,
                                  std::string_view key) {
  const std::string name = fmt::format("jobs.{}.settings.{}", job, key);
  const auto found = std::ranges::find(settings.shown, name, &config::Shown::key);
  return found == settings.shown.end() ? std::nullopt : number_of(found->value);
}

std::vector<std::int64_t> about(std::int64_t chunk) {
  std::set<std::int64_t> sizes{chunk};
  for (const std::int64_t size : {chunk / 10, chunk / 4, chunk * 4, chunk * 10})
    sizes.insert(std::clamp(size, smallest_chunk, largest_chunk));
  return {sizes.begin(), sizes.end()};
}

class Tuner {
 public:
  Tuner(sql::Database& database, Clock& clock, const With& with, const jobs::Catalogue& catalogue,
        const TuneOptions& options)
      : database_(database), clock_(clock), with_(with), catalogue_(catalogue), options_(options) {}

  Result<Tuned> tuned() {
    auto settings = with_({});
    if (!settings) return std::move(settings).error();
    if (auto job = config::find_job(*settings, options_.job); !job) return std::move(job).error();
    Tuned out{.chunk_now = shown(*settings, options_.job, "chunk"), .commit = options_.commit};
    const auto partitions = shown(*settings, options_.job, "partitions");
    const bool divides = partitions && database_.dialect().locks_rows;
    if (divides) out.partitions_now = *partitions == 0 ? 8 : *partitions;
    divisible_ = partitions.has_value();
    if (auto tried = try_chunks(out, divides ? part_for_chunks : 1); !tried)
      return std::move(tried).error();
    judge_chunks(out);
    if (!divides) {
      if (partitions)
        out.why.emplace_back(
            "partitions: one writer works at a time here, so that dividing gains nothing");
      return out;
    }
    const int most = std::max(1, settings->database.connections - 1);
    if (auto tried = try_partitions(out, most); !tried) return std::move(tried).error();
    judge_partitions(out);
    return out;
  }

 private:
  struct Setting {
    std::int64_t chunk;
    int partitions;
  };

  Result<> try_chunks(Tuned& out, double part) {
    std::vector<std::int64_t> sizes = options_.chunks;
    if (!out.chunk_now) sizes = {0};
    if (sizes.empty()) sizes = about(*out.chunk_now);
    std::vector<Setting> settings;
    for (const std::int64_t size : sizes) settings.push_back({size, 1});
    return try_all(out, settings, part);
  }

  Result<> try_partitions(Tuned& out, int most) {
    const std::int64_t chunk = out.chunk.value_or(out.chunk_now.value_or(0));
    std::vector<Setting> settings;
    for (const int count : {2, 4, 8})
      if (count <= most) settings.push_back({chunk, count});
    return try_all(out, settings, 1 - part_for_chunks);
  }

  // In turn, again and again: whatever else is at work here meets all of them alike.
  Result<> try_all(Tuned& out, const std::vector<Setting>& settings, double part) {
    const auto span = std::chrono::duration_cast<Duration>(
        options_.span * part / static_cast<double>((rounds + 1) * std::ssize(settings)));
    std::vector<Trial> trials;
    for (const Setting& s : settings)
      trials.push_back({.chunk = s.chunk, .partitions = s.partitions, .rate = {"units", "/s", {}}});
    for (int round = 0; round <= rounds; ++round)
      for (Trial& trial : trials)
        // The first one warms up whatever keeps pages.
        if (auto tried = try_once(trial, span, round > 0); !tried) return tried;
    for (Trial& trial : trials)
      if (!trial.rate.rounds.empty()) out.trials.push_back(std::move(trial));
    return {};
  }

  Result<> try_once(Trial& trial, Duration span, bool counts) {
    if (options_.tell)
      options_.tell(fmt::format("chunk {}, {} at once", trial.chunk, trial.partitions));
    std::vector<std::pair<std::string, std::string>> values;
    if (trial.chunk > 0) values.emplace_back("chunk", std::to_string(trial.chunk));
    if (divisible_) values.emplace_back("partitions", std::to_string(trial.partitions));
    auto settings = with_(values);
    if (!settings) return std::move(settings).error();
    auto passes = rehearse({database_, clock_, catalogue_, *settings, options_.job, options_.at},
                           trial.partitions, span);
    if (!passes) return std::move(passes).error();
    if (counts) count(trial, *passes);
    return {};
  }

  // Side by side their rates add up.
  void count(Trial& trial, const std::vector<Pass>& passes) const {
    const Span commit = options_.commit.value_or(Span{});
    double rate = 0;
    bool all = true;
    for (const Pass& pass : passes) {
      rate += pass.rate(commit);
      trial.units += pass.units;
      trial.most = std::max(trial.most, pass.units);
      trial.longest = std::max(trial.longest, pass.longest + commit);
      all = all && pass.all_of_it;
    }
    trial.all_of_it = trial.all_of_it || all;
    if (rate > 0) trial.rate.rounds.push_back(rate);
  }

  void judge_chunks(Tuned& out) const {
    const auto best = best_chunk(out.trials);
    if (!out.chunk_now) {
      out.why.emplace_back("chunk: the job has no such setting; this is how fast it is");
    } else if (!best) {
      out.why.emplace_back("chunk: there is no work for this slot that would tell sizes apart");
    } else if (*best == *out.chunk_now) {
      out.why.emplace_back(fmt::format("chunk: {} is as good as any", *best));
    } else if (rate_of(out, *out.chunk_now) <= 0) {
      out.chunk = best;
      out.why.push_back(
          fmt::format("chunk: {} is the best of those that were tried; {}, as it is, was not",
                      *best, *out.chunk_now));
    } else {
      compare(out, *best);
    }
  }

  // With the size that is set.
  static void compare(Tuned& out, std::int64_t best) {
    const std::int64_t present = *out.chunk_now;
    const double gain = rate_of(out, best) / rate_of(out, present);
    const bool sooner = best < present;
    if (gain < 1.1 && !sooner) {
      out.why.emplace_back(fmt::format("chunk: {} is within a tenth of the best", present));
      return;
    }
    out.chunk = best;
    out.why.push_back(fmt::format("chunk: {} is {:.2f} times as fast as {}{}", best, gain, present,
                                  sooner ? ", and a stop is obeyed sooner" : ""));
    if (!is_trusted(out, best) || !is_trusted(out, present))
      out.why.emplace_back(
          "this is not sure: the rounds lie far apart. Measure longer, or while less is at work");
  }

  static bool is_trusted(const Tuned& out, std::int64_t chunk) {
    return std::ranges::any_of(out.trials, [&](const Trial& trial) {
      return trial.chunk == chunk && trial.partitions == 1 && trial.rate.trust() != Trust::unsure;
    });
  }

  static double rate_of(const Tuned& out, std::int64_t chunk) {
    for (const Trial& trial : out.trials)
      if (trial.chunk == chunk && trial.partitions == 1) return trial.rate.median();
    return 0;
  }

  static void judge_partitions(Tuned& out) {
    const auto best = best_partitions(out.trials);
    if (!best) {
      out.why.emplace_back("partitions: there is too little work to be divided");
    } else if (*best != out.partitions_now) {
      out.partitions = best;
      out.why.push_back(fmt::format("partitions: {} at once carry as much as more do", *best));
    } else {
      out.why.push_back(fmt::format("partitions: {} is as good as any", *best));
    }
  }

  sql::Database& database_;
  Clock& clock_;
  const With& with_;
  const jobs::Catalogue& catalogue_;
  const TuneOptions& options_;
  bool divisible_ = false;
};

double highest(const std::vector<Trial>& trials) {
  double best = 0;
  for (const Trial& trial : trials) best = std::max(best, trial.rate.median());
  return best;
}

std::vector<Trial> only(const std::vector<Trial>& trials, auto which) {
  std::vector<Trial> some;
  std::ranges::copy_if(trials, std::back_inserter(some), which);
  return some;
}

}  // namespace

std::optional<std::int64_t> best_chunk(const std::vector<Trial>& trials) {
  const auto fit = only(trials, [](const Trial& t) {
    return t.partitions == 1 && t.chunk > 0 && t.longest <= longest_good_chunk;
  });
  // Where no chunk was full all sizes are the same work.
  if (std::ranges::all_of(fit, [](const Trial& t) { return t.all_of_it && t.most < t.chunk; }))
    return std::nullopt;
  const double enough = 0.9 * highest(fit);
  std::optional<std::int64_t> best;
  for (const Trial& trial : fit)
    if (trial.rate.median() >= enough && (!best || trial.chunk < *best)) best = trial.chunk;
  return best;
}

std::optional<std::int64_t> best_partitions(const std::vector<Trial>& trials) {
  std::int64_t chunk = 0;
  for (const Trial& trial : trials)
    if (trial.partitions > 1) chunk = trial.chunk;
  const auto fit = only(trials, [&](const Trial& t) { return t.chunk == chunk; });
  if (std::ranges::none_of(fit, [](const Trial& t) { return t.partitions > 1; }))
    return std::nullopt;
  const double enough = 0.9 * highest(fit);
  std::optional<std::int64_t> best;
  for (const Trial& trial : fit)
    if (trial.rate.median() >= enough && (!best || trial.partitions < *best))
      best = trial.partitions;
  return best;
}

Result<Tuned> tune(sql::Database& database, Clock& clock, const With& with,
                   const jobs::Catalogue& catalogue, const TuneOptions& options) {
  auto tuned = Tuner(database, clock, with, catalogue, options).tuned();
  return tuned ? std::move(tuned) : std::move(tuned).error().within("tune " + options.job);
}

}  // namespace hotclock::tuning
