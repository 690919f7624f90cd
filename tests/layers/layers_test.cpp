// The floor plan (cmake/layers.txt) read against every #include.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path root = HOTCLOCK_SOURCE_DIR;

// Folder -> its line, 0 at the top.
using FloorPlan = std::map<std::string, int>;

FloorPlan read_floor_plan(std::istream& in) {
  FloorPlan plan;
  std::string line;
  for (int floor = 0; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream folders(line);
    for (std::string folder; folders >> folder;) plan[folder] = floor;
    ++floor;
  }
  return plan;
}

// The folder on the plan that `file` lies in or below.
std::optional<std::string> folder_of(const FloorPlan& plan, fs::path file) {
  for (fs::path folder = file.parent_path(); !folder.empty(); folder = folder.parent_path())
    if (plan.contains(folder.generic_string())) return folder.generic_string();
  return std::nullopt;
}

std::vector<std::string> includes(std::istream& in) {
  std::vector<std::string> found;
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("#include \""))
      found.push_back(line.substr(10, line.find('"', 10) - 10));
  return found;
}

// What one file does against the plan; empty where nothing.
std::string fault(const FloorPlan& plan, const fs::path& file, const std::string& include) {
  const auto from = folder_of(plan, file);
  const auto to = folder_of(plan, include);
  if (!from) return file.generic_string() + " lies in a folder that is not on the floor plan";
  if (!to) return file.generic_string() + " includes " + include + ", which is not on the floor plan";
  if (*from == *to || plan.at(*from) < plan.at(*to)) return "";
  return file.generic_string() + " includes " + include + ": " + *to + " is not below " + *from;
}

TEST(Layers, NoIncludePointsUp) {
  std::ifstream lines(root / "cmake/layers.txt");
  const FloorPlan plan = read_floor_plan(lines);
  ASSERT_GE(plan.size(), 10u);
  int files = 0;
  for (const char* part : {"scheduler", "service"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / part)) {
      const fs::path file = entry.path();
      if (file.extension() != ".h" && file.extension() != ".cpp") continue;
      ++files;
      std::ifstream in(file);
      const fs::path name = fs::relative(file, root);
      // A test may look at its neighbours from above; everything that ships may not.
      if (name.stem().string().ends_with("_test")) continue;
      for (const std::string& include : includes(in)) EXPECT_EQ(fault(plan, name, include), "");
    }
  }
  EXPECT_GE(files, 30);
}

TEST(Layers, TheTestWouldNoticeAnIncludeThatPointsUp) {
  std::istringstream lines("service/cli\n# a remark\nscheduler/core\nscheduler/base scheduler/zone\n");
  const FloorPlan plan = read_floor_plan(lines);
  EXPECT_EQ(fault(plan, "scheduler/core/guard.cpp", "scheduler/base/time.h"), "");
  EXPECT_EQ(fault(plan, "scheduler/core/guard.cpp", "scheduler/core/guard.h"), "");
  EXPECT_NE(fault(plan, "scheduler/core/guard.cpp", "service/cli/main.h"), "");
  EXPECT_NE(fault(plan, "scheduler/base/time.h", "scheduler/zone/zone.h"), "");
  EXPECT_NE(fault(plan, "scheduler/cron/x.cpp", "scheduler/base/time.h"), "");
}

}  // namespace
