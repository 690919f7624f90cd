// A program that serves, read by Prometheus itself, and what docs/metrics.md says of its numbers.
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <sstream>

#include "service/http/client_support.h"
#include "service/outgoing/http_client.h"
#include "service/outgoing/receiver_support.h"
#include "service/sql/sql_support.h"
#include "tests/process/program.h"

namespace hotclock {
namespace {

// What a family is, as it is told or documented.
struct Family {
  std::string kind;
  std::set<std::string> labels;
  friend bool operator==(const Family&, const Family&) = default;
};
using Families = std::map<std::string, Family>;

std::set<std::string> names_in(const std::string& text, const std::regex& name) {
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), name), end; at != end; ++at)
    names.insert((*at)[1]);
  return names;
}

Families documented() {
  std::ifstream page(HOTCLOCK_DOCUMENTS "/metrics.md");
  const std::regex row(R"(^\| `([a-z_]+)` \| (\w+) \| ([a-z_, ]*) \|.*)");
  Families all;
  for (std::string line; std::getline(page, line);)
    if (std::smatch found; std::regex_match(line, found, row))
      all[found[1]] = {found[2], names_in(found[3], std::regex("([a-z_]+)"))};
  return all;
}

// The family that a series belongs to: buckets, sums and counts are of one.
std::string family_of(const std::string& series, const Families& known) {
  for (const std::string suffix : {"_bucket", "_sum", "_count"})
    if (series.ends_with(suffix))
      if (const auto name = series.substr(0, series.size() - suffix.size()); known.contains(name))
        return name;
  return series;
}

Families told(const std::string& text) {
  Families all;
  const std::regex type("# TYPE ([a-z_]+) (\\w+)"), series("([a-z_]+)(\\{.*\\})? [^ ]+"),
      label("([a-z_]+)=\"");
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::smatch found;
    if (std::regex_match(line, found, type)) all[found[1]].kind = found[2];
    if (line.starts_with('#') || !std::regex_match(line, found, series)) continue;
    for (const std::string& name : names_in(found[2], label))
      if (name != "le") all[family_of(found[1], all)].labels.insert(name);
  }
  return all;
}

// One that nobody listens at now.
std::uint16_t free_port() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  close(listener);
  return ntohs(address.sin_port);
}

// A Prometheus that scrapes one address each second, until it is destroyed.
class Prometheus {
 public:
  Prometheus(const std::string& folder, const std::string& scraped) : port_(free_port()) {
    std::ofstream(folder + "/prometheus.yml")
        << "global: {scrape_interval: 1s}\nscrape_configs:\n  - job_name: hotclock\n    "
           "honor_labels: true\n"
        << "    static_configs: [{targets: ['" << scraped << "']}]\n";
    const std::string listens = "--web.listen-address=127.0.0.1:" + std::to_string(port_);
    const std::string configured = "--config.file=" + folder + "/prometheus.yml";
    const std::string stores = "--storage.tsdb.path=" + folder + "/tsdb";
    const std::string log = folder + "/prometheus.log";
    pid_ = fork();
    if (pid_ != 0) return;
    const int out = open(log.c_str(), O_CREAT | O_WRONLY, 0600);
    dup2(out, 1);
    dup2(out, 2);
    execlp("prometheus", "prometheus", configured.c_str(), stores.c_str(), listens.c_str(),
           "--enable-feature=exemplar-storage", nullptr);
    _exit(127);
  }
  ~Prometheus() {
    kill(pid_, SIGTERM);
    int status = 0;
    waitpid(pid_, &status, 0);
  }
  Prometheus(const Prometheus&) = delete;
  Prometheus& operator=(const Prometheus&) = delete;

  // What it answers to a query; nothing while it does not.
  std::string asked(const std::string& query) const {
    const auto answer = outgoing::send(
        {.method = "GET",
         .url = "http://127.0.0.1:" + std::to_string(port_) + "/api/v1/query?query=" + query,
         .reach = {.allow_private = true}},
        {});
    return answer ? answer->body : std::string();
  }

 private:
  const std::uint16_t port_;
  pid_t pid_ = -1;
};

class MetricsOfAServerTest : public testing::Test {
 protected:
  MetricsOfAServerTest() {
    // Numbers of notices are there where somebody is told.
    file("hotclock.toml",
         "[notifiers.people]\nkind = \"alertmanager\"\nallow_private = true\nurl = \"" +
             collector_.url("") + "\"\n");
    EXPECT_EQ(Program({"demo", "--users", "50", "--streams", "3"}, environment_, place_.path())
                  .wait()
                  .code,
              0);
    server_ =
        std::make_unique<Program>(std::vector<std::string>{"serve"}, environment_, place_.path());
    EXPECT_TRUE(comes_true([&] { return port() != 0; })) << server_->log();
  }
  ~MetricsOfAServerTest() override {
    if (!server_) return;
    server_->signal(SIGTERM);
    EXPECT_EQ(server_->wait().code, 0);
  }

