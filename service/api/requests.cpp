#include "service/api/requests.h"

#include <optional>

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "service/api/requests.sql.h"
#include "service/digest/sha256.h"
#include "service/operations/json.h"
#include "service/sql/rows.h"

namespace hotclock::api {
namespace {

namespace json = boost::json;
namespace text = stmt::requests;
using operations::Answer;
using operations::problem;

struct Key {
  std::string who, key, fingerprint;
};

// Each part with its length before it, so that no two requests are one text.
std::string fingerprint_of(const operations::Request& request) {
  std::string all;
  const auto add = [&all](std::string_view part) {
    all += fmt::format("{}:{}", part.size(), part);
  };
  for (const std::string* part : {&request.method, &request.path, &request.body, &request.if_match})
    add(*part);
  for (const auto& [name, value] : request.query) {
    add(name);
    add(value);
  }
  return digest::sha256_hex(all);
}

std::string stored(Answer answer) {
  if (auto* body = answer.body.if_object(); body && body->contains("secret"))
    answer = problem(409, "conflict",
                     fmt::format("this was done: it is {}, and its secret is shown only once",
                                 std::string(body->at("id").as_string())));
  return json::serialize(json::object{{"status", answer.status},
                                      {"body", answer.body},
                                      {"etag", answer.etag},
                                      {"location", answer.location}});
}

Answer restored(std::string_view kept) {
  const json::object read = json::parse({kept.data(), kept.size()}).as_object();
  return {.status = read.at("status").to_number<int>(),
          .body = read.at("body"),
          .etag = std::string(read.at("etag").as_string()),
          .location = std::string(read.at("location").as_string())};
}

Answer answer_of_row(const sql::Rows& row, const Key& key) {
  if (row.text(0) != key.fingerprint)
    return problem(422, "key_used", "this Idempotency-Key came with another request before");
  if (row.is_null(1))
    return problem(
        409, "in_progress",
        "the first request with this key is being worked, or nobody knows what became of it");
  return restored(row.text(2));
}

// The answer where the key is known; none: it is ours to work.
Result<std::optional<Answer>> begin(sql::Database& database, const Key& key, Instant now) {
  auto tx = database.write();
  if (!tx) return std::move(tx).error();
  auto gone = (*tx)->exec(text::forget, {now - requests_kept});
  if (!gone) return std::move(gone).error();
  auto begun = (*tx)->exec(text::begin, {std::string_view(key.who), std::string_view(key.key),
                                         std::string_view(key.fingerprint), now});
  if (!begun) return std::move(begun).error();
  std::optional<Answer> known;
  if (*begun == 0) {
    auto found =
        sql::first_row(**tx, text::find, {std::string_view(key.who), std::string_view(key.key)},
                       [&](const sql::Rows& row) { return answer_of_row(row, key); });
    if (!found) return std::move(found).error();
    known = std::move(*found);
  }
  if (auto done = (*tx)->commit(); !done) return std::move(done).error();
  return known;
}

// Where it cannot be written, the key stays taken, and nobody works the request a second time.
void finish(sql::Database& database, const Key& key, const Answer& answer) {
  auto tx = database.write();
  if (!tx) return;
  const std::string kept = stored(answer);
  const auto done =
      answer.status == 503
          ? (*tx)->exec(text::take_back, {std::string_view(key.who), std::string_view(key.key)})
          : (*tx)->exec(text::finish, {std::string_view(key.who), std::string_view(key.key),
                                       std::int64_t{answer.status}, std::string_view(kept)});
  if (done) static_cast<void>((*tx)->commit());
}

}  // namespace

Answer once(sql::Database& database, const std::string& key, const access::Principal& who,
            const operations::Request& request, Instant now, const std::function<Answer()>& work) {
  const Key whole{who.token ? fmt::format("token:{}", *who.token) : "name:" + who.name, key,
                  fingerprint_of(request)};
  auto known = begin(database, whole, now);
  if (!known) return operations::problem_of(known.error());
  if (*known) return std::move(**known);
  Answer answer = work();
  finish(database, whole, answer);
  return answer;
}

}  // namespace hotclock::api
