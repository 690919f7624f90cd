#include "service/emitters/postgres_emitter.h"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>

#include "service/emitters/emission.h"
#include "service/emitters/message.h"
#include "service/emitters/published_support.h"
#include "service/sql/postgres_support.h"

namespace hotclock::emitters {
namespace {

using namespace std::chrono_literals;

// A server's end: it listens, and reads attachments.
class Listener {
 public:
  Listener(const std::string& url, const std::string& channel) : db_(PQconnectdb(url.c_str())) {
    run("LISTEN \"" + channel + "\"");
  }
  ~Listener() { PQfinish(db_); }
  Listener(const Listener&) = delete;

  // The next notification's payload.
  std::string next() {
    const Steady until = std::chrono::steady_clock::now() + 10s;
    for (;;) {
      PQconsumeInput(db_);
      if (PGnotify* notice = PQnotifies(db_)) {
        const std::string payload = notice->extra;
        PQfreemem(notice);
        return payload;
      }
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("nothing was notified");
      pollfd watched{PQsocket(db_), POLLIN, 0};
      poll(&watched, 1, 100);
    }
  }

  // What lies in the table, under the id that the next notification tells.
  std::string next_attachment() {
    const Json header = Json::parse(next());
    last_header_ = header;
    const std::string text =
        run("SELECT encode(payload, 'hex') FROM socket_io_attachments WHERE id = " +
            header["attachmentId"].get<std::string>());
    std::string bytes;
    for (std::size_t at = 0; at < text.size(); at += 2)
      bytes += static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16));
    return bytes;
  }
  const Json& last_header() const { return last_header_; }

  std::string run(const std::string& text) {
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(db_, text.c_str()), PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK &&
        PQresultStatus(result.get()) != PGRES_TUPLES_OK)
      throw std::runtime_error(PQerrorMessage(db_));
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
  }

 private:
  PGconn* const db_;
  Json last_header_;
};

class PostgresEmitterTest : public testing::Test {
 protected:
  PostgresEmitterTest() {
    run("CREATE TABLE socket_io_attachments (id bigserial UNIQUE, "
        "created_at timestamptz DEFAULT now(), payload bytea)");
  }

  std::string run(const std::string& text) { return sql::plain_postgres(scratch_.url(), text); }

  std::unique_ptr<Emitter> emitter(EmitterSettings settings = {}) {
    settings.adapter = Adapter::postgres;
    if (settings.url.empty()) settings.url = scratch_.url();
    auto made = make_emitter(settings);
    if (!made) throw std::runtime_error(made.error().message());
    return std::move(made).value();
  }

  // Ends every session of the database but this test's listener.
  void end_sessions_of_emitters() {
    run("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = "
        "current_database() "
        "AND application_name = 'hotclock'");
  }

  sql::PostgresScratch scratch_;
  Listener listener_{scratch_.url(), "socket.io#/"};
};

Emission seq(int i) { return {.args = {"seq", i}}; }

std::vector<Emission> seqs(int count) {
  std::vector<Emission> all;
  for (int i = 0; i < count; ++i) all.push_back(seq(i));
  return all;
}

int number_in(const std::string& payload) {
  return Json::parse(payload)["data"]["packet"]["data"][1].get<int>();
}

TEST_F(PostgresEmitterTest, SaysTheNamespaceAtBothLevels) {
  expect_sent(emitter()->publish({{{.rooms = {"a"}, .args = {"news", 1}}}}), 1);
  EXPECT_EQ(
      listener_.next(),
      R"({"uid":"emitter","nsp":"/","type":3,"data":{"packet":{"type":2,"data":["news",1],"nsp":"/"},)"
      R"("opts":{"rooms":["a"],"except":[],"flags":{}}},"n":1})");
}

TEST_F(PostgresEmitterTest, EqualOnesAreAllDelivered) {
  const std::vector<Emission> same(20, seq(7));
  expect_sent(emitter()->publish(same), 20);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(number_in(listener_.next()), 7);
}

