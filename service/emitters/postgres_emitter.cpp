#include "service/emitters/postgres_emitter.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "service/emitters/message.h"
#include "service/emitters/postgres_emitter.sql.h"
#include "service/sql/postgres_connection.h"
#include "service/sql/postgres_where.h"

namespace hotclock::emitters {
namespace {

constexpr std::size_t most_emissions = 1000, most_bytes = 4 << 20;  // of one transaction
// Attachments on their way together: within what a connection has on its way at once.
constexpr std::size_t most_questions = 200;

std::string channel_of(const Emission& emission, const std::string& prefix) {
  return prefix + "#" + emission.nsp;
}

// What is to be notified. With `attachment` the payload is still to be made, of the id it gets.
struct Notice {
  const Emission* emission;
  std::string channel;
  std::string payload;
  std::string attachment = {};  // in Base64
};

struct Part {
  std::vector<Notice> notices;
  std::optional<Error> refused = {};  // why the emission behind them can never go
};

// The attachment says it all; older servers read nothing else, newer ones look for nsp outside,
// too.
std::string header_of(const Emission& emission, std::string_view attachment_id) {
  return as_text({{"uid", emitter_uid},
                  {"type", type_of(emission.op)},
                  {"nsp", emission.nsp},
                  {"attachmentId", attachment_id}});
}

// `serial` makes equal emissions differ: of equal payloads in one transaction one alone would be
// delivered.
Notice notice_of(const Emission& emission, const std::string& prefix, std::uint64_t serial) {
  Notice notice{&emission, channel_of(emission, prefix), {}};
  Json message = message_of(emission);
  if (!has_binary(message)) {
    message["n"] = serial;
    notice.payload = as_text(message);
    message.erase("n");
  }
  if (notice.payload.empty() || notice.payload.size() > longest_payload)
    notice.attachment = base64(as_msgpack(message));
  return notice;
}

// The server will not take it however often it is asked, or takes nothing at all.
bool is_refusal(Errc code) {
  return code != Errc::unavailable && code != Errc::timeout && code != Errc::busy &&
         code != Errc::stopped;
}

class PostgresEmitter final : public Emitter {
 public:
  PostgresEmitter(const EmitterSettings& settings, std::string where, std::string attach)
      : prefix_(settings.prefix),
        connect_patience_(settings.connect_patience),
        answer_patience_(settings.answer_patience),
        attach_text_(std::move(attach)),
        connection_settings_{settings.url, std::move(where), "", ""} {}

  Published publish(std::span<const Emission> emissions) override {
    if (auto ready = make_ready(); !ready) return {0, std::move(ready).error()};
    for (std::size_t sent = 0; sent < emissions.size();) {
      Part part = next_part(emissions.subspan(sent));
      Published went = deliver(part);
      sent += went.sent;
      if (went.error) return {sent, std::move(went.error)};
      if (part.refused) return {sent, std::move(part.refused)};
    }
    return {emissions.size()};
  }

  std::string where() const override { return connection_settings_.where; }

 private:
  Result<> check_to_channel(const Emission& emission) const {
    if (auto good = check(emission); !good) return good;
    const std::string channel = channel_of(emission, prefix_);
    if (channel.size() <= longest_channel) return {};
    return Error(Errc::invalid, "the channel '" + channel + "' is longer than the " +
                                    std::to_string(longest_channel) +
                                    " bytes that PostgreSQL takes");
  }

  Result<> make_ready() {
    if (connection_ && !connection_->spent() && connection_->silent()) return {};
    connection_.reset();
    auto made = sql::PostgresConnection::open(connection_settings_, within(connect_patience_));
    if (!made) return std::move(made).error();
    if ((*made)->standby()) return (*made)->is_standby();
    connection_ = std::move(made).value();
    return {};
  }

  static sql::Watch within(Duration patience) { return sql::Watch({.deadline = patience}); }

  // As many, from the first on, as one transaction takes.
  Part next_part(std::span<const Emission> emissions) {
    Part part;
    std::size_t bytes = 0;
    for (const Emission& emission : emissions) {
      if (part.notices.size() == most_emissions || bytes >= most_bytes) break;
      if (auto good = check_to_channel(emission); !good) {
        part.refused = std::move(good).error();
        break;
      }
      const Notice& made = part.notices.emplace_back(notice_of(emission, prefix_, ++serial_));
      bytes += made.payload.size() + made.attachment.size();
    }
    return part;
  }

