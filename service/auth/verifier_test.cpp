#include "service/auth/verifier.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "service/auth/base64url.h"
#include "service/auth/signing.h"
#include "service/auth/token.h"
#include "service/auth/token_support.h"

namespace hotclock::auth {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t today = 1'800'000'000;  // seconds
constexpr std::string_view hs256 = R"({"alg":"HS256","typ":"JWT"})";

TokenVerifier verifier(TokenRules rules = {}) {
  return {std::make_unique<KeySource>(KeyRing::of(Key::secret(std::string(test_secret)).value())),
          std::move(rules)};
}

std::string exp_in(std::int64_t seconds) { return "\"exp\":" + std::to_string(today + seconds); }

// What comes of a token: the user, or why not.
std::string verdict(const TokenVerifier& verifier, std::string_view token, Duration later = 0s) {
  const auto who = verifier.verify(token, from_millis(today * 1000) + later);
  return who ? std::to_string(who->user) : who.error().message();
}

// Of a token with a good signature that says `claims`.
std::string verdict_of(const std::string& claims, TokenRules rules = {}, Duration later = 0s) {
  return verdict(verifier(std::move(rules)), token_hs256(hs256, "{" + claims + "}"), later);
}

TEST(TokenVerifier, KnowsWhoShowsATokenAndUntilWhen) {
  const auto who = verifier().verify(token_hs256(hs256, R"({"sub":"4711",)" + exp_in(60) + "}"),
                                     from_millis(today * 1000));
  ASSERT_TRUE(who) << who.error().message();
  EXPECT_EQ(who->user, 4711);
  EXPECT_EQ(who->expires_at, from_millis((today + 90) * 1000));
}

TEST(TokenVerifier, WantsAnExpiryAndLooksAtItWithALeeway) {
  const std::string claims = R"("sub":"1",)" + exp_in(0);
  EXPECT_EQ(verdict_of(claims, {}, 30s - 1ms), "1");
  EXPECT_EQ(verdict_of(claims, {}, 30s), "the token has expired");
  EXPECT_EQ(verdict_of(claims, {.leeway = 0s}, -1ms), "1");
  EXPECT_EQ(verdict_of(claims, {.leeway = 0s}, 0s), "the token has expired");
  EXPECT_EQ(verdict_of(R"("sub":"1")"), "the token never expires: exp is missing");
  const auto expired =
      verifier().verify(token_hs256(hs256, "{" + claims + "}"), from_millis((today + 30) * 1000));
  ASSERT_FALSE(expired);
  EXPECT_EQ(expired.error().code(), Errc::timeout);
}

TEST(TokenVerifier, LooksAtTheBeginningWithALeeway) {
  const std::string claims =
      R"("sub":"1",)" + exp_in(600) + ",\"nbf\":" + std::to_string(today + 30);
  EXPECT_EQ(verdict_of(claims), "1");
  EXPECT_EQ(verdict_of(claims, {}, -1ms), "the token is not valid yet");
  EXPECT_EQ(verdict_of(claims, {.leeway = 0s}, 30s - 1ms), "the token is not valid yet");
  EXPECT_EQ(verdict_of(claims, {.leeway = 0s}, 30s), "1");
}

TEST(TokenVerifier, TakesInstantsWithAFractionAndNoOthers) {
  EXPECT_EQ(verdict_of(R"("sub":"1","exp":1800000000.5)", {.leeway = 0s}, 499ms), "1");
  EXPECT_EQ(verdict_of(R"("sub":"1","exp":1800000000.5)", {.leeway = 0s}, 500ms),
            "the token has expired");
  EXPECT_EQ(verdict_of(R"("sub":"1","exp":1.8000001e9)"), "1");
  for (const char* exp : {"\"1900000000\"", "null", "true", "[1900000000]", "-1", "1e300",
                          "9223372036854775808", "18446744073709551615", "253402300800"})
    EXPECT_EQ(verdict_of(R"("sub":"1","exp":)" + std::string(exp)),
              "the token's exp: it is no instant")
        << exp;
  EXPECT_EQ(verdict_of(R"("sub":"1","nbf":"0",)" + exp_in(60)),
            "the token's nbf: it is no instant");
}

TEST(TokenVerifier, WantsItsIssuerWhereOneIsSet) {
  const std::string claims = R"("sub":"1",)" + exp_in(60);
  const TokenRules rules{.issuer = "accounts"};
  EXPECT_EQ(verdict_of(claims + R"(,"iss":"accounts")", rules), "1");
  EXPECT_EQ(verdict_of(claims + R"(,"iss":"Accounts")", rules), "the token is of another issuer");
  EXPECT_EQ(verdict_of(claims + R"(,"iss":["accounts"])", rules), "the token is of another issuer");
  EXPECT_EQ(verdict_of(claims, rules), "the token is of another issuer");
  EXPECT_EQ(verdict_of(claims + R"(,"iss":"whoever")"), "1");
}

TEST(TokenVerifier, WantsItsAudienceWhereOneIsSet) {
  const std::string claims = R"("sub":"1",)" + exp_in(60);
  const TokenRules rules{.audience = "hotclock"};
  EXPECT_EQ(verdict_of(claims + R"(,"aud":"hotclock")", rules), "1");
  EXPECT_EQ(verdict_of(claims + R"(,"aud":["shop","hotclock"])", rules), "1");
  for (const char* aud : {R"(,"aud":"shop")", R"(,"aud":[])", R"(,"aud":[["hotclock"]])",
                          R"(,"aud":{"hotclock":1})", ""})
    EXPECT_EQ(verdict_of(claims + aud, rules), "the token is meant for others") << aud;
  EXPECT_EQ(verdict_of(claims + R"(,"aud":"shop")"), "1");
}

TEST(TokenVerifier, TakesADecimalIdOfAUserAndNothingElse) {
  const auto of = [](const std::string& sub) {
    return verdict_of("\"sub\":" + sub + "," + exp_in(60));
  };
  EXPECT_EQ(of("\"9223372036854775807\""), "9223372036854775807");
  EXPECT_EQ(of("9223372036854775807"), "9223372036854775807");
  for (const char* sub : {"\"\"", "\"0\"", "\"007\"", "\"-1\"", "\"+1\"", "\" 1\"", "\"1 \"",
                          "\"1.0\"", "\"0x1\"", "\"joe\"", "\"9223372036854775808\"", "0", "-1",
                          "1.5", "1e3", "9223372036854775808", "null", "[1]", "\"1\\u0000\""})
    EXPECT_EQ(of(sub), "the token's sub is no user's id") << sub;
  EXPECT_EQ(verdict_of(exp_in(60)), "the token names no user: sub is missing");
  EXPECT_EQ(verdict_of(R"("uid":7,"sub":"joe",)" + exp_in(60), {.user_claim = "uid"}), "7");
}

// The roles of a token whose claims have these beside a user and an expiry.
std::vector<std::string> roles_of(const std::string& claims, TokenRules rules = {}) {
  const auto who = verifier(std::move(rules))
                       .verify(token_hs256(hs256, R"({"sub":"1",)" + exp_in(60) + claims + "}"),
                               from_millis(today * 1000));
  EXPECT_TRUE(who) << (who ? "" : who.error().message());
  return who ? who->roles : std::vector<std::string>{"refused"};
}

TEST(TokenVerifier, TakesOneRoleOrSeveralFromTheirClaim) {
  using Roles = std::vector<std::string>;
  EXPECT_EQ(roles_of(""), Roles{});
  EXPECT_EQ(roles_of(R"(,"roles":"festival-editor")"), Roles{"festival-editor"});
  EXPECT_EQ(roles_of(R"(,"roles":["host","festival-editor"])"), (Roles{"host", "festival-editor"}));
  EXPECT_EQ(roles_of(R"(,"roles":[],"groups":"g")", {.roles_claim = "groups"}), Roles{"g"});
  EXPECT_EQ(roles_of(R"(,"role":"festival-editor","Roles":"festival-editor")"), Roles{});
}

TEST(TokenVerifier, TakesNothingForARoleThatIsNoText) {
  using Roles = std::vector<std::string>;
  for (const char* none :
       {"null", "true", "7", "{\"festival-editor\":true}", "\"\"", "[]", "[[\"a\"]]"})
    EXPECT_EQ(roles_of(",\"roles\":" + std::string(none)), Roles{}) << none;
  EXPECT_EQ(roles_of(R"(,"roles":[1,"a",null,["b"],"c"])"), (Roles{"a", "c"}));
}

TEST(TokenVerifier, TakesSoManyRolesAndNoLongerOnes) {
  std::string many = R"(,"roles":["r")";
  for (std::size_t i = 0; i < most_roles; ++i) many += R"(,"r")";
  EXPECT_EQ(roles_of(many + "]").size(), most_roles);
  const std::string longest(longest_role, 'r');
  EXPECT_EQ(roles_of(R"(,"roles":[")" + longest + R"(",")" + longest + R"(r"])"),
            std::vector<std::string>{longest});
}

TEST(TokenVerifier, KnowsARoleByItsWholeName) {
  const Identity who{.user = 1, .expires_at = {}, .roles = {"festival-editor", "host"}};
  EXPECT_TRUE(who.has_role("host"));
  EXPECT_FALSE(who.has_role("festival"));
  EXPECT_FALSE(who.has_role(""));
}

TEST(TokenVerifier, RefusesWhatIsNotSignedByItsKey) {
  const std::string claims = R"({"sub":"1",)" + exp_in(60) + "}";
  EXPECT_EQ(
      verdict(verifier(), token_hs256(hs256, claims, "another secret that is long enough, too")),
      "the token's signature does not fit");
  const std::string text = to_base64url(hs256) + "." + to_base64url(claims);
  EXPECT_EQ(verdict(verifier(), text + "."), "the token's signature does not fit");
  EXPECT_EQ(
      verdict(verifier(), to_base64url(R"({"alg":"none"})") + "." + to_base64url(claims) + "."),
      "the token's header: it is not signed");
}

TEST(TokenVerifier, RefusesEveryChangeOfALetter) {
  const TokenVerifier verifies = verifier();
  const std::string token = token_hs256(hs256, R"({"sub":"1",)" + exp_in(60) + "}");
  ASSERT_EQ(verdict(verifies, token), "1");
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_NE(verdict(verifies, changed), "1") << "letter " << at;
  }
}

