#include "service/hub/hub.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <optional>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "service/auth/verifier.h"
#include "service/http/loop.h"
#include "service/http/server.h"
#include "service/hub/clients.h"
#include "service/hub/demo_pages.h"
#include "service/hub/events.h"
#include "service/hub/hub_metrics.h"
#include "service/hub/lateness.h"
#include "service/hub/limited_sessions.h"
#include "service/hub/recent.h"
#include "service/hub/room_list.h"
#include "service/hub/session_recovery.h"
#include "service/hub/session_store.h"
#include "service/socketio/engine_server.h"
#include "service/socketio/server.h"

namespace hotclock::hub {
namespace {

// Of rooms of events: what coming back needs is some 16 bytes for each.
constexpr std::size_t most_remembered = 4'000'000;
constexpr Duration between_ticks = std::chrono::milliseconds{250};
// More than a node needs to see that a connection is dead, and for clocks to differ.
constexpr Duration slack = std::chrono::seconds{30};

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

std::string random_secret() {
  std::array<unsigned char, 32> bytes{};
  RAND_bytes(bytes.data(), bytes.size());
  return {bytes.begin(), bytes.end()};
}

http::ServerSettings http_settings(const config::RealtimeConfig& settings) {
  http::ServerSettings out;
  out.address = settings.address;
  out.port = static_cast<std::uint16_t>(settings.port);
  if (!settings.certificate.empty())
    out.tls = http::TlsFiles{settings.certificate.string(), settings.key.string()};
  out.proxies = net::TrustedProxies(settings.trusted_proxies);
  out.limits.connections = static_cast<std::size_t>(settings.connections);
  out.default_headers = {
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Content-Security-Policy",
       "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"}};
  return out;
}

socketio::EngineOptions engine_options(const config::RealtimeConfig& settings) {
  socketio::EngineOptions out;
  out.path = settings.path;
  out.ping_interval = settings.ping_interval;
  out.ping_timeout = settings.ping_timeout;
  out.upgrade_timeout = settings.upgrade_timeout;
  out.cookie = settings.cookie;
  out.max_payload = static_cast<std::size_t>(settings.max_payload);
  out.origins = settings.origins;
  out.most_queued_bytes = static_cast<std::size_t>(settings.queue);
  out.most_queued_age = settings.queue_age;
  return out;
}

socketio::Server::Options server_options(const config::RealtimeConfig& settings) {
  return {.connect_timeout = settings.connect_timeout,
          .limits = {.attachments = static_cast<std::size_t>(settings.attachments)}};
}

Clients::Settings client_settings(const config::RealtimeConfig& settings, bool demo) {
  return {.anonymous = settings.anonymous || demo,
          .public_rooms = settings.public_rooms,
          .rooms_per_socket = settings.rooms_per_socket,
          .violations = settings.violations,
          .user = {.at_once = settings.connections_per_user,
                   .opened_a_minute = settings.connections_per_user_a_minute,
                   .messages_a_minute = settings.messages_a_minute,
                   .refusals = settings.violations}};
}

// Its clients may be many: for each that it may have, what one may say.
int messages_of_address(const config::RealtimeConfig& settings) {
  if (settings.messages_per_address_a_minute > 0) return settings.messages_per_address_a_minute;
  constexpr std::int64_t most = 1'000'000'000;
  return static_cast<int>(
      std::min(most, std::int64_t{settings.messages_a_minute} * settings.connections_per_address));
}

LimitedSessions::Settings session_settings(const config::RealtimeConfig& settings) {
  return {.address = {.at_once = settings.connections_per_address,
                      .opened_a_minute = settings.connections_per_address_a_minute,
                      .messages_a_minute = messages_of_address(settings),
                      .refusals = settings.violations},
          .violations = settings.violations};
}

}  // namespace

// ---------------------------------------------------------------- the parts

class Hub::House {
 public:
  House(sql::Database& database, const Clock& clock, log::Logger& logger, metrics::Metrics& metrics,
        const config::RealtimeConfig& settings, const HubOptions& options,
        std::unique_ptr<auth::TokenVerifier> verifier, std::string demo_secret)
      : clock_(clock),
        logger_(logger),
        metrics_(metrics),
        settings_(settings),
        verifier_(std::move(verifier)),
        loop_(clock),
        http_(loop_, http_settings(settings)),
        recent_(most_remembered),
        store_(database, clock, logger,
               [this](std::function<void()> work) { loop_.post(std::move(work)); },
               {.node = options.node, .window = settings.recovery, .sightings = options.sightings}),
        recovery_(store_, recent_, clock, {.keep = remembers()}),
        clients_(verifier_.get(), clock, logger, client_settings(settings, options.demo)),
        server_(clock, server_options(settings),
                settings.recovery > Duration::zero() ? &recovery_ : nullptr),
        nsp_(server_.add("/", clients_)),
        limited_(server_, clock, session_settings(settings)),
        engine_(loop_, admitting(engine_options(settings)), limited_) {
    engine_.serve(http_);
    if (!demo_secret.empty()) serve_demo(http_, database, clock, std::move(demo_secret));
  }

