#include "service/socketio/engine_support.h"

#include <algorithm>
#include <string>

namespace hotclock::socketio {

class Listeners::One final : public SessionListener {
 public:
  One(Listeners& all, Session& session) : all_(all), session_(session) {}

  void text(std::string_view message) override {
    if (message == "close") return close();
    if (message.starts_with("many ")) return many(std::stoi(std::string(message.substr(5))));
    if (message.starts_with("big ")) return big(std::stoul(std::string(message.substr(4))));
    session_.send(Message::text(message));
  }
  void binary(std::string_view message) override { session_.send(Message::binary(message)); }
  void closed(Closing why) override {
    std::erase(all_.open, &session_);
    all_.closings.push_back(why);
  }

 private:
  void close() {
    session_.send(Message::text("closing"));
    session_.close(Closing::forced);
    session_.send(Message::text("too late"));
  }
  void many(int count) {
    for (int i = 0; i < count; ++i) session_.send(Message::text(std::to_string(i)));
  }
  void big(std::size_t size) { session_.send(Message::text(std::string(size, 'x'))); }

  Listeners& all_;
  Session& session_;
};

std::unique_ptr<SessionListener> Listeners::opened(Session& session) {
  open.push_back(&session);
  last_handshake = session.handshake();
  return std::make_unique<One>(*this, session);
}

EngineTest::EngineTest() = default;

EngineTest::~EngineTest() {
  if (server_) server_->stop();
  engine_.reset();
  server_.reset();
  loop_.stop();
}

void EngineTest::serve(EngineOptions options) {
  engine_ = std::make_unique<Engine>(loop_, std::move(options), listeners_);
  server_ = std::make_unique<http::Server>(loop_, http::ServerSettings{});
  engine_->serve(*server_);
  ASSERT_TRUE(server_->start());
  ASSERT_TRUE(loop_.start());
}

::testing::AssertionResult EngineTest::ends_with(Closing why) {
  std::vector<Closing> closings;
  http::eventually([&] {
    loop_.call([&] { closings = listeners_.closings; });
    return !closings.empty();
  });
  if (closings == std::vector{why}) return ::testing::AssertionSuccess();
  auto failure = ::testing::AssertionFailure();
  for (const Closing each : closings) failure << to_string(each) << ' ';
  return failure << "in place of " << to_string(why);
}

void EngineTest::broadcast(std::string_view content) {
  loop_.call([&] {
    const auto message = Message::text(content);
    for (Session* const each : listeners_.open) each->send(message);
  });
}

http::Answer EngineTest::get(std::string_view query, const http::Fields& headers) {
  return http::ask(port(), "GET", target(query), {}, headers);
}

http::Answer EngineTest::post(std::string_view query, std::string_view body,
                              const http::Fields& headers) {
  return http::ask(port(), "POST", target(query), body, headers);
}

std::string target(std::string_view query) { return "/socket.io/?" + std::string(query); }

std::string refused(const http::Answer& answer) {
  return std::to_string(answer.status) + " " + answer.body;
}

std::string value_in(std::string_view open_packet, std::string_view key) {
  const std::string mark = "\"" + std::string(key) + "\":\"";
  const auto begin = open_packet.find(mark);
  if (begin == std::string_view::npos) return {};
  const auto value = open_packet.substr(begin + mark.size());
  return std::string(value.substr(0, value.find('"')));
}

PollingClient::PollingClient(std::uint16_t port, std::string_view query) : port_(port) {
  open_packet_ = http::ask(port, "GET", target(query)).body;
  sid_ = value_in(open_packet_, "sid");
}

std::string PollingClient::query() const { return std::string(polling) + "&sid=" + sid_; }

std::string PollingClient::poll() {
  const auto answer = http::ask(port_, "GET", target(query()));
  return answer.status == 200 ? answer.body : "";
}

http::Client PollingClient::begin_poll() {
  http::Client client(port_);
  client.send(http::request_text("GET", target(query())));
  return client;
}

http::Answer PollingClient::post(std::string_view body) {
  return http::ask(port_, "POST", target(query()), body,
                   {{"Content-Type", "text/plain;charset=UTF-8"}});
}

bool PollingClient::lives() { return post("6").status == 200; }

SocketClient::SocketClient(std::uint16_t port, std::string_view sid)
    : WebSocketClient(
          port, target(std::string(websocket) + (sid.empty() ? "" : "&sid=" + std::string(sid)))) {}

std::string SocketClient::next_text() {
  const http::Frame frame = next();
  switch (frame.opcode) {
    case http::Opcode::text:
      return frame.content;
    case http::Opcode::close:
      return "closed " + std::to_string(frame.close_code());
    case http::Opcode::more:
      return "nothing";
    default:
      return "no text";
  }
}

}  // namespace hotclock::socketio