  Published deliver(Part& part) {
    const std::span<Notice> notices = part.notices;
    if (notices.empty()) return {};
    auto done = transact(notices);
    if (done) return {notices.size()};
    Error error = lost(std::move(done).error());
    if (notices.size() == 1 || !is_refusal(error.code())) return {0, std::move(error)};
    return deliver_each(notices);
  }

  Published deliver_each(std::span<Notice> notices) {
    if (auto ready = make_ready(); !ready) return {0, std::move(ready).error()};
    for (std::size_t i = 0; i < notices.size(); ++i)
      if (auto done = transact(notices.subspan(i, 1)); !done)
        return {i, lost(std::move(done).error())};
    return {notices.size()};
  }

  // Whatever was begun ends with its connection. A value that the database cannot hold, a character
  // its encoding lacks, it never can.
  Error lost(Error error) {
    connection_.reset();
    return error.code() == Errc::check ? Error(Errc::invalid, error.message()) : error;
  }

  Result<> transact(std::span<Notice> notices) {
    connection_->obey(within(answer_patience_));
    if (auto begun = connection_->run("BEGIN"); !begun) return std::move(begun).error();
    if (auto attached = attach(notices); !attached) return attached;
    for (const Notice& notice : notices)
      if (auto sent = notify(notice); !sent) return sent;
    if (auto sent = connection_->post_text("commit", "COMMIT"); !sent) return sent;
    auto done = connection_->await_posted();
    connection_->obey_nobody();
    return done;
  }

  Result<> notify(const Notice& notice) {
    const sql::Param params[] = {std::string_view(notice.channel),
                                 std::string_view(notice.payload)};
    return connection_->post(stmt::postgres_emitter::notify, params);
  }

  // Lays the attachments down and writes the headers that tell of them.
  Result<> attach(std::span<Notice> notices) {
    std::vector<Notice*> large;
    for (Notice& notice : notices)
      if (!notice.attachment.empty()) large.push_back(&notice);
    for (std::span<Notice*> rest = large; !rest.empty();) {
      const auto some = rest.first(std::min(rest.size(), most_questions));
      if (auto attached = attach_at_once(some); !attached) return attached;
      rest = rest.subspan(some.size());
    }
    return {};
  }

  Result<> attach_at_once(std::span<Notice*> large) {
    std::vector<sql::Question> questions;
    for (const Notice* notice : large)
      questions.push_back({&attach_, {std::string_view(notice->attachment)}});
    auto ids = connection_->execute_all(questions);
    if (!ids) return std::move(ids).error();
    for (std::size_t i = 0; i < large.size(); ++i)
      large[i]->payload = header_of(*large[i]->emission, PQgetvalue((*ids)[i].get(), 0, 0));
    return {};
  }

  const std::string prefix_;
  const Duration connect_patience_, answer_patience_;
  const std::string attach_text_;
  const sql::Statement attach_{"attach", attach_text_};
  const sql::PostgresSettings connection_settings_;
  std::unique_ptr<sql::PostgresConnection> connection_;
  std::uint64_t serial_ = 0;
};

// "name" or "schema.name", as it stands in the servers' options: they put it unquoted into their
// SQL.
bool is_table(std::string_view name) {
  const auto is_word = [](std::string_view word) {
    const auto fits = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    };
    return !word.empty() && !std::isdigit(static_cast<unsigned char>(word[0])) &&
           std::ranges::all_of(word, fits);
  };
  const auto dot = name.find('.');
  return is_word(name.substr(0, dot)) &&
         (dot == std::string_view::npos || is_word(name.substr(dot + 1)));
}

std::string attach_into(const std::string& table) {
  constexpr std::string_view mark = "{attachments}";
  std::string text(stmt::postgres_emitter::attach.text);
  return text.replace(text.find(mark), mark.size(), table);
}

}  // namespace

Result<std::unique_ptr<Emitter>> make_postgres_emitter(const EmitterSettings& settings) {
  if (!is_table(settings.attachments))
    return Error(Errc::invalid,
                 "'" + settings.attachments + "' is no name of a table for attachments");
  auto where = sql::postgres_where(settings.url);
  if (!where) return std::move(where).error();
  return std::unique_ptr<Emitter>(std::make_unique<PostgresEmitter>(
      settings, std::move(where).value(), attach_into(settings.attachments)));
}

}  // namespace hotclock::emitters