// The classic: a token whose HMAC was made with the text of a public key as the secret.
TEST(TokenVerifier, TakesNoPublicKeyForASecret) {
  const KeyPair pair = KeyPair::rsa();
  const TokenVerifier verifies(std::make_unique<KeySource>(KeyRing::of(
                                   Key::public_key(Algorithm::rs256, pair.public_pem()).value())),
                               {});
  const std::string claims = R"({"sub":"1",)" + exp_in(60) + "}";
  EXPECT_EQ(verdict(verifies, token_of(pair, R"({"alg":"RS256"})", claims)), "1");
  EXPECT_EQ(verdict(verifies, token_hs256(hs256, claims, pair.public_pem())),
            "the token is signed with no key that is known here");
  EXPECT_EQ(verdict(verifies, token_of(pair, hs256, claims)),
            "the token is signed with no key that is known here");
  EXPECT_EQ(verdict(verifies, token_hs256(R"({"alg":"RS256"})", claims)),
            "the token's signature does not fit");
}

TEST(TokenVerifier, ChoosesAmongSeveralKeysByTheirIds) {
  const KeyPair old_pair = KeyPair::ed25519(), new_pair = KeyPair::ed25519();
  auto ring =
      KeyRing::of_jwks(jwks({old_pair.jwk(R"("kid":"old",)"), new_pair.jwk(R"("kid":"new",)")}));
  ASSERT_TRUE(ring) << ring.error().message();
  const TokenVerifier verifies(std::make_unique<KeySource>(std::move(*ring)), {});
  const std::string claims = R"({"sub":"1",)" + exp_in(60) + "}";
  EXPECT_EQ(verdict(verifies, token_of(old_pair, R"({"alg":"EdDSA","kid":"old"})", claims)), "1");
  EXPECT_EQ(verdict(verifies, token_of(new_pair, R"({"alg":"EdDSA","kid":"new"})", claims)), "1");
  EXPECT_EQ(verdict(verifies, token_of(old_pair, R"({"alg":"EdDSA","kid":"new"})", claims)),
            "the token's signature does not fit");
  for (const char* header :
       {R"({"alg":"EdDSA","kid":"other"})", R"({"alg":"EdDSA","kid":""})", R"({"alg":"EdDSA"})"})
    EXPECT_EQ(verdict(verifies, token_of(old_pair, header, claims)),
              "the token is signed with no key that is known here");
}

