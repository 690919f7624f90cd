#include "service/emitters/redis_emitter.h"

#include <hiredis/hiredis.h>

#include "service/emitters/redis_commands.h"
#include "service/emitters/redis_nodes.h"

namespace hotclock::emitters {
namespace {

// A pack ends with the emission that fills it: what a lost connection leaves in doubt is bounded.
constexpr std::size_t pack_emissions = 1000, pack_bytes = 1 << 20;
// How often a slot may turn out to be elsewhere before something goes: more is a cluster in motion.
constexpr int most_moves = 16;

struct Pack {
  RedisAddress node;
  std::string bytes;
  std::size_t emissions = 0;
  std::optional<Error> refused = {};  // why the next one can never go
};

class RedisEmitter final : public Emitter {
 public:
  RedisEmitter(EmitterSettings settings, RedisUrl url, std::optional<TlsContext> tls)
      : settings_(std::move(settings)),
        nodes_(std::move(url), std::move(tls), settings_.connect_patience) {}

  Published publish(std::span<const Emission> emissions) override {
    if (auto ready = nodes_.make_ready(by_slot()); !ready)
      return failed(0, std::move(ready).error());
    int moves = 0;
    for (std::size_t sent = 0; sent < emissions.size();) {
      const Pack pack = next_pack(emissions.subspan(sent));
      auto went = deliver(pack);
      sent += went.sent;
      if (went.error) return failed(sent, *std::move(went.error));
      if (went.moved && (moves = went.sent > 0 ? 1 : moves + 1) > most_moves)
        return failed(sent, Error(Errc::unavailable, "the cluster sends us in circles"));
      if (!went.moved && pack.refused) return {sent, pack.refused};
    }
    return {emissions.size()};
  }

  std::string where() const override { return to_string(nodes_.url()); }

 private:
  struct Delivery {
    std::size_t sent = 0;
    std::optional<Error> error = {};
    bool moved = false;  // the next one belongs to another node, as we know now
  };

  bool by_slot() const { return settings_.adapter != Adapter::redis; }

  RedisCommand command_of(const Emission& emission) const {
    switch (settings_.adapter) {
      case Adapter::redis_sharded:
        return sharded_command(emission, settings_);
      case Adapter::redis_streams:
        return streams_command(emission, settings_);
      default:
        return classic_command(emission, settings_);
    }
  }

  const RedisAddress& node_of(const RedisCommand& command) const {
    return nodes_.node_of(command.by_slot ? std::optional(slot_of(command.words[1]))
                                          : std::nullopt);
  }

  // As many, from the first on, as one node takes at once.
  Pack next_pack(std::span<const Emission> emissions) const {
    Pack pack;
    for (const Emission& emission : emissions) {
      if (pack.emissions == pack_emissions || pack.bytes.size() >= pack_bytes) break;
      if (auto good = check(emission); !good) {
        pack.refused = std::move(good).error();
        break;
      }
      const RedisCommand command = command_of(emission);
      const RedisAddress& node = node_of(command);
      if (pack.emissions > 0 && node != pack.node) break;
      pack.node = node;
      append_command(pack.bytes, command.words);
      ++pack.emissions;
    }
    return pack;
  }

  Delivery deliver(const Pack& pack) {
    if (pack.emissions == 0) return {};
    auto connection = nodes_.connection(pack.node);
    if (!connection) return {0, std::move(connection).error()};
    const Steady until = std::chrono::steady_clock::now() + settings_.answer_patience;
    if (auto sent = (*connection)->send(pack.bytes, until); !sent)
      return {0, std::move(sent).error()};
    return read_replies(**connection, pack, until);
  }

  // All replies are read, those behind an error too, so that the next pack meets its own.
  Delivery read_replies(RedisConnection& connection, const Pack& pack, Steady until) {
    Delivery delivery;
    for (std::size_t i = 0; i < pack.emissions; ++i) {
      auto reply = connection.receive(until);
      if (!reply) return {delivery.sent, std::move(reply).error()};
      const bool good = (*reply)->type != REDIS_REPLY_ERROR;
      if (good && !delivery.error && !delivery.moved) ++delivery.sent;
      if (!good) note_error({(*reply)->str, (*reply)->len}, pack.node, delivery);
    }
    return delivery;
  }

  void note_error(std::string_view words, const RedisAddress& node, Delivery& delivery) {
    const auto moved = moved_of(words, node);
    if (moved) nodes_.learn(*moved);
    if (delivery.error || delivery.moved) return;  // what ended the pack is known
    if (moved)
      delivery.moved = true;
    else
      delivery.error = redis_error(words);
  }

  // The next publish begins anew: a connection may hold replies that nobody waits for any more.
  Published failed(std::size_t sent, Error error) {
    nodes_.forget();
    return {sent, std::move(error).within(where())};
  }

  const EmitterSettings settings_;
  RedisNodes nodes_;
};

}  // namespace

Result<std::unique_ptr<Emitter>> make_redis_emitter(const EmitterSettings& settings) {
  if (settings.stream_count < 1 || settings.stream_length < 1)
    return Error(Errc::invalid, "there is at least one stream, of at least one entry");
  auto url = parse_redis_url(settings.url);
  if (!url) return std::move(url).error();
  std::optional<TlsContext> tls;
  if (url->tls) {
    auto loaded = TlsContext::load(settings.tls);
    if (!loaded) return std::move(loaded).error();
    tls = std::move(loaded).value();
  }
  return std::unique_ptr<Emitter>(
      std::make_unique<RedisEmitter>(settings, std::move(url).value(), std::move(tls)));
}

}  // namespace hotclock::emitters
