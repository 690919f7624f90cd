#include "service/hub/session_recovery.h"

#include <algorithm>
#include <array>

#include <openssl/rand.h>

#include "service/digest/sha256.h"
#include "service/hub/events.h"
#include "service/hub/room_list.h"

namespace hotclock::hub {
namespace {

std::string hexadecimal(std::span<const unsigned char> bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) (text += digits[byte >> 4]) += digits[byte & 15];
  return text;
}

// 192 random bits.
std::string random_secret() {
  std::array<unsigned char, 24> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return {};
  return hexadecimal(bytes);
}

std::string hash_of(std::string_view secret) { return digest::sha256_hex(secret); }

std::set<std::string> without_own(const std::vector<std::string>& rooms,
                                  const std::string& identity) {
  std::set<std::string> others(rooms.begin(), rooms.end());
  others.erase(identity);
  return others;
}

bool goes_to(const outbox::Posted& event, const std::vector<std::string>& rooms) {
  if (event.rooms.empty()) return true;
  return std::ranges::any_of(event.rooms, [&](const std::string& room) {
    return std::ranges::find(rooms, room) != rooms.end();
  });
}

}  // namespace

void SessionRecovery::opened(const socketio::SocketState& state,
                             std::function<void(std::string)> done) {
  std::string pid = random_secret();
  if (pid.empty()) return done({});
  SessionRow row{.secret_hash = hash_of(pid),
                 .socket_id = state.sid,
                 .nsp = state.nsp,
                 .identity = state.identity,
                 .address = state.address,
                 .heard_from = position_};
  store_.add(std::move(row), [this, pid, state, done = std::move(done)](bool added) {
    if (added) remember(pid, state);
    done(added ? pid : std::string());
  });
}

void SessionRecovery::remember(const std::string& pid, const socketio::SocketState& state) {
  known_[pid] = {hash_of(pid), state.identity, without_own(state.rooms, state.identity)};
}

// The own user's room follows from who it is; writing it down would be one write for each client.
void SessionRecovery::rooms_changed(const std::string& pid, const socketio::RoomChange& change,
                                    std::function<void()> done) {
  const auto found = known_.find(pid);
  if (found == known_.end()) return done();
  Known& known = found->second;
  std::set<std::string> rooms = known.rooms;
  for (const std::string& room : change.joined)
    if (room != known.identity) rooms.insert(room);
  for (const std::string& room : change.left) rooms.erase(room);
  if (rooms == known.rooms) return done();
  known.rooms = std::move(rooms);
  store_.set_rooms(known.secret_hash, joined(known.rooms),
                   [this, pid, done = std::move(done)](bool kept) {
                     if (const auto still = known_.find(pid); still != known_.end() && !kept)
                       still->second.kept = false;
                     done();
                   });
}

void SessionRecovery::ended(const std::string& pid, socketio::SocketState state, bool may_return) {
  const auto found = known_.find(pid);
  const bool kept = found == known_.end() || found->second.kept;
  known_.erase(pid);
  if (may_return && kept)
    return store_.lose(hash_of(pid), joined(without_own(state.rooms, state.identity)));
  store_.remove(hash_of(pid));
}

// ---------------------------------------------------------------- coming back

void SessionRecovery::restore(const socketio::Return& client, Done done) {
  if (!taking_.insert(client.pid).second) return done(std::nullopt);
  Claim claim{hash_of(client.pid), client.nsp, client.identity, client.address};
  store_.take(std::move(claim),
              [this, client, done = std::move(done)](std::optional<Taken> taken) mutable {
                taking_.erase(client.pid);
                this->taken(client, std::move(taken), std::move(done));
              });
}

void SessionRecovery::taken(const socketio::Return& client, std::optional<Taken> taken, Done done) {
  if (!taken) return done(std::nullopt);
  socketio::Restored back;
  back.state = {.sid = taken->socket_id, .nsp = client.nsp, .identity = client.identity, .kept = {},
                .rooms = parted(taken->rooms), .address = client.address};
  if (!client.identity.empty()) back.state.rooms.push_back(client.identity);
  back.floor = static_cast<socketio::Offset>(position_);
  const auto from = missed_from(client, *taken);
  if (!from) return give_up(client.pid, done);
  restore_missed(std::move(back), *from, client.pid, std::move(done));
}

// None where something that it missed may have been forgotten.
std::optional<std::int64_t> SessionRecovery::missed_from(const socketio::Return& client,
                                                         const Taken& taken) const {
  const std::int64_t heard =
      client.offset ? static_cast<std::int64_t>(*client.offset) : taken.heard_from;
  if (heard >= recent_.complete_after()) return heard;
  if (recent_.complete_since() > clock_.now() - settings_.keep) return std::nullopt;
  return recent_.complete_after();
}

// What comes by while they are read is held for it; see awaits().
void SessionRecovery::restore_missed(socketio::Restored restored, std::int64_t from,
                                     const std::string& pid, Done done) {
  auto ids = recent_.find(from, restored.state.rooms);
  // Behind what was sent on, events still come by.
  std::erase_if(ids, [this](std::int64_t id) { return id > position_; });
  if (ids.size() > settings_.most_missed) return give_up(pid, done);
  if (ids.empty()) return restored_all(std::move(restored), pid, done);
  await(restored.state.rooms);
  const std::size_t asked = ids.size();
  store_.read_events(std::move(ids), [this, pid, asked, restored = std::move(restored),
                                      done = std::move(done)](auto events) mutable {
    await_no_longer(restored.state.rooms);
    if (!events || events->size() < asked) return give_up(pid, done);
    for (const outbox::Posted& event : *events)
      if (goes_to(event, restored.state.rooms))
        restored.missed.push_back(
            {static_cast<socketio::Offset>(event.id), packed(restored.state.nsp, event)});
    restored_all(std::move(restored), pid, done);
  });
}

void SessionRecovery::restored_all(socketio::Restored restored, const std::string& pid,
                                   const Done& done) {
  remember(pid, restored.state);
  done(std::move(restored));
}

// It begins anew: something that it missed cannot be had.
void SessionRecovery::give_up(const std::string& pid, const Done& done) {
  store_.remove(hash_of(pid));
  done(std::nullopt);
}

void SessionRecovery::await(const std::vector<std::string>& rooms) {
  awaited_.insert(rooms.begin(), rooms.end());
  ++restoring_;
}

void SessionRecovery::await_no_longer(const std::vector<std::string>& rooms) {
  for (const std::string& room : rooms) awaited_.erase(awaited_.find(room));
  --restoring_;
}

}  // namespace hotclock::hub
