#include "service/auth/key.h"

#include <gtest/gtest.h>

#include "service/auth/base64url.h"
#include "service/auth/token_support.h"

namespace hotclock::auth {
namespace {

std::string bytes(std::string_view base64url) { return from_base64url(base64url).value(); }

std::string refusal(const Result<Key>& key) { return key ? "accepted" : key.error().message(); }

const KeyPair& an_rsa_pair() {
  static const KeyPair pair = KeyPair::rsa();
  return pair;
}

TEST(Key, VerifiesTheExampleOfHs256) {  // RFC 7515, A.1
  const auto key = Key::secret(bytes(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
  const std::string_view text =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl"
      "LmNvbS9pc19yb290Ijp0cnVlfQ";
  ASSERT_TRUE(key);
  EXPECT_EQ(key->algorithm(), Algorithm::hs256);
  EXPECT_TRUE(key->signed_by_it(text, bytes("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")));
  EXPECT_FALSE(key->signed_by_it(text, bytes("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXg")));
  EXPECT_FALSE(key->signed_by_it(text, {}));
}

TEST(Key, VerifiesTheExampleOfRs256) {  // RFC 7515, A.2
  const auto key =
      Key::rsa(bytes("ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-"
                     "4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZ"
                     "S-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-"
                     "bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2"
                     "CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-"
                     "DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9g"
                     "b54h4FRWyuXpoQ"),
               bytes("AQAB"));
  const std::string_view text =
      "eyJhbGciOiJSUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
      "fQ";
  const std::string signature = bytes(
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
      "O8W2Fp5jujGbds9uJdbF9CUAr7t1d"
      "nZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_"
      "eSN9383LcOLn6_dO--xi12jzDwu"
      "sC-"
      "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0i"
      "gcN_IoypGlUPQGe77Rw");
  ASSERT_TRUE(key) << refusal(key);
  EXPECT_EQ(key->algorithm(), Algorithm::rs256);
  EXPECT_TRUE(key->signed_by_it(text, signature));
  EXPECT_FALSE(key->signed_by_it(std::string(text) + "x", signature));
  EXPECT_FALSE(key->signed_by_it(text, signature.substr(1)));
}

TEST(Key, VerifiesTheExampleOfEd25519) {  // RFC 8037, A.4
  const auto key = Key::ed25519(bytes("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
  const std::string_view text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  ASSERT_TRUE(key) << refusal(key);
  EXPECT_EQ(key->algorithm(), Algorithm::eddsa);
  EXPECT_TRUE(
      key->signed_by_it(text, bytes("hgyY0il_MGCjP0JzlnLWG1PPOt7-"
                                    "09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")));
  EXPECT_FALSE(key->signed_by_it(text, std::string(64, '\0')));
  EXPECT_FALSE(key->signed_by_it(text, {}));
}

TEST(Key, InPemVerifiesWhatItsPrivateHalfSigned) {
  for (const auto& [algorithm, pair] : {std::pair(Algorithm::rs256, an_rsa_pair()),
                                        std::pair(Algorithm::eddsa, KeyPair::ed25519())}) {
    const auto key = Key::public_key(algorithm, pair.public_pem());
    ASSERT_TRUE(key) << refusal(key);
    EXPECT_TRUE(key->signed_by_it("a text", pair.sign("a text")));
    EXPECT_FALSE(key->signed_by_it("a test", pair.sign("a text")));
  }
}

TEST(Key, OfOneAlgorithmIsNoneOfAnother) {
  EXPECT_NE(refusal(Key::secret(an_rsa_pair().public_pem())).find("no secret of HS256"),
            std::string::npos);
  EXPECT_EQ(refusal(Key::public_key(Algorithm::eddsa, an_rsa_pair().public_pem())),
            "the public key is of another kind than EdDSA needs");
  EXPECT_EQ(refusal(Key::public_key(Algorithm::rs256, KeyPair::ed25519().public_pem())),
            "the public key is of another kind than RS256 needs");
  EXPECT_EQ(refusal(Key::public_key(Algorithm::rs256, KeyPair::rsa_pss().public_pem())),
            "the public key is of another kind than RS256 needs");
}

TEST(Key, IsNotWeak) {
  EXPECT_EQ(refusal(Key::secret(std::string(31, 'x'))), "the secret has less than 32 bytes");
  EXPECT_EQ(refusal(Key::secret(std::string(32, 'x'))), "accepted");
  EXPECT_EQ(refusal(Key::public_key(Algorithm::rs256, KeyPair::rsa(1024).public_pem())),
            "the RSA key has less than 2048 bits");
  EXPECT_EQ(refusal(Key::rsa(std::string(256, '\xff'), "\x01")), "the RSA key's exponent is none");
  EXPECT_EQ(refusal(Key::rsa(std::string(256, '\xff'), "\x04")), "the RSA key's exponent is none");
  EXPECT_EQ(refusal(Key::rsa(std::string(256, '\xff'), std::string(9, '\xff'))),
            "the RSA key's exponent is none");
  EXPECT_EQ(refusal(Key::rsa(std::string(1025, '\xff'), "\x01\x00\x01")),
            "the RSA key has more than 8192 bits");
}

TEST(Key, IsThePublicHalfAlone) {
  EXPECT_EQ(refusal(Key::public_key(Algorithm::rs256, an_rsa_pair().private_pem())),
            "this is a private key; only its public half belongs here");
  EXPECT_EQ(refusal(Key::public_key(
                Algorithm::eddsa, "-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----\n")),
            "this is no public key in PEM");
  EXPECT_EQ(refusal(Key::public_key(Algorithm::eddsa, "")), "this is no public key in PEM");
  EXPECT_EQ(refusal(Key::ed25519("short")), "this is no Ed25519 key");
}

TEST(Key, KnowsItsAlgorithmByNameAndNoOther) {
  Algorithm out{};
  for (const Algorithm algorithm : {Algorithm::hs256, Algorithm::rs256, Algorithm::eddsa}) {
    ASSERT_TRUE(from_string(to_string(algorithm), out));
    EXPECT_EQ(out, algorithm);
  }
  for (const char* name : {"none", "hs256", "HS384", "RS512", "ES256", "PS256", ""})
    EXPECT_FALSE(from_string(name, out));
}

}  // namespace
}  // namespace hotclock::auth
