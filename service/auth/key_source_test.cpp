#include "service/auth/key_source.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include "service/auth/token_support.h"

namespace hotclock::auth {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// A file of keys that is written anew, and what is complained of it.
class KeySourceTest : public testing::Test {
 protected:
  KeySourceTest() {
    std::string pattern = (fs::temp_directory_path() / "hotclock-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~KeySourceTest() override { fs::remove_all(folder_); }

  fs::path file() const { return folder_ / "keys.json"; }
  // As careful programs do it: a new file takes the place of the old one.
  void write(std::string_view text) const {
    std::ofstream(folder_ / "new") << text;
    fs::rename(folder_ / "new", file());
  }
  void write_key(const std::string& id) const {
    write(jwks({jwk_of_secret("\"kid\":\"" + id + "\",")}));
  }

  void open() {
    auto source = KeySource::of_file(
        file(), [this](const Error& why) { complaints_.push_back(why.message()); });
    ASSERT_TRUE(source) << source.error().message();
    source_ = std::move(*source);
    source_->at(now_);
  }
  bool knows(const std::string& id) {
    return source_->at(now_)->find(id, Algorithm::hs256) != nullptr;
  }
  void advance(Duration span) { now_ += span; }

  std::vector<std::string> complaints_;
  std::unique_ptr<KeySource> source_;

 private:
  fs::path folder_;
  Instant now_ = from_millis(1'800'000'000'000);
};

TEST_F(KeySourceTest, ReadsAFileThatChangedAtMostOnceASecond) {
  write_key("old");
  open();
  write_key("new");
  advance(999ms);
  EXPECT_TRUE(knows("old"));
  advance(1ms);
  EXPECT_TRUE(knows("new"));
  EXPECT_FALSE(knows("old"));
  EXPECT_TRUE(complaints_.empty());
}

TEST_F(KeySourceTest, KeepsTheKeysWhereTheNewFileIsBrokenAndSaysSoOnce) {
  write_key("old");
  open();
  write("{");
  for (int i = 0; i < 5; ++i) {
    advance(1s);
    EXPECT_TRUE(knows("old"));
  }
  ASSERT_EQ(complaints_.size(), 1u);
  EXPECT_EQ(complaints_[0], "keys of tokens in " + file().string() + ": it is no JSON");
  write_key("new");
  advance(1s);
  EXPECT_TRUE(knows("new"));
  EXPECT_EQ(complaints_.size(), 1u);
}

TEST_F(KeySourceTest, KeepsTheKeysWhereTheFileIsGoneUntilItIsBack) {
  write_key("old");
  open();
  fs::remove(file());
  for (int i = 0; i < 3; ++i) {
    advance(1s);
    EXPECT_TRUE(knows("old"));
  }
  EXPECT_EQ(complaints_.size(), 1u);
  write_key("new");
  advance(1s);
  EXPECT_TRUE(knows("new"));
}

TEST_F(KeySourceTest, LooksAgainWhereTheClockWasSetBack) {
  write_key("old");
  open();
  write_key("new");
  advance(-24h);
  EXPECT_TRUE(knows("new"));
}

TEST_F(KeySourceTest, RefusesAFirstFileThatCannotBeUsed) {
  EXPECT_NE(KeySource::of_file(file(), {}).error().message().find("No such file"),
            std::string::npos);
  write("{}");
  EXPECT_NE(KeySource::of_file(file(), {}).error().message().find("it has no list of keys"),
            std::string::npos);
  write(std::string((1 << 20) + 1, ' '));
  EXPECT_NE(KeySource::of_file(file(), {}).error().message().find("larger than 1 MiB"),
            std::string::npos);
  EXPECT_FALSE(KeySource::of_file(file().parent_path(), {}));
}

TEST_F(KeySourceTest, IsAskedByManyThreadsWhileTheFileChanges) {
  write_key("both");
  open();
  std::vector<std::jthread> threads;
  std::atomic<int> missed = 0;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (int second = 0; second < 200; ++second)
        if (!source_->at(from_millis(1'900'000'000'000 + second * 1000))
                 ->find("both", Algorithm::hs256))
          ++missed;
    });
  for (int i = 0; i < 50; ++i)
    write(jwks({jwk_of_secret(R"("kid":"both",)"), jwk_of_secret(R"("kid":"other",)")}));
  threads.clear();
  EXPECT_EQ(missed, 0);
}

}  // namespace
}  // namespace hotclock::auth
