// What the system's tz database holds: its zones' names and its release.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "scheduler/zone/zone.h"

namespace hotclock {
namespace {

namespace fs = std::filesystem;

// The same place in which cctz looks.
fs::path zoneinfo() {
  const char* dir = std::getenv("TZDIR");
  return dir != nullptr && *dir != '\0' ? dir : "/usr/share/zoneinfo";
}

bool is_zone_file(const fs::path& path) {
  char magic[4] = {};
  std::ifstream in(path, std::ios::binary);
  return in.read(magic, sizeof magic) && std::string_view(magic, sizeof magic) == "TZif";
}

// Folders with other readings of the same zones, and files that are no zone of their own.
bool is_aside(const std::string& name) {
  return name == "posix" || name == "right" || name == "posixrules" || name == "localtime" ||
         name == "Factory";
}

std::vector<std::string> read_names() {
  const fs::path root = zoneinfo();
  std::vector<std::string> names{"UTC"};
  std::error_code ec;
  for (fs::recursive_directory_iterator it(root, ec), end; !ec && it != end; it.increment(ec)) {
    const std::string name = it->path().lexically_relative(root).generic_string();
    if (is_aside(name)) {
      it.disable_recursion_pending();
    } else if (it->is_regular_file(ec) && is_zone_file(it->path())) {
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

const std::vector<std::string>& zone_names() {
  static const std::vector<std::string> names = read_names();
  return names;
}

std::string zone_data_version() {
  std::string line;
  if (std::ifstream in(zoneinfo() / "+VERSION"); std::getline(in, line) && !line.empty())
    return line;
  constexpr std::string_view kMark = "# version ";
  if (std::ifstream in(zoneinfo() / "tzdata.zi"); std::getline(in, line) && line.starts_with(kMark))
    return line.substr(kMark.size());
  return "unknown";
}

}  // namespace hotclock
