#include "service/api/limits.h"

namespace hotclock::api {

using auth::ClientKey;

Limits::Limits(LimitSettings settings)
    : reads_by_address_({.messages_a_minute = settings.reads}),
      changes_by_address_({.messages_a_minute = settings.changes}),
      reads_by_token_({.messages_a_minute = settings.reads}),
      changes_by_token_({.messages_a_minute = settings.changes}),
      attempts_({.messages_a_minute = settings.attempts}),
      streams_({.at_once = settings.streams}) {}

bool Limits::address_may(std::string_view address, Asks asks, Steady now) {
  Lock lock(m_);
  auto& counts = asks == Asks::read ? reads_by_address_ : changes_by_address_;
  return counts.message(ClientKey::of_address(address), now);
}

bool Limits::token_may(std::int64_t token, Asks asks, Steady now) {
  Lock lock(m_);
  auto& counts = asks == Asks::read ? reads_by_token_ : changes_by_token_;
  return counts.message(ClientKey::of_user(token), now);
}

bool Limits::may_try(std::string_view address, Steady now) const {
  Lock lock(m_);
  return attempts_.may_say_more(ClientKey::of_address(address), now);
}

void Limits::tried_in_vain(std::string_view address, Steady now) {
  Lock lock(m_);
  attempts_.message(ClientKey::of_address(address), now);
}

bool Limits::open_stream(std::string_view address, Steady now) {
  Lock lock(m_);
  return streams_.open(ClientKey::of_address(address), now) == auth::Admission::granted;
}

void Limits::close_stream(std::string_view address, Steady now) {
  Lock lock(m_);
  streams_.close(ClientKey::of_address(address), now);
}

}  // namespace hotclock::api
