#include "web/assets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>

namespace hotclock::web {
namespace {

std::string bytes_of(std::string_view path) {
  const Asset* asset = find_asset(path);
  return asset ? std::string(asset->bytes) : "";
}

std::set<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> out;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at)
    out.insert((*at)[1]);
  return out;
}

const std::string scripts_of_demo[] = {"/demo/coming.js", "/demo/demo.js", "/demo/words.js"};

TEST(Assets, AreFoundByTheirPathsAndSorted) {
  ASSERT_FALSE(assets().empty());
  EXPECT_TRUE(std::ranges::is_sorted(assets(), {}, &Asset::path));
  for (const Asset& asset : assets()) {
    EXPECT_EQ(find_asset(asset.path), &asset);
    EXPECT_FALSE(asset.bytes.empty()) << asset.path;
  }
  for (const char* path : {"", "/", "/demo", "/demo/index.html", "/demo/demo.jsx"})
    EXPECT_EQ(find_asset(path), nullptr);
}

TEST(Assets, AreWholeFilesOfTheirTypes) {
  EXPECT_EQ(find_asset("/demo/")->content_type, "text/html; charset=utf-8");
  EXPECT_EQ(find_asset("/demo/demo.css")->content_type, "text/css; charset=utf-8");
  EXPECT_EQ(find_asset("/demo/demo.js")->content_type, "text/javascript; charset=utf-8");
  EXPECT_TRUE(bytes_of("/demo/").starts_with("<!doctype html>"));
  EXPECT_TRUE(bytes_of("/demo/").ends_with("</html>\n"));
  EXPECT_NE(bytes_of("/demo/socket.io.js").find("Socket.IO v4"), std::string::npos);
}

TEST(Assets, HaveTagsThatTellThemApart) {
  std::set<std::string_view> tags;
  for (const Asset& asset : assets()) {
    EXPECT_TRUE(std::regex_match(std::string(asset.etag), std::regex("\"[0-9a-f]{32}\"")))
        << asset.etag;
    tags.insert(asset.etag);
  }
  EXPECT_EQ(tags.size(), assets().size());
}

TEST(DemoPage, AsksForNothingThatIsNotThere) {
  const std::string page = bytes_of("/demo/");
  auto wanted = matches(page, "(?:src|href)=\"([^\"#]+)\"");
  for (const std::string& script : scripts_of_demo)
    wanted.merge(matches(bytes_of(script), "from \"\\./([^\"]+)\""));
  EXPECT_EQ(wanted, (std::set<std::string>{"coming.js", "demo.css", "demo.js", "icon.svg",
                                           "socket.io.js", "words.js"}));
  for (const std::string& file : wanted) EXPECT_NE(find_asset("/demo/" + file), nullptr) << file;
}

// A strict content security policy would silently leave them out.
TEST(DemoPage, HasNoInlineScriptOrStyle) {
  const std::string page = bytes_of("/demo/");
  EXPECT_TRUE(matches(page, "(<script(?![^>]* src=)[^>]*>)").empty());
  EXPECT_TRUE(matches(page, "(<style|<[^>]* style=|<[^>]* on[a-z]+=|javascript:)").empty());
}

TEST(DemoPage, FindsEveryElementItsScriptSpeaksOf) {
  const auto there = matches(bytes_of("/demo/"), " id=\"([^\"]+)\"");
  std::set<std::string> wanted;
  for (const std::string& script : scripts_of_demo)
    wanted.merge(matches(bytes_of(script), "\\$\\(\"([^\"]+)\"\\)"));
  EXPECT_GE(wanted.size(), 15u);
  for (const std::string& id : wanted) EXPECT_TRUE(there.contains(id)) << id;
}

TEST(DemoPage, ShowsTextsAsTextsOnly) {
  for (const std::string& script : scripts_of_demo)
    for (const char* way : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                            "eval(", "setAttribute(\"style\""})
      EXPECT_EQ(bytes_of(script).find(way), std::string::npos) << script << ": " << way;
}

}  // namespace
}  // namespace hotclock::web
