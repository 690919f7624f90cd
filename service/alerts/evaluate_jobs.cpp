// The rules about one job.
#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "service/alerts/evaluate.h"

namespace hotclock::alerts {
namespace {

using config::AlertRule;
using config::AlertRules;

// The value below which `percent` of them lie. REQUIRES: there are some.
Duration percentile(std::vector<Duration> spans, int percent) {
  std::ranges::sort(spans);
  return spans[(spans.size() - 1) * static_cast<std::size_t>(percent) / 100];
}

Duration times(Duration span, double factor) {
  return Duration{static_cast<std::int64_t>(static_cast<double>(span.count()) * factor)};
}

// One job under the eyes of its rules.
class Eye {
 public:
  Eye(const std::string& job, const JobFacts& facts, const AlertRules& rules, Instant now)
      : job_(job), facts_(facts), rules_(rules), now_(now) {}

  Seen look() {
    look_at_ends();
    look_at_what_is_worked();
    look_at_what_waits();
    look_at_the_job();
    return std::move(seen_);
  }

 private:
  using Look = void (Eye::*)(const AlertRule&);

  void by(Rule rule, Look look) {
    if (!rules_[rule].enabled) return;
    looking_for_ = rule;
    (this->*look)(rules_[rule]);
  }

  void look_at_ends() {
    by(Rule::failed, &Eye::failed);
    by(Rule::failing, &Eye::failing);
    by(Rule::completed_with_errors, &Eye::completed_with_errors);
    by(Rule::missed, &Eye::missed);
    by(Rule::refused_often, &Eye::refused_often);
    by(Rule::too_short, &Eye::too_short);
    by(Rule::touched_nothing, &Eye::touched_nothing);
    by(Rule::flapping, &Eye::flapping);
  }
  void look_at_what_is_worked() {
    by(Rule::too_long, &Eye::too_long);
    by(Rule::stuck, &Eye::stuck);
  }
  void look_at_what_waits() {
    by(Rule::late, &Eye::late);
    by(Rule::unknown_outcome, &Eye::unknown_outcome);
    by(Rule::recovering, &Eye::recovering);
  }
  void look_at_the_job() { by(Rule::disabled_long, &Eye::disabled_long); }

  // ---------------------------------------------------------------- how slots ended

  void failed(const AlertRule& rule) {
    const EndedSlot* last = newest([](const EndedSlot& e) { return e.is_failure(); });
    const EndedSlot* good = newest([](const EndedSlot& e) { return e.is_success(); });
    const bool over = last && good && good < last;  // they stand in one list, the newest first
    sees(last ? fmt::format("the last failure was that of {}", to_string(last->scheduled_for))
              : "none failed",
         !last  ? 0
         : over ? 0.5
                : 1);
    if (!last || (over && last->ended_at < now_ - rule.within)) return;
    const bool timed_out = last->end == End::timed_out;
    Finding& f = find(rule, fmt::format("{} {}", job_, timed_out ? "timed out" : "failed"));
    f.annotations["detail"] = fmt::format("slot of {}: {}", to_string(last->scheduled_for),
                                          last->reason.empty() ? "no reason" : last->reason);
    point_at(f, *last);
  }

  void failing(const AlertRule& rule) {
    const auto judged = ends([](const EndedSlot& e) { return e.is_failure() || e.is_success(); });
    const auto good = std::ranges::find_if(judged, &EndedSlot::is_success);
    const auto in_a_row = good - judged.begin();
    const auto last = judged.begin() + std::min<std::ptrdiff_t>(rule.of, std::ssize(judged));
    const auto bad =
        std::count_if(judged.begin(), last, [](const EndedSlot* e) { return e->is_failure(); });
    const bool row = rule.in_a_row > 0 && in_a_row >= rule.in_a_row;
    const bool many = rule.count > 0 && bad >= rule.count;
    const std::string value =
        fmt::format("{} in a row, {} of the last {}", in_a_row, bad, last - judged.begin());
    sees(value, std::max(share(in_a_row, rule.in_a_row), share(bad, rule.count)));
    // Whoever recovered is not failing, however many failures lie behind.
    if (judged.empty() || in_a_row == 0 || (!row && !many)) return;
    Finding& f = find(rule, fmt::format("{} fails again and again", job_));
    f.annotations["value"] = value;
    f.annotations["detail"] = judged.front()->reason;
    point_at(f, *judged.front());
  }

