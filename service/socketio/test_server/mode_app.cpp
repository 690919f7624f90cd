// A small application: a token to get in, rooms, publishing, questions, kicks.
#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/socketio/json.h"
#include "service/socketio/test_server/mode.h"
#include "service/socketio/test_server/mode_socketio.h"

namespace hotclock::socketio {
namespace {

constexpr auto patience = std::chrono::seconds(2);
constexpr std::int64_t most = 100'000'000;  // of what a client may ask for at once

Values truth(std::string_view key, bool value) {
  return Values().json("{" + json_string(key) + (value ? ":true}" : ":false}"));
}

class AppGuest final : public SocketListener {
 public:
  explicit AppGuest(const Server& server) : server_(server) {}

  void connected(Socket& socket, const Arrival& arrival) override {
    socket_ = &socket;
    socket.emit("hello", truth("recovered", arrival.recovered));
  }
  void event(std::string_view name, const Arguments& arguments, const Ack& ack) override;
  void left(Leaving) override {}

 private:
  using Act = void (AppGuest::*)(const Arguments&, const Ack&);
  static const std::array<std::pair<std::string_view, Act>, 12> acts;

  void subscribe(const Arguments& arguments, const Ack& ack);
  void unsubscribe(const Arguments& arguments, const Ack& ack);
  void publish(const Arguments& arguments, const Ack& ack) { send(arguments, ack, {}, {}); }
  void publish_others(const Arguments& arguments, const Ack& ack) {
    send(arguments, ack, {socket_->id()}, {});
  }
  void publish_volatile(const Arguments& arguments, const Ack& ack) {
    send(arguments, ack, {}, {.is_volatile = true});
  }
  void send(const Arguments& arguments, const Ack& ack, std::vector<std::string> except,
            const Sending& how);
  void echo(const Arguments& arguments, const Ack& ack) { ack.reply(Values().forward(arguments)); }
  void message(const Arguments& arguments, const Ack&) {
    socket_->emit("message-back", Values().forward(arguments));
  }
  void burst(const Arguments& arguments, const Ack&);
  void ask_me(const Arguments& arguments, const Ack& ack);
  void kick(const Arguments& arguments, const Ack&) { socket_->disconnect(arguments.is_true(0)); }
  void big(const Arguments& arguments, const Ack& ack);
  void stats(const Arguments&, const Ack& ack);

  const Server& server_;
  Socket* socket_ = nullptr;
};

const std::array<std::pair<std::string_view, AppGuest::Act>, 12> AppGuest::acts = {{
    {"subscribe", &AppGuest::subscribe},
    {"unsubscribe", &AppGuest::unsubscribe},
    {"publish", &AppGuest::publish},
    {"publish-others", &AppGuest::publish_others},
    {"publish-volatile", &AppGuest::publish_volatile},
    {"echo", &AppGuest::echo},
    {"message", &AppGuest::message},
    {"burst", &AppGuest::burst},
    {"ask-me", &AppGuest::ask_me},
    {"kick", &AppGuest::kick},
    {"big", &AppGuest::big},
    {"stats", &AppGuest::stats},
}};

void AppGuest::event(std::string_view name, const Arguments& arguments, const Ack& ack) {
  for (const auto& [known, act] : acts)
    if (known == name) return (this->*act)(arguments, ack);
}

Values in_room(const std::string& room) {
  return Values().json(R"({"ok":true,"room":)" + json_string(room) + "}");
}

void AppGuest::subscribe(const Arguments& arguments, const Ack& ack) {
  const auto room = arguments.text(0);
  if (!room) return ack.reply(truth("ok", false));
  socket_->join(*room, [ack, room] { ack.reply(in_room(*room)); });
}

void AppGuest::unsubscribe(const Arguments& arguments, const Ack& ack) {
  const auto room = arguments.text(0);
  if (!room) return ack.reply(truth("ok", false));
  socket_->leave(*room);
  ack.reply(in_room(*room));
}

void AppGuest::send(const Arguments& arguments, const Ack& ack, std::vector<std::string> except,
                    const Sending& how) {
  const auto room = arguments.text(0);
  const auto event = arguments.text(1);
  const bool well = room && event && !reserved_event(*event);
  if (well)
    socket_->nsp().broadcast({{*room}, std::move(except)}, *event,
                             Values().forward(arguments, 2, 3), how);
  ack.reply(truth("ok", well));
}

void AppGuest::burst(const Arguments& arguments, const Ack&) {
  const std::int64_t count = std::min(arguments.integer(0).value_or(0), most);
  for (std::int64_t i = 0; i < count; ++i) socket_->emit("seq", Values().number(i));
}

void AppGuest::ask_me(const Arguments& arguments, const Ack& ack) {
  socket_->ask("question", Values().forward(arguments), patience, [ack](const Answer& answer) {
    if (!answer) return ack.reply(truth("timeout", true));
    Values values;
    values.json("{\"answer\":" + std::string(answer->json(0)) + "}");
    for (const std::string& bytes : answer->attachments()) values.attachment(bytes);
    ack.reply(values);
  });
}

void AppGuest::big(const Arguments& arguments, const Ack& ack) {
  const std::int64_t bytes = std::clamp(arguments.integer(0).value_or(0), std::int64_t{0}, most);
  socket_->emit("blob", Values().text(std::string(static_cast<std::size_t>(bytes), 'x')));
  ack.reply({});
}

void AppGuest::stats(const Arguments&, const Ack& ack) {
  ack.reply(Values().json("{\"clients\":" + std::to_string(server_.clients()) +
                          ",\"sockets\":" + std::to_string(socket_->nsp().size()) + "}"));
}

class AppDoor final : public NamespaceListener {
 public:
  explicit AppDoor(const Server& server) : server_(server) {}

  void connecting(const ConnectRequest& request, Admission admission) override {
    const auto token = json_member(request.auth, "token");
    if (!token || json_text(*token) != "good")
      return admission.refuse("unauthorized", R"({"code":401})");
    admission.accept(std::make_unique<AppGuest>(server_));
  }

 private:
  const Server& server_;
};

}  // namespace

std::unique_ptr<Mode> make_app_mode(const ModeOptions& options, const Clock& clock,
                                    http::Loop& loop) {
  return std::make_unique<SocketioMode<AppDoor>>(options, clock, loop);
}

}  // namespace hotclock::socketio
