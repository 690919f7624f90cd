#include "service/sql/postgres_where.h"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

namespace hotclock::sql {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* o) const { PQconninfoFree(o); }
};
using ConnectOptions = std::unique_ptr<PQconninfoOption, FreeOptions>;

}  // namespace

Result<std::string> postgres_where(const std::string& url) {
  char* why = nullptr;
  const ConnectOptions parsed(PQconninfoParse(url.c_str(), &why));
  if (!parsed) {
    // libpq repeats the URL, and there may be a password in it.
    PQfreemem(why);
    return Error(Errc::invalid,
                 "the postgresql: URL cannot be read; it is postgresql://USER@HOST:PORT/DATABASE");
  }
  const ConnectOptions defaults(PQconndefaults());
  const auto value = [&](std::string_view keyword) -> std::string {
    for (const PQconninfoOption* list : {parsed.get(), defaults.get()})
      for (const PQconninfoOption* o = list; o && o->keyword; ++o)
        if (keyword == o->keyword && o->val && *o->val) return o->val;
    return "";
  };
  std::string host = value("host").empty() ? value("hostaddr") : value("host");
  std::string text = "postgresql://" + value("user") + "@" + (host.empty() ? "localhost" : host);
  if (!value("port").empty()) text += ":" + value("port");
  return text + "/" + (value("dbname").empty() ? value("user") : value("dbname"));
}

}  // namespace hotclock::sql
