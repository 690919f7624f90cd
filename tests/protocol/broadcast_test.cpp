// A broadcast to thousands is written slice by slice, and what else clients want has its turn in between.
// Nothing here looks at a clock: something went through between two slices where the event had come to
// some of the crowd before it was asked for, and not yet to all when it had come.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "service/http/client_support.h"
#include "tests/process/program.h"

namespace hotclock::http {
namespace {

constexpr int crowd_size = 4'000;
constexpr int prober_count = 64;
constexpr int tries = 100;

void raise_file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Somebody in the main namespace, by a WebSocket.
class Guest {
 public:
  explicit Guest(std::uint16_t port) : socket_(port, "/socket.io/?EIO=4&transport=websocket") {
    EXPECT_EQ(next().substr(0, 2), "0{");
    say(R"(40{"token":"good"})");
    EXPECT_EQ(next().substr(0, 3), "40{");
    EXPECT_EQ(next(), R"(42["hello",{"recovered":false}])");
  }

  void say(std::string_view packet) { socket_.text(packet); }
  // Answers the pings that stand before it.
  std::string next() {
    for (;;) {
      std::string packet = socket_.next().content;
      if (packet != "2") return packet;
      say("3");
    }
  }
  void answer_pings() {
    while (waiting() > 0 && socket_.next().content == "2") say("3");
  }
  std::size_t waiting() { return socket_.wire().waiting(); }

 private:
  WebSocketClient socket_;
};

class BroadcastTest : public testing::Test {
 protected:
  ~BroadcastTest() override { std::filesystem::remove_all(folder_); }

  void serve(const std::vector<std::string>& more = {}) {
    raise_file_limit();
    std::vector<std::string> words{"--mode", "app", "--port", "0"};
    words.insert(words.end(), more.begin(), more.end());
    server_ = std::make_unique<Program>(words, std::map<std::string, std::string>{}, folder_);
    const std::string mark = "listening on ";
    ASSERT_TRUE(comes_true([&] { return server_->said().find('\n') != std::string::npos; }));
    port_ = static_cast<std::uint16_t>(std::stoi(server_->said().substr(mark.size())));
    publisher_ = std::make_unique<Guest>(port_);
    for (int i = 0; i < crowd_size && !HasFailure(); ++i) {
      crowd_.push_back(std::make_unique<Guest>(port_));
      crowd_.back()->say(R"(420["subscribe","crowd"])");
      ASSERT_EQ(crowd_.back()->next(), R"(430[{"ok":true,"room":"crowd"}])");
    }
  }
  std::uint16_t port() const { return port_; }

  // Publishes until what `goes_through` does while the event is on its way was done before all had it.
  template <class GoesThrough>
  testing::AssertionResult between_slices(const GoesThrough& goes_through) {
    for (int i = 0; i < tries && !HasFailure(); ++i) {
      publisher_->say(R"(421["publish","crowd","news",")" + text_ + "\"]");
      if (!eventually([&] { return somebody_has_it(); }))
        return testing::AssertionFailure() << "nobody hears the event";
      const bool between = goes_through() && somebody_lacks_it();
      all_hear();
      if (between) return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << "it never had its turn before all of the crowd";
  }
  bool somebody_lacks_it() {
    for (const auto& guest : crowd_)
      if (guest->waiting() < text_.size()) return true;
    return false;
  }

 private:
  bool somebody_has_it() {
    for (const auto& guest : crowd_)
      if (guest->waiting() >= text_.size()) return true;
    return false;
  }
  void all_hear() {
    EXPECT_EQ(publisher_->next(), R"(431[{"ok":true}])");
    const std::string event = R"(42["news",")" + text_ + "\"]";
    for (const auto& guest : crowd_) ASSERT_EQ(guest->next(), event);
  }

  static std::string made_folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "hotclock-broadcast-XXXXXX";
    return mkdtemp(pattern.data());
  }

  const std::string folder_ = made_folder();
  const std::string text_ = std::string(1000, 'x');
  std::unique_ptr<Program> server_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Guest> publisher_;
  std::vector<std::unique_ptr<Guest>> crowd_;
};

TEST_F(BroadcastTest, APollGoesThroughBetweenItsSlices) {
  serve();
  const std::string path = "/socket.io/?EIO=4&transport=polling";
  const std::string open = ask(port(), "GET", path).body;
  const std::string session = path + "&sid=" + open.substr(9, open.find('"', 9) - 9);
  ASSERT_EQ(ask(port(), "POST", session, R"(40{"token":"good"})").body, "ok");
  for (std::string heard; heard.find("hello") == std::string::npos;) {
    heard = ask(port(), "GET", session).body;
    ASSERT_FALSE(heard.empty());
  }
  Client held(port());
  EXPECT_TRUE(between_slices([&] {
    held.send(request_text("GET", session));
    EXPECT_EQ(ask(port(), "POST", session, R"(427["echo",1])").body, "ok");
    EXPECT_EQ(held.answer().body, "437[1]");
    return true;
  }));
}

TEST_F(BroadcastTest, ANewClientConnectsBetweenItsSlices) {
  serve();
  EXPECT_TRUE(between_slices([&] {
    const Guest guest(port());
    return true;
  }));
}

TEST_F(BroadcastTest, PingsGoOutBetweenItsSlices) {
  serve({"--ping-interval", "1000"});
  std::vector<std::unique_ptr<Guest>> idle;
  for (int i = 0; i < prober_count; ++i) idle.push_back(std::make_unique<Guest>(port()));
  EXPECT_TRUE(between_slices([&] {
    std::vector<Guest*> quiet;
    for (const auto& guest : idle) {
      guest->answer_pings();
      quiet.push_back(guest.get());
    }
    bool pinged = false;
    while (!pinged && somebody_lacks_it())
      for (Guest* guest : quiet) pinged = pinged || guest->waiting() > 0;
    return pinged;
  }));
}

}  // namespace
}  // namespace hotclock::http
