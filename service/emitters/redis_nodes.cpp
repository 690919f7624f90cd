#include "service/emitters/redis_nodes.h"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <charconv>

namespace hotclock::emitters {
namespace {

// CRC-16/XMODEM: polynomial 0x1021, most significant bit first, from zero.
std::uint16_t crc16(std::string_view bytes) {
  std::uint16_t crc = 0;
  for (const char c : bytes) {
    crc = static_cast<std::uint16_t>(crc ^ static_cast<unsigned char>(c) << 8);
    for (int bit = 0; bit < 8; ++bit)
      crc = static_cast<std::uint16_t>(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
  }
  return crc;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_slot(long long value) { return value >= 0 && value < cluster_slots; }

bool is_port(long long value) { return value > 0 && value < 65536; }

// One line of CLUSTER SLOTS: first slot, last slot, [host, port, ...] of the master.
bool is_range(const redisReply& range) {
  return range.type == REDIS_REPLY_ARRAY && range.elements >= 3 &&
         range.element[0]->type == REDIS_REPLY_INTEGER && is_slot(range.element[0]->integer) &&
         range.element[1]->type == REDIS_REPLY_INTEGER && is_slot(range.element[1]->integer) &&
         range.element[2]->type == REDIS_REPLY_ARRAY && range.element[2]->elements >= 2 &&
         range.element[2]->element[1]->type == REDIS_REPLY_INTEGER &&
         is_port(range.element[2]->element[1]->integer);
}

}  // namespace

int slot_of(std::string_view key) {
  const auto open = key.find('{');
  if (open != std::string_view::npos)
    if (const auto shut = key.find('}', open); shut != std::string_view::npos && shut > open + 1)
      key = key.substr(open + 1, shut - open - 1);
  return crc16(key) % cluster_slots;
}

std::optional<Moved> moved_of(std::string_view words, const RedisAddress& asked) {
  constexpr std::string_view code = "MOVED ";
  if (!words.starts_with(code)) return std::nullopt;
  words.remove_prefix(code.size());
  const auto space = words.find(' '), colon = words.rfind(':');
  if (space == std::string_view::npos || colon == std::string_view::npos || colon < space)
    return std::nullopt;
  const auto slot = number(words.substr(0, space)), port = number(words.substr(colon + 1));
  if (!slot || !port || !is_slot(*slot) || !is_port(*port)) return std::nullopt;
  const std::string_view host = words.substr(space + 1, colon - space - 1);
  return Moved{*slot, {host.empty() ? asked.host : std::string(host), *port}};
}

RedisNodes::RedisNodes(RedisUrl url, std::optional<TlsContext> tls, Duration patience)
    : url_(std::move(url)), tls_(std::move(tls)), patience_(patience), nodes_{url_.address} {}

Result<> RedisNodes::make_ready(bool by_slot) {
  const auto dead = [](const auto& one) { return !one.second->alive(); };
  if (std::ranges::any_of(connections_, dead)) forget();
  if (!connections_.empty()) return {};
  if (auto ok = connect_to_any(); !ok) return ok;
  return by_slot ? ask_for_slots() : Result<>();
}

Result<> RedisNodes::connect_to_any() {
  const auto share = patience_ / static_cast<int>(nodes_.size());
  std::optional<Error> first;
  for (base_ = 0; base_ < nodes_.size(); ++base_) {
    const RedisAddress& node = nodes_[base_];
    auto made = RedisConnection::open(node, url_, tls_ ? &*tls_ : nullptr,
                                      std::chrono::steady_clock::now() + share);
    if (made) {
      connections_[node] = std::move(made).value();
      return {};
    }
    if (!first) first = std::move(made).error();
  }
  base_ = 0;
  return *std::move(first);
}

// A server that is no cluster, or does not let us ask, answers with an error: all is with it then,
// until a MOVED says otherwise.
Result<> RedisNodes::ask_for_slots() {
  RedisConnection& base = *connections_[nodes_[base_]];
  auto reply = base.ask({"CLUSTER", "SLOTS"}, std::chrono::steady_clock::now() + patience_);
  if (reply) return note_slots(**reply), Result<>();
  const Errc code = reply.error().code();
  if (code != Errc::unavailable && code != Errc::timeout) return {};
  forget();
  return std::move(reply).error();
}

void RedisNodes::note_slots(const redisReply& ranges) {
  if (ranges.type != REDIS_REPLY_ARRAY) return;
  const RedisAddress asked = nodes_[base_];
  nodes_ = {url_.address};
  if (asked != url_.address) nodes_.push_back(asked);
  base_ = nodes_.size() - 1;
  for (std::size_t i = 0; i < ranges.elements; ++i) {
    const redisReply& range = *ranges.element[i];
    if (!is_range(range)) continue;
    const redisReply& master = *range.element[2];
    const bool named = master.element[0]->type == REDIS_REPLY_STRING && master.element[0]->len > 0;
    const std::string host =
        named ? std::string(master.element[0]->str, master.element[0]->len) : asked.host;
    set_owner(static_cast<int>(range.element[0]->integer),
              static_cast<int>(range.element[1]->integer),
              {host, static_cast<int>(master.element[1]->integer)});
  }
}

void RedisNodes::set_owner(int first, int last, const RedisAddress& node) {
  if (owners_.empty()) owners_.assign(cluster_slots, base_);
  auto known = std::ranges::find(nodes_, node);
  if (known == nodes_.end()) known = nodes_.insert(nodes_.end(), node);
  for (int slot = first; slot <= last; ++slot)
    owners_[static_cast<std::size_t>(slot)] = static_cast<std::size_t>(known - nodes_.begin());
}

const RedisAddress& RedisNodes::node_of(std::optional<int> slot) const {
  if (!slot || owners_.empty()) return nodes_[base_];
  return nodes_[owners_[static_cast<std::size_t>(*slot)]];
}

Result<RedisConnection*> RedisNodes::connection(const RedisAddress& node) {
  if (const auto known = connections_.find(node); known != connections_.end())
    return known->second.get();
  auto made = RedisConnection::open(node, url_, tls_ ? &*tls_ : nullptr,
                                    std::chrono::steady_clock::now() + patience_);
  if (!made) return std::move(made).error().within(to_string(node));
  return (connections_[node] = std::move(made).value()).get();
}

void RedisNodes::learn(const Moved& moved) { set_owner(moved.slot, moved.slot, moved.to); }

void RedisNodes::forget() {
  connections_.clear();
  owners_.clear();
}

}  // namespace hotclock::emitters
