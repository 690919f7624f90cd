#include "service/notices/beat.h"

#include <algorithm>
#include <utility>

#include "service/notices/kinds.h"

namespace hotclock::notices {
namespace {

using namespace std::chrono_literals;

constexpr Duration patience = 10s;
constexpr Duration between_tries = 5s;
constexpr Duration longest_nap = 1min;

}  // namespace

Beat::Beat(const Clock& clock, log::Logger& logger, config::BeatConfig settings,
           std::function<void(std::string_view outcome)> heard)
    : clock_(clock), logger_(logger), settings_(std::move(settings)), heard_(std::move(heard)) {}

Beat::~Beat() { stop(); }

void Beat::start() {
  if (settings_.url.given() && !thread_.joinable()) thread_ = std::thread([this] { work(); });
}

void Beat::stop() {
  stop_.request_stop();
  bell_.ring();
  if (thread_.joinable()) thread_.join();
}

void Beat::passed() {
  passed_ = true;
  bell_.ring();
}

void Beat::work() {
  while (!stop_.stop_requested()) {
    const Duration pause = turn();
    if (!stop_.stop_requested()) bell_.wait(clock_.steady() + pause);
  }
}

// One that did not arrive is sent again soon, if the alerts are still looked after by then.
Duration Beat::turn() {
  const Instant now = clock_.now();
  if (now < next_ && next_ - now <= settings_.every)
    return std::min<Duration>(next_ - now, longest_nap);
  if (!passed_.exchange(false)) return longest_nap;
  next_ = now + (send() ? settings_.every : std::min(settings_.every, between_tries));
  return std::min<Duration>(next_ - now, longest_nap);
}

bool Beat::send() {
  config::NotifierConfig place;
  place.url = settings_.url;
  place.allow_private = settings_.allow_private;
  place.timeout = std::min(settings_.every, patience);
  auto request = post_of(place, "", "{}");
  const Answer answer =
      request ? judged(outgoing::send(*request, stop_.get_token())) : away(request.error());
  const bool sent = answer.fate == Answer::Fate::sent;
  if (heard_) heard_(sent ? "sent" : "away");
  if (!sent && !stop_.stop_requested())
    logger_.warning("the sign of life did not arrive", {{"said", answer.said}});
  return sent;
}

}  // namespace hotclock::notices
