// The parts of the engine: messages, queues, payloads, the wheel.
#include <gtest/gtest.h>

#include <random>

#include "service/socketio/engine_payload.h"
#include "service/socketio/engine_queue.h"
#include "service/socketio/engine_wheel.h"

namespace hotclock::socketio {
namespace {

using namespace std::chrono_literals;

TEST(Message, HasTheFormsOfBothTransports) {
  const auto text = Message::text("hi");
  EXPECT_EQ(text->frame(),
            "\x81\x03"
            "4hi");
  EXPECT_EQ(text->polled(), "4hi");
  EXPECT_FALSE(text->is_binary());
  const auto binary = Message::binary("\x01\x02\x03\x04");
  EXPECT_EQ(binary->frame(), "\x82\x04\x01\x02\x03\x04");
  EXPECT_EQ(binary->polled(), "bAQIDBA==");
  EXPECT_EQ(binary->polled().data(), binary->polled().data()) << "made once";
  EXPECT_TRUE(binary->is_binary());
  EXPECT_EQ(Message::packet('2')->frame(),
            "\x81\x01"
            "2");
  EXPECT_EQ(Message::text(std::string(200, 'x'))->frame().substr(0, 5),
            std::string("\x81\x7E\x00\xC9"
                        "4",
                        5));
}

std::string joined(std::span<const std::string_view> frames) {
  std::string out;
  for (const auto frame : frames) out += frame;
  return out;
}

TEST(MessageQueue, GivesBackWhatWentInWhateverIsWrittenAtOnce) {
  std::mt19937 random(7);
  MessageQueue queue;
  std::string in;
  std::string out;
  std::array<std::string_view, 8> room;
  for (int i = 0; i < 5000; ++i) {
    if (random() % 3 != 0) {
      const auto message =
          Message::text(std::string(random() % 40, static_cast<char>('a' + i % 26)));
      in += message->frame();
      queue.push(message, static_cast<std::uint32_t>(i));
    }
    const auto frames = queue.frames(room);
    const std::string all = joined(frames);
    const std::size_t written = all.empty() ? 0 : random() % (all.size() + 1);
    out += all.substr(0, written);
    queue.written(written);
    ASSERT_EQ(queue.bytes(), in.size() - out.size());
  }
  while (!queue.empty()) {
    const std::string all = joined(queue.frames(room));
    out += all;
    queue.written(all.size());
  }
  EXPECT_EQ(in, out);
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(MessageQueue, KnowsItsOldestAndHoldsNothingOfWhatIsGone) {
  MessageQueue queue;
  const auto message = Message::text("x");
  for (std::uint32_t i = 0; i < 40; ++i) queue.push(message, i);
  EXPECT_EQ(queue.oldest(), 0u);
  queue.written(message->size() * 2 + 1);
  EXPECT_EQ(queue.oldest(), 2u);
  queue.clear();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(MessageQueue, IsTakenAsOnePayload) {
  MessageQueue queue;
  EXPECT_EQ(queue.take_payload(), "");
  queue.push(Message::text("a"), 0);
  queue.push(Message::binary("b"), 0);
  queue.push(Message::packet('2'), 0);
  EXPECT_EQ(queue.take_payload(),
            "4a\x1e"
            "bYg==\x1e"
            "2");
  EXPECT_TRUE(queue.empty());
}

TEST(PayloadReader, ReadsPacketsUntilOneIsWrong) {
  PayloadReader reader(
      "4a\x1e"
      "bAQI=\x1e"
      "3");
  EXPECT_EQ(reader.next()->content, "a");
  const auto binary = reader.next();
  EXPECT_EQ(binary->kind, EnginePacket::Kind::binary);
  EXPECT_EQ(binary->content, "\x01\x02");
  EXPECT_EQ(reader.next()->kind, EnginePacket::Kind::pong);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.wrong());
  for (const char* payload : {"", "4a\x1e", "9", "b=", "4\xC3"}) {
    PayloadReader wrong(payload);
    while (wrong.next()) {
    }
    EXPECT_TRUE(wrong.wrong()) << payload;
    EXPECT_FALSE(wrong.next());
  }
}

struct Clocked final : Filed {};

std::size_t size_of(const FiledList& list) { return list.size(); }

TEST(HeartbeatWheel, BringsEachWhenItsTimeHasComeAndNotBefore) {
  const Steady begin{};
  HeartbeatWheel wheel(10ms, 1000ms, begin);
  std::mt19937 random(3);
  std::vector<std::pair<Steady, Clocked>> sessions(500);
  for (auto& [deadline, session] : sessions) {
    deadline = begin + Duration{random() % 990};
    wheel.file(session, deadline);
  }
  FiledList due;
  for (Steady now = begin; now <= begin + 1000ms; now += 7ms) {
    wheel.take_due(now, due);
    std::size_t must = 0;
    std::size_t may = 0;
    for (const auto& [deadline, session] : sessions) {
      must += deadline + 10ms <= now;
      may += deadline <= now;
    }
    ASSERT_GE(size_of(due), must);
    ASSERT_LE(size_of(due), may);
  }
  EXPECT_EQ(size_of(due), sessions.size());
  due.clear();
}

TEST(HeartbeatWheel, BringsWhatLiesBeyondItsSpanEarlyToBeFiledAnew) {
  const Steady begin{};
  HeartbeatWheel wheel(10ms, 100ms, begin);
  Clocked far;
  FiledList due;
  wheel.file(far, begin + 10s);
  wheel.take_due(begin + 1s, due);
  EXPECT_EQ(size_of(due), 1u) << "after a long pause too";
  wheel.file(far, begin + 1005ms);
  EXPECT_TRUE(due.empty()) << "it is in one list at a time";
  wheel.take_due(begin + 1000ms, due);
  EXPECT_TRUE(due.empty());
  wheel.take_due(begin + 1010ms, due);
  EXPECT_EQ(size_of(due), 1u);
}

TEST(HeartbeatWheel, ForgetsWhoIsDestroyed) {
  const Steady begin{};
  HeartbeatWheel wheel(10ms, 100ms, begin);
  {
    Clocked gone;
    wheel.file(gone, begin + 50ms);
  }
  FiledList due;
  wheel.take_due(begin + 1s, due);
  EXPECT_TRUE(due.empty());
}

}  // namespace
}  // namespace hotclock::socketio
