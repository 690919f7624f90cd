#include "service/relay/relay.h"

#include <span>

#include "service/outbox/outbox.h"
#include "service/relay/heard_by_all.h"

namespace hotclock::relay {
namespace {

// So few are read whole at once. Where there are more, most are for clients that are not here: then
// it is looked first which are wanted.
constexpr int a_few = 100;
constexpr int heads_at_once = 10'000;
constexpr std::size_t bodies_at_once = 500;

constexpr Duration between_looks_at_a_gap = std::chrono::milliseconds{10};
constexpr Duration between_looks_after_clients = std::chrono::seconds{1};

}  // namespace

Relay::Relay(sql::Database& database, const Clock& clock, log::Logger& logger, hub::Hub* hub,
             std::vector<std::unique_ptr<Sink>> sinks, RelaySettings settings)
    : database_(database),
      clock_(clock),
      logger_(logger),
      hub_(hub),
      sinks_(std::move(sinks)),
      settings_(settings) {}

Relay::~Relay() { stop(); }

Result<> Relay::start() {
  if (thread_.joinable()) return {};
  if (hub_) {
    if (auto caught_up = catch_up(); !caught_up) return caught_up;
    if (auto opened = hub_->open(); !opened) return opened;
  }
  for (const auto& sink : sinks_) sink->start();
  thread_ = std::thread([this] { work(); });
  keeper_ = std::thread([this] { keep_house(); });
  return {};
}

void Relay::stop() {
  stopping_ = true;
  bell_.ring();
  house_bell_.ring();
  if (thread_.joinable()) thread_.join();
  if (keeper_.joinable()) keeper_.join();
  for (const auto& sink : sinks_) sink->stop();
}

void Relay::wake(bool here) {
  if (here) news_from_here_ = true;
  bell_.ring();
  for (const auto& sink : sinks_) sink->wake();
}

// What was posted while this node was not there, its clients may come back for.
Result<> Relay::catch_up() {
  const Instant since = clock_.now() - hub_->remembers();
  const auto place = outbox::place_of(database_, since);
  if (!place) return std::move(place).error().within("read the outbox");
  hub_->start_at(*place, since);
  reader_ = std::make_unique<outbox::Reader>(database_, *place);
  for (;;) {
    auto heads = reader_->next_heads(heads_at_once);
    if (!heads) return std::move(heads).error();
    if (heads->empty()) return {};
    hub_->catch_up(*heads);
  }
}

void Relay::work() {
  while (!stopping_) {
    bell_.drain();
    while (!stopping_ && pass_on()) {
    }
    const bool soon = reader_ && reader_->holds_back();
    if (!stopping_) bell_.wait(clock_.steady() + (soon ? between_looks_at_a_gap : settings_.poll));
  }
}

bool Relay::pass_on() {
  tell_other_nodes();
  if (!hub_) return false;
  auto more = tell_clients();
  if (more) return *more;
  logger_.warning("events wait: the outbox could not be read", {{"error", more.error().message()}});
  return false;
}

Result<bool> Relay::tell_clients() {
  if (auto done = pass_on_wanted(); !done) return std::move(done).error();
  auto more = few();
  return more && *more ? many() : std::move(more);
}

Result<bool> Relay::few() {
  auto events = reader_->next(a_few);
  if (!events) return std::move(events).error();
  if (events->empty()) return false;
  hub_->deliver(*events);
  return static_cast<int>(events->size()) == a_few;
}

Result<bool> Relay::many() {
  auto heads = reader_->next_heads(heads_at_once);
  if (!heads) return std::move(heads).error();
  if (heads->empty()) return false;
  wanted_ = hub_->wanted(*heads);
  if (auto done = pass_on_wanted(); !done) return std::move(done).error();
  return true;
}

// Where the database fails in the middle of it, the rest is passed on before anything newer: who is
// told of a newer event takes that for a sign that it has all older ones.
Result<> Relay::pass_on_wanted() {
  while (!wanted_.empty() && !stopping_) {
    const auto some = std::span(wanted_).first(std::min(bodies_at_once, wanted_.size()));
    auto events = outbox::read_events(database_, some);
    if (!events) return std::move(events).error();
    hub_->deliver(*events);
    wanted_.erase(wanted_.begin(), wanted_.begin() + static_cast<std::ptrdiff_t>(some.size()));
  }
  return {};
}

// Not by the transaction that wrote them: on PostgreSQL a commit that notifies waits for every
// other one that does.
void Relay::tell_other_nodes() {
  if (!news_from_here_.exchange(false)) return;
  if (auto told = database_.tell(); !told)
    logger_.warning("other nodes were not told of news", {{"error", told.error().message()}});
}

void Relay::keep_house() {
  Steady tidied = clock_.steady();
  while (!stopping_) {
    house_bell_.wait(clock_.steady() + between_looks_after_clients);
    if (hub_ && !stopping_) hub_->end_connections();
    if (stopping_ || clock_.steady() < tidied + settings_.tidying) continue;
    tidied = clock_.steady();
    tidy_up();
  }
}

// Clients that are away need no older events than are kept; so what counts is the sinks.
void Relay::tidy_up() {
  if (hub_) hub_->forget_sessions();
  auto heard = heard_by_all(database_, clock_.now());
  auto trimmed = heard ? outbox::trim(database_, *heard, clock_.now() - settings_.retention)
                       : Result<std::int64_t>(std::move(heard).error());
  if (!trimmed)
    logger_.warning("events that all have heard were not removed",
                    {{"error", trimmed.error().message()}});
}

}  // namespace hotclock::relay
