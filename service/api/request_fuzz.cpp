// Bytes from strangers, as HTTP requests to every operation, on a database that is there: whatever
// they are, they are answered in JSON and UTF-8 with a status that is no fault of ours, and the
// audit stays whole.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <unistd.h>
#include <boost/json/parse.hpp>

#include "scheduler/base/clock.h"
#include "scheduler/base/utf8.h"
#include "service/access/tokens.h"
#include "service/api/callers.h"
#include "service/api/rest.h"
#include "service/audit/audit.h"
#include "service/http/request_reader.h"
#include "service/jobs/catalogue.h"
#include "service/operations/operations.h"
#include "service/schema/schema.h"

namespace {

using namespace hotclock;

void require(bool holds) {
  if (!holds) std::abort();
}

template <class T>
T must(Result<T> result) {
  require(result.has_value());
  return std::move(result).value();
}

// A program of one database, on a clock that stands still.
class World {
 public:
  World() {
    std::filesystem::remove_all(place_);
    std::filesystem::create_directories(place_);
    database_ = must(sql::open("sqlite:" + place_ + "/fuzz.db", {.create = true}));
    require(schema::migrate(*database_, clock_.now()).has_value());
    settings_ = std::make_shared<const config::Config>(
        must(config::read({}, {}, config::Jobs(jobs::defaults(), jobs::kinds()))));
    desk_ = std::make_unique<operations::Desk>(
        operations::Desk{.database = *database_,
                         .clock = clock_,
                         .settings = [this] { return settings_; },
                         .files = [this] { return Result(settings_); },
                         .version = "1.2.3"});
  }
  ~World() {
    desk_.reset();
    database_.reset();
    std::filesystem::remove_all(place_);
  }

  // What the request is answered once somebody good has asked.
  void ask(http::Request& request) {
    static_cast<void>(api::Credentials::of(request));
    constexpr std::string_view root = "/api/v1";
    const std::string below =
        request.path.starts_with(root) ? request.path.substr(root.size()) : request.path;
    const access::Principal who{
        .name = "fuzzer", .grant = {.role = access::Role::admin}, .from = "127.0.0.1"};
    auto answer = operations::Operations(*desk_).perform(
        who, {.method = request.method,
              .path = below,
              .query = request.parameters,
              .body = request.body,
              .if_match = std::string(request.header("if-match")),
              .id = "fuzz"});
    look_at(api::response_of(std::move(answer), request.path, "fuzz"));
  }
  void tokens(std::string_view text) {
    require(!access::principal_of(*database_, text, "127.0.0.1", clock_.now()));
  }
  void end() { require(must(audit::check(*database_)).broken.empty()); }

 private:
  static void look_at(const http::Response& response) {
    require(response.status >= 200 && response.status != 500 && response.status != 503);
    for (const auto& [name, value] : response.headers)
      require(value.find_first_of("\r\n") == value.npos);
    const std::string_view text = http::bytes(response.body);
    require(is_well_formed(text));
    const std::string_view type = http::find(response.headers, "Content-Type");
    if (type.find("json") == type.npos || type == "application/jsonl") return;
    boost::json::error_code failed;
    boost::json::parse({text.data(), text.size()}, failed);
    require(!failed);
  }

  const std::string place_ =
      std::filesystem::temp_directory_path() / ("hotclock-fuzz-" + std::to_string(getpid()));
  ManualClock clock_{from_millis(1'790'000'000'000)};
  std::unique_ptr<sql::Database> database_;
  std::shared_ptr<const config::Config> settings_;
  std::unique_ptr<operations::Desk> desk_;
};

// One for some requests, so that they meet what others left.
World& world() {
  static std::unique_ptr<World> now;
  static int asked = 0;
  if (!now || ++asked % 500 == 0) {
    if (now) now->end();
    now.reset();
    now = std::make_unique<World>();
  }
  return *now;
}

bool is_text(const http::Request& request) {
  const auto fine = [](const auto& one) {
    return is_well_formed(one.first) && is_well_formed(one.second);
  };
  return is_well_formed(request.path) && std::ranges::all_of(request.parameters, fine);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.starts_with("hc_")) world().tokens(bytes);
  http::RequestReader reader(16 * 1024);
  while (true) {
    switch (reader.feed(bytes)) {
      case http::RequestReader::Step::head:
        if (!reader.limit_body(64 << 10)) return 0;
        continue;
      case http::RequestReader::Step::complete:
        // The gate lets no other pass.
        if (is_text(reader.request())) world().ask(reader.request());
        return 0;
      case http::RequestReader::Step::more:
      case http::RequestReader::Step::wrong:
        return 0;
    }
  }
}
