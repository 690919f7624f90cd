#include "service/emitters/redis_connection.h"

#include <hiredis/hiredis.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace hotclock::emitters {
namespace {

struct Meaning {
  std::string_view code;
  Errc errc;
};
constexpr Meaning meanings[] = {
    {"NOAUTH", Errc::conflict},
    {"WRONGPASS", Errc::conflict},
    {"NOPERM", Errc::conflict},
    {"WRONGTYPE", Errc::conflict},
    {"READONLY", Errc::read_only},
    {"LOADING", Errc::unavailable},
    {"CLUSTERDOWN", Errc::unavailable},
    {"MASTERDOWN", Errc::unavailable},
    {"TRYAGAIN", Errc::unavailable},
    {"ASK", Errc::unavailable},
    {"MOVED", Errc::unavailable},
    {"NOREPLICAS", Errc::unavailable},
    {"MISCONF", Errc::unavailable},
    {"OOM", Errc::unavailable},
    {"BUSY", Errc::busy},
};

Errc meaning(std::string_view words) {
  const std::string_view code = words.substr(0, words.find(' '));
  for (const Meaning& one : meanings)
    if (one.code == code) return one.errc;
  if (words.find("max number of clients") != std::string_view::npos) return Errc::unavailable;
  return words.find("unknown command") != std::string_view::npos ? Errc::unsupported
                                                                 : Errc::internal;
}

Result<std::variant<Socket, TlsStream>> connect(const RedisAddress& address, const TlsContext* tls,
                                                Steady until) {
  auto socket = address.path.empty() ? Socket::to_host(address.host, address.port, until)
                                     : Socket::to_file(address.path, until);
  if (!socket) return std::move(socket).error();
  if (!tls) return std::variant<Socket, TlsStream>(std::move(socket).value());
  auto stream = TlsStream::over(std::move(socket).value(), *tls, address.host, until);
  if (!stream) return std::move(stream).error();
  return std::variant<Socket, TlsStream>(std::move(stream).value());
}

}  // namespace

void RedisReplyFree::operator()(redisReply* reply) const { freeReplyObject(reply); }

void RedisConnection::ReaderFree::operator()(redisReader* reader) const { redisReaderFree(reader); }

void append_command(std::string& bytes, const std::vector<std::string>& words) {
  bytes += '*' + std::to_string(words.size()) + "\r\n";
  for (const std::string& word : words) {
    bytes += '$' + std::to_string(word.size()) + "\r\n";
    bytes += word;
    bytes += "\r\n";
  }
}

Error redis_error(std::string_view words) {
  const Errc errc = meaning(words);
  return Error(errc,
               "Redis says: " + std::string(words.substr(0, words.find(", with args beginning"))));
}

RedisConnection::RedisConnection(Stream stream)
    : stream_(std::move(stream)), reader_(redisReaderCreate()) {}

Result<std::unique_ptr<RedisConnection>> RedisConnection::open(const RedisAddress& address,
                                                               const RedisUrl& url,
                                                               const TlsContext* tls,
                                                               Steady until) {
  auto stream = connect(address, tls, until);
  if (!stream) return std::move(stream).error();
  std::unique_ptr<RedisConnection> made(new RedisConnection(std::move(stream).value()));
  if (auto ok = made->introduce(url, until); !ok) return std::move(ok).error();
  return made;
}

Result<> RedisConnection::introduce(const RedisUrl& url, Steady until) {
  if (auto ok = log_in(url, until); !ok) return ok;
  if (url.database != 0)
    if (auto ok = ask({"SELECT", std::to_string(url.database)}, until); !ok)
      return std::move(ok).error().within("choose database " + std::to_string(url.database));
  return try_out(until);
}

// A server that wants a password, or still loads, says so to a PING. Who may not even PING is known
// to it.
Result<> RedisConnection::try_out(Steady until) {
  std::string bytes;
  append_command(bytes, {"PING"});
  if (auto sent = send(bytes, until); !sent) return sent;
  auto reply = receive(until);
  if (!reply) return std::move(reply).error();
  if ((*reply)->type != REDIS_REPLY_ERROR) return {};
  const std::string_view words((*reply)->str, (*reply)->len);
  return words.starts_with("NOPERM") ? Result<>() : redis_error(words);
}

// What the server says to this could repeat the password: of its words only the code is kept.
Result<> RedisConnection::log_in(const RedisUrl& url, Steady until) {
  if (url.password.empty()) return {};
  std::vector<std::string> words = {"AUTH"};
  if (!url.user.empty()) words.push_back(url.user);
  words.push_back(url.password);
  auto reply = ask(words, until);
  if (reply) return {};
  const Errc code = reply.error().code();
  if (code == Errc::unavailable || code == Errc::timeout) return std::move(reply).error();
  return Error(Errc::conflict, "Redis does not accept the user and password of the URL");
}

Result<> RedisConnection::send(std::string_view bytes, Steady until) {
  return std::visit([&](auto& stream) { return stream.write(bytes, until); }, stream_);
}

Result<std::size_t> RedisConnection::read(std::span<char> room, Steady until) {
  return std::visit([&](auto& stream) { return stream.read(room, until); }, stream_);
}

Result<RedisReply> RedisConnection::receive(Steady until) {
  for (;;) {
    void* reply = nullptr;
    if (redisReaderGetReply(reader_.get(), &reply) != REDIS_OK)
      return Error(Errc::unavailable, std::string("this is no Redis: ") + reader_->errstr);
    if (reply) return RedisReply(static_cast<redisReply*>(reply));
    std::array<char, 16 * 1024> room;
    auto came = read(room, until);
    if (!came) return std::move(came).error();
    if (*came == 0) return Error(Errc::unavailable, "Redis closed the connection");
    if (redisReaderFeed(reader_.get(), room.data(), *came) != REDIS_OK)
      return Error(Errc::internal, "no memory for a reply");
  }
}

Result<RedisReply> RedisConnection::ask(const std::vector<std::string>& words, Steady until) {
  std::string bytes;
  append_command(bytes, words);
  if (auto sent = send(bytes, until); !sent) return std::move(sent).error();
  auto reply = receive(until);
  if (reply && (*reply)->type == REDIS_REPLY_ERROR)
    return redis_error({(*reply)->str, (*reply)->len});
  return reply;
}

// An end may have come already, and on TLS behind what concerns TLS alone. Other bytes nobody asked
// for.
bool RedisConnection::alive() {
  char byte = 0;
  auto came = read({&byte, 1}, std::chrono::steady_clock::now());
  return !came && came.error().code() == Errc::timeout;
}

}  // namespace hotclock::emitters
