#include "service/notices/courier.h"

#include <algorithm>
#include <utility>

namespace hotclock::notices {
namespace {

using namespace std::chrono_literals;

constexpr Duration poll = 2s;  // the net, should no news come
constexpr Duration between_retries_of_the_database = 5s;
constexpr Duration longest_pause = 15min;
constexpr Duration longest_pause_of_refused = 6h;
constexpr Duration between_sendings_anew = 1min;
constexpr Duration until_owed_again = 5min;  // greylisting wants patience
constexpr Duration between_housekeepings = 10min;
constexpr Duration kept = std::chrono::days{31};  // longer than any notifier waits
constexpr Duration longest_wait = 24h;            // as Retry-After may ask for
constexpr int no_limit = 1'000'000;

bool makes_groups(const config::NotifierConfig& settings) {
  return settings.kind == config::NotifierKind::alertmanager;
}

// Whether less than `span` has passed since then. A clock that was set back holds nothing up.
bool is_within(Instant now, Instant since, Duration span) {
  return now >= since && now < since + span;
}

Duration doubled(Duration first, std::int64_t times, Duration longest) {
  return std::min(longest, first * (std::int64_t{1} << std::clamp<std::int64_t>(times, 0, 20)));
}

}  // namespace

Duration pause_after(std::int64_t failures) { return doubled(5s, failures - 1, longest_pause); }

Duration pause_of_refused(std::int64_t attempts) {
  return doubled(1min, attempts, longest_pause_of_refused);
}

Courier::Courier(sql::Database& database, const Clock& clock, log::Logger& logger,
                 std::unique_ptr<Notifier> notifier, CourierSettings settings)
    : database_(database),
      clock_(clock),
      logger_(logger),
      notifier_(std::move(notifier)),
      settings_(std::move(settings)),
      lease_(settings_.notifier.timeout + 20s),
      line_(database_, settings_.notifier.name, settings_.node) {}

Courier::~Courier() { stop(); }

void Courier::start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
}

void Courier::ask_to_stop() {
  stop_.request_stop();
  bell_.ring();
}

void Courier::stop() {
  ask_to_stop();
  if (thread_.joinable()) thread_.join();
  if (held_) static_cast<void>(line_.release(*held_, clock_.now()));
  lose_it();
}

void Courier::wake() { bell_.ring(); }

void Courier::tell_directly(AlertText alert) {
  {
    Lock lock(m_);
    direct_.push_back(std::move(alert));
  }
  wake();
}

void Courier::work() {
  while (!stop_.stop_requested()) {
    const Duration pause = turn();
    if (pause > Duration::zero() && !stop_.stop_requested()) bell_.wait(clock_.steady() + pause);
  }
}

Duration Courier::turn() {
  const auto direct = turn_directly();
  auto pause = serve();
  if (!pause) {
    if (pause.error().code() == Errc::lease_lost) lose_it();
    logger_.warning("a notifier is not served",
                    {{"notifier", name()}, {"error", pause.error().message()}});
    pause = between_retries_of_the_database;
  }
  return direct ? std::min(*direct, *pause) : *pause;
}

// None where nothing is to be told so.
std::optional<Duration> Courier::turn_directly() {
  std::vector<AlertText> alerts;
  {
    Lock lock(m_);
    alerts = direct_;
  }
  if (alerts.empty()) return std::nullopt;
  const Instant now = clock_.now();
  if (now < direct_next_) return direct_next_ - now;
  const Batch batch{.message = {.id = "direct_" + alerts.front().id,
                                .group = alerts.front().rule + "/" + alerts.front().severity,
                                .alerts = alerts,
                                .created = alerts.front().fired}};
  const Answer answer = notifier_->tell(batch.message, now, stop_.get_token());
  note(batch, answer);
  if (answer.fate == Answer::Fate::away) {
    const Duration pause = std::max(answer.retry_after, pause_after(++direct_failures_));
    direct_next_ = clock_.now() + pause;
    return pause;
  }
  direct_failures_ = 0;
  Lock lock(m_);
  direct_.erase(direct_.begin(), direct_.begin() + static_cast<std::ptrdiff_t>(alerts.size()));
  return Duration::zero();
}

Result<Duration> Courier::serve() {
  auto ours = have_it();
  if (!ours) return std::move(ours).error();
  if (!*ours) return lease_ / 3;
  if (auto kept = keep_house(); !kept) return std::move(kept).error();
  const Instant now = clock_.now();
  if (now < held_->next && held_->next - now <= longest_wait)
    return std::min<Duration>(held_->next - now, poll);
  if (auto sent = send_anew(); !sent) return std::move(sent).error();
  return tell_next();
}

