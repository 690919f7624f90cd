#include "service/past/search.h"

#include <algorithm>
#include <charconv>
#include <compare>

#include <fmt/format.h>

#include "service/ledger/execution_id.h"
#include "service/ledger/slot_list.h"
#include "service/past/search.sql.h"
#include "service/past/search_by_index.sql.h"
#include "service/past/words.h"
#include "service/sql/rows.h"

namespace hotclock::past {
namespace text = stmt::search;
namespace by_index = stmt::search_by_index;

namespace {

constexpr std::int64_t step_rows = 500;

// Where a text stands: of a reason its slot's instant, slot and fence; of the others execution and
// number.
struct Key {
  Instant at;
  std::string execution;
  std::int64_t slot_id = 0;
  std::int64_t number = 0;  // a fence, or of what was set aside

  bool operator<(const Key& b) const {
    if (at != b.at) return at < b.at;
    if (at == Instant{} && execution != b.execution) return execution < b.execution;
    return slot_id != b.slot_id ? slot_id < b.slot_id : number < b.number;
  }
};

struct Text {
  Key key;
  std::string body;
};

// What every id of an execution that began then or later is not below.
std::string first_id(Instant t) {
  const auto ms = std::max<std::int64_t>(to_millis(t), 0) & 0xffff'ffff'ffff;
  return fmt::format("{:08x}-{:04x}", ms >> 16, ms & 0xffff);
}

std::int64_t slot_of_execution(const std::string& execution) {
  const auto id = Uuid::parse(execution);
  return id ? ledger::slot_of(*id) : 0;
}

bool take(std::string_view& text, std::int64_t& number) {
  const char* const last = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), last, number);
  if (failed != std::errc{} || (stop != last && *stop != '.')) return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + (stop != last ? 1 : 0));
  return true;
}

class Search {
 public:
  Search(sql::Transaction& transaction, const SearchQuery& query, std::vector<Word> words)
      : sql_(transaction), query_(query), words_(std::move(words)) {}

  Result<Hits> go(bool has_index) {
    if (auto begun = begin(); !begun) return std::move(begun).error();
    if (has_index) {
      auto rare = rare_ones();
      if (!rare) return std::move(rare).error();
      if (*rare) return from(**std::move(rare));
    }
    return one_after_the_other();
  }

 private:
  bool of_reasons() const { return query_.in == Place::reasons; }

  Result<> begin() {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    if (of_reasons())
      at_ =
          query_.until
              ? Key{.at = *query_.until}
              : Key{.at = ledger::newest_position().scheduled_for, .slot_id = most, .number = most};
    else
      at_ = {.at = {}, .execution = query_.until ? first_id(*query_.until) : "g"};
    since_ = query_.since.value_or(ledger::earliest_instant());
    since_id_ = query_.since ? first_id(*query_.since) : "";
    return query_.after.empty() ? Result<>() : read_cursor();
  }

  std::string cursor_of(const Key& key) const {
    return of_reasons() ? fmt::format("{}.{}.{}", to_millis(key.at), key.slot_id, key.number)
                        : fmt::format("{}.{}", key.execution, key.number);
  }

  Result<> read_cursor() {
    std::string_view rest = query_.after;
    Key key;
    std::int64_t ms = 0;
    bool good = false;
    if (of_reasons()) {
      good = take(rest, ms) && take(rest, key.slot_id) && take(rest, key.number) && rest.empty();
      key.at = from_millis(ms);
    } else {
      const auto dot = rest.find('.');
      key.execution = rest.substr(0, dot);
      rest.remove_prefix(std::min(dot == rest.npos ? dot : dot + 1, rest.size()));
      good = Uuid::parse(key.execution).has_value() && take(rest, key.number) && rest.empty();
    }
    if (!good) return Error(Errc::invalid, "the cursor is none that was given out");
    if (key < at_) at_ = std::move(key);
    return {};
  }

  // ---- by the index

  // Where they are, newest first; none where there are too many of them.
  Result<std::optional<std::vector<Key>>> rare_ones() {
    std::vector<Key> keys;
    const std::string words = tsquery(words_);
    const std::int64_t most = rare_up_to + 1;
    std::int64_t came = 0;
    auto read =
        of_reasons()
            ? for_each_row(sql_, by_index::reasons, {words, since_, most},
                           [&](const sql::Rows& row) { ++came, keep(keys, reason_key(row)); })
            : for_each_row(sql_, query_.in == Place::logs ? by_index::logs : by_index::set_aside,
                           {words, since_id_, most}, [&](const sql::Rows& row) {
                             ++came;
                             keep(keys, execution_key(row));
                           });
    if (!read) return std::move(read).error();
    if (came == most) return std::optional<std::vector<Key>>();
    std::ranges::sort(keys, [](const Key& a, const Key& b) { return b < a; });
    return std::optional(std::move(keys));
  }

  void keep(std::vector<Key>& keys, Key key) const {
    if (key < at_) keys.push_back(std::move(key));
  }

