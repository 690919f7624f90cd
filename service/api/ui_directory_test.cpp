#include "service/api/ui_directory.h"

#include <gtest/gtest.h>

#include <fstream>

#include "service/sql/sql_support.h"

namespace hotclock::api {
namespace {

namespace fs = std::filesystem;

class UiDirectoryTest : public testing::Test {
  sql::ScratchDirectory place_;

 protected:
  UiDirectoryTest() {
    writes("ui/index.html", "the page");
    writes("ui/assets/a.js", "let a;");
    writes("ui/notes.txt", "of no kind that is served");
    writes("beside.html", "not theirs");
    writes("ui2/index.html", "another's");
  }

  fs::path at(const std::string& name) const { return fs::path(place_.path()) / name; }
  void writes(const std::string& name, const std::string& text) const {
    fs::create_directories(at(name).parent_path());
    std::ofstream(at(name)) << text;
  }
  std::string reads(std::string_view path) const {
    const auto file = UiDirectory::open(at("ui")).value().read(path);
    return file ? file->bytes : "nothing";
  }
};

TEST_F(UiDirectoryTest, GivesItsFilesAsTheyAreByThen) {
  const auto ui = UiDirectory::open(at("ui")).value();
  EXPECT_EQ(ui.read("/assets/a.js")->bytes, "let a;");
  EXPECT_EQ(ui.read("/assets/a.js")->content_type, "text/javascript; charset=utf-8");
  writes("ui/assets/a.js", "let b;");
  EXPECT_EQ(ui.read("/assets/a.js")->bytes, "let b;");
  EXPECT_FALSE(ui.read("/assets/b.js"));
}

TEST_F(UiDirectoryTest, GivesNothingFromElsewhere) {
  fs::create_symlink(at("beside.html"), at("ui/assets/link.html"));
  fs::create_symlink(at("ui/index.html"), at("ui/assets/inside.html"));
  for (const char* path :
       {"/../beside.html", "/assets/../../beside.html", "/../ui2/index.html", "/assets/link.html",
        "//etc/hostname.html", "/assets", "/", "", "/notes.txt"})
    EXPECT_EQ(reads(path), "nothing") << path;
  EXPECT_EQ(reads("/" + at("beside.html").string()), "nothing");
  EXPECT_EQ(reads("/assets/inside.html"), "the page");
}

TEST_F(UiDirectoryTest, IsNoneWithoutThePage) {
  EXPECT_EQ(UiDirectory::open(at("ui/assets")).error().code(), Errc::invalid);
  EXPECT_EQ(UiDirectory::open(at("nowhere")).error().code(), Errc::invalid);
}

}  // namespace
}  // namespace hotclock::api
