#include "service/hub/clients.h"

#include <optional>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/hub/rooms.h"

namespace hotclock::hub {
namespace json = boost::json;

namespace {

// The token of a CONNECT packet's payload; none where there is none.
std::optional<std::string> token_of(std::string_view auth) {
  boost::system::error_code failed;
  const json::value value = json::parse(json::string_view(auth.data(), auth.size()), failed);
  if (failed || !value.is_object()) return std::nullopt;
  const json::value* token = value.get_object().if_contains("token");
  if (!token || !token->is_string()) return std::nullopt;
  return std::string(token->get_string());
}

socketio::Values told(json::object answer) {
  return socketio::Values().json(json::serialize(answer));
}

std::string refusal_data(int code, std::string_view reason) {
  return json::serialize(json::object{{"code", code}, {"reason", std::string(reason)}});
}

}  // namespace

// ---------------------------------------------------------------- one client

class Clients::Client final : public socketio::SocketListener {
 public:
  Client(Clients& clients, std::optional<auth::Identity> who)
      : clients_(clients), who_(std::move(who)) {
    if (who_) expires_ = clients_.expiring_.emplace(who_->expires_at, this);
    ++clients_.count_;
  }
  // Also of one that was never let in.
  ~Client() override {
    --clients_.count_;
    if (!who_) return;
    clients_.expiring_.erase(expires_);
    clients_.users_.close(auth::ClientKey::of_user(who_->user), clients_.clock_.steady());
  }

  std::string identity() const { return who_ ? "user:" + std::to_string(who_->user) : ""; }

  void connected(socketio::Socket& socket, const socketio::Arrival& arrival) override {
    socket_ = &socket;
    if (!arrival.recovered && who_) socket.join(identity());
  }

  void event(std::string_view name, const socketio::Arguments& arguments,
             const socketio::Ack& ack) override {
    const auto room = arguments.text(0);
    if (!may_say_one_more()) {
      refuse(ack, room.value_or(""), "too many messages a minute");
      return violated();
    }
    const bool joins = name == "subscribe";
    if (!joins && name != "unsubscribe")
      return refuse(ack, {}, "there is no such event; there are subscribe and unsubscribe");
    if (!room) return refuse(ack, {}, "name the room: a text");
    return joins ? subscribe(*room, ack) : unsubscribe(*room, ack);
  }

  void left(socketio::Leaving) override { socket_ = nullptr; }

  void expired() {
    if (!socket_) return;
    socket_->emit("expired", told({{"error", "the token has expired; connect with a new one"}}));
    socket_->disconnect(true);
  }

 private:
  Steady now() const { return clients_.clock_.steady(); }

  // All sockets of a user share its messages; one of nobody has its own.
  bool may_say_one_more() {
    if (who_) return clients_.users_.message(auth::ClientKey::of_user(who_->user), now());
    return messages_.take(clients_.settings_.user.messages_a_minute, now());
  }

  void subscribe(const std::string& room, const socketio::Ack& ack) {
    const std::string own = identity();
    const Visitor visitor{own, clients_.settings_.public_rooms};
    if (const auto may = may_join(visitor, room); !may) return refuse(ack, room, may.error().message());
    if (!socket_->in(room) &&
        static_cast<int>(socket_->rooms().size()) >= clients_.settings_.rooms_per_socket) {
      refuse(ack, room, "too many rooms; leave one first");
      return violated();
    }
    // Acknowledged when it would also survive this node.
    socket_->join(room, [ack, room] { ack.reply(told({{"ok", true}, {"room", room}})); });
  }

  void unsubscribe(const std::string& room, const socketio::Ack& ack) {
    if (room != identity()) socket_->leave(room);
    ack.reply(told({{"ok", true}, {"room", room}}));
  }

  static void refuse(const socketio::Ack& ack, const std::string& room, std::string_view why) {
    ack.reply(told({{"ok", false}, {"room", room}, {"error", std::string(why)}}));
  }

  void violated() {
    ++clients_.violations_;
    if (socket_ && strikes_.strike(clients_.settings_.violations, now())) {
      clients_.logger_.warning("a client was cut off: it broke its limits too often",
                               {{"client", identity()}, {"address", socket_->handshake().address}});
      socket_->disconnect(true);
    }
  }

  Clients& clients_;
  const std::optional<auth::Identity> who_;
  std::multimap<Instant, Client*>::iterator expires_{};
  socketio::Socket* socket_ = nullptr;
  auth::Strikes strikes_;
  auth::Bucket messages_;  // of an anonymous viewer's
};

// ---------------------------------------------------------------- all of them

Clients::Clients(const auth::TokenVerifier* verifier, const Clock& clock, log::Logger& logger,
                 Settings settings)
    : verifier_(verifier),
      clock_(clock),
      logger_(logger),
      settings_(std::move(settings)),
      users_(settings_.user) {}

Clients::~Clients() = default;

void Clients::connecting(const socketio::ConnectRequest& request, socketio::Admission admission) {
  const auto token = token_of(request.auth);
  if (!token) {
    if (!settings_.anonymous)
      return admission.refuse("unauthorized", refusal_data(401, "show a token: auth: {token}"));
    return admission.accept(std::make_unique<Client>(*this, std::nullopt));
  }
  auto who = identify(*token);
  if (!who)
    return admission.refuse("unauthorized", refusal_data(401, who.error().message()));
  const auto verdict = users_.open(auth::ClientKey::of_user(who->user), clock_.steady());
  if (verdict != auth::Admission::granted) {
    ++violations_;
    return admission.refuse("limited", refusal_data(429, auth::to_string(verdict)));
  }
  auto client = std::make_unique<Client>(*this, *who);
  std::string identity = client->identity();
  admission.accept(std::move(client), std::move(identity));
}

Result<auth::Identity> Clients::identify(std::string_view token) const {
  if (!verifier_) return Error(Errc::unsupported, "this server knows no key for tokens");
  return verifier_->verify(token, clock_.now());
}

void Clients::end_expired() {
  const Instant now = clock_.now();
  std::vector<Client*> over;
  for (auto it = expiring_.begin(); it != expiring_.end() && it->first <= now; ++it)
    over.push_back(it->second);
  for (Client* client : over) client->expired();
}

}  // namespace hotclock::hub