TEST_F(PostgresEmitterTest, ThousandsGoInTheirOrder) {
  expect_sent(emitter()->publish(seqs(3000)), 3000);
  for (int i = 0; i < 3000; ++i) ASSERT_EQ(number_in(listener_.next()), i);
}

TEST_F(PostgresEmitterTest, BinaryIsAttachedAsMessagePack) {
  const Emission emission{.rooms = {"a"}, .args = {"one", Json::binary({0, 1, 255})}};
  expect_sent(emitter()->publish({&emission, 1}), 1);
  EXPECT_EQ(listener_.next_attachment(), as_msgpack(message_of(emission)));
  EXPECT_EQ(listener_.last_header(),
            (Json{{"uid", "emitter"}, {"type", 3}, {"nsp", "/"}, {"attachmentId", "1"}}));
}

TEST_F(PostgresEmitterTest, ManyAttachmentsGoTogether) {
  std::vector<Emission> all;
  for (int i = 0; i < 700; ++i) all.push_back({.args = {"blob", i, Json::binary({1})}});
  expect_sent(emitter()->publish(all), 700);
  for (int i = 0; i < 700; ++i)
    ASSERT_EQ(Json::from_msgpack(listener_.next_attachment())["data"]["packet"]["data"][1], i);
}

// PostgreSQL takes 7999 bytes and refuses 8000: both sides of it, in bytes and not in characters.
TEST_F(PostgresEmitterTest, OneByteDecidesWhatIsAttached) {
  for (const std::string letter : {"x", "é", "漢"}) {
    const auto emission = [&letter](std::size_t letters, std::size_t more) {
      std::string text;
      for (std::size_t i = 0; i < letters; ++i) text += letter;
      return Emission{.args = {"text", text + std::string(more, 'x')}};
    };
    const auto size = [](const Emission& e) {
      Json message = message_of(e);
      message["n"] = 1;
      return as_text(message).size();
    };
    const std::size_t letters = (longest_payload - size(emission(0, 0))) / letter.size();
    const Emission fits = emission(letters, longest_payload - size(emission(letters, 0)));
    ASSERT_EQ(size(fits), longest_payload);
    expect_sent(emitter()->publish({&fits, 1}), 1);
    EXPECT_EQ(listener_.next().size(), longest_payload);

    Emission longer = fits;
    longer.args[1] = longer.args[1].get<std::string>() + "x";
    expect_sent(emitter()->publish({&longer, 1}), 1);
    EXPECT_EQ(listener_.next_attachment(), as_msgpack(message_of(longer)));
  }
}

TEST_F(PostgresEmitterTest, MovesThatAreTooLongAreAttachedAsWhatTheyAre) {
  Emission join{.op = Emission::Op::join};
  for (int i = 0; i < 500; ++i) join.target.push_back("some room, number " + std::to_string(i));
  expect_sent(emitter()->publish({&join, 1}), 1);
  EXPECT_EQ(listener_.next_attachment(), as_msgpack(message_of(join)));
  EXPECT_EQ(listener_.last_header()["type"], 4);
}

TEST_F(PostgresEmitterTest, AChannelThatIsTooLongIsNamedAndThoseBeforeItWent) {
  std::vector<Emission> all = seqs(4);
  all[2].nsp = "/" + std::string(longest_channel - std::string("socket.io#/").size() + 1, 'n');
  const auto publisher = emitter();
  expect_failed(publisher->publish(all), Errc::invalid, 2);
  expect_sent(publisher->publish(std::span(all).subspan(3)), 1);
  for (const int i : {0, 1, 3}) EXPECT_EQ(number_in(listener_.next()), i);
  all[2].nsp.pop_back();
  expect_sent(publisher->publish(std::span(all).subspan(2, 1)), 1);
}

