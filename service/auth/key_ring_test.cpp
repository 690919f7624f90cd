#include "service/auth/key_ring.h"

#include <gtest/gtest.h>

#include "service/auth/token_support.h"

namespace hotclock::auth {
namespace {

std::string refusal(const Result<KeyRing>& ring) {
  return ring ? "accepted" : ring.error().message();
}

std::string refusal_of(std::initializer_list<std::string> keys) {
  return refusal(KeyRing::of_jwks(jwks(keys)));
}

const KeyPair& an_ed25519_pair() {
  static const KeyPair pair = KeyPair::ed25519();
  return pair;
}

std::string ed25519(std::string_view more) { return an_ed25519_pair().jwk(more); }

TEST(KeyRing, FindsAKeyByItsIdAndAlgorithm) {
  const auto ring =
      KeyRing::of_jwks(jwks({jwk_of_secret(R"("kid":"a",)"), jwk_of_secret(R"("kid":"b",)"),
                             KeyPair::rsa().jwk(R"("kid":"c","alg":"RS256","use":"sig",)"),
                             ed25519(R"("kid":"d","key_ops":["verify"],)")}));
  ASSERT_TRUE(ring) << refusal(ring);
  EXPECT_EQ(ring->size(), 4u);
  ASSERT_NE(ring->find("a", Algorithm::hs256), nullptr);
  EXPECT_NE(ring->find("a", Algorithm::hs256), ring->find("b", Algorithm::hs256));
  EXPECT_NE(ring->find("c", Algorithm::rs256), nullptr);
  EXPECT_NE(ring->find("d", Algorithm::eddsa), nullptr);
  EXPECT_EQ(ring->find("e", Algorithm::hs256), nullptr);
}

TEST(KeyRing, NeverGivesAKeyForAnotherAlgorithm) {
  const auto ring = KeyRing::of_jwks(jwks({ed25519(R"("kid":"d",)")}));
  ASSERT_TRUE(ring) << refusal(ring);
  for (const Algorithm other : {Algorithm::hs256, Algorithm::rs256}) {
    EXPECT_EQ(ring->find("d", other), nullptr);
    EXPECT_EQ(ring->find(std::nullopt, other), nullptr);
  }
  EXPECT_EQ(KeyRing::of(Key::secret(std::string(test_secret)).value()).find("x", Algorithm::rs256),
            nullptr);
}

TEST(KeyRing, TakesTheOnlyKeyOfAnAlgorithmWhereATokenNamesNone) {
  const auto ring = KeyRing::of_jwks(jwks(
      {jwk_of_secret(R"("kid":"a",)"), jwk_of_secret(R"("kid":"b",)"), ed25519(R"("kid":"d",)")}));
  ASSERT_TRUE(ring) << refusal(ring);
  EXPECT_NE(ring->find(std::nullopt, Algorithm::eddsa), nullptr);
  EXPECT_EQ(ring->find(std::nullopt, Algorithm::hs256), nullptr);
}

TEST(KeyRing, OfOneKeyTakesTokensWithAnyId) {
  const KeyRing ring = KeyRing::of(Key::secret(std::string(test_secret)).value());
  EXPECT_NE(ring.find(std::nullopt, Algorithm::hs256), nullptr);
  EXPECT_NE(ring.find("whatever", Algorithm::hs256), nullptr);
}

TEST(KeyRing, PassesOverKeysForOtherUses) {
  const auto ring = KeyRing::of_jwks(
      jwks({ed25519(R"("kid":"a","use":"enc",)"), ed25519(R"("kid":"b","key_ops":["sign"],)"),
            ed25519(R"("kid":"c","alg":"ES256",)"), ed25519(R"("kid":"d","use":"sig",)"),
            R"({"kty":"EC","crv":"P-256","kid":"e"})",
            R"({"kty":"OKP","crv":"X25519","kid":"f","x":"AA"})",
            R"({"kty":"oct","alg":"none","kid":"g","k":"AA"})", "{}"}));
  ASSERT_TRUE(ring) << refusal(ring);
  EXPECT_EQ(ring->size(), 1u);
  EXPECT_NE(ring->find("d", Algorithm::eddsa), nullptr);
}

TEST(KeyRing, RefusesWeakPrivateAndBrokenKeysByTheirNumber) {
  EXPECT_EQ(refusal_of({ed25519(R"("kid":"a",)"), jwk_of_secret(R"("kid":"b",)", "short")}),
            "key 2: the secret has less than 32 bytes");
  EXPECT_EQ(refusal_of({KeyPair::rsa(1024).jwk("")}), "key 1: the RSA key has less than 2048 bits");
  EXPECT_EQ(refusal_of({ed25519(R"("d":"AAAA",)")}),
            "key 1: it is a private key; only its public half belongs here");
  EXPECT_EQ(refusal_of({R"({"kty":"RSA","n":"AQAB"})"}), "key 1: its e is no base64url");
  EXPECT_EQ(refusal_of({R"({"kty":"oct","k":"AQ=="})"}), "key 1: its k is no base64url");
  EXPECT_EQ(refusal_of({R"({"kty":"OKP","crv":"Ed25519","x":"AQAB"})"}),
            "key 1: this is no Ed25519 key");
  EXPECT_EQ(refusal_of({ed25519(R"("kid":7,)")}), "key 1: its kid is no text");
  EXPECT_EQ(refusal_of({"7"}), "key 1: it is no JSON object");
}

TEST(KeyRing, RefusesKeysThatCannotBeToldApart) {
  EXPECT_EQ(refusal_of({jwk_of_secret(R"("kid":"a",)"), ed25519(R"("kid":"a",)")}),
            "key 2: another key has its kid");
  EXPECT_EQ(refusal_of({ed25519(""), ed25519("")}),
            "key 2: it has no kid, as another of its algorithm");
  EXPECT_EQ(refusal_of({ed25519(""), jwk_of_secret("")}), "accepted");
}

TEST(KeyRing, RefusesWhatHoldsNoKeys) {
  EXPECT_EQ(refusal(KeyRing::of_jwks("")), "it is no JSON");
  EXPECT_EQ(refusal(KeyRing::of_jwks("{}")), "it has no list of keys");
  EXPECT_EQ(refusal(KeyRing::of_jwks(R"({"keys":{}})")), "it has no list of keys");
  EXPECT_EQ(refusal_of({}), "no key in it verifies HS256, RS256 or EdDSA");
}

}  // namespace
}  // namespace hotclock::auth
