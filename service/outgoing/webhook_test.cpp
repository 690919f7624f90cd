#include "service/outgoing/webhook.h"

#include <gtest/gtest.h>

namespace hotclock::outgoing {
namespace {

// Reckoned by another program (Python's hmac and base64).
constexpr auto first = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr auto second = "whsec_a2tra2tra2tra2tra2tra2tra2tra2tr";
const Instant noon = from_millis(1'795'608'000'999);
constexpr auto body = "{\"type\":\"slot.due\",\"n\":\"\xC3\xA9\"}";

std::string signed_by(std::string_view secrets, std::string_view text = body) {
  const auto keys = read_signing_keys(secrets);
  EXPECT_TRUE(keys) << (keys ? "" : keys.error().message());
  return signature_of(*keys, "msg_1", noon, text);
}

TEST(Webhook, IsSignedAsTheSchemeHasIt) {
  EXPECT_EQ(signed_by(first), "v1,TDwdinpBAu8dhhiTYXdjeZeJuvJTpVzoCDFgiigHSB4=");
  EXPECT_EQ(signed_by(second), "v1,rS3V2EdDpwom2eo3krzQYF7VSuWA64t2EgqdF9Rd9rA=");
  EXPECT_EQ(signed_by(first, ""), "v1,6hXGOzwrGlO/fdPt5q0XXf7j4QeqhWhPGN7QYCvZWUQ=");
}

TEST(Webhook, IsSignedAsOtherProgramsOfTheSchemeDoIt) {
  const auto keys = read_signing_keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  ASSERT_TRUE(keys);
  EXPECT_EQ(signature_of(*keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", from_millis(1'614'265'330'000),
                         "{\"test\": 2432232314}"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Webhook, IsSignedByEverySecretWhileOneIsChanged) {
  EXPECT_EQ(signed_by(std::string(first) + " \n" + second + "\n"),
            signed_by(first) + " " + signed_by(second));
}

TEST(Webhook, HasItsTimeInSeconds) { EXPECT_EQ(webhook_timestamp(noon), "1795608000"); }

TEST(Webhook, TakesNoOtherTextForASecret) {
  const std::string good(first);
  for (const std::string& wrong :
       {std::string(), std::string(" "), std::string("whsec_"), good.substr(6),
        good.substr(0, good.size() - 1), good + "=", good + "A", "whsec_" + std::string("c2hvcnQ="),
        "WHSEC_" + good.substr(6), std::string("whsec_===="),
        good.substr(0, 20) + "!" + good.substr(21), "whsec_" + std::string(100, 'A'),
        std::string("whsec_AA=CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")}) {
    const auto keys = read_signing_keys(wrong);
    ASSERT_FALSE(keys) << wrong;
    const std::string inside = wrong.size() > 20 ? wrong.substr(6, 12) : "nothing of it";
    EXPECT_EQ(keys.error().message().find(inside), std::string::npos);
  }
  EXPECT_FALSE(read_signing_keys(good + " nonsense"));
}

TEST(Digest, IsTheSameForTheSameText) {
  EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223");
  EXPECT_NE(digest("abd"), digest("abc"));
}

}  // namespace
}  // namespace hotclock::outgoing