  Front front() { return {loop_, http_, verifier_.get()}; }
  void tell_first(std::function<void(const outbox::Posted&)> tell) {
    tell_first_ = std::move(tell);
  }

  Duration remembers() const {
    return settings_.recovery + settings_.ping_interval + settings_.ping_timeout + slack;
  }

  void start_at(std::int64_t position, Instant posted_before) {
    loop_.call([&] {
      recent_.begin_after(position, posted_before);
      stand_at(position);
    });
  }

  void catch_up(const std::vector<outbox::Head>& heads) {
    loop_.call([&] { remember(heads); });
  }

  Result<> open() {
    if (auto started = loop_.start(); !started) return started;
    store_.start();
    Result<> listening;
    loop_.call([&] {
      listening = http_.start();
      tick();
    });
    if (!listening && listening.error().code() == Errc::busy) return port_in_use();
    return listening;
  }

  void stop(Duration grace) {
    if (std::exchange(stopped_, true)) return;
    loop_.call([this] { http_.close_door(); });
    engine_.close_all();
    const Steady until = clock_.steady() + grace;
    while (engine_.sessions() > 0 && clock_.steady() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    http_.stop();
    store_.stop();
    loop_.stop();
  }

  std::uint16_t port() const { return http_.port(); }

  void deliver(const std::vector<outbox::Posted>& events) {
    loop_.call([&] {
      for (const outbox::Posted& event : events) tell(event);
    });
  }

  std::vector<std::int64_t> wanted(const std::vector<outbox::Head>& heads) {
    std::vector<std::int64_t> ids;
    loop_.call([&] {
      for (const outbox::Head& head : heads)
        if (somebody_hears(head.rooms)) ids.push_back(head.id);
      // Who comes back from here on finds them all among what it missed.
      remember(heads);
    });
    return ids;
  }

  void end_connections() {
    const Instant asked_at = clock_.now();
    auto all = store_.to_end();
    if (!all) return complain("could not ask which connections have to end", all.error());
    if (all->empty()) return;
    loop_.call([&] {
      for (const ToEnd& one : *all) end(one, asked_at);
    });
  }

  void forget_sessions() {
    if (auto gone = store_.forget_old(); !gone)
      complain("could not forget old sessions", gone.error());
  }

  std::size_t clients() const { return engine_.sessions(); }
  std::int64_t violations() {
    std::int64_t all = 0;
    loop_.call([&] { all = clients_.violations() + limited_.violations(); });
    return all;
  }
  Lateness lateness() {
    Lateness found;
    loop_.call([&] { found = lateness_.summary(); });
    return found;
  }

 private:
  socketio::EngineOptions admitting(socketio::EngineOptions options) {
    options.admit = [this](const socketio::Handshake& client) { return limited_.admit(client); };
    return options;
  }

  // The commonest mistake, so its error says what to do.
  Error port_in_use() const {
    return Error(Errc::busy,
                 fmt::format("port {} of {} is in use by another program: choose another by "
                             "--port or the setting realtime.port (0: any that is free)",
                             settings_.port, settings_.address));
  }

  void complain(std::string_view what, const Error& error) {
    logger_.warning(what, {{"error", error.message()}});
  }

  void tick() {
    server_.tick();
    clients_.end_expired();
    recent_.forget_before(clock_.now() - remembers());
    metrics_.connections(engine_.sessions());
    metrics_.rooms(nsp_.room_count());
    metrics_.violations(clients_.violations() + limited_.violations());
    loop_.after(between_ticks, [this] { tick(); });
  }

  void remember(const std::vector<outbox::Head>& heads) {
    for (const outbox::Head& head : heads) recent_.add(head.id, head.created_at, head.rooms);
    if (!heads.empty()) stand_at(heads.back().id);
  }

  bool somebody_hears(std::string_view rooms) const {
    if (rooms.empty()) return nsp_.size() > 0 || recovery_.awaits("");
    while (!rooms.empty()) {
      const std::size_t space = std::min(rooms.find(' '), rooms.size());
      const std::string_view room = rooms.substr(0, space);
      if (nsp_.count(room) > 0 || recovery_.awaits(std::string(room))) return true;
      rooms.remove_prefix(std::min(space + 1, rooms.size()));
    }
    return false;
  }

  void tell(const outbox::Posted& event) {
    if (tell_first_) tell_first_(event);
    if (event.id > position_) {
      recent_.add(event.id, event.created_at, joined(event.rooms));
      stand_at(event.id);
    }
    const std::size_t heard =
        nsp_.broadcast({event.rooms, {}}, event.name, values_of(event),
                       {.offset = static_cast<socketio::Offset>(event.id)});
    if (heard == 0) return;
    const Duration late = clock_.now() - event.created_at;
    lateness_.add(late, heard);
    metrics_.told(late, heard);
  }

  void stand_at(std::int64_t position) {
    position_ = position;
    recovery_.stand_at(position);
  }

  // A client that came back here once more since it was asked for has a newer socket of that id.
  // Both instants are of this node's clock: another's may go otherwise.
  void end(const ToEnd& one, Instant asked_at) {
    socketio::Socket* socket = nsp_.find(one.socket_id);
    if (socket && (one.put_out || socket->since() <= asked_at)) socket->disconnect(true);
    if (one.put_out)
      store_.remove(one.secret_hash);
    else
      store_.ended_here(one.secret_hash);
  }

  const Clock& clock_;
  log::Logger& logger_;
  HubMetrics metrics_;
  const config::RealtimeConfig settings_;
  const std::unique_ptr<auth::TokenVerifier> verifier_;
  std::function<void(const outbox::Posted&)> tell_first_;
  bool stopped_ = false;

  http::Loop loop_;
  http::Server http_;
  Recent recent_;
  LatenessRecorder lateness_;
  std::int64_t position_ = 0;
  SessionStore store_;
  SessionRecovery recovery_;
  Clients clients_;
  socketio::Server server_;
  socketio::Namespace& nsp_;
  LimitedSessions limited_;
  socketio::Engine engine_;
};

// ---------------------------------------------------------------- the hub

Result<std::unique_ptr<Hub>> Hub::build(sql::Database& database, const Clock& clock,
                                        log::Logger& logger, metrics::Metrics& metrics,
                                        const config::RealtimeConfig& settings,
                                        const HubOptions& options) {
  if (options.demo && !is_loopback(settings.address))
    return Error(Errc::invalid,
                 "the demo hands a token to anybody: realtime.address must be of this machine "
                 "alone, such as 127.0.0.1, and is " +
                     settings.address);
  auto complain = [&logger](const Error& why) {
    logger.warning("the keys of tokens were not read again", {{"error", why.message()}});
  };
  std::string demo_secret;
  Result<std::unique_ptr<auth::TokenVerifier>> verifier{nullptr};
  if (options.demo) {
    demo_secret = random_secret();
    auto key = auth::Key::secret(demo_secret);
    if (!key) return std::move(key).error();
    verifier = std::make_unique<auth::TokenVerifier>(
        std::make_unique<auth::KeySource>(auth::KeyRing::of(std::move(key).value())),
        auth::TokenRules{});
  } else {
    verifier = auth::TokenVerifier::of(settings, options.roles_claim, complain);
  }
  if (!verifier) return std::move(verifier).error();
  return std::unique_ptr<Hub>(new Hub(std::make_unique<House>(
      database, clock, logger, metrics, settings, options, std::move(verifier).value(), demo_secret)));
}

Hub::Hub(std::unique_ptr<House> house) : house_(std::move(house)) {}
Hub::~Hub() { stop(Duration::zero()); }

Front Hub::front() { return house_->front(); }
void Hub::tell_first(std::function<void(const outbox::Posted&)> tell) {
  house_->tell_first(std::move(tell));
}
Duration Hub::remembers() const { return house_->remembers(); }
void Hub::start_at(std::int64_t position, Instant before) { house_->start_at(position, before); }
void Hub::catch_up(const std::vector<outbox::Head>& heads) { house_->catch_up(heads); }
Result<> Hub::open() { return house_->open(); }
void Hub::stop(Duration grace) { house_->stop(grace); }
std::uint16_t Hub::port() const { return house_->port(); }
void Hub::deliver(const std::vector<outbox::Posted>& events) { house_->deliver(events); }
std::vector<std::int64_t> Hub::wanted(const std::vector<outbox::Head>& heads) {
  return house_->wanted(heads);
}
void Hub::end_connections() { house_->end_connections(); }
void Hub::forget_sessions() { house_->forget_sessions(); }
std::size_t Hub::clients() const { return house_->clients(); }
std::int64_t Hub::violations() const { return house_->violations(); }
Lateness Hub::lateness() const { return house_->lateness(); }

}  // namespace hotclock::hub
