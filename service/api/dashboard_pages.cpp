#include "service/api/dashboard_pages.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <zlib.h>

#include "service/api/rendered.h"
#include "web/assets.h"

namespace hotclock::api {
namespace {

constexpr std::array<std::string_view, 16> pages{
    "",      "jobs",   "executions", "timeline",  "history", "festivals", "alerts", "audit",
    "nodes", "queues", "tokens",     "approvals", "config",  "clients",   "slots",  "help"};

constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

bool is_page(std::string_view path) {
  if (path.find("//") != path.npos) return false;
  path.remove_prefix(1);
  const std::string_view first = path.substr(0, path.find('/'));
  return std::ranges::find(pages, first) != pages.end();
}

// Of bytes that the build packed, so it cannot fail for anything but memory.
std::string unpacked(std::string_view packed) {
  std::string out;
  std::array<char, 16 << 10> part{};
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return out;
  for (int state = Z_OK; state == Z_OK;) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(part.data(), part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return out;
}

// What the build packed with brotli lies beside what it packed with gzip, and is a sixth less; browsers
// take it of whom they trust: over TLS and on the machine itself.
const web::Asset* smallest(const http::Request& request, std::string_view path) {
  if (takes(request.header("accept-encoding"), "br").value_or(false))
    if (const web::Asset* found = web::find_asset(std::string(path) + ".br")) return found;
  const web::Asset* found = web::find_asset(path);
  return found && found->encoding != "br" ? found : nullptr;
}

// The tag is of the packed bytes; who takes none of these gets the file anew each time.
http::Response shown(const http::Request& request, const web::Asset& asset, std::string_view kept) {
  http::Response response;
  response.headers = {{"Content-Type", std::string(asset.content_type)},
                      {"Cache-Control", std::string(kept)},
                      {"Vary", "Accept-Encoding"}};
  if (asset.encoding == "gzip" && !takes_gzip(request.header("accept-encoding"))) {
    response.body = unpacked(asset.bytes);
    return response;
  }
  response.headers.emplace_back("ETag", asset.etag);
  if (names_tag(request.header("if-none-match"), asset.etag)) {
    response.status = 304;
    return response;
  }
  if (!asset.encoding.empty())
    response.headers.emplace_back("Content-Encoding", asset.encoding);
  response.body = std::string(asset.bytes);
  return response;
}

http::Response carried(const http::Request& request, std::string_view path, std::string_view kept) {
  const web::Asset* found = smallest(request, "/dashboard" + std::string(path));
  if (!found) return http::Response::text(404, "There is no such file.\n");
  return shown(request, *found, kept);
}

http::Response read(const UiDirectory& directory, std::string_view path) {
  auto file = directory.read(path);
  if (!file) return http::Response::text(404, "There is no such file.\n");
  http::Response response;
  response.headers = {{"Content-Type", std::string(file->content_type)},
                      {"Cache-Control", "no-store"}};
  response.body = std::move(file->bytes);
  return response;
}

using Files = std::shared_ptr<const std::optional<UiDirectory>>;

http::Response page(const Files& files, const http::Request& request) {
  constexpr std::string_view index = "/index.html";
  http::Response response = *files ? read(**files, index) : carried(request, index, "no-cache");
  if (response.status == 200 && !is_page(request.path)) response.status = 404;
  return response;
}

http::Response asset(const Files& files, const http::Request& request) {
  if (*files) return read(**files, request.path);
  return carried(request, request.path, "public, max-age=31536000, immutable");
}

void dress(const http::Request& request, http::Response& response) {
  const auto add = [&response](const char* name, std::string_view value) {
    response.headers.emplace_back(name, value);
  };
  if (http::find(response.headers, "Cache-Control").empty()) add("Cache-Control", "no-cache");
  add("X-Content-Type-Options", "nosniff");
  add("Content-Security-Policy", policy);
  add("Referrer-Policy", "no-referrer");
  add("Cross-Origin-Opener-Policy", "same-origin");
  add("Cross-Origin-Resource-Policy", "same-origin");
  if (request.secure) add("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace

void serve_dashboard(http::Server& server, std::optional<UiDirectory> instead) {
  const auto files = std::make_shared<const std::optional<UiDirectory>>(std::move(instead));
  const auto route = [&](std::string prefix, auto answer) {
    server.route({.prefix = std::move(prefix),
                  .methods = {"GET"},
                  .handler =
                      [files, answer](http::Exchange exchange) {
                        exchange.respond(answer(files, exchange.request()));
                      },
                  .body_bytes = 0,
                  .dress = dress});
  };
  route("/", page);
  route("/assets/", asset);
}

}  // namespace hotclock::api