TEST_F(PostgresEmitterTest, WithoutATableTheSmallOnesInFrontGo) {
  run("DROP TABLE socket_io_attachments");
  std::vector<Emission> all = seqs(4);
  all[2].args.push_back(Json::binary({1}));
  const auto published = emitter()->publish(all);
  expect_failed(published, Errc::internal, 2);
  EXPECT_NE(published.error->message().find("socket_io_attachments"), std::string::npos);
  for (const int i : {0, 1}) EXPECT_EQ(number_in(listener_.next()), i);
}

TEST_F(PostgresEmitterTest, ACharacterThatTheDatabaseLacksIsNamedAndThoseBeforeItWent) {
  const std::string name = scratch_.name() + "_latin1";
  run("CREATE DATABASE " + name +
      " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
  const std::string url = sql::with_database(scratch_.url(), name);
  {
    Listener latin(url, "socket.io#/");
    const auto publisher = emitter({.url = url});
    const std::vector<Emission> all = {
        seq(0), {.args = {"news", "漢字"}}, {.args = {"seq", 2, "é"}}};
    expect_failed(publisher->publish(all), Errc::invalid, 1);
    expect_sent(publisher->publish(std::span(all).subspan(2)), 1);
    EXPECT_EQ(number_in(latin.next()), 0);
    latin.next();
  }
  run("DROP DATABASE " + name + " WITH (FORCE)");
}

TEST_F(PostgresEmitterTest, TableAndPrefixAreTheServersOwn) {
  run("CREATE SCHEMA app; CREATE TABLE app.attached (id bigserial UNIQUE, payload bytea)");
  Listener own(scratch_.url(), "app#/");
  const auto publisher = emitter({.prefix = "app", .attachments = "app.attached"});
  expect_sent(publisher->publish({{{.args = {"blob", Json::binary({1})}}}}), 1);
  EXPECT_EQ(Json::parse(own.next())["attachmentId"], "1");
  EXPECT_EQ(run("SELECT count(*) FROM app.attached"), "1");
}

TEST_F(PostgresEmitterTest, ASessionThatWasEndedIsOpenedAgainUnnoticed) {
  const auto publisher = emitter();
  expect_sent(publisher->publish(seqs(1)), 1);
  end_sessions_of_emitters();
  expect_sent(publisher->publish(seqs(2)), 2);
  for (const int i : {0, 0, 1}) EXPECT_EQ(number_in(listener_.next()), i);
}

TEST_F(PostgresEmitterTest, AWaitHasItsEnd) {
  const auto publisher = emitter({.answer_patience = 200ms});
  Listener other(scratch_.url(), "other");
  other.run("BEGIN; LOCK TABLE socket_io_attachments");
  const Emission large{.args = {"blob", Json::binary({1})}};
  expect_failed(publisher->publish({&large, 1}), Errc::timeout, 0);
  other.run("ROLLBACK");
  expect_sent(publisher->publish({&large, 1}), 1);
  EXPECT_EQ(run("SELECT count(*) FROM socket_io_attachments"),
            "1");  // of the first try nothing stays
}

TEST_F(PostgresEmitterTest, WhereNobodyAnswersNothingGoesAndNoPasswordIsShown) {
  const std::string port = std::to_string(sql::free_port());
  const auto published =
      emitter({.url = "postgresql://relay:secret@127.0.0.1:" + port + "/app"})->publish(seqs(1));
  expect_failed(published, Errc::unavailable, 0);
  EXPECT_EQ(published.error->message().find("secret"), std::string::npos)
      << published.error->message();
}

TEST(PostgresEmitterSettings, WrongOnesAreRefusedAtOnce) {
  for (const char* table : {"", "a b", "a;DROP", "a.b.c", "1a", "a.", "\"a\""}) {
    const auto made = make_emitter(
        {.adapter = Adapter::postgres, .url = "postgresql://h/d", .attachments = table});
    ASSERT_FALSE(made) << table;
    EXPECT_EQ(made.error().code(), Errc::invalid);
  }
  const auto made =
      make_emitter({.adapter = Adapter::postgres, .url = "postgresql://u:secret@h:port/d?x"});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace hotclock::emitters
