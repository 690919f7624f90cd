#include "service/config/secret.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "service/config/config.h"

namespace hotclock::config {
namespace {

namespace fs = std::filesystem;

// A file of its own, gone after the test.
class SecretFile {
 public:
  explicit SecretFile(std::string_view content) {
    std::string pattern = (fs::temp_directory_path() / "hotclock-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    std::ofstream(path()) << content;
  }
  ~SecretFile() { fs::remove_all(folder_); }
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;

  fs::path path() const { return folder_ / "secret"; }

 private:
  fs::path folder_;
};

Secret secret_of(const std::string& reference, const Environment& environment = {}) {
  return Section::parse("key = \"" + reference + "\"\n", "settings", environment).secret("key");
}

std::string content_of(const Secret& secret) {
  auto text = secret.reveal();
  return text ? *text : "refused: " + text.error().message();
}

TEST(Secret, IsWhatTheVariableSaysThatIsNamed) {
  const Secret secret = secret_of("env:LIVE_KEY", {{"LIVE_KEY", "open sesame"}});
  EXPECT_TRUE(secret.given());
  EXPECT_EQ(secret.shown, "env:LIVE_KEY");
  EXPECT_EQ(content_of(secret), "open sesame");
}

TEST(Secret, IsMissedOnlyWhenItIsAskedFor) {
  const Secret secret = secret_of("env:LIVE_KEY");
  EXPECT_TRUE(secret.given());
  EXPECT_EQ(content_of(secret), "refused: env:LIVE_KEY: it is not set");
  EXPECT_EQ(content_of(secret_of("file:/nowhere/key")),
            "refused: file:/nowhere/key: No such file or directory");
}

TEST(Secret, IsWhatTheFileHoldsWithoutTheEndOfItsLine) {
  for (const char* content : {"open sesame", "open sesame\n", "open sesame\r\n"}) {
    const SecretFile file(content);
    EXPECT_EQ(content_of(secret_of("file:" + file.path().string())), "open sesame");
  }
  const SecretFile two_lines("open\nsesame\n\n");
  EXPECT_EQ(content_of(secret_of("file:" + two_lines.path().string())), "open\nsesame\n");
}

TEST(Secret, IsNoEmptyFileNoDirectoryAndNoHugeFile) {
  const SecretFile empty("\n"), largest(std::string(64 << 10, 'x')),
      huge(std::string((64 << 10) + 1, 'x'));
  EXPECT_NE(content_of(secret_of("file:" + empty.path().string())).find("it is empty"),
            std::string::npos);
  EXPECT_EQ(content_of(secret_of("file:" + largest.path().string())).size(), std::size_t{64} << 10);
  EXPECT_NE(content_of(secret_of("file:" + huge.path().string())).find("longer than 64 KiB"),
            std::string::npos);
  EXPECT_NE(
      content_of(secret_of("file:" + empty.path().parent_path().string())).find("a directory"),
      std::string::npos);
}

TEST(Secret, LiesBesideTheSettingsWhereItsPathIsRelative) {
  const SecretFile file("open sesame");
  const auto settings = (file.path().parent_path() / "hotclock.toml").string();
  Section section = Section::parse("key = \"file:secret\"\n", settings);
  EXPECT_EQ(content_of(section.secret("key")), "open sesame");
}

TEST(Secret, IsNoneWhereNothingIsWritten) {
  EXPECT_FALSE(secret_of("").given());
  EXPECT_FALSE(Section::parse("").secret("key").given());
}

TEST(Secret, DoesNotStandInTheFileItselfAndIsNeverRepeated) {
  for (const char* line :
       {"jwt_key = \"open sesame\"", "jwt_key = 7355608", "jwt_key = [\"open sesame\"]",
        "jwt_kye = \"open sesame\"", "jwt_key = \"open sesame", "jwt_key = \"env:\"",
        "jwt_key = 'open sesame' 7355608"}) {
    const auto config =
        read({File{"hotclock.toml", "[realtime]\n" + std::string(line) + "\n"}, {}}, {}, {});
    ASSERT_FALSE(config) << line;
    const std::string& message = config.error().message();
    EXPECT_TRUE(message.starts_with("hotclock.toml:2:")) << message;
    EXPECT_EQ(message.find("sesame"), std::string::npos) << message;
    EXPECT_EQ(message.find("7355608"), std::string::npos) << message;
  }
  const auto config = read({}, {{"HOTCLOCK_REALTIME__JWT_KEY", "open sesame"}}, {});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message(),
            "HOTCLOCK_REALTIME__JWT_KEY: realtime.jwt_key: a secret does not stand here itself; "
            "write env:NAME or file:PATH");
}

TEST(Secret, MayStandInAVariableOfHotclocksOwn) {
  const auto config =
      read({File{"hotclock.toml", "[realtime]\njwt_key = \"env:HOTCLOCK_REALTIME__SECRET\"\n"}, {}},
           {{"HOTCLOCK_REALTIME__SECRET", "open sesame"}}, {});
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(content_of(config->realtime.jwt_key), "open sesame");
  for (const Shown& shown : config->shown)
    EXPECT_EQ(shown.value.find("sesame"), std::string::npos) << shown.key;
}

TEST(Secret, MayBeAUrlWhereOneIsMeant) {
  Section section = Section::parse("url = \"redis://live:s3cret@cache\"\n");
  const Secret url = section.secret_url("url");
  EXPECT_EQ(url.shown, "redis://live:***@cache");
  EXPECT_EQ(content_of(url), "redis://live:s3cret@cache");
}

}  // namespace
}  // namespace hotclock::config
