#include "service/api/api_support.h"

#include <atomic>

#include "service/schema/schema.h"
#include "service/theme/document.h"

namespace hotclock::api {
namespace {

constexpr sql::Statement add_document{
    "add_document",
    "INSERT INTO theme_documents (country, version, document, made_at) VALUES ($1, $2, $3, $4)"};
constexpr sql::Statement drop_document{
    "drop_document", "DELETE FROM theme_documents WHERE country = $1 AND version = $2"};
constexpr sql::Statement add_festival{
    "add_festival",
    "INSERT INTO festivals (id, name, type, country, priority, starts_at, ends_at, theme)"
    " VALUES ($1, $2, 'cultural', $3, 10, $4, $5, $6)"};

void must(sql::Database& database, const sql::Statement& statement,
          std::initializer_list<sql::Param> params) {
  auto tx = database.write().value();
  const auto done = tx->exec(statement, params);
  EXPECT_TRUE(done) << (done ? "" : done.error().message());
  EXPECT_TRUE(tx->commit());
}

}  // namespace

void Gate::close() {
  Lock lock(m_);
  closed_ = true;
}

void Gate::open() {
  {
    Lock lock(m_);
    closed_ = false;
  }
  changed_.notify_all();
}

void Gate::fail(bool fails) {
  Lock lock(m_);
  fails_ = fails;
}

int Gate::asked() const {
  Lock lock(m_);
  return asked_;
}

int Gate::waiting() const {
  Lock lock(m_);
  return waiting_;
}

Result<> Gate::may_begin() {
  Lock lock(m_);
  ++asked_;
  ++waiting_;
  while (closed_) lock.wait(changed_);
  --waiting_;
  if (fails_) return Error(Errc::unavailable, "the database is away");
  return {};
}

ApiFixture::ApiFixture() {
  database_ = sql::open(place_.url(), {.create = true}).value();
  EXPECT_TRUE(schema::migrate(*database_, t0));
  gate = std::make_unique<Gate>(*database_);
  auto key = auth::Key::secret(std::string(test_secret)).value();
  tokens_ = std::make_unique<auth::TokenVerifier>(
      std::make_unique<auth::KeySource>(auth::KeyRing::of(std::move(key))), auth::TokenRules{});
}

ApiFixture::~ApiFixture() {
  gate->open();
  if (pages_) pages_->stop();
  if (server_) server_->stop();
  loop_.stop();
  pages_.reset();
}

void ApiFixture::opens(const config::ThemesConfig& settings,
                       const std::function<void(http::Server&, const Ground&)>& adds) {
  server_ = std::make_unique<http::Server>(loop_, http::ServerSettings{});
  pages_ = std::make_unique<Pages>(Site{loop_, *server_, tokens_.get(), *gate, clock, logger},
                                   settings, theme::Rules{});
  if (adds) adds(*server_, pages_->ground());
  ASSERT_TRUE(loop_.start());
  ASSERT_TRUE(server_->start());
}

std::size_t ApiFixture::logged() {
  Lock lock(log_m_);
  return log_.size();
}

bool ApiFixture::loop_answers() {
  const auto came = std::make_shared<std::atomic<bool>>(false);
  loop_.post([came] { *came = true; });
  return http::eventually([&] { return came->load(); });
}

void ApiFixture::dresses(const std::string& country, std::int64_t version, std::string_view color,
                         int gift) {
  theme::Document document;
  document.country = country;
  document.version = version;
  document.festival = 3;
  document.festival_name = "Tihar";
  document.look.colors["primary"] = theme::parse_color(color).value();
  document.look.bonuses.gift = gift;
  document.festivals = {3};
  must(*database_, add_document, {country, version, theme::to_json(document), t0});
}

void ApiFixture::forgets(const std::string& country, std::int64_t version) {
  must(*database_, drop_document, {country, version});
}

void ApiFixture::plans(std::int64_t id, const std::string& name, const std::string& country,
                       Duration after, std::string_view theme) {
  must(*database_, add_festival,
       {id, name, country, t0 + after, t0 + after + std::chrono::hours{24}, theme});
}

void ApiFixture::sql(std::string_view text) { must(*database_, {"test", text}, {}); }

http::Fields ApiFixture::as(std::int64_t user, std::vector<std::string> roles, Duration lasts,
                            std::string_view secret) {
  return {{"Authorization", "Bearer " + auth::sign_hs256(secret, {.user = user,
                                                                  .expires_at = t0 + lasts,
                                                                  .roles = std::move(roles)})}};
}

}  // namespace hotclock::api
