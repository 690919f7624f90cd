#include "service/relay/sink.h"

#include <algorithm>
#include <utility>

#include "service/outbox/payload.h"
#include "service/relay/relay.sql.h"

namespace hotclock::relay {
namespace text = stmt::relay;

namespace {

constexpr int events_at_once = 500;
constexpr int failures_until_another_may_try = 5;
constexpr Duration between_looks_at_a_gap = std::chrono::milliseconds{10};
constexpr Duration first_delay = std::chrono::milliseconds{100};
constexpr Duration longest_delay = std::chrono::seconds{5};

sql::Limits limits() { return {.stop = {}, .deadline = std::chrono::seconds{10}}; }

Duration delay_after(int failures) {
  return std::min(longest_delay, first_delay * (1 << std::min(failures - 1, 6)));
}

}  // namespace

emitters::Emission emission_of(const outbox::Posted& event) {
  emitters::Emission emission;
  emission.rooms = event.rooms;
  emission.args.emplace_back(event.name);
  emission.args.push_back(
      emitters::Json::parse(outbox::with_event_id(event.payload, event.id), nullptr, false));
  return emission;
}

Sink::Sink(sql::Database& database, const Clock& clock, log::Logger& logger,
           std::unique_ptr<emitters::Emitter> emitter, SinkSettings settings)
    : database_(database),
      clock_(clock),
      logger_(logger),
      emitter_(std::move(emitter)),
      settings_(std::move(settings)) {}

Sink::~Sink() { stop(); }

void Sink::start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
}

void Sink::stop() {
  stopping_ = true;
  bell_.ring();
  if (thread_.joinable()) thread_.join();
}

void Sink::wake() { bell_.ring(); }

void Sink::work() {
  while (!stopping_) rest(turn());
  release();
}

// News ends it only where there is somebody to hand it to: every chunk of every job is news, and a
// server that is away is not to be asked for each.
void Sink::rest(Duration pause) {
  const Steady until = clock_.steady() + pause;
  const bool served = held_ && held_->failures == 0;
  while (!stopping_ && clock_.steady() < until) {
    bell_.wait(until);
    if (served) return;
  }
}

// One step, and how long to wait before the next.
Duration Sink::turn() {
  if (auto there = enlist(); !there) return failed(there.error(), "could not be written down");
  if (!held_) {
    auto claimed = claim();
    if (!claimed) return failed(claimed.error(), "could not be claimed");
    if (!*claimed) return settings_.lease / 5;
  }
  auto more = hand_on();
  if (!more) return failed(more.error(), "events could not be handed on");
  if (*more) return Duration::zero();
  return held_->reader.holds_back() ? between_looks_at_a_gap : settings_.poll;
}

Result<> Sink::enlist() {
  if (enlisted_) return {};
  auto place = outbox::place_of(database_, clock_.now());
  if (!place) return std::move(place).error();
  auto done = change(text::enlist, {settings_.name, *place, clock_.now()});
  // Somebody else had enlisted it.
  if (!done && done.error().code() != Errc::lease_lost) return done;
  enlisted_ = true;
  return {};
}

Result<bool> Sink::claim() {
  auto transaction = database_.write(limits());
  if (!transaction) return std::move(transaction).error();
  const Instant now = clock_.now();
  std::optional<std::pair<std::int64_t, std::int64_t>> found;
  {
    auto rows =
        (*transaction)
            ->query(text::claim, {settings_.name, settings_.node, now, now + settings_.lease});
    if (!rows) return std::move(rows).error();
    while ((*rows)->next()) found = {(*rows)->integer(0), (*rows)->integer(1)};
    if (auto end = (*rows)->end(); !end) return std::move(end).error();
  }
  if (!found) return false;
  if (auto done = (*transaction)->commit(); !done) return std::move(done).error();
  held_.emplace(
      Held{found->second, outbox::Reader(database_, found->first), now + settings_.lease, 0, {}});
  logger_.info("this node serves a sink", {{"sink", settings_.name}, {"where", emitter_->where()}});
  return true;
}

// Whether there may be more. A node that was held up finds out here that another one serves.
Result<bool> Sink::hand_on() {
  if (auto kept = keep_lease(); !kept) return std::move(kept).error();
  if (held_->left.empty()) {
    auto events = held_->reader.next(events_at_once);
    if (!events) return std::move(events).error();
    held_->left = std::move(events).value();
  }
  if (held_->left.empty()) return false;
  std::vector<emitters::Emission> emissions;
  emissions.reserve(held_->left.size());
  for (const outbox::Posted& event : held_->left) emissions.push_back(emission_of(event));
  auto published = emitter_->publish(emissions);
  auto behind = held_->left.begin() + static_cast<std::ptrdiff_t>(published.sent);
  if (!published && published.error->code() == Errc::invalid && behind != held_->left.end())
    set_aside(*behind++, *std::exchange(published.error, std::nullopt));
  if (behind != held_->left.begin()) {
    const std::int64_t position = std::prev(behind)->id;
    held_->left.erase(held_->left.begin(), behind);
    held_->failures = 0;
    if (auto noted = note_progress(position); !noted) return std::move(noted).error();
  }
  if (!published) return *std::move(published.error);
  return true;
}

Result<> Sink::note_progress(std::int64_t position) {
  const Instant now = clock_.now();
  auto done =
      change(text::advance, {settings_.name, held_->fence, position, now + settings_.lease, now});
  if (done) held_->until = now + settings_.lease;
  return done;
}

void Sink::set_aside(const outbox::Posted& event, const Error& why) {
  logger_.error("an event cannot be handed on and was set aside",
                {{"sink", settings_.name}, {"event", event.id}, {"error", why.message()}});
}

// Tells of it, gives up its turn where another node may do better, and says how long to wait.
Duration Sink::failed(const Error& why, std::string_view what) {
  logger_.warning("a sink is not served",
                  {{"sink", settings_.name}, {"what", what}, {"error", why.message()}});
  if (!held_) return longest_delay;
  if (why.code() == Errc::lease_lost) {
    held_.reset();
    return settings_.poll;
  }
  const int failures = ++held_->failures;
  if (failures % failures_until_another_may_try == 0) {
    [[maybe_unused]] const auto noted =
        change(text::fail, {settings_.name, held_->fence, why.message(), clock_.now()});
    held_.reset();
    return longest_delay;
  }
  [[maybe_unused]] const auto noted = change(
      text::fail, {settings_.name, held_->fence, why.message(), clock_.now() + settings_.lease});
  return delay_after(failures);
}

Result<> Sink::keep_lease() {
  if (clock_.now() + settings_.lease / 2 < held_->until) return {};
  const Instant until = clock_.now() + settings_.lease;
  auto done = change(text::hold, {settings_.name, held_->fence, until});
  if (done) held_->until = until;
  return done;
}

void Sink::release() {
  if (!held_) return;
  [[maybe_unused]] const auto done =
      change(text::release, {settings_.name, held_->fence, clock_.now()});
  held_.reset();
}

// Errc::lease_lost where it changed nothing.
Result<> Sink::change(const sql::Statement& statement, std::vector<sql::Param> params) {
  auto transaction = database_.write(limits());
  if (!transaction) return std::move(transaction).error();
  auto changed = (*transaction)->exec(statement, params);
  if (!changed) return std::move(changed).error();
  if (auto done = (*transaction)->commit(); !done) return done;
  if (*changed == 0) return Error(Errc::lease_lost, "another node serves " + settings_.name);
  return {};
}

}  // namespace hotclock::relay
