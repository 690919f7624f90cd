#include "service/api/ui_directory.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace hotclock::api {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> types{
    {{".html", "text/html; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".map", "application/json"},
     {".svg", "image/svg+xml"}}};

std::string_view type_of(const fs::path& file) {
  const auto* found = std::ranges::find(types, file.extension().native(),
                                        &std::pair<std::string_view, std::string_view>::first);
  return found == types.end() ? std::string_view() : found->second;
}

bool lies_in(const fs::path& file, const fs::path& root) {
  return std::ranges::mismatch(root, file).in1 == root.end();
}

}  // namespace

Result<UiDirectory> UiDirectory::open(const fs::path& directory) {
  std::error_code error;
  fs::path root = fs::canonical(directory, error);
  if (error || !fs::is_regular_file(root / "index.html", error))
    return Error(Errc::invalid, "there is no index.html in " + directory.string());
  return UiDirectory(std::move(root));
}

std::optional<UiFile> UiDirectory::read(std::string_view path) const {
  std::error_code error;
  const fs::path file = fs::canonical(root_ / fs::path(path).relative_path(), error);
  if (error || !lies_in(file, root_) || !fs::is_regular_file(file, error)) return std::nullopt;
  const std::string_view type = type_of(file);
  std::ifstream in(file, std::ios::binary);
  if (type.empty() || !in) return std::nullopt;
  return UiFile{type, {std::istreambuf_iterator<char>(in), {}}};
}

}  // namespace hotclock::api
