// Publishes what it is told, one JSON job a line, and answers "ok" or "err WHY" a line: how tests
// in other languages try the emitters.
//   {"adapter":"redis|sharded|streams|postgres","op":"emit|join|leave|disconnect|server","nsp":"/",
//    "rooms":[],"except":[],"flags":{},"args":["event",...],"target":["room"],"close":true,"tx":3}
// Binary is written {"$b64":"..."}. "tx": so many times, in one publish: one transaction on
// PostgreSQL. From the environment: REDIS_URL, PG_URL, PREFIX; and as the servers are set:
// SUBSCRIPTION (dynamic, static, dynamic-private), STREAM_COUNT; and files for TLS: CA_FILE,
// CERTIFICATE_FILE, KEY_FILE.
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <string>

#include "service/emitters/emission.h"
#include "service/emitters/emitter.h"

namespace {

using namespace hotclock;
using namespace hotclock::emitters;

std::string variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

Error no_job(const std::string& why) { return Error(Errc::invalid, why); }

template <class Value>
Result<Value> named(const std::map<std::string, Value>& known, const std::string& name) {
  const auto found = known.find(name);
  if (found == known.end()) return no_job("there is no '" + name + "'");
  return found->second;
}

const std::map<std::string, Adapter> adapters = {{"redis", Adapter::redis},
                                                 {"sharded", Adapter::redis_sharded},
                                                 {"streams", Adapter::redis_streams},
                                                 {"postgres", Adapter::postgres}};
const std::map<std::string, Emission::Op> ops = {{"emit", Emission::Op::emit},
                                                 {"join", Emission::Op::join},
                                                 {"leave", Emission::Op::leave},
                                                 {"disconnect", Emission::Op::disconnect},
                                                 {"server", Emission::Op::server}};
const std::map<std::string, Subscription> subscriptions = {
    {"dynamic", Subscription::dynamic},
    {"static", Subscription::whole},
    {"dynamic-private", Subscription::dynamic_private}};

// ---------------------------------------------------------------- a job read

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<std::uint8_t> bytes;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text.substr(0, text.find('='))) {
    const auto value = letters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    held = held << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(held >> bits & 0xff));
  }
  return bytes;
}

// Puts binary where it is written {"$b64":"..."}.
bool take_binary(Json& value) {
  if (value.is_object() && value.size() == 1 && value.contains("$b64") &&
      value["$b64"].is_string()) {
    auto bytes = from_base64(value["$b64"].get<std::string>());
    if (!bytes) return false;
    value = Json::binary(std::move(*bytes));
  } else if (value.is_structured()) {
    for (Json& part : value)
      if (!take_binary(part)) return false;
  }
  return true;
}

Result<std::vector<std::string>> texts(const Json& job, const char* name) {
  std::vector<std::string> found;
  if (!job.contains(name)) return found;
  if (!job[name].is_array()) return no_job(std::string(name) + " is no array");
  for (const Json& one : job[name]) {
    if (!one.is_string()) return no_job(std::string(name) + " holds what is no string");
    found.push_back(one.get<std::string>());
  }
  return found;
}

std::string text(const Json& job, const char* name, const char* otherwise) {
  return job.contains(name) && job[name].is_string() ? job[name].get<std::string>() : otherwise;
}

bool flag(const Json& job, const char* name) {
  return job.contains(name) && job[name].is_boolean() && job[name].get<bool>();
}

Result<> read_lists(const Json& job, Emission& emission) {
  for (const auto& [name, list] : {std::pair{"rooms", &emission.rooms},
                                   {"except", &emission.except},
                                   {"target", &emission.target}}) {
    auto found = texts(job, name);
    if (!found) return std::move(found).error();
    *list = std::move(found).value();
  }
  return {};
}

Result<Emission> emission_of(const Json& job) {
  auto op = named(ops, text(job, "op", "emit"));
  if (!op) return std::move(op).error();
  Emission emission;
  emission.op = *op;
  emission.nsp = text(job, "nsp", "/");
  if (auto read = read_lists(job, emission); !read) return std::move(read).error();
  if (job.contains("flags") && job["flags"].is_object()) {
    emission.flags.is_volatile = flag(job["flags"], "volatile");
    if (job["flags"].contains("compress")) emission.flags.compress = flag(job["flags"], "compress");
  }
  Json args = job.contains("args") ? job["args"] : Json::array();
  if (!args.is_array() || !take_binary(args)) return no_job("args cannot be read");
  emission.args = args.get<Json::array_t>();
  emission.close = flag(job, "close");
  return emission;
}

// ---------------------------------------------------------------- a job done

class Desk {
 public:
  Result<> work(const std::string& line) {
    const Json job = Json::parse(line, nullptr, false);
    if (!job.is_object()) return no_job("the line is no JSON object");
    auto emission = emission_of(job);
    if (!emission) return std::move(emission).error();
    auto emitter = emitter_for(text(job, "adapter", ""));
    if (!emitter) return std::move(emitter).error();
    const bool many = job.contains("tx") && job["tx"].is_number_unsigned();
    const std::vector<Emission> all(many ? job["tx"].get<std::size_t>() : 1, *emission);
    Published went = (*emitter)->publish(all);
    return went ? Result<>() : *std::move(went.error);
  }

 private:
  Result<Emitter*> emitter_for(const std::string& name) {
    if (const auto known = emitters_.find(name); known != emitters_.end())
      return known->second.get();
    auto adapter = named(adapters, name);
    if (!adapter) return std::move(adapter).error();
    auto subscription = named(subscriptions, variable("SUBSCRIPTION", "dynamic"));
    if (!subscription) return std::move(subscription).error();
    EmitterSettings settings;
    settings.adapter = *adapter;
    settings.url = variable(*adapter == Adapter::postgres ? "PG_URL" : "REDIS_URL", "");
    settings.prefix = variable("PREFIX", "socket.io");
    settings.subscription = *subscription;
    settings.stream_count = std::atoi(variable("STREAM_COUNT", "1").c_str());
    settings.tls = {variable("CA_FILE", ""), variable("CERTIFICATE_FILE", ""),
                    variable("KEY_FILE", "")};
    auto made = make_emitter(settings);
    if (!made) return std::move(made).error();
    return (emitters_[name] = std::move(made).value()).get();
  }

  std::map<std::string, std::unique_ptr<Emitter>> emitters_;
};

std::string one_line(std::string words) {
  for (char& c : words)
    if (c == '\n' || c == '\r') c = ' ';
  return words;
}

}  // namespace

int main() {
  Desk desk;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.empty()) continue;
    const auto done = desk.work(line);
    if (done)
      std::cout << "ok" << std::endl;
    else
      std::cout << "err " << to_string(done.error().code()) << ": "
                << one_line(done.error().message()) << std::endl;
  }
}
