// The files of Hotclock's pages, embedded into the program.
#pragma once

#include <span>
#include <string_view>

namespace hotclock::web {

// What a browser gets for a path. All of it lives as long as the program.
struct Asset {
  std::string_view path;  // "/demo/demo.js"; a page is what its folder's path gives: "/demo/"
  std::string_view content_type;
  std::string_view bytes;
  std::string_view etag;  // with its quotes; other bytes have another
  std::string_view encoding = {};  // "gzip" or "br": as the bytes are stored; the path of the latter ends with .br
};

// All of them, sorted by path. Threads: any.
std::span<const Asset> assets();

// The one at `path`, or null.
const Asset* find_asset(std::string_view path);

}  // namespace hotclock::web
