#include "service/socketio/recovery_memory.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace hotclock::socketio {
namespace {

constexpr std::size_t few_marks = 1000;

std::string key(const std::string& nsp, const std::string& room) { return nsp + ',' + room; }

}  // namespace

void MemoryRecovery::opened(const SocketState& state, std::function<void(std::string)> done) {
  std::string pid = ids_.next();
  sockets_.emplace(pid, Remembered{state, last_, {}, {}});
  done(std::move(pid));
}

void MemoryRecovery::rooms_changed(const std::string& pid, const RoomChange& change,
                                   std::function<void()> done) {
  if (const auto found = sockets_.find(pid); found != sockets_.end()) {
    auto& rooms = found->second.rooms;
    for (const std::string& room : change.joined) rooms.emplace(room, last_);
    for (const std::string& room : change.left) rooms.erase(room);
  }
  done();
}

void MemoryRecovery::ended(const std::string& pid, SocketState state, bool may_return) {
  const auto found = sockets_.find(pid);
  if (found == sockets_.end()) return;
  if (!may_return) return forget(pid);
  found->second.state = std::move(state);
  found->second.lost = ++losses_;
  lost_.emplace(losses_, Lost{clock_.steady() + options_.window, pid});
  forget_old();
}

void MemoryRecovery::sent(const SentEvent& event) {
  last_ = std::max(last_, event.offset);
  if (!event.is_volatile) {
    const auto behind = [](Offset offset, const Kept& kept) { return offset < kept.event.offset; };
    const auto place = std::upper_bound(events_.begin(), events_.end(), event.offset, behind);
    events_.insert(place, {clock_.steady(), event});
    bytes_ += event.packed.size();
  }
  forget_old();
}

// ---------------------------------------------------------------- forgetting

void MemoryRecovery::forget(const std::string& pid) {
  const auto found = sockets_.find(pid);
  if (found->second.lost) lost_.erase(*found->second.lost);
  sockets_.erase(found);
}

void MemoryRecovery::forget_old() {
  const Steady now = clock_.steady();
  while (!lost_.empty() &&
         (lost_.begin()->second.until <= now || lost_.size() > options_.most_lost))
    forget(std::string(lost_.begin()->second.pid));
  const Steady old = now - options_.window - options_.unnoticed;
  while (!events_.empty() && (events_.front().at <= old || events_.size() > options_.most_events ||
                              bytes_ > options_.most_bytes))
    drop_oldest_event();
}

void MemoryRecovery::drop_oldest_event() {
  const SentEvent& event = events_.front().event;
  const auto mark = [&](const std::string& room) {
    Offset& newest = dropped_[key(event.nsp, room)];
    newest = std::max(newest, event.offset);
  };
  if (event.audience.rooms.empty()) mark("");
  for (const std::string& room : event.audience.rooms) mark(room);
  bytes_ -= event.packed.size();
  events_.pop_front();
  if (dropped_.size() > 2 * marks_kept_ + few_marks) drop_useless_marks();
}

// Whoever joins a room later has missed nothing of what was before.
void MemoryRecovery::drop_useless_marks() {
  std::unordered_set<std::string> useful;
  for (const auto& [pid, socket] : sockets_) {
    useful.insert(key(socket.state.nsp, ""));
    useful.insert(key(socket.state.nsp, socket.state.sid));
    for (const auto& [room, since] : socket.rooms) useful.insert(key(socket.state.nsp, room));
  }
  std::erase_if(dropped_, [&](const auto& mark) { return !useful.contains(mark.first); });
  marks_kept_ = dropped_.size();
}

Offset MemoryRecovery::dropped(const std::string& nsp, const std::string& room) const {
  const auto found = dropped_.find(key(nsp, room));
  return found == dropped_.end() ? 0 : found->second;
}

// ---------------------------------------------------------------- bringing back

void MemoryRecovery::restore(const Return& client,
                             std::function<void(std::optional<Restored>)> done) {
  forget_old();
  done(take(client));
}

std::optional<Restored> MemoryRecovery::take(const Return& client) {
  const auto found = sockets_.find(client.pid);
  if (found == sockets_.end() || !found->second.lost) return std::nullopt;
  Remembered& socket = found->second;
  if (socket.state.nsp != client.nsp || socket.state.identity != client.identity)
    return std::nullopt;
  const Offset from = std::max(client.offset.value_or(0), socket.since);
  if (from > last_ || !has_all(socket, from)) {
    forget(client.pid);
    return std::nullopt;
  }
  lost_.erase(*std::exchange(socket.lost, std::nullopt));
  return restore(socket, from);
}

bool MemoryRecovery::has_all(const Remembered& socket, Offset from) const {
  const std::string& nsp = socket.state.nsp;
  if (dropped(nsp, "") > from || dropped(nsp, socket.state.sid) > from) return false;
  return std::all_of(socket.rooms.begin(), socket.rooms.end(), [&](const auto& room) {
    return dropped(nsp, room.first) <= std::max(from, room.second);
  });
}

Restored MemoryRecovery::restore(Remembered& socket, Offset from) {
  Restored restored{socket.state, {}, last_};
  const auto ahead = [](const Kept& kept, Offset offset) { return kept.event.offset <= offset; };
  for (auto kept = std::lower_bound(events_.begin(), events_.end(), from, ahead);
       kept != events_.end(); ++kept)
    if (missed(socket, kept->event))
      restored.missed.push_back({kept->event.offset, kept->event.packed});
  return restored;
}

bool MemoryRecovery::missed(const Remembered& socket, const SentEvent& event) {
  const auto& [rooms, except] = event.audience;
  const auto heard_in = [&](const std::string& room) {
    if (room == socket.state.sid) return true;
    const auto joined = socket.rooms.find(room);
    return joined != socket.rooms.end() && joined->second < event.offset;
  };
  return event.nsp == socket.state.nsp &&
         (rooms.empty() || std::any_of(rooms.begin(), rooms.end(), heard_in)) &&
         std::none_of(except.begin(), except.end(), heard_in);
}

}  // namespace hotclock::socketio
