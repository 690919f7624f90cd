#include "web/assets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <span>
#include <string>
#include <vector>

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
const std::string scripts_of_stream[] = {"/demo/stream/country.js", "/demo/stream/stream.js"};

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

// What a page and its scripts ask for, as they write it.
std::set<std::string> wanted_of(const std::string& page, std::span<const std::string> scripts) {
  auto wanted = matches(bytes_of(page), "(?:src|href)=\"([^\"#]+)\"");
  for (const std::string& script : scripts)
    wanted.merge(matches(bytes_of(script), "from \"((?:\\.|\\.\\.)/[^\"]+)\""));
  return wanted;
}

// Where a relative address leads from /demo/stream/ or /demo/.
std::string path_of(const std::string& page, std::string address) {
  std::filesystem::path folder(page);
  return (folder / address).lexically_normal().string();
}

TEST(DemoPage, AsksForNothingThatIsNotThere) {
  const auto wanted = wanted_of("/demo/", scripts_of_demo);
  EXPECT_EQ(wanted, (std::set<std::string>{"./socket.io.js", "./words.js", "./coming.js",
                                           "demo.css", "demo.js", "icon.svg", "stream/"}));
  for (const std::string& file : wanted)
    EXPECT_NE(find_asset(path_of("/demo/", file)), nullptr) << file;
}

TEST(StreamPage, AsksForNothingThatIsNotThere) {
  const auto wanted = wanted_of("/demo/stream/", scripts_of_stream);
  EXPECT_GE(wanted.size(), 12u);
  for (const std::string& file : wanted)
    EXPECT_NE(find_asset(path_of("/demo/stream/", file)), nullptr) << file;
}

// A strict content security policy would silently leave them out.
TEST(Pages, HaveNoInlineScriptOrStyle) {
  for (const char* path : {"/demo/", "/demo/stream/"}) {
    const std::string page = bytes_of(path);
    EXPECT_TRUE(matches(page, "(<script(?![^>]* src=)[^>]*>)").empty()) << path;
    EXPECT_TRUE(matches(page, "(<style|<[^>]* style=|<[^>]* on[a-z]+=|javascript:)").empty())
        << path;
  }
}

void expect_elements(const std::string& page, std::span<const std::string> scripts,
                     std::size_t at_least) {
  const auto there = matches(bytes_of(page), " id=\"([^\"]+)\"");
  std::set<std::string> wanted;
  for (const std::string& script : scripts)
    wanted.merge(matches(bytes_of(script), "\\$\\(\"([^\"]+)\"\\)"));
  EXPECT_GE(wanted.size(), at_least);
  for (const std::string& id : wanted) EXPECT_TRUE(there.contains(id)) << page << ": " << id;
}

TEST(Pages, HaveEveryElementTheirScriptsSpeakOf) {
  expect_elements("/demo/", scripts_of_demo, 15);
  expect_elements("/demo/stream/", scripts_of_stream, 9);
}

TEST(Pages, ShowTextsAsTextsOnly) {
  std::vector<std::string> scripts{"/demo/theme.js", "/demo/boot.js"};
  scripts.insert(scripts.end(), std::begin(scripts_of_demo), std::end(scripts_of_demo));
  scripts.insert(scripts.end(), std::begin(scripts_of_stream), std::end(scripts_of_stream));
  for (const std::string& script : scripts) {
    EXPECT_FALSE(bytes_of(script).empty()) << script;
    for (const char* way : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                            "eval(", "setAttribute(\"style\""})
      EXPECT_EQ(bytes_of(script).find(way), std::string::npos) << script << ": " << way;
  }
}

}  // namespace
}  // namespace hotclock::web
