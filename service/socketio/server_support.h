// A server without a network: clients speak to it packet by packet, and the test moves the time.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/base/clock.h"
#include "service/socketio/server.h"

namespace hotclock::socketio {

using Texts = std::vector<std::string>;

// A session whose other end is the test.
class FakeSession final : public Session {
 public:
  explicit FakeSession(std::string address);

  const std::string& id() const override { return id_; }
  const Handshake& handshake() const override { return handshake_; }
  void send(MessagePtr message) override;
  bool writable() const override { return writable_; }
  std::size_t queued() const override { return 0; }
  void close(Closing why) override { closing_ = why; }

  // What was sent since the last call: texts as they are, attachments as polls carry them.
  Texts take() { return std::exchange(sent_, {}); }
  // The newest of it, as transports hold it.
  MessagePtr newest() const { return newest_; }
  std::optional<Closing> closing() const { return closing_; }
  void jam(bool jammed) { writable_ = !jammed; }

 private:
  const std::string id_ = "a-secret-of-the-engine";
  const Handshake handshake_;
  bool writable_ = true;
  Texts sent_;
  MessagePtr newest_;
  std::optional<Closing> closing_;
};

// The application's side of a socket, which writes down what it is told.
class Guest final : public SocketListener {
 public:
  struct Story {
    Socket* socket = nullptr;
    std::optional<Arrival> arrival;
    Texts events;  // "name arguments"
    std::vector<Ack> acks;
    std::optional<Leaving> left;
  };
  using OnEvent = std::function<void(Socket&, std::string_view name, const Arguments&, const Ack&)>;

  Guest(std::shared_ptr<Story> story, OnEvent on_event)
      : story_(std::move(story)), on_event_(std::move(on_event)) {}

  void connected(Socket& socket, const Arrival& arrival) override;
  void event(std::string_view name, const Arguments& arguments, const Ack& ack) override;
  void left(Leaving why) override;
  std::string kept() const override { return kept_; }

 private:
  const std::shared_ptr<Story> story_;
  const OnEvent on_event_;
  std::string kept_ = "seat 7";
};

// Admits everybody at once under the identity that auth's "as" names, unless told otherwise.
class Door final : public NamespaceListener {
 public:
  void connecting(const ConnectRequest& request, Admission admission) override;

  std::function<void(const ConnectRequest&, Admission)> instead;
  Guest::OnEvent on_event;
  Texts auths;

  // The story of the newest guest.
  Guest::Story& newest() { return *stories.back(); }
  std::unique_ptr<SocketListener> guest();
  std::vector<std::shared_ptr<Guest::Story>> stories;
};

// One client's connection. It ends with the object.
class Client {
 public:
  Client(Server& server, std::string address);
  ~Client() { drops(); }
  Client(const Client&) = delete;

  // Says packets, one after the other.
  Client& says(std::string_view packet);
  Client& attaches(std::string_view bytes);
  // Its connection ends, or ended as the server asked.
  void drops(Closing why = Closing::transport_close);

  Texts hears() { return session_.take(); }
  // What its transport holds of the newest message.
  MessagePtr holds() const { return session_.newest(); }
  // The session was closed by the server.
  std::optional<Closing> thrown_out() const { return session_.closing(); }
  // Its transport cannot take more at once.
  void jams(bool jammed = true) { session_.jam(jammed); }

 private:
  FakeSession session_;
  std::unique_ptr<SessionListener> listener_;
};

// The text member `key` of the JSON object in a CONNECT answer: "sid", "pid".
std::string member_of(const std::string& packet, std::string_view key);

class ServerTest : public testing::Test {
 protected:
  // A client that is in the main namespace and has heard the answer to its CONNECT.
  std::unique_ptr<Client> client(std::string_view auth = "");
  std::unique_ptr<Client> stranger() { return std::make_unique<Client>(server(), "192.0.2.1"); }
  void after(Duration span);
  // The main namespace, and the newest socket in it.
  Namespace& main() { return *server().find("/"); }
  Socket& newest() { return *door.newest().socket; }

  virtual Recovery* recovery() { return nullptr; }
  Server& server();

  ManualClock clock{from_millis(1'795'478'400'000)};
  Server::Options options;
  Door door;
  Door custom;

 private:
  std::unique_ptr<Server> server_;
};

}  // namespace hotclock::socketio
