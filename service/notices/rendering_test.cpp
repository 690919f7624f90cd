#include "service/notices/rendering.h"

#include <gtest/gtest.h>

#include "scheduler/base/utf8.h"

namespace hotclock::notices {
namespace {

using namespace std::chrono_literals;

constexpr Instant t0 = from_millis(1'795'608'000'000);  // 2026-11-25T12:00Z

AlertText failed(const std::string& job) {
  AlertText out{.id = job, .rule = "failed", .severity = "critical", .state = "firing"};
  out.labels = {{"job", job}};
  out.annotations = {{"summary", "a slot of " + job + " failed"},
                     {"detail", "no such table"},
                     {"runbook", "https://docs.example/alerts#failed"}};
  out.began = out.fired = t0;
  return out;
}

Message message(std::vector<AlertText> alerts) {
  return {.id = "notice_1", .group = "failed/critical", .alerts = std::move(alerts), .created = t0};
}

std::string title_of(const Message& message, const std::string& text,
                     Medium medium = Medium::plain) {
  return rendered(message, text, "", medium).title;
}
std::string text_of(const Message& message, const std::string& text,
                    Medium medium = Medium::plain) {
  return rendered(message, "", text, medium).text;
}

TEST(Rendering, FillsEachField) {
  AlertText over = failed("trust-score");
  over.state = "resolved";
  over.resolved = t0 + 5min;
  const Message two = message({failed("og-daily-bonus"), over});
  EXPECT_EQ(
      title_of(two, "{{state}} {{severity}} {{rule}} {{group}} {{count}} {{firing}} {{resolved}}"),
      "firing critical failed failed/critical 2 1 1");
  EXPECT_EQ(title_of(two, "{{jobs}} | {{began}} | {{runbook}}"),
            "og-daily-bonus, trust-score | 2026-11-25T12:00:00Z | "
            "https://docs.example/alerts#failed");
  EXPECT_EQ(title_of(two, "{{summary}}"), "a slot of og-daily-bonus failed and 1 more");
  EXPECT_EQ(text_of(two, "{{alerts}}"),
            "firing critical: a slot of og-daily-bonus failed, since 2026-11-25T12:00:00Z\n"
            "  no such table\n  https://docs.example/alerts#failed\n"
            "resolved critical: a slot of trust-score failed, since 2026-11-25T12:00:00Z, until "
            "2026-11-25T12:05:00Z\n  no such table\n  https://docs.example/alerts#failed\n");
}

TEST(Rendering, NamesAnAlertWithoutASummaryByItsLabels) {
  AlertText bare = failed("trust-score");
  bare.annotations.clear();
  EXPECT_EQ(title_of(message({bare}), "{{summary}}"), "failed job=trust-score");
}

TEST(Rendering, SaysThatSomebodyTriesIt) {
  Message test = message({failed("a")});
  test.test = true;
  EXPECT_EQ(title_of(test, "[{{state}}]"), "[test]");
}

TEST(Rendering, ListsAsManyAsCanBeRead) {
  std::vector<AlertText> alerts;
  for (int i = 0; i < 1000; ++i) alerts.push_back(failed("job-" + std::to_string(i)));
  const std::string text = text_of(message(alerts), "{{alerts}}");
  EXPECT_TRUE(text.ends_with("and 980 more\n")) << text.substr(text.size() - 40);
  EXPECT_LT(text.size(), 16'001u);
  EXPECT_EQ(title_of(message(alerts), "{{summary}}"), "a slot of job-0 failed and 999 more");
  EXPECT_LE(title_of(message(alerts), "{{jobs}}{{jobs}}").size(), 250u);
}

TEST(Rendering, LetsNoAlertSpeakMarkupInSlack) {
  AlertText alert = failed("a");
  alert.annotations["summary"] = "<!channel> <https://evil.example|click> a & b";
  EXPECT_EQ(title_of(message({alert}), "{{summary}}", Medium::slack),
            "&lt;!channel&gt; &lt;https://evil.example|click&gt; a &amp; b");
  EXPECT_EQ(title_of(message({alert}), "<!here> {{rule}}", Medium::slack), "<!here> failed");
}

TEST(Rendering, LetsNoAlertBeginALineOrSteerATerminal) {
  AlertText alert = failed("a");
  alert.annotations["summary"] = "one\r\nBcc: x@y\x1b[2J\x7f";
  EXPECT_EQ(title_of(message({alert}), "{{summary}}"), "one  Bcc: x@y [2J");
  EXPECT_EQ(text_of(message({alert}), "{{summary}}"), "one  Bcc: x@y [2J ");
  alert.annotations["summary"] = "a\xff";
  EXPECT_TRUE(is_well_formed(title_of(message({alert}), "{{summary}}")));
}

TEST(Rendering, CutsNoCharacter) {
  AlertText alert = failed("a");
  std::string many;
  for (int i = 0; i < 400; ++i) many += "\xC3\xBC";
  alert.annotations["summary"] = many;
  for (const std::string before : {"", "x"}) {
    const std::string title = title_of(message({alert}), before + "{{summary}}");
    EXPECT_LE(title.size(), 250u);
    EXPECT_TRUE(is_well_formed(title));
    EXPECT_TRUE(title.ends_with("..."));
  }
}

}  // namespace
}  // namespace hotclock::notices