  std::uint16_t port() const {
    static const std::regex where("numbers for Prometheus.*127.0.0.1:(\\d+)/metrics");
    const std::string log = server_->log();
    std::smatch found;
    return std::regex_search(log, found, where) ? static_cast<std::uint16_t>(std::stoi(found[1]))
                                                : 0;
  }
  std::string scraped() const { return http::ask(port(), "GET", "/metrics").body; }
  std::string file(const std::string& name, const std::string& text) const {
    const std::string path = place_.path() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  outgoing::Receiver collector_{{outgoing::http_answer("200 OK", "", "{}")}};
  sql::ScratchDirectory place_;
  const std::map<std::string, std::string> environment_{
      {"HOTCLOCK_DATABASE_URL", place_.url("demo.db")},
      {"HOTCLOCK_METRICS__ENABLED", "true"},
      {"HOTCLOCK_METRICS__PORT", "0"},
      {"HOTCLOCK_API__PORT", "0"},
      {"HOTCLOCK_REALTIME__PORT", "0"},
      {"HOTCLOCK_OTLP__ENDPOINT", collector_.url("")},
      {"HOTCLOCK_OTLP__EVERY", "1s"}};
  std::unique_ptr<Program> server_;
};

TEST_F(MetricsOfAServerTest, EveryNumberIsDocumentedAndEveryDocumentedNumberIsTold) {
  const Families page = documented(), server = told(scraped());
  ASSERT_GT(page.size(), 50u);
  for (const auto& [name, family] : server) {
    ASSERT_TRUE(page.contains(name)) << name << " is not in docs/metrics.md";
    EXPECT_EQ(page.at(name).kind, family.kind) << name;
    // What has no series yet, such as a sink where there is none, shows no labels.
    EXPECT_TRUE(family.labels.empty() || page.at(name).labels == family.labels) << name;
  }
  for (const auto& [name, family] : page)
    EXPECT_TRUE(server.contains(name)) << name << " is not told";
}

TEST_F(MetricsOfAServerTest, PromtoolFindsNothingWrong) {
  const std::string numbers = file("numbers.txt", scraped());
  const std::string said = place_.path() + "/said.txt";
  const int status =
      std::system(("promtool check metrics < " + numbers + " > " + said + " 2>&1").c_str());
  std::ostringstream words;
  words << std::ifstream(said).rdbuf();
  EXPECT_EQ(WEXITSTATUS(status), 0) << words.str();
}

TEST_F(MetricsOfAServerTest, PrometheusReadsThem) {
  const Prometheus prometheus(place_.path(), "127.0.0.1:" + std::to_string(port()));
  EXPECT_TRUE(comes_true([&] {
    return prometheus.asked("up").find(",\"1\"]") != std::string::npos;
  })) << prometheus.asked("up");
  EXPECT_TRUE(comes_true([&] {
    return prometheus.asked("hotclock_slots_ended_total").find("\"job\":\"og-daily-bonus\"") !=
           std::string::npos;
  }));
}

TEST_F(MetricsOfAServerTest, OpenMetricsIsToldToWhoeverWantsIt) {
  const auto answer =
      http::ask(port(), "GET", "/metrics", {},
                {{"Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}});
  EXPECT_TRUE(
      answer.header("content-type").starts_with("application/openmetrics-text; version=1.0.0"));
  EXPECT_TRUE(answer.body.ends_with("# EOF\n"));
}

TEST_F(MetricsOfAServerTest, ACollectorGetsNumbersAndATraceOfEachSlot) {
  const auto got = [&](const std::string& line, const std::string& text) {
    for (const auto& one : collector_.received())
      if (one.line == line && one.body.find(text) != std::string::npos) return true;
    return false;
  };
  EXPECT_TRUE(
      comes_true([&] { return got("POST /v1/metrics HTTP/1.1", "hotclock_slots_ended_total"); }));
  EXPECT_EQ(Program({"run", "stream-ranking"}, environment_, place_.path()).wait().code, 0);
  EXPECT_TRUE(comes_true([&] { return got("POST /v1/traces HTTP/1.1", "slot stream-ranking"); }));
}

}  // namespace
}  // namespace hotclock
