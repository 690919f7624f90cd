#include "service/http/request.h"

#include <gtest/gtest.h>

#include "service/http/base64.h"
#include "service/http/request_reader.h"

namespace hotclock::http {
namespace {

using Step = RequestReader::Step;

Request target(std::string_view text) {
  Request out;
  out.method = "GET";
  EXPECT_TRUE(read_target(text, out)) << text;
  return out;
}

bool refused(std::string_view text) {
  Request out;
  return !read_target(text, out);
}

TEST(Request, TakesItsTargetApart) {
  const Request request = target("/socket.io/?EIO=4&transport=polling&t=a%20b&flag&x=1=2&q=a+b");
  EXPECT_EQ(request.path, "/socket.io/");
  EXPECT_EQ(request.parameter("EIO"), "4");
  EXPECT_EQ(request.parameter("t"), "a b");
  EXPECT_EQ(request.parameter("flag"), "");
  EXPECT_EQ(request.parameter("x"), "1=2");
  EXPECT_EQ(request.parameter("q"), "a b");
  EXPECT_EQ(request.parameter("none"), "");
  EXPECT_EQ(target("/a%2Fb%C3%9F?").path, "/a/bß");
  EXPECT_TRUE(target("/a%2Fb").escaped_slash);
  EXPECT_FALSE(target("/a/b?x=%2F").escaped_slash);
  EXPECT_EQ(target("http://host/x?y=%").parameter("y"), "%") << "a query may hold broken escapes";
}

TEST(Request, RefusesTargetsThatAreNone) {
  for (const char* text : {"", "x", "/%", "/%4", "/%zz", "/a%00b", "?x=1"})
    EXPECT_TRUE(refused(text)) << text;
}

TEST(Request, KnowsWhoAsksForAWebSocket) {
  Request request;
  request.headers = {{"upgrade", "WebSocket"}, {"connection", "keep-alive, Upgrade"}};
  EXPECT_TRUE(request.asks_for_websocket());
  request.headers = {{"upgrade", "h2c"}, {"connection", "Upgrade"}};
  EXPECT_FALSE(request.asks_for_websocket());
  request.headers = {{"upgrade", "websocket"}};
  EXPECT_FALSE(request.asks_for_websocket());
}

// All of `text`, shown in pieces as a connection shows them.
Step read(RequestReader& reader, std::string_view text, std::size_t piece) {
  std::string unread;
  Step last = Step::more;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    unread += text.substr(at, piece);
    std::string_view bytes = unread;
    while (!bytes.empty()) {
      last = reader.feed(bytes);
      if (last == Step::complete || last == Step::wrong) return last;
      if (last == Step::head) {
        reader.limit_body(100);
        continue;
      }
      break;
    }
    unread = bytes;
  }
  return last;
}

TEST(RequestReader, ReadsARequestWhateverItsPieces) {
  const std::string text =
      "POST /a?b=c HTTP/1.1\r\nHost: x\r\nX-Mixed: Yes\r\nContent-Length: 5\r\n\r\nhello";
  for (const std::size_t piece : {1u, 2u, 3u, 17u, 1000u}) {
    RequestReader reader(1000);
    ASSERT_EQ(read(reader, text, piece), Step::complete) << piece;
    EXPECT_EQ(reader.request().method, "POST");
    EXPECT_EQ(reader.request().parameter("b"), "c");
    EXPECT_EQ(reader.request().header("x-mixed"), "Yes");
    EXPECT_EQ(reader.request().body, "hello");
    EXPECT_TRUE(reader.keeps_alive());
  }
}

TEST(RequestReader, ReadsABodyInChunks) {
  const std::string text =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n";
  for (const std::size_t piece : {1u, 5u, 1000u}) {
    RequestReader reader(1000);
    ASSERT_EQ(read(reader, text, piece), Step::complete) << piece;
    EXPECT_EQ(reader.request().body, "hello");
  }
}

int status_of(std::string_view text) {
  RequestReader reader(200);
  return read(reader, text, text.size()) == Step::wrong ? reader.status() : 0;
}

TEST(RequestReader, SaysWhatIsWrong) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nX: " + std::string(300, 'x') + "\r\n\r\n"), 431);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\nx"), 413);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nx"), 413);
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\n\r\n"), 505);
  EXPECT_EQ(status_of("nonsense\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /%zz HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx"), 400);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"),
            400)
      << "two lengths are how requests are smuggled";
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nBad Name: x\r\n\r\n"), 400);
}

TEST(Base64, GoesThereAndBack) {
  for (const std::string bytes : {"", "f", "fo", "foo", "foob", "\xFF\xFE\xFD"})
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(to_base64_url("\xFB\xFF"), "-_8");
  for (const char* wrong :
       {"Z", "Zm9vYg", "Zm9vYg=", "Zg===", "Zm9v!", "=", "Zh==", "Zm9vYg==x", "Zm 9v"})
    EXPECT_EQ(from_base64(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace hotclock::http