// Whether this node may tell it now, and for the whole of one try.
Result<bool> Courier::have_it() {
  const Instant asked = clock_.now();
  if (held_ && asked + settings_.notifier.timeout + 5s < until_) return true;
  if (!held_) {
    auto held = line_.claim(asked, asked + lease_);
    if (!held) return std::move(held).error();
    if (!*held) return false;
    held_ = **held;
    kept_house_ = sent_anew_ = {};
  } else if (auto kept = line_.hold(*held_, asked + lease_); !kept) {
    return std::move(kept).error();
  }
  until_ = asked + lease_;
  return true;
}

Result<Duration> Courier::tell_next() {
  const Instant now = clock_.now();
  auto waiting = line_.waiting(now);
  if (!waiting) return std::move(waiting).error();
  const Wishes wishes{settings_.notifier.severities, settings_.notifier.send_resolved,
                      makes_groups(settings_.notifier)};
  const int left = messages_left(now);
  if (left <= 0) return std::min<Duration>(held_->minute_from + 1min - now, poll);
  const auto batch = next_batch(*waiting, wishes, left);
  if (!batch) {
    say_how_many_wait();
    return poll;
  }
  Answer answer{.said = "it does not want to hear of this"};
  if (!batch->message.alerts.empty())
    answer = notifier_->tell(batch->message, now, stop_.get_token());
  if (stop_.stop_requested() && answer.fate == Answer::Fate::away) return Duration::zero();
  if (!batch->message.alerts.empty()) note(*batch, answer);
  if (auto settled = settle(*batch, answer); !settled) return std::move(settled).error();
  say_how_many_wait();
  return Duration::zero();
}

// Alertmanager forgets what it does not hear of again.
Result<> Courier::send_anew() {
  const Instant now = clock_.now();
  if (!settings_.firing || !makes_groups(settings_.notifier)) return {};
  if (is_within(now, sent_anew_, between_sendings_anew)) return {};
  auto firing = settings_.firing();
  if (!firing) return std::move(firing).error().within("what fires");
  std::erase_if(*firing, [&](const AlertText& alert) {
    return std::ranges::find(settings_.notifier.severities, alert.severity) ==
           settings_.notifier.severities.end();
  });
  sent_anew_ = now;
  if (firing->empty()) return {};
  Batch batch;
  batch.message = {.id = "anew", .group = {}, .alerts = std::move(firing).value(), .created = now};
  const Answer answer = notifier_->tell(batch.message, now, stop_.get_token());
  if (answer.fate == Answer::Fate::sent) return {};
  note(batch, answer);
  return answer.fate == Answer::Fate::away ? settle(batch, answer) : Result<>();
}

Result<> Courier::settle(const Batch& batch, const Answer& answer) {
  const Instant now = clock_.now();
  Duration pause = until_owed_again;
  if (answer.fate == Answer::Fate::away)
    pause = std::max(answer.retry_after, pause_after(held_->failures + 1));
  if (answer.fate == Answer::Fate::refused) pause = pause_of_refused(batch.attempts);
  return line_.settle(*held_, {batch, answer, now, now + pause});
}

int Courier::messages_left(Instant now) const {
  if (makes_groups(settings_.notifier)) return no_limit;
  if (!is_within(now, held_->minute_from, 1min)) return settings_.notifier.a_minute;
  return settings_.notifier.a_minute - static_cast<int>(held_->minute_count);
}

void Courier::note(const Batch& batch, const Answer& answer) {
  const auto notices = std::max<std::int64_t>(1, static_cast<std::int64_t>(batch.notices.size()));
  if (settings_.heard.told) settings_.heard.told(name(), word_of(answer.fate), notices);
  if (answer.fate == Answer::Fate::sent)
    return logger_.info("a notifier was told", {{"notifier", name()},
                                                {"group", batch.message.group},
                                                {"alerts", batch.message.alerts.size()},
                                                {"said", answer.said}});
  logger_.warning(
      answer.fate == Answer::Fate::away ? "a notifier is away" : "a notifier refuses a notice",
      {{"notifier", name()}, {"group", batch.message.group}, {"said", answer.said}});
}

Result<> Courier::keep_house() {
  const Instant now = clock_.now();
  if (is_within(now, kept_house_, between_housekeepings)) return {};
  auto gone = line_.give_up(now, now - settings_.notifier.give_up);
  if (!gone) return std::move(gone).error();
  if (*gone > 0) {
    if (settings_.heard.told) settings_.heard.told(name(), "given_up", *gone);
    logger_.error("notices could not be told in time and are given up",
                  {{"notifier", name()}, {"notices", *gone}});
  }
  kept_house_ = now;
  return line_.tidy_up(now, now - kept);
}

void Courier::say_how_many_wait() {
  if (!settings_.heard.waits) return;
  if (const auto depth = line_.depth()) settings_.heard.waits(name(), *depth);
}

void Courier::lose_it() {
  if (held_ && settings_.heard.waits) settings_.heard.waits(name(), 0);
  held_.reset();
}

}  // namespace hotclock::notices