  void completed_with_errors(const AlertRule& rule) {
    const EndedSlot* last =
        newest([](const EndedSlot& e) { return e.end == End::completed_with_errors; });
    const EndedSlot* clean = newest([](const EndedSlot& e) { return e.end == End::completed; });
    const bool over = last && clean && clean < last;
    sees(last ? fmt::format("{} records at that of {}", last->set_aside,
                            to_string(last->scheduled_for))
              : "no record was set aside",
         !last  ? 0
         : over ? 0.5
                : 1);
    if (!last || (over && last->ended_at < now_ - rule.within)) return;
    Finding& f = find(rule, fmt::format("{} set records aside", job_));
    f.annotations["value"] = fmt::format("{} records", last->set_aside);
    f.annotations["detail"] = fmt::format("slot of {}", to_string(last->scheduled_for));
    point_at(f, *last);
  }

  // Who paused a job or switched it off expects that its slots are not worked.
  void missed(const AlertRule& rule) {
    const auto all = ends_within(rule.within, End::missed);
    sees(fmt::format("{} within {}", all.size(), to_words(rule.within)),
         share(std::ssize(all), std::max(rule.count, 1)));
    if (is_held_off() || std::ssize(all) < std::max(rule.count, 1)) return;
    Finding& f = find(rule, fmt::format("{} missed slots", job_));
    f.annotations["value"] = fmt::format("{} or more", std::max(rule.count, 1));
    f.annotations["detail"] =
        fmt::format("the last one is that of {}: {}", to_string(all.front()->scheduled_for),
                    all.front()->reason);
  }

  void refused_often(const AlertRule& rule) {
    const auto all = ends_within(rule.within, End::refused);
    sees(fmt::format("{} within {}", all.size(), to_words(rule.within)),
         share(std::ssize(all), std::max(rule.count, 1)));
    if (is_held_off() || std::ssize(all) < std::max(rule.count, 1)) return;
    Finding& f = find(rule, fmt::format("{} is refused again and again", job_));
    f.annotations["value"] = fmt::format("{} or more", std::max(rule.count, 1));
    f.annotations["detail"] = all.front()->reason;
  }

  void too_short(const AlertRule& rule) {
    const auto [last, before] = last_success_and_those_before();
    if (!last || !last->took()) return;
    Duration least = rule.after;
    if (least == Duration::zero()) {
      const auto spans = durations(before);
      if (std::ssize(spans) < rule.samples) return;
      least = times(percentile(spans, 50), 1 / rule.times);
    }
    sees(fmt::format("the last took {}, of {} at least", to_words(*last->took()), to_words(least)),
         share(least, std::max(*last->took(), Duration{1})));
    if (*last->took() >= least) return;
    Finding& f = find(rule, fmt::format("{} took suspiciously little time", job_));
    f.annotations["value"] = to_words(*last->took());
    f.annotations["detail"] = fmt::format("it should take {} or more", to_words(least));
    point_at(f, *last);
  }

  void touched_nothing(const AlertRule& rule) {
    const auto counted =
        ends([](const EndedSlot& e) { return e.is_success() && e.touched.has_value(); });
    const auto row = static_cast<std::size_t>(std::max(rule.in_a_row, 1));
    const auto first = std::ranges::find_if(counted, [](const auto* e) { return *e->touched > 0; });
    sees(fmt::format("{} in a row touched nothing", first - counted.begin()),
         share(first - counted.begin(), rule.in_a_row));
    if (counted.size() < row + static_cast<std::size_t>(rule.samples)) return;
    const auto touches = [](const EndedSlot* e) { return *e->touched > 0; };
    const auto before = counted.begin() + static_cast<std::ptrdiff_t>(row);
    if (std::any_of(counted.begin(), before, touches)) return;
    const auto usual = std::count_if(before, counted.end(), touches);
    if (100.0 * static_cast<double>(usual) <
        rule.percent * static_cast<double>(counted.end() - before))
      return;
    Finding& f = find(rule, fmt::format("{} touches nothing any more", job_));
    f.annotations["value"] = fmt::format("{} in a row", row);
    f.annotations["detail"] = fmt::format("{} of the {} before did", usual, counted.end() - before);
    point_at(f, *counted.front());
  }