  Result<Hits> from(const std::vector<Key>& keys) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      auto body = body_of(keys[i]);
      if (!body) return std::move(body).error();
      if (auto looked = look_at({keys[i], std::move(*body)}); !looked)
        return std::move(looked).error();
      if (full() && i + 1 < keys.size()) {
        made_.next = cursor_of(keys[i]);
        break;
      }
    }
    return std::move(made_);
  }

  Result<std::string> body_of(const Key& key) {
    const auto as_text = [](const sql::Rows& row) { return std::string(row.text(0)); };
    auto body = of_reasons() ? first_row(sql_, text::reason, {key.slot_id, key.number}, as_text)
                : query_.in == Place::logs
                    ? first_row(sql_, text::log, {key.execution}, as_text)
                    : first_row(sql_, text::one_set_aside, {key.execution, key.number}, as_text);
    if (!body) return std::move(body).error();
    return (*body).value_or("");
  }

  // ---- one after the other

  Result<Hits> one_after_the_other() {
    for (std::int64_t looked_at = 0; looked_at < texts_looked_at; looked_at += step_rows) {
      auto texts = next_texts();
      if (!texts) return std::move(texts).error();
      for (Text& text : *texts) {
        at_ = text.key;
        if (auto looked = look_at(text); !looked) return std::move(looked).error();
        if (full()) return until_here();
      }
      if (std::ssize(*texts) < step_rows) return std::move(made_);
    }
    return until_here();
  }

  Hits until_here() {
    made_.next = cursor_of(at_);
    return std::move(made_);
  }

  Result<std::vector<Text>> next_texts() {
    std::vector<Text> texts;
    const auto add = [&texts](Key key, std::string_view body) {
      texts.push_back({std::move(key), std::string(body)});
    };
    auto read =
        of_reasons()
            ? for_each_row(sql_, text::reasons,
                           {at_.at, at_.slot_id, at_.number, since_, step_rows},
                           [&](const sql::Rows& row) { add(reason_key(row), row.text(4)); })
        : query_.in == Place::logs
            ? for_each_row(sql_, text::logs, {at_.execution, since_id_, step_rows},
                           [&](const sql::Rows& row) { add(log_key(row), row.text(1)); })
            : for_each_row(sql_, text::set_aside, {at_.execution, at_.number, since_id_, step_rows},
                           [&](const sql::Rows& row) { add(execution_key(row), row.text(2)); });
    if (!read) return std::move(read).error();
    return texts;
  }

  // ---- both

  static Key reason_key(const sql::Rows& row) {
    return {row.instant(0), std::string(row.text(3)), row.integer(1), row.integer(2)};
  }
  static Key log_key(const sql::Rows& row) {
    return {.at = {}, .execution = std::string(row.text(0))};
  }
  Key execution_key(const sql::Rows& row) const {
    Key key = log_key(row);
    if (query_.in == Place::set_aside) key.number = row.integer(1);
    return key;
  }

  bool full() const { return std::ssize(made_.hits) >= query_.limit; }

  Result<> look_at(const Text& text) {
    if (!occur(words_, text.body)) return {};
    Hit hit{.slot_id = of_reasons() ? text.key.slot_id : slot_of_execution(text.key.execution),
            .job = {},
            .scheduled_for = {},
            .execution = text.key.execution,
            .outcome = {},
            .excerpt = excerpt(words_, text.body)};
    bool there = false;
    auto read =
        for_each_row(sql_, text::slot, {hit.slot_id, hit.execution}, [&](const sql::Rows& row) {
          there = true;
          hit.job = row.text(0);
          hit.scheduled_for = row.instant(1);
          hit.outcome = row.text(2);
        });
    if (!read) return read;
    if (there && (query_.job.empty() || hit.job == query_.job))
      made_.hits.push_back(std::move(hit));
    return {};
  }

  sql::Transaction& sql_;
  const SearchQuery& query_;
  const std::vector<Word> words_;
  Key at_;
  Instant since_;
  std::string since_id_;
  Hits made_;
};

constexpr std::string_view places[] = {"reasons", "set_aside", "logs"};

}  // namespace

std::string_view to_string(Place place) { return places[static_cast<std::size_t>(place)]; }

bool from_string(std::string_view text, Place& out) {
  for (const Place place : {Place::reasons, Place::set_aside, Place::logs})
    if (text == to_string(place)) return out = place, true;
  return false;
}

Result<Hits> search(sql::Database& database, const SearchQuery& query) {
  auto words = words_of(query.words);
  if (!words) return std::move(words).error();
  auto transaction = database.read();
  if (!transaction) return std::move(transaction).error().within("search");
  auto hits =
      Search(**transaction, query, std::move(words).value()).go(database.dialect().finds_words);
  if (!hits && hits.error().code() != Errc::invalid)
    return std::move(hits).error().within("search");
  return hits;
}

}  // namespace hotclock::past
