#include "service/api/dashboard_pages.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "service/api/api_support.h"

namespace hotclock::api {
namespace {

class DashboardPagesTest : public ApiFixture {
 protected:
  DashboardPagesTest() {
    opens({.enabled = false}, [](http::Server& server, const Ground&) { serve_dashboard(server); });
  }
  // The address of the script that the page loads.
  std::string script() {
    std::smatch found;
    const std::string page = gets("/").body;
    return std::regex_search(page, found, std::regex(R"re(src="(/assets/[^"]+\.js)")re"))
               ? found.str(1)
               : "";
  }
};

TEST_F(DashboardPagesTest, GiveTheOnePageForEachOfItsAddresses) {
  const std::string page = gets("/").body;
  EXPECT_NE(page.find("<div id=\"app\">"), std::string::npos);
  for (const char* path :
       {"/jobs", "/jobs/og-daily-bonus", "/executions/019ac", "/timeline?from=x", "/clients"}) {
    const auto answer = gets(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_EQ(answer.body, page) << path;
  }
}

TEST_F(DashboardPagesTest, SayWhatIsNoPage) {
  EXPECT_EQ(status("/jbos"), 404);
  EXPECT_EQ(status("//api/v1/jobs"), 404);
  EXPECT_EQ(status("/assets/none.js"), 404);
  EXPECT_EQ(status("/assets/../index.html"), 404);
  EXPECT_EQ(http::ask(port(), "POST", "/jobs", "", {}).status, 405);
}

TEST_F(DashboardPagesTest, AreAskedForAnewButNotSentTwice) {
  const auto first = gets("/", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(first.header("cache-control"), "no-cache");
  const auto again = gets(
      "/", {{"Accept-Encoding", "gzip"}, {"If-None-Match", std::string(first.header("etag"))}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
}

TEST_F(DashboardPagesTest, KeepForGoodWhatHasItsHashInItsName) {
  ASSERT_NE(script(), "");
  EXPECT_EQ(gets(script()).header("cache-control"), "public, max-age=31536000, immutable");
}

TEST_F(DashboardPagesTest, AreSentPackedToWhoTakesThat) {
  const auto packed = gets(script(), {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_EQ(packed.body.substr(0, 2), "\x1f\x8b");
  const auto plain = gets(script(), {{"Accept-Encoding", "identity"}});
  EXPECT_EQ(plain.header("content-encoding"), "");
  EXPECT_GT(plain.body.size(), 2 * packed.body.size());
}

TEST_F(DashboardPagesTest, AreSentSmallerStillToWhoTakesBrotli) {
  const auto gzip = gets(script(), {{"Accept-Encoding", "gzip"}});
  const auto brotli = gets(script(), {{"Accept-Encoding", "gzip, deflate, br, zstd"}});
  EXPECT_EQ(brotli.header("content-encoding"), "br");
  EXPECT_EQ(brotli.header("content-type"), gzip.header("content-type"));
  EXPECT_NE(brotli.header("etag"), gzip.header("etag"));
  EXPECT_LT(brotli.body.size(), gzip.body.size());
  EXPECT_EQ(gets(script(), {{"Accept-Encoding", "gzip, br;q=0"}}).header("content-encoding"),
            "gzip");
  EXPECT_EQ(gets(script(), {{"Accept-Encoding", "*"}}).header("content-encoding"), "gzip");
  EXPECT_EQ(status(script() + ".br"), 404);
}

TEST_F(DashboardPagesTest, ForbidWhatTheyDoNotNeed) {
  const auto page = gets("/");
  const std::string policy(page.header("content-security-policy"));
  EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(page.body.find("<style"), std::string::npos);
}

class DashboardOfADirectoryTest : public ApiFixture {
 protected:
  DashboardOfADirectoryTest() {
    std::filesystem::create_directories(root_ / "assets");
    std::ofstream(root_ / "index.html") << "a page that is worked on";
    std::ofstream(root_ / "assets/a.js") << "let a;";
    std::ofstream(root_.parent_path() / "beside.js") << "not theirs";
    opens({.enabled = false}, [this](http::Server& server, const Ground&) {
      serve_dashboard(server, UiDirectory::open(root_).value());
    });
  }

 private:
  sql::ScratchDirectory place_;
  const std::filesystem::path root_ = std::filesystem::path(place_.path()) / "ui";
};

TEST_F(DashboardOfADirectoryTest, GivesItsFilesUnderTheSamePolicyAndLetsNobodyKeepThem) {
  const auto page = gets("/jobs/a");
  EXPECT_EQ(page.body, "a page that is worked on");
  EXPECT_EQ(page.header("cache-control"), "no-store");
  EXPECT_NE(page.header("content-security-policy").find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(page.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(gets("/assets/a.js").body, "let a;");
  EXPECT_EQ(status("/jbos"), 404);
  EXPECT_EQ(gets("/jbos").body, page.body);
}

TEST_F(DashboardOfADirectoryTest, GivesNothingFromBesideIt) {
  for (const char* path : {"/assets/../../beside.js", "/assets/%2e%2e/%2e%2e/beside.js",
                           "/assets/..%2f..%2fbeside.js", "/assets/none.js"}) {
    EXPECT_EQ(status(path), 404) << path;
    EXPECT_EQ(gets(path).body.find("not theirs"), std::string::npos) << path;
  }
}

}  // namespace
}  // namespace hotclock::api
