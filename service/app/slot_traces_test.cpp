#include "service/app/slot_traces.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace hotclock::app {
namespace {

using namespace std::chrono_literals;

const Instant due = from_millis(1'795'565'100'000);
const Slot slot{"og-daily-bonus", due};

struct SlotTracesTest : testing::Test {
  ManualClock clock{due + 2s};
  std::vector<otlp::Span> sent;
  SlotTraces traces{clock, [this](otlp::Span span) { sent.push_back(std::move(span)); }};

  std::shared_ptr<Permit> permit(const std::string& execution, int attempt, Slot of = slot,
                                 std::optional<std::int64_t> partition_of = {}) {
    return std::make_shared<Permit>(std::move(of), 1, *Uuid::parse(execution), 7, attempt, Steady{},
                                    partition_of);
  }
  Ending ending(std::shared_ptr<Permit> permit, Follow follow, std::string outcome,
                std::string error = "") {
    Ending out;
    out.permit = std::move(permit);
    out.started_at = due + 2s;
    out.ended_at = due + 5s;
    out.follow = std::move(follow);
    out.outcome = std::move(outcome);
    out.error = std::move(error);
    return out;
  }
  const otlp::Span* named(const std::string& name) const {
    const auto found = std::ranges::find(sent, name, &otlp::Span::name);
    return found == sent.end() ? nullptr : &*found;
  }
};

constexpr const char* first = "0193a4f2-5b7c-7c3e-9a61-3f0e1d2c4b5a";
constexpr const char* second = "0193a4f2-5b7c-7c3e-9a61-aaaaaaaaaaaa";

TEST_F(SlotTracesTest, ASlotIsTheRootOfItsWaitItsAttemptAndItsChunks) {
  const auto held = permit(first, 1);
  traces.on(Started{held, 2000ms});
  traces.on(work::ChunkEnd{
      .permit = *held, .done = 500, .began = clock.steady(), .ended = clock.steady()});
  traces.on(Recorded{ending(held, Ends{End::completed}, "completed")});
  ASSERT_EQ(sent.size(), 4u);
  const otlp::Span& root = *named("slot og-daily-bonus");
  EXPECT_TRUE(root.parent.empty());
  EXPECT_EQ(root.began, due);
  EXPECT_EQ(root.ended, due + 5s);
  const otlp::Span& attempt = *named("attempt");
  EXPECT_EQ(attempt.parent, root.id);
  EXPECT_EQ(attempt.began, due + 2s);
  EXPECT_EQ(attempt.id, "9a613f0e1d2c4b5a");
  EXPECT_EQ(named("waiting")->parent, root.id);
  EXPECT_EQ(named("waiting")->began, due);
  EXPECT_EQ(named("waiting")->ended, due + 2s);
  EXPECT_EQ(named("chunk")->parent, attempt.id);
  for (const otlp::Span& span : sent) {
    EXPECT_EQ(span.trace, trace_of(slot));
    EXPECT_EQ(span.trace.size(), 32u);
    EXPECT_EQ(span.id.size(), 16u);
  }
}

TEST_F(SlotTracesTest, TheRootIsSentWithTheLastAttemptAlone) {
  const auto one = permit(first, 1);
  traces.on(Started{one, 0ms});
  traces.on(Recorded{ending(one, TriesAgain{due + 5min}, "failed", "no room")});
  EXPECT_FALSE(named("slot og-daily-bonus"));
  EXPECT_FALSE(named("attempt")->well);
  EXPECT_EQ(named("attempt")->why, "no room");
  sent.clear();
  const auto two = permit(second, 2);
  traces.on(Started{two, 0ms});
  traces.on(Recorded{ending(two, Ends{End::completed}, "completed")});
  ASSERT_TRUE(named("slot og-daily-bonus"));
  EXPECT_EQ(named("slot og-daily-bonus")->began, due + 2s) << "since the first attempt was due";
}

TEST_F(SlotTracesTest, PartitionsAreAttemptsOfTheSlotThatWasDivided) {
  Slot part = slot;
  part.key = "#3";
  const auto held = permit(first, 1, part, 1);
  traces.on(Started{held, 0ms});
  traces.on(Recorded{ending(held, Ends{End::completed}, "completed")});
  EXPECT_EQ(named("attempt")->trace, trace_of(slot));
  EXPECT_FALSE(named("slot og-daily-bonus"));
  traces.on(GatheredSlot{Gathered{slot, second, due, due + 9s, {}}});
  ASSERT_TRUE(named("slot og-daily-bonus"));
  EXPECT_EQ(named("slot og-daily-bonus")->ended, due + 9s);
}

TEST_F(SlotTracesTest, ARefusedSlotIsASpanThatSaysWhy) {
  traces.on(RefusedSlot{Refused{slot, Paused{}}});
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_FALSE(sent[0].well);
  EXPECT_FALSE(sent[0].why.empty());
}

TEST_F(SlotTracesTest, AnAttemptOfManyChunksTellsTheFirstOfThem) {
  const auto held = permit(first, 1);
  traces.on(Started{held, 0ms});
  for (std::size_t i = 0; i < 3 * SlotTraces::most_chunks; ++i)
    traces.on(work::ChunkEnd{.permit = *held, .began = clock.steady(), .ended = clock.steady()});
  EXPECT_EQ(sent.size(), SlotTraces::most_chunks);
  traces.on(Recorded{ending(held, Ends{End::completed}, "completed")});
  const auto& told = named("attempt")->attributes;
  const auto chunks =
      std::ranges::find(told, "hotclock.chunks", [](const auto& one) { return one.first; });
  ASSERT_NE(chunks, told.end());
  EXPECT_EQ(std::get<std::int64_t>(chunks->second), std::int64_t{3 * SlotTraces::most_chunks});
}

}  // namespace
}  // namespace hotclock::app