  void flapping(const AlertRule& rule) {
    const auto judged = ends([](const EndedSlot& e) { return e.is_failure() || e.is_success(); });
    const auto many = std::min<std::ptrdiff_t>(rule.of, std::ssize(judged));
    int turns = 0;
    for (std::ptrdiff_t i = 1; i < many; ++i)
      turns += judged[static_cast<std::size_t>(i)]->is_failure() !=
               judged[static_cast<std::size_t>(i - 1)]->is_failure();
    const std::string value = fmt::format("{} turns in the last {} slots", turns, many);
    sees(value, share(turns, rule.count));
    if (rule.count == 0 || turns < rule.count) return;
    Finding& f = find(rule, fmt::format("{} fails and recovers again and again", job_));
    f.annotations["value"] = value;
  }

  // ---------------------------------------------------------------- what is worked

  std::optional<Duration> longest(const AlertRule& rule) const {
    if (rule.after > Duration::zero()) return rule.after;
    const auto spans = durations(ends([](const EndedSlot& e) { return e.is_success(); }));
    if (spans.empty() || std::ssize(spans) < rule.samples) return std::nullopt;
    return times(percentile(spans, 99), rule.times);
  }

  // What is over took what it took; what runs may be looked after.
  void too_long(const AlertRule& rule) {
    const auto most = longest(rule);
    if (!most) return;
    // Below a second nothing is long: learned from executions of some milliseconds it would be
    // noise.
    const Duration limit = std::max<Duration>(*most, std::chrono::seconds{1});
    for (const RunningSlot& slot : facts_.running) {
      const Duration so_far = now_ - slot.started_at;
      sees(fmt::format("{} so far, of {} at most", to_words(so_far), to_words(limit)),
           share(so_far, limit));
      if (so_far <= limit) continue;
      Finding& f = find(rule, fmt::format("{} takes too long", job_));
      f.annotations["value"] = fmt::format("since {}", to_string(slot.started_at));
      f.annotations["detail"] = fmt::format("it should take {} at most", to_words(limit));
      f.annotations["execution"] = slot.execution;
      return;
    }
  }

  // Nobody knows how long it has stood still already: so the mark, and the rule's own `for`, tell.
  void stuck(const AlertRule& rule) {
    const RunningSlot* oldest = nullptr;
    for (const RunningSlot& slot : facts_.running)
      if (now_ - slot.started_at >= rule.hold && (!oldest || slot.started_at < oldest->started_at))
        oldest = &slot;
    sees(fmt::format("{} running", facts_.running.size()), oldest ? 0.5 : 0);
    if (!oldest) return;
    Finding& f = find(rule, fmt::format("{} makes no progress", job_));
    f.annotations["value"] = fmt::format("it runs since {}", to_string(oldest->started_at));
    f.annotations["detail"] =
        oldest->lease_until < now_
            ? fmt::format("its lease on {} ran out at {} and nobody took it over", oldest->node,
                          to_string(oldest->lease_until))
            : fmt::format("on {}, at {}", oldest->node,
                          oldest->progress.empty() ? "its beginning" : oldest->progress);
    f.annotations["execution"] = oldest->execution;
    f.mark = oldest->execution + ' ' + oldest->progress;
  }

  // ---------------------------------------------------------------- what waits

  void late(const AlertRule& rule) {
    const QueuedSlot* oldest = nullptr;
    for (const QueuedSlot& slot : facts_.queued)
      if (!slot.unknown && slot.available_at <= now_ &&
          (!oldest || slot.available_at < oldest->available_at))
        oldest = &slot;
    const Duration waits = oldest ? now_ - oldest->available_at : Duration::zero();
    sees(oldest ? fmt::format("due for {}", to_words(waits)) : "nothing waits",
         share(waits, rule.after));
    if (!oldest || waits < rule.after || is_held_off()) return;
    Finding& f = find(rule, fmt::format("{} is late", job_));
    f.annotations["value"] = fmt::format("due since {}", to_string(oldest->available_at));
    f.annotations["detail"] = fmt::format("slot of {}{}", to_string(oldest->scheduled_for),
                                          oldest->reason.empty() ? "" : ": " + oldest->reason);
  }

