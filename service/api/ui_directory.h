// The dashboard's files as they lie in a directory, for whoever works on them: `serve --ui-dir`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "scheduler/base/result.h"

namespace hotclock::api {

struct UiFile {
  std::string_view content_type;
  std::string bytes;
};

// Files are read anew each time, as they are by then. Threads: any.
class UiDirectory {
 public:
  // Errc::invalid unless an index.html is in it.
  static Result<UiDirectory> open(const std::filesystem::path& directory);

  // `path` begins with a slash: "/assets/a.js". None where there is no such file, where it is of no
  // kind that the dashboard has, or where it lies elsewhere once "..", and links, are followed.
  std::optional<UiFile> read(std::string_view path) const;

 private:
  explicit UiDirectory(std::filesystem::path root) : root_(std::move(root)) {}

  std::filesystem::path root_;  // without links
};

}  // namespace hotclock::api
