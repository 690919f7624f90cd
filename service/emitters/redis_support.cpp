#include "service/emitters/redis_support.h"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "service/sql/postgres_support.h"

namespace hotclock::emitters {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

Steady in(Duration span) { return std::chrono::steady_clock::now() + span; }

// The user that sql::launch_as_server_user() becomes must own what the server writes into.
std::string make_directory() {
  std::string pattern = (fs::temp_directory_path() / "hotclock-redis-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
  const passwd* user = getpwnam("postgres");
  if (geteuid() == 0 && user && chown(pattern.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("cannot give " + pattern + " to the server's user");
  return pattern;
}

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

RedisReply must(Result<RedisReply> reply) {
  if (!reply) throw std::runtime_error(reply.error().message());
  return std::move(reply).value();
}

}  // namespace

std::string text_of(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_INTEGER:
      return std::to_string(reply.integer);
    case REDIS_REPLY_NIL:
      return "-";
    case REDIS_REPLY_ARRAY:
      break;
    default:
      return {reply.str, reply.len};
  }
  std::string text = "[";
  for (std::size_t i = 0; i < reply.elements; ++i)
    text += (i ? " " : "") + text_of(*reply.element[i]);
  return text + "]";
}

// ---------------------------------------------------------------- a server

RedisServer::RedisServer(std::vector<std::string> settings)
    : directory_(make_directory()), settings_(std::move(settings)), port_(sql::free_port()) {
  start();
}

RedisServer::~RedisServer() {
  if (pid_ > 0) kill();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void RedisServer::start() {
  std::vector<std::string> words = {"/usr/bin/redis-server",
                                    "--bind",
                                    "127.0.0.1",
                                    "--port",
                                    std::to_string(port_),
                                    "--unixsocket",
                                    directory_ + "/socket",
                                    "--dir",
                                    directory_,
                                    "--save",
                                    ""};
  words.insert(words.end(), settings_.begin(), settings_.end());
  pid_ = sql::launch_as_server_user(words, directory_ + "/log");
  const RedisUrl url = parse_redis_url(file_url()).value();
  for (const Steady until = in(30s);; std::this_thread::sleep_for(2ms)) {
    auto made = RedisConnection::open(url.address, url, nullptr, in(1s));
    if (made || made.error().message().find("NOAUTH") != std::string::npos) return;
    if (std::chrono::steady_clock::now() > until || waitpid(pid_, nullptr, WNOHANG) == pid_)
      throw std::runtime_error("Redis does not start: " + content(directory_ + "/log"));
  }
}

void RedisServer::kill() {
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void RedisServer::freeze() { ::kill(pid_, SIGSTOP); }
void RedisServer::thaw() { ::kill(pid_, SIGCONT); }

std::unique_ptr<RedisConnection> RedisServer::connect() const {
  const RedisUrl url = parse_redis_url(file_url()).value();
  auto made = RedisConnection::open(url.address, url, nullptr, in(5s));
  if (!made) throw std::runtime_error(made.error().message());
  return std::move(made).value();
}

std::string RedisServer::ask(const std::vector<std::string>& words) const {
  return text_of(*must(connect()->ask(words, in(5s))));
}

// ---------------------------------------------------------------- who listens

Subscriber::Subscriber(const RedisServer& server, const std::string& how,
                       const std::vector<std::string>& channels)
    : connection_(server.connect()) {
  std::vector<std::string> words = {how};
  words.insert(words.end(), channels.begin(), channels.end());
  must(connection_->ask(words, in(5s)));
  for (std::size_t i = 1; i < channels.size(); ++i) must(connection_->receive(in(5s)));
}

Subscriber::Message Subscriber::next() {
  const RedisReply reply = must(connection_->receive(in(10s)));
  const std::size_t count = reply->elements;
  if (count < 3) throw std::runtime_error("no message: " + text_of(*reply));
  return {text_of(*reply->element[count - 2]), text_of(*reply->element[count - 1])};
}

// ---------------------------------------------------------------- one that is told what to answer

ScriptedRedis::ScriptedRedis(Answer answer) : answer_(std::move(answer)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{
      .sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 8) != 0)
    throw std::runtime_error("cannot listen");
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedRedis::~ScriptedRedis() {
  over_ = true;
  thread_.join();
  close(listener_);
}

void ScriptedRedis::serve() {
  while (!over_) {
    pollfd watched{listener_, POLLIN, 0};
    if (poll(&watched, 1, 10) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    serve_one(client);
    close(client);
  }
}

void ScriptedRedis::serve_one(int client) {
  const std::unique_ptr<redisReader, void (*)(redisReader*)> reader(redisReaderCreate(),
                                                                    redisReaderFree);
  while (!over_) {
    void* command = nullptr;
    if (redisReaderGetReply(reader.get(), &command) != REDIS_OK) return;
    if (!command) {
      pollfd watched{client, POLLIN, 0};
      if (poll(&watched, 1, 10) <= 0) continue;
      char room[4096];
      const ssize_t came = recv(client, room, sizeof room, 0);
      if (came <= 0) return;
      redisReaderFeed(reader.get(), room, static_cast<std::size_t>(came));
      continue;
    }
    const RedisReply said(static_cast<redisReply*>(command));
    std::vector<std::string> words;
    for (std::size_t i = 0; i < said->elements; ++i) words.push_back(text_of(*said->element[i]));
    std::optional<std::string> answer = "+PONG\r\n";
    if (words[0] == "CLUSTER") answer = "-ERR This instance has cluster support disabled\r\n";
    if (words[0] != "PING" && words[0] != "CLUSTER") answer = answer_(words);
    if (!answer) return;
    if (send(client, answer->data(), answer->size(), MSG_NOSIGNAL) < 0) return;
  }
}

}  // namespace hotclock::emitters