TEST(TokenVerifier, RefusesWhatIsNoToken) {
  const std::string three_parts = "a token has three parts with dots between them";
  for (const char* text : {"", "a", "a.b", "a.b.c.d", "a.b.c.d.e"})
    EXPECT_EQ(verdict(verifier(), text), three_parts);
  EXPECT_EQ(verdict(verifier(), ".."), "the token's header: it is no JSON");
  EXPECT_EQ(verdict(verifier(), "e30=.e30.AA"), "the token's header: it is no base64url");
  const std::string good = to_base64url(hs256);
  EXPECT_EQ(verdict(verifier(), good + ".e31=.AA"), "the token's claims: it is no base64url");
  EXPECT_EQ(verdict(verifier(), good + ".W10.AA"), "the token's claims: it is no JSON object");
  EXPECT_EQ(verdict(verifier(), good + ".e30.AB"), "the token's signature: it is no base64url");
  EXPECT_EQ(verdict_of(R"("sub":"1","sub":"2",)" + exp_in(60)),
            "the token's claims: a name stands twice in it");
  EXPECT_EQ(verdict_of("\"a\":" + std::string(20, '[') + std::string(20, ']')),
            "the token's claims: it is nested too deeply");
}

TEST(TokenVerifier, RefusesHeadersItDoesNotUnderstand) {
  const auto of = [](std::string_view header) {
    return verdict(verifier(), token_hs256(header, "{}"));
  };
  EXPECT_EQ(of("{}"), "the token's header: it names no algorithm");
  EXPECT_EQ(of(R"({"alg":["HS256"]})"), "the token's header: it names no algorithm");
  for (const char* alg : {"HS384", "hs256", "None", "ES256", "PS256", "dir"})
    EXPECT_EQ(of(R"({"alg":")" + std::string(alg) + R"("})"),
              "the token's header: its algorithm is not HS256, RS256 or EdDSA");
  EXPECT_EQ(of(R"({"alg":"HS256","crit":["b64"],"b64":false})"),
            "the token's header: it wants something understood that is not");
  EXPECT_EQ(of(R"({"alg":"HS256","kid":7})"), "the token's header: its key's id is no text");
  EXPECT_EQ(of(R"({"alg":"none","alg":"HS256"})"), "the token's header: a name stands twice in it");
}

