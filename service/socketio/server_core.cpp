#include "service/socketio/server_core.h"

#include <algorithm>

#include "service/socketio/server_connection.h"

namespace hotclock::socketio {

Turn::Turn(ServerCore& core) : core_(core) {
  if (core_.depth++ > 0) return;
  std::exchange(core_.gone, {}).clear();
}

std::uint64_t ServerCore::ask(Socket* socket, Duration timeout,
                              std::function<void(const Answer&)> answer) {
  const std::uint64_t id = asked++;
  const Steady until = clock.steady() + (socket ? timeout : Duration::zero());
  questions.emplace(id, Question{socket, until, std::move(answer)});
  deadlines.emplace(until, id);
  if (socket) socket->asked_.push_back(id);
  return id;
}

std::optional<Question> ServerCore::take(std::uint64_t id) {
  auto found = questions.extract(id);
  if (!found) return std::nullopt;
  Question question = std::move(found.mapped());
  deadlines.erase({question.until, id});
  if (question.socket) std::erase(question.socket->asked_, id);
  return question;
}

void ServerCore::answered(Socket& socket, std::uint64_t id, const Answer& answer) {
  const auto found = questions.find(id);
  if (found == questions.end() || found->second.socket != &socket) return;
  take(id)->answer(answer);
}

void ServerCore::expire(Steady now) {
  while (!deadlines.empty() && deadlines.begin()->first <= now) {
    const auto question = take(deadlines.begin()->second);
    question->answer(question->socket ? Error(Errc::timeout, "the client did not answer")
                                      : Error(Errc::unavailable, "the client was gone"));
  }
}

void ServerCore::abandon(Socket& socket) {
  while (!socket.asked_.empty())
    take(socket.asked_.front())->answer(Error(Errc::unavailable, "the client has gone"));
}

void ServerCore::disconnect_late(Steady now) {
  while (!connecting.empty() && connecting.begin()->first <= now)
    connecting.begin()->second->came_too_late();
}

std::optional<Offset> ServerCore::offset_for(const Sending& how) const {
  if (how.offset || !recovery) return how.offset;
  return recovery->next_offset();
}

}  // namespace hotclock::socketio
