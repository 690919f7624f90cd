// A profile as it is kept and shown.
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "service/profiling/profile.h"

namespace hotclock::profiling {
namespace {

namespace json = boost::json;

// Reading one: what is not there is nothing, what is of another type throws.
struct Reader {
  const json::object& from;

  std::int64_t number(std::string_view name) const {
    const json::value* found = from.if_contains(name);
    return found ? found->as_int64() : 0;
  }
  Span span(std::string_view name) const { return Span{number(name)}; }
  std::string text(std::string_view name) const {
    const json::value* found = from.if_contains(name);
    return found ? std::string(found->as_string()) : std::string();
  }
  Reader object(std::string_view name) const { return {from.at(name).as_object()}; }
  template <class Make>
  auto list(std::string_view name, Make make) const {
    std::vector<decltype(make(std::declval<const json::value&>()))> all;
    if (const json::value* found = from.if_contains(name))
      for (const json::value& one : found->as_array()) all.push_back(make(one));
    return all;
  }
};

template <class T>
json::array list_json(const std::vector<T>& list, json::object (*each)(const T&)) {
  json::array out;
  for (const T& one : list) out.push_back(each(one));
  return out;
}

json::object to_json(const Phases& p) {
  return {{"turn_us", p.turn.count()},     {"statements_us", p.statements.count()},
          {"events_us", p.events.count()}, {"fence_us", p.fence.count()},
          {"commit_us", p.commit.count()}, {"own_us", p.own.count()}};
}

Phases phases_of(const Reader& r) {
  return {.turn = r.span("turn_us"),
          .statements = r.span("statements_us"),
          .events = r.span("events_us"),
          .fence = r.span("fence_us"),
          .commit = r.span("commit_us"),
          .own = r.span("own_us")};
}

json::object to_json(const ChunkProfile& c) {
  return {{"number", c.number},
          {"began_us", c.began.count()},
          {"took_us", c.took.count()},
          {"phases", to_json(c.phases)},
          {"rows", c.rows},
          {"bytes", c.bytes},
          {"committed", c.committed}};
}

ChunkProfile chunk_of(const json::value& value) {
  const Reader r{value.as_object()};
  return {.number = r.number("number"),
          .began = r.span("began_us"),
          .took = r.span("took_us"),
          .phases = phases_of(r.object("phases")),
          .rows = r.number("rows"),
          .bytes = r.number("bytes"),
          .committed = r.from.at("committed").as_bool()};
}

json::object to_json(const StatementProfile& s) {
  return {{"name", s.name},
          {"runs", s.runs},
          {"took_us", s.took.count()},
          {"longest_us", s.longest.count()},
          {"rows_given", s.rows_given},
          {"rows_changed", s.rows_changed},
          {"bytes_sent", s.bytes_sent},
          {"bytes_given", s.bytes_given}};
}

StatementProfile statement_of(const json::value& value) {
  const Reader r{value.as_object()};
  return {.name = r.text("name"),
          .runs = r.number("runs"),
          .took = r.span("took_us"),
          .longest = r.span("longest_us"),
          .rows_given = r.number("rows_given"),
          .rows_changed = r.number("rows_changed"),
          .bytes_sent = r.number("bytes_sent"),
          .bytes_given = r.number("bytes_given")};
}

json::object to_json(const Finding& f) {
  return {{"kind", json::string_view(to_string(f.kind))}, {"words", f.words}};
}

Finding finding_of(const json::value& value) {
  const Reader r{value.as_object()};
  Finding finding{Finding::Kind::no_plan, r.text("words")};
  from_string(r.text("kind"), finding.kind);
  return finding;
}

json::object to_json(const Plan& p) {
  return {{"statement", p.statement},
          {"lines", json::array(p.lines.begin(), p.lines.end())},
          {"findings", list_json<Finding>(p.findings, to_json)}};
}

Plan plan_of(const json::value& value) {
  const Reader r{value.as_object()};
  return {.statement = r.text("statement"),
          .lines = r.list("lines", [](const json::value& l) { return std::string(l.as_string()); }),
          .findings = r.list("findings", finding_of)};
}

Profile read(const Reader& r) {
  Profile p{.job = r.text("job"),
            .attempts = r.number("attempts"),
            .waiting = r.span("waiting_us"),
            .claim = r.span("claim_us"),
            .run = r.span("run_us"),
            .reading = r.span("reading_us"),
            .phases = phases_of(r.object("phases")),
            .chunks = r.number("chunks"),
            .rolled_back = r.number("rolled_back"),
            .rows = r.number("rows"),
            .bytes = r.number("bytes"),
            .kept_chunks = r.list("kept_chunks", chunk_of),
            .statements = r.list("statements", statement_of),
            .plans = r.list("plans", plan_of)};
  if (const json::value* ending = r.from.if_contains("ending_us"); ending && ending->is_int64())
    p.ending = Span{ending->as_int64()};
  return p;
}

}  // namespace

json::object to_json(const Profile& p) {
  return {{"job", p.job},
          {"attempts", p.attempts},
          {"waiting_us", p.waiting.count()},
          {"claim_us", p.claim.count()},
          {"run_us", p.run.count()},
          {"ending_us", p.ending ? json::value(p.ending->count()) : json::value()},
          {"reading_us", p.reading.count()},
          {"elsewhere_us", p.elsewhere().count()},
          {"phases", to_json(p.phases)},
          {"chunks", p.chunks},
          {"rolled_back", p.rolled_back},
          {"rows", p.rows},
          {"bytes", p.bytes},
          {"kept_chunks", list_json<ChunkProfile>(p.kept_chunks, to_json)},
          {"statements", list_json<StatementProfile>(p.statements, to_json)},
          {"plans", list_json<Plan>(p.plans, to_json)}};
}

Result<Profile> profile_of(std::string_view text) try {
  return read({json::parse(text).as_object()});
} catch (const std::exception& unfit) {
  return Error(Errc::corrupt, unfit.what()).within("read a profile");
}

}  // namespace hotclock::profiling