TEST(TokenVerifier, RefusesATokenThatIsTooLong) {
  const auto of_size = [](std::size_t filling) {
    return token_hs256(
        hs256, R"({"sub":"1",)" + exp_in(60) + R"(,"x":")" + std::string(filling, 'x') + "\"}");
  };
  std::size_t filling = 0;
  while (of_size(filling + 1).size() <= longest_token) ++filling;
  EXPECT_EQ(verdict(verifier(), of_size(filling)), "1");
  EXPECT_EQ(verdict(verifier(), of_size(filling + 1)), "the token is longer than 8 KiB");
}

TEST(TokenVerifier, NeverRepeatsAnythingOfTheToken) {
  EXPECT_TRUE(rc::check([](const std::string& text) {
    const auto who = verifier().verify("MARK" + text + "MARK", from_millis(today * 1000));
    RC_ASSERT(!who);
    RC_ASSERT(who.error().message().find("MARK") == std::string::npos);
  }));
  for (const char* header : {R"({"alg":"MARK"})", R"({"alg":"HS256","kid":"MARK","crit":"MARK"})",
                             R"({"MARK":1,"MARK":1})"})
    EXPECT_EQ(verdict(verifier(), token_hs256(header, "{}")).find("MARK"), std::string::npos);
  for (const char* claims : {R"("sub":"MARK",)", R"("sub":"1","iss":"MARK","aud":"MARK",)",
                             R"("sub":"1","nbf":"MARK",)"})
    EXPECT_EQ(verdict_of(claims + exp_in(60), {.issuer = "a"}).find("MARK"), std::string::npos);
}

TEST(TokenVerifier, TakesTheTokensWeSign) {
  const std::string token = sign_hs256(test_secret, {.user = 4711,
                                                     .expires_at = from_millis((today + 60) * 1000),
                                                     .user_claim = "uid",
                                                     .issuer = "demo \"quoted\"",
                                                     .audience = "hotclock"});
  EXPECT_EQ(
      verdict(verifier({.issuer = "demo \"quoted\"", .audience = "hotclock", .user_claim = "uid"}),
              token),
      "4711");
  EXPECT_EQ(verdict(verifier({.user_claim = "uid"}), token, 90s), "the token has expired");
  EXPECT_EQ(
      verdict(verifier(),
              sign_hs256(test_secret, {.user = 1, .expires_at = from_millis((today + 1) * 1000)})),
      "1");
}

