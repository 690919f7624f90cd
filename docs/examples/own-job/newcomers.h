// newcomers: tells the staff's room each morning how many users are there for the first time this
// week.
#pragma once

#include <hotclock/service.h>

namespace newcomers {

// Due at 06:00 in Sydney. What a rerun does: it tells the same number again. What an outage does:
// only the newest morning is told. Settings: `room`, and `days`, how long a newcomer is one.
hotclock::jobs::Entry entry();

}  // namespace newcomers
