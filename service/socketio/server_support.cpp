#include "service/socketio/server_support.h"

#include "service/socketio/json.h"

namespace hotclock::socketio {

FakeSession::FakeSession(std::string address)
    : handshake_{.address = std::move(address), .transport = "websocket"} {}

void FakeSession::send(MessagePtr message) {
  std::string polled(message->polled());
  sent_.push_back(message->is_binary() ? polled : polled.substr(1));
  newest_ = std::move(message);
}

void Guest::connected(Socket& socket, const Arrival& arrival) {
  story_->socket = &socket;
  story_->arrival = arrival;
}

void Guest::event(std::string_view name, const Arguments& arguments, const Ack& ack) {
  story_->events.push_back(std::string(name) + " " + Values().forward(arguments).list());
  if (ack.wanted()) story_->acks.push_back(ack);
  if (on_event_) on_event_(*story_->socket, name, arguments, ack);
}

void Guest::left(Leaving why) {
  EXPECT_FALSE(story_->left) << "left() came twice";
  story_->left = why;
}

std::unique_ptr<SocketListener> Door::guest() {
  stories.push_back(std::make_shared<Guest::Story>());
  return std::make_unique<Guest>(stories.back(), on_event);
}

void Door::connecting(const ConnectRequest& request, Admission admission) {
  auths.emplace_back(request.auth);
  if (instead) return instead(request, std::move(admission));
  const auto identity = json_member(request.auth, "as");
  admission.accept(guest(), identity ? std::string(*identity) : "");
}

Client::Client(Server& server, std::string address) : session_(std::move(address)) {
  listener_ = server.opened(session_);
}

Client& Client::says(std::string_view packet) {
  listener_->text(packet);
  return *this;
}

Client& Client::attaches(std::string_view bytes) {
  listener_->binary(bytes);
  return *this;
}

void Client::drops(Closing why) {
  if (listener_) listener_->closed(session_.closing().value_or(why));
  listener_.reset();
}

std::string member_of(const std::string& packet, std::string_view key) {
  const auto object = packet.find('{');
  if (object == std::string::npos) return "";
  const std::string json = packet.substr(object);
  const auto value = json_member(json, key);
  return value ? json_text(*value).value_or("") : "";
}

Server& ServerTest::server() {
  if (!server_) {
    server_ = std::make_unique<Server>(clock, options, recovery());
    server_->add("/", door);
    server_->add("/custom", custom);
  }
  return *server_;
}

std::unique_ptr<Client> ServerTest::client(std::string_view auth) {
  auto client = stranger();
  client->says("0" + std::string(auth));
  const Texts heard = client->hears();
  EXPECT_EQ(heard.size(), 1u);
  EXPECT_FALSE(heard.empty() || member_of(heard.front(), "sid").empty());
  return client;
}

void ServerTest::after(Duration span) {
  clock.advance(span);
  server().tick();
}

}  // namespace hotclock::socketio