class VerifierOfSettings : public testing::Test {
 protected:
  VerifierOfSettings() {
    std::string pattern = (std::filesystem::temp_directory_path() / "hotclock-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~VerifierOfSettings() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file(std::string_view content) const {
    std::ofstream(folder_ / "key") << content;
    return folder_ / "key";
  }
  static std::string refusal(const config::RealtimeConfig& settings) {
    const auto made = TokenVerifier::of(settings, "roles", {});
    return made ? "accepted" : made.error().message();
  }
  static config::Secret secret(std::string value) { return {"env:KEY", std::move(value), {}}; }

 private:
  std::filesystem::path folder_;
};

TEST_F(VerifierOfSettings, IsNoneWhereNoKeyIsNamed) {
  const auto made = TokenVerifier::of({}, "roles", {});
  ASSERT_TRUE(made);
  EXPECT_EQ(*made, nullptr);
}

TEST_F(VerifierOfSettings, TakesASecretAndTheRules) {
  config::RealtimeConfig settings;
  settings.jwt_key = secret(std::string(test_secret));
  settings.jwt_issuer = "accounts";
  settings.jwt_leeway = 0s;
  settings.jwt_user_claim = "uid";
  const auto made = TokenVerifier::of(settings, "roles", {});
  ASSERT_TRUE(made) << made.error().message();
  const std::string claims = R"("uid":"5","iss":"accounts",)" + exp_in(1);
  EXPECT_EQ(verdict(**made, token_hs256(hs256, "{" + claims + "}")), "5");
  EXPECT_EQ(verdict(**made, token_hs256(hs256, "{" + claims + "}"), 1s), "the token has expired");
}

TEST_F(VerifierOfSettings, TakesAPublicKeyFromAFile) {
  const KeyPair pair = KeyPair::ed25519();
  config::RealtimeConfig settings;
  settings.jwt_algorithm = "EdDSA";
  settings.jwt_key = {"file:key", {}, file(pair.public_pem())};
  const auto made = TokenVerifier::of(settings, "roles", {});
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(
      verdict(**made, token_of(pair, R"({"alg":"EdDSA"})", R"({"sub":"5",)" + exp_in(1) + "}")),
      "5");
}

TEST_F(VerifierOfSettings, TakesAFileOfKeys) {
  config::RealtimeConfig settings;
  settings.jwt_keys = file(jwks({jwk_of_secret(R"("kid":"a",)")}));
  const auto made = TokenVerifier::of(settings, "roles", {});
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_EQ(verdict(**made, token_hs256(R"({"alg":"HS256","kid":"a"})",
                                        R"({"sub":"5",)" + exp_in(1) + "}")),
            "5");
}

TEST_F(VerifierOfSettings, RefusesKeysThatAreWeakOrOfAnotherAlgorithm) {
  config::RealtimeConfig settings;
  settings.jwt_key = secret("hunter2");
  EXPECT_EQ(refusal(settings), "the key of tokens: env:KEY: the secret has less than 32 bytes");
  settings.jwt_key = secret(KeyPair::rsa(1024).public_pem());
  EXPECT_NE(refusal(settings).find("no secret of HS256"), std::string::npos);
  settings.jwt_algorithm = "RS256";
  EXPECT_EQ(refusal(settings), "the key of tokens: env:KEY: the RSA key has less than 2048 bits");
  settings.jwt_algorithm = "EdDSA";
  EXPECT_EQ(refusal(settings),
            "the key of tokens: env:KEY: the public key is of another kind than EdDSA needs");
  settings.jwt_key = {"env:KEY", {}, {}};
  EXPECT_EQ(refusal(settings), "the key of tokens: env:KEY: it is not set");
  settings.jwt_key = {};
  settings.jwt_keys = "/nowhere/keys.json";
  EXPECT_EQ(refusal(settings), "keys of tokens in /nowhere/keys.json: No such file or directory");
}

}  // namespace
}  // namespace hotclock::auth
