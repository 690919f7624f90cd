#include "service/api/rendered.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace hotclock::api {
namespace {

std::string unzipped(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

http::Request request(const http::Fields& headers) {
  http::Request out;
  out.headers = headers;
  return out;
}

TEST(Gzip, GivesBackWhatWentIn) {
  std::string long_text;
  for (int i = 0; i < 20'000; ++i) long_text += std::to_string(i * 7919);
  for (const std::string& text : {std::string(), std::string("{}"), long_text}) {
    EXPECT_EQ(unzipped(gzip(text)), text);
    EXPECT_EQ(gzip(text), gzip(text));
  }
}

TEST(AcceptEncoding, LetsGzipThroughWhereItSaysSo) {
  for (const char* yes : {"gzip", "GZIP", "x-gzip", "br, gzip", "gzip;q=0.5", "deflate,gzip ; q=1",
                          "*", "identity;q=0, *;q=0.1", "gzip;q=0.001"})
    EXPECT_TRUE(takes_gzip(yes)) << yes;
  for (const char* no : {"", "identity", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "*, gzip;q=0",
                         "gzipped", "gzip;q=0, *"})
    EXPECT_FALSE(takes_gzip(no)) << no;
}

TEST(IfNoneMatch, NamesATagAmongOthers) {
  for (const char* yes : {"\"a\"", "W/\"a\"", "\"b\", \"a\"", "*", " * ", "\"b\",W/\"a\""})
    EXPECT_TRUE(names_tag(yes, "\"a\"")) << yes;
  for (const char* no : {"", "\"b\"", "a", "\"a", "\"A\"", "\"ab\""})
    EXPECT_FALSE(names_tag(no, "\"a\"")) << no;
}

TEST(Encoded, GivesEachEncodingATagOfItsOwn) {
  const Encoded page("{\"country\":\"NP\"}", "application/json");
  const auto plain = page.answer(request({}), "public, no-cache");
  const auto small = page.answer(request({{"accept-encoding", "gzip"}}), "public, no-cache");
  EXPECT_EQ(http::bytes(plain.body), "{\"country\":\"NP\"}");
  EXPECT_EQ(unzipped(http::bytes(small.body)), "{\"country\":\"NP\"}");
  EXPECT_EQ(http::find(small.headers, "Content-Encoding"), "gzip");
  EXPECT_EQ(http::find(plain.headers, "Content-Encoding"), "");
  const std::string tag(http::find(plain.headers, "ETag"));
  EXPECT_NE(tag, http::find(small.headers, "ETag"));
  EXPECT_EQ(page.answer(request({{"if-none-match", tag}}), "x").status, 304);
  EXPECT_EQ(page.answer(request({{"if-none-match", tag}, {"accept-encoding", "gzip"}}), "x").status,
            200);
  for (const auto& answer : {plain, small})
    EXPECT_EQ(http::find(answer.headers, "Vary"), "Accept-Encoding");
}

TEST(Encoded, HasAnotherTagWhereTheTextIsAnother) {
  const Encoded one("a", "t"), same("a", "t"), other("b", "t");
  const auto tag = [](const Encoded& of) {
    return std::string(http::find(of.answer(request({}), "").headers, "ETag"));
  };
  EXPECT_EQ(tag(one), tag(same));
  EXPECT_NE(tag(one), tag(other));
}

}  // namespace
}  // namespace hotclock::api
