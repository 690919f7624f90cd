#include "service/relay/relay_support.h"

#include <algorithm>

#include "service/emitters/emission.h"

namespace hotclock::relay {

class Platform::Connection final : public emitters::Emitter {
 public:
  explicit Connection(Platform& platform) : platform_(platform) {}
  emitters::Published publish(std::span<const emitters::Emission> emissions) override {
    return platform_.take(emissions);
  }
  std::string where() const override { return "the platform"; }

 private:
  Platform& platform_;
};

std::unique_ptr<emitters::Emitter> Platform::emitter() {
  return std::make_unique<Connection>(*this);
}

emitters::Published Platform::take(std::span<const emitters::Emission> emissions) {
  std::unique_lock lock(m_);
  ++asked_;
  ++waiting_;
  changed_.wait(lock, [this] { return !hanging_; });
  --waiting_;
  if (away_) return {0, Error(Errc::unavailable, "nobody answers")};
  for (std::size_t i = 0; i < emissions.size(); ++i) {
    const std::int64_t id = std::stoll(emissions[i].args.at(1).at("eventId").get<std::string>());
    if (refused_.contains(id)) return {i, Error(Errc::invalid, "this can never go")};
    heard_.push_back(id);
  }
  return {emissions.size()};
}

void Platform::goes_away(bool away) {
  const std::lock_guard lock(m_);
  away_ = away;
}

void Platform::hangs(bool hanging) {
  const std::lock_guard lock(m_);
  hanging_ = hanging;
  changed_.notify_all();
}

void Platform::refuses(std::int64_t id) {
  const std::lock_guard lock(m_);
  refused_.insert(id);
}

Platform::Ids Platform::heard() const {
  const std::lock_guard lock(m_);
  return heard_;
}

bool Platform::has_heard(std::int64_t id) const {
  const std::lock_guard lock(m_);
  return std::ranges::find(heard_, id) != heard_.end();
}

int Platform::asked() const {
  const std::lock_guard lock(m_);
  return asked_;
}

bool Platform::is_hung_on() const {
  const std::lock_guard lock(m_);
  return waiting_ > 0 && hanging_;
}

}  // namespace hotclock::relay
