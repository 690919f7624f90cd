#include "service/config/queues.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "service/config/config.h"

namespace hotclock::config {
namespace {

JobDefaults bonus() {
  JobDefaults job{.name = "bonus", .schedule = "5 0 * * *"};
  job.policy.queue = "money";
  return job;
}

Result<Config> settings(std::string main, std::string job = "", Environment environment = {}) {
  const JobDefaults jobs[] = {bonus()};
  return read({File{"hotclock.toml", std::move(main)}, {{"jobs.d/bonus.toml", std::move(job)}}},
              environment, jobs);
}

std::string refusal(const Result<Config>& config) {
  return config ? "accepted" : config.error().message();
}

const QueueRule& queue(const Config& config, std::string_view name) {
  return *std::ranges::find(config.queues, name, &QueueRule::name);
}

TEST(Queues, MoneyHasAWorkerOfItsOwnWithoutAnySetting) {
  const auto config = settings("");
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(queue(*config, "money").reserved, 1);
  EXPECT_EQ(config->jobs[0].policy->queue, "money");
}

TEST(Queues, AreDeclaredInTheMainFile) {
  const auto config =
      settings("[queues.mail]\nlimit = 5\nweight = 3\n[queues.default]\nweight = 2\n",
               "queue = 'mail'\n", {{"HOTCLOCK_QUEUES__MAIL__WEIGHT", "4"}});
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(queue(*config, "mail").limit, 5);
  EXPECT_EQ(queue(*config, "mail").weight, 4);
  EXPECT_EQ(queue(*config, "").weight, 2);
  EXPECT_EQ(config->jobs[0].policy->queue, "mail");
}

TEST(Queues, AJobMayStandInTheDefaultOne) {
  const auto config = settings("", "queue = 'default'\n");
  ASSERT_TRUE(config) << refusal(config);
  EXPECT_EQ(config->jobs[0].policy->queue, "");
}

TEST(Queues, AJobsQueueMustBeDeclared) {
  const std::string message = refusal(settings("", "queue = 'mony'\n"));
  EXPECT_NE(message.find("jobs.d/bonus.toml:1"), std::string::npos) << message;
  EXPECT_NE(message.find("there is no queue \"mony\"; did you mean \"money\"?"), std::string::npos)
      << message;
}

TEST(Queues, OneWorkerAtLeastIsLeftForAll) {
  const std::string message =
      refusal(settings("[scheduler]\nworkers = 3\n[queues.mail]\nreserved = 2\n"));
  EXPECT_NE(message.find("queues.mail.reserved: of 3 workers 3 would be kept"), std::string::npos)
      << message;
  EXPECT_EQ(refusal(settings("[scheduler]\nworkers = 4\n[queues.mail]\nreserved = 2\n")),
            "accepted");
}

TEST(Queues, WhereThereIsOneWorkerNothingIsKeptAndNothingWrong) {
  EXPECT_EQ(refusal(settings("[scheduler]\nworkers = 1\n")), "accepted");
}

TEST(Queues, NoMoreIsKeptThanALimitLetsRun) {
  const std::string message = refusal(settings("[queues.mail]\nlimit = 1\nreserved = 2\n"));
  EXPECT_NE(message.find("2 workers are kept for a queue that may use 1"), std::string::npos)
      << message;
}

TEST(Queues, HaveNamesOfSmallLettersAndDashes) {
  EXPECT_NE(refusal(settings("[queues.\"Mail out\"]\nweight = 1\n")).find("no name of a queue"),
            std::string::npos);
}

}  // namespace
}  // namespace hotclock::config