  void unknown_outcome(const AlertRule& rule) {
    const auto slot = std::ranges::find_if(facts_.queued, &QueuedSlot::unknown);
    const auto all = std::ranges::count_if(facts_.queued, &QueuedSlot::unknown);
    sees(fmt::format("{} wait for a decision", all), all > 0 ? 1 : 0);
    if (slot == facts_.queued.end()) return;
    Finding& f = find(rule, fmt::format("nobody knows how a slot of {} ended", job_));
    f.annotations["value"] = fmt::format("slot {}", slot->slot);
    f.annotations["detail"] = fmt::format("slot of {}: {}; a person must decide",
                                          to_string(slot->scheduled_for), slot->reason);
  }

  void recovering(const AlertRule& rule) {
    const auto many = std::ranges::count(facts_.queued, Trigger::catch_up, &QueuedSlot::trigger);
    sees(fmt::format("{} slots", many), share(many, rule.count));
    if (rule.count == 0 || many < rule.count) return;
    Finding& f = find(rule, fmt::format("{} catches up after an outage", job_));
    f.annotations["value"] = fmt::format("{} slots or more", rule.count);
  }

  // ---------------------------------------------------------------- the job itself

  void disabled_long(const AlertRule& rule) {
    const Duration off = facts_.held_off ? now_ - facts_.held_off->since : Duration::zero();
    sees(facts_.held_off ? "held off for " + to_words(off) : "not held off",
         share(off, rule.after));
    if (!facts_.held_off || off < rule.after) return;
    Finding& f = find(rule, fmt::format("{} is held off for long", job_));
    f.annotations["value"] = fmt::format("since {}", to_string(facts_.held_off->since));
    f.annotations["detail"] = facts_.held_off->by + ": " + facts_.held_off->reason;
  }

  // ---------------------------------------------------------------- helpers

  void sees(std::string value, double near) {
    seen_.looks.push_back({looking_for_, {}, job_, std::move(value), near});
  }

  Finding& find(const AlertRule& rule, std::string summary) {
    return seen_.findings.emplace_back(Finding{.rule = looking_for_,
                                               .severity = rule.severity,
                                               .labels = {{"job", job_}},
                                               .annotations = {{"summary", std::move(summary)}},
                                               .mark = {},
                                               .hold = rule.hold,
                                               .resolve_after = rule.resolve_after});
  }

  static void point_at(Finding& finding, const EndedSlot& slot) {
    if (!slot.execution.empty()) finding.annotations["execution"] = slot.execution;
  }

  bool is_held_off() const { return facts_.held_off || facts_.everything_off; }

  using Which = std::function<bool(const EndedSlot&)>;
  using Ends = std::vector<const EndedSlot*>;

  // Newest first.
  Ends ends(const Which& which) const {
    Ends out;
    for (const EndedSlot& slot : facts_.ended)
      if (which(slot)) out.push_back(&slot);
    return out;
  }
  Ends ends_within(Duration span, End end) const {
    return ends([&](const EndedSlot& e) { return e.end == end && e.ended_at >= now_ - span; });
  }
  const EndedSlot* newest(const Which& which) const {
    const Ends all = ends(which);
    return all.empty() ? nullptr : all.front();
  }
  std::pair<const EndedSlot*, Ends> last_success_and_those_before() const {
    Ends all = ends([](const EndedSlot& e) { return e.is_success(); });
    if (all.empty()) return {nullptr, {}};
    const EndedSlot* last = all.front();
    all.erase(all.begin());
    return {last, std::move(all)};
  }
  static std::vector<Duration> durations(const Ends& ends) {
    std::vector<Duration> out;
    for (const EndedSlot* slot : ends)
      if (slot->took()) out.push_back(*slot->took());
    return out;
  }

  const std::string& job_;
  const JobFacts& facts_;
  const AlertRules& rules_;
  const Instant now_;
  Rule looking_for_ = Rule::failed;
  Seen seen_;
};

}  // namespace

Seen evaluate_job(const std::string& job, const JobFacts& facts, const config::AlertRules& rules,
                  Instant now) {
  return Eye(job, facts, rules, now).look();
}

}  // namespace hotclock::alerts
