#include "service/http/frame_reader.h"

#include <gtest/gtest.h>

#include <vector>

#include "service/http/client_support.h"

namespace hotclock::http {
namespace {

using Kind = FrameReader::Event::Kind;

struct Heard {
  Kind kind;
  std::string content;
  std::uint16_t code = 0;
  friend bool operator==(const Heard&, const Heard&) = default;
};

constexpr std::size_t limit = 100'000;

// What a reader makes of bytes that arrive in pieces of `piece`.
std::vector<Heard> heard(std::string bytes, std::size_t piece) {
  FrameReader reader(limit);
  std::vector<Heard> out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    std::span<char> part(bytes.data() + at, std::min(piece, bytes.size() - at));
    while (true) {
      const auto event = reader.next(part);
      if (event.kind == Kind::none) break;
      out.push_back({event.kind, std::string(event.content), event.code});
      if (event.kind == Kind::wrong || event.kind == Kind::close) return out;
    }
  }
  return out;
}

// The same, whatever the pieces.
std::vector<Heard> heard(const std::string& bytes) {
  const auto whole = heard(bytes, bytes.size());
  for (const std::size_t piece : {1, 2, 3, 7, 64}) EXPECT_EQ(heard(bytes, piece), whole) << piece;
  return whole;
}

std::vector<Heard> wrong(std::uint16_t code) { return {{Kind::wrong, "", code}}; }

std::string with_bytes(std::initializer_list<int> bytes) {
  std::string out;
  for (const int byte : bytes) out += static_cast<char>(byte);
  return out;
}

TEST(FrameReader, GivesOutMessagesOfEverySize) {
  for (const std::size_t size : {0u, 1u, 5u, 125u, 126u, 127u, 65535u, 65536u, 70000u}) {
    const std::string content(size, 'x');
    EXPECT_EQ(heard(masked_frame(Opcode::text, content)),
              (std::vector<Heard>{{Kind::text, content}}));
    EXPECT_EQ(heard(masked_frame(Opcode::binary, content)),
              (std::vector<Heard>{{Kind::binary, content}}));
  }
}

TEST(FrameReader, GivesOutSeveralMessagesInTheirOrder) {
  const auto bytes = masked_frame(Opcode::text, "one") + masked_frame(Opcode::binary, "two") +
                     masked_frame(Opcode::ping, "p") + masked_frame(Opcode::text, "");
  EXPECT_EQ(heard(bytes),
            (std::vector<Heard>{
                {Kind::text, "one"}, {Kind::binary, "two"}, {Kind::ping, "p"}, {Kind::text, ""}}));
}

TEST(FrameReader, PutsFragmentsTogetherAndLetsControlFramesThroughBetweenThem) {
  const auto bytes = masked_frame(Opcode::text, "gr", false) + masked_frame(Opcode::ping, "a") +
                     masked_frame(Opcode::more, "\xC3", false) + masked_frame(Opcode::pong, "b") +
                     masked_frame(Opcode::more, "\xB6\xC3\x9F");
  EXPECT_EQ(heard(bytes),
            (std::vector<Heard>{
                {Kind::ping, "a"}, {Kind::pong, "b"}, {Kind::text, "gr\xC3\xB6\xC3\x9F"}}));
}

TEST(FrameReader, TakesEmptyFragments) {
  const auto bytes = masked_frame(Opcode::binary, "", false) +
                     masked_frame(Opcode::more, "", false) + masked_frame(Opcode::more, "");
  EXPECT_EQ(heard(bytes), (std::vector<Heard>{{Kind::binary, ""}}));
}

TEST(FrameReader, RefusesWhatNoClientMaySend) {
  EXPECT_EQ(heard(frame(Opcode::text, "unmasked")), wrong(1002));
  EXPECT_EQ(heard(with_bytes({0xC1, 0x80, 0, 0, 0, 0})), wrong(1002)) << "a reserved bit";
  for (const int opcode : {3, 7, 11, 15})
    EXPECT_EQ(heard(with_bytes({0x80 | opcode, 0x80, 0, 0, 0, 0})), wrong(1002)) << opcode;
  EXPECT_EQ(heard(masked_frame(Opcode::more, "of nothing")), wrong(1002));
  EXPECT_EQ(heard(masked_frame(Opcode::ping, "in pieces", false)), wrong(1002));
  EXPECT_EQ(heard(masked_frame(Opcode::ping, std::string(126, 'x'))), wrong(1002));
}

TEST(FrameReader, RefusesANewMessageWithinAnother) {
  const auto bytes = masked_frame(Opcode::text, "a", false) + masked_frame(Opcode::text, "b");
  EXPECT_EQ(heard(bytes), wrong(1002));
}

TEST(FrameReader, RefusesTextThatIsNoUtf8AcrossFragmentsToo) {
  EXPECT_EQ(heard(masked_frame(Opcode::text, "\xFF")), wrong(1007));
  EXPECT_EQ(heard(masked_frame(Opcode::text, "\xC3", false) + masked_frame(Opcode::more, "(")),
            wrong(1007));
  EXPECT_EQ(heard(masked_frame(Opcode::binary, "\xFF")),
            (std::vector<Heard>{{Kind::binary, "\xFF"}}));
}

TEST(FrameReader, RefusesMoreThanItsLimitAsSoonAsItIsAnnounced) {
  EXPECT_EQ(heard(masked_frame(Opcode::binary, std::string(limit, 'x'))).at(0).kind, Kind::binary);
  const auto announced = masked_frame(Opcode::binary, std::string(limit + 1, 'x')).substr(0, 20);
  EXPECT_EQ(heard(announced), wrong(1009));
  const std::string half(limit / 2 + 1, 'x');
  EXPECT_EQ(heard(masked_frame(Opcode::binary, half, false) + masked_frame(Opcode::more, half)),
            wrong(1009));
  EXPECT_EQ(
      heard(with_bytes({0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0})),
      wrong(1009));
}

TEST(FrameReader, ReadsWhyThePeerCloses) {
  EXPECT_EQ(heard(masked_frame(Opcode::close, "")), (std::vector<Heard>{{Kind::close, "", 1005}}));
  EXPECT_EQ(heard(masked_frame(Opcode::close, with_bytes({0x03, 0xE8}) + "bye")),
            (std::vector<Heard>{{Kind::close, "bye", 1000}}));
  EXPECT_EQ(heard(masked_frame(Opcode::close, "x")), wrong(1002)) << "half a code";
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000})
    EXPECT_EQ(heard(masked_frame(Opcode::close, with_bytes({code >> 8, code & 255}))), wrong(1002))
        << code;
  EXPECT_EQ(heard(masked_frame(Opcode::close, with_bytes({0x03, 0xE8, 0xFF}))), wrong(1007));
}

TEST(Frame, AnswersTheHandshakeAsTheStandardShows) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(accept_key(""), "");
  EXPECT_EQ(accept_key("c2hvcnQ="), "") << "not sixteen bytes";
}

TEST(Frame, PutsTheLengthWhereItBelongs) {
  EXPECT_EQ(frame_header(Opcode::text, 5), with_bytes({0x81, 5}));
  EXPECT_EQ(frame_header(Opcode::binary, 126), with_bytes({0x82, 126, 0, 126}));
  EXPECT_EQ(frame_header(Opcode::text, 65536), with_bytes({0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(close_frame(1005), with_bytes({0x88, 0}));
  EXPECT_EQ(close_frame(1009), with_bytes({0x88, 2, 0x03, 0xF1}));
}

}  // namespace
}  // namespace hotclock::http
