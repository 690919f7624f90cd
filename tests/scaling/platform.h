// A platform in a PostgreSQL database, and the program at work on it as an operator starts it.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "service/sql/postgres_support.h"
#include "tests/process/program.h"

namespace hotclock {

class PlatformTest : public ::testing::Test {
 protected:
  PlatformTest();
  ~PlatformTest() override;

  // What the program is told to work on.
  void on(const std::string& url) { with("HOTCLOCK_DATABASE_URL", url); }
  // Where the test itself looks; on() alone where a node must go by another way.
  void look_at(const std::string& url) { looks_at_ = url; }
  void with(const std::string& variable, const std::string& value) { environment_[variable] = value; }

  std::unique_ptr<Program> start(const std::vector<std::string>& words) const;
  Ended hotclock(const std::vector<std::string>& words) const { return start(words)->wait(); }
  // The same, which must end well.
  std::string done(const std::vector<std::string>& words) const;
  void a_platform_of(int users) const;
  // Starts a server, and waits until it is a node of the database.
  Program& serve();

  std::string text(const std::string& query) const { return sql::plain_postgres(looks_at_, query); }
  std::int64_t number(const std::string& query) const;
  std::int64_t payments() const;
  bool bonus_is_done() const;
  // Where the slots of the bonus stand, for the message of a test that failed.
  std::string slots() const;
  // The slot has ended well, each who is marked was paid once, the doctor finds nothing, and nobody is left.
  void expect_everybody_is_paid_once() const;

 private:
  std::string directory_;
  std::string looks_at_;
  std::map<std::string, std::string> environment_;
  std::vector<std::unique_ptr<Program>> servers_;
};

}  // namespace hotclock
