#include "service/app/realtime.h"

#include <fmt/format.h>

#include "service/app/demo_clock_pages.h"
#include "service/app/theme_rules.h"
#include "service/emitters/emitter.h"
#include "service/http/place.h"

namespace hotclock::app {
namespace {

// What clients get to leave in. They come back by themselves, here or elsewhere.
constexpr Duration farewell = std::chrono::seconds{2};

emitters::Adapter adapter_of(config::SinkKind kind) {
  switch (kind) {
    case config::SinkKind::redis:
      return emitters::Adapter::redis;
    case config::SinkKind::redis_sharded:
      return emitters::Adapter::redis_sharded;
    case config::SinkKind::redis_streams:
      return emitters::Adapter::redis_streams;
    case config::SinkKind::postgresql:
      return emitters::Adapter::postgres;
  }
  return emitters::Adapter::redis;
}

emitters::Subscription subscription_of(config::SubscriptionMode mode) {
  switch (mode) {
    case config::SubscriptionMode::dynamic:
      return emitters::Subscription::dynamic;
    case config::SubscriptionMode::fixed:
      return emitters::Subscription::whole;
    case config::SubscriptionMode::dynamic_private:
      return emitters::Subscription::dynamic_private;
  }
  return emitters::Subscription::dynamic;
}

Result<std::unique_ptr<emitters::Emitter>> emitter_of(const config::SinkConfig& sink) {
  auto url = sink.url.reveal();
  if (!url) return std::move(url).error();
  emitters::EmitterSettings settings;
  settings.adapter = adapter_of(sink.kind);
  settings.url = std::move(url).value();
  settings.prefix = sink.prefix;
  settings.subscription = subscription_of(sink.subscription_mode);
  settings.stream_length = sink.max_length;
  settings.stream_count = sink.streams;
  settings.attachments = sink.attachments;
  return emitters::make_emitter(settings);
}

std::unique_ptr<api::Pages> pages_of(hub::Hub& hub, const config::Config& settings,
                                     sql::Database& database, const Clock& clock,
                                     log::Logger& logger) {
  const hub::Front front = hub.front();
  auto pages = std::make_unique<api::Pages>(
      api::Site{front.loop, front.server, front.tokens, database, clock, logger}, settings.themes,
      theme_rules(settings));
  hub.tell_first([&pages = *pages](const outbox::Posted& event) {
    if (event.name == "theme:changed") pages.theme_changed();
  });
  return pages;
}

// What clients may come back for has to be there.
Duration kept_for(const config::Config& settings, const hub::Hub* hub) {
  const Duration needed = hub ? hub->remembers() : Duration::zero();
  return std::max(settings.realtime.retention, needed);
}

}  // namespace

Result<std::unique_ptr<Realtime>> Realtime::build(const config::Config& settings,
                                                  sql::Database& database, const Clock& clock,
                                                  log::Logger& logger, metrics::Metrics& metrics,
                                                  const RealtimeOptions& options) {
  std::vector<std::unique_ptr<relay::Sink>> sinks;
  for (const config::SinkConfig& sink : settings.sinks) {
    auto emitter = emitter_of(sink);
    if (!emitter) return std::move(emitter).error().within("sinks." + sink.name);
    sinks.push_back(std::make_unique<relay::Sink>(
        database, clock, logger, std::move(emitter).value(),
        relay::SinkSettings{.name = sink.name, .node = options.node}));
  }
  std::unique_ptr<hub::Hub> hub;
  std::unique_ptr<api::Pages> pages;
  if (settings.realtime.enabled) {
    auto built = hub::Hub::build(
        database, clock, logger, metrics, settings.realtime,
        {.node = options.node, .roles_claim = settings.themes.roles_claim, .demo = options.demo});
    if (!built) return std::move(built).error().within("realtime");
    hub = std::move(built).value();
    pages = pages_of(*hub, settings, database, clock, logger);
    if (options.demo && pages)
      serve_demo_clock(hub->front().server, pages->ground(), options.demo_clock);
  }
  auto relay = std::make_unique<relay::Relay>(
      database, clock, logger, hub.get(), std::move(sinks),
      relay::RelaySettings{.node = options.node, .retention = kept_for(settings, hub.get())});
  return std::unique_ptr<Realtime>(new Realtime(settings, options.demo, logger, std::move(hub),
                                                std::move(pages), std::move(relay)));
}

Realtime::Realtime(const config::Config& settings, bool demo, log::Logger& logger,
                   std::unique_ptr<hub::Hub> hub, std::unique_ptr<api::Pages> pages,
                   std::unique_ptr<relay::Relay> relay)
    : settings_(settings.realtime),
      themes_(settings.themes.enabled),
      demo_(demo),
      logger_(logger),
      hub_(std::move(hub)),
      pages_(std::move(pages)),
      relay_(std::move(relay)) {}

// Also where the start failed half-way: nobody is served any more when the pages end.
Realtime::~Realtime() {
  stop();
  if (pages_) pages_->stop();
  if (hub_) hub_->stop(Duration::zero());
}

Result<> Realtime::start() {
  if (auto started = relay_->start(); !started) {
    stopped_ = true;  // nobody came in who would have to be told
    return std::move(started).error().within("realtime");
  }
  if (hub_) logger_.info("clients may connect", {{"at", where()}});
  return {};
}

void Realtime::stop() {
  if (std::exchange(stopped_, true)) return;
  relay_->stop();
  if (pages_) pages_->stop();
  if (!hub_) return;
  const auto told = hub_->lateness();
  hub_->stop(farewell);
  logger_.info("clients were told", {{"events", told.events},
                                     {"deliveries", told.deliveries},
                                     {"late_median", told.median},
                                     {"late_p99", told.p99},
                                     {"late_worst", told.worst}});
}

std::string Realtime::origin() const {
  return http::origin_of(!settings_.certificate.empty(), settings_.address, hub_->port());
}

std::string Realtime::where() const { return hub_ ? origin() + settings_.path : std::string(); }

std::string Realtime::themes() const {
  return pages_ && themes_ ? origin() + "/theme/" : std::string();
}

std::string Realtime::demo_page() const {
  return hub_ && demo_ ? origin() + "/demo/" : std::string();
}

}  // namespace hotclock::app
