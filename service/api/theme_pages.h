// What festivals show to clients: themes, bonuses, and what comes next.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "service/api/fresh.h"
#include "service/api/ground.h"
#include "service/api/shelf.h"
#include "service/api/wardrobe.h"
#include "service/config/themes.h"
#include "service/http/server.h"

namespace hotclock::api {

// GET /theme/NP.json, /theme/NP.css, /bonuses/NP.json       now, or with ?v=4 that version of a
// theme GET /theme/NP/upcoming.json                               what NP wears next GET
// /theme/NP/preview?festival=3&format=css               what NP would wear; for editors
//
// What is current lies ready in memory, in gzip too, and is asked for anew at most once a second,
// however many want it; so clients are never further behind than that, and whoever was told of a
// change on this node is not behind at all. Where the database does not answer, they get what there
// was. docs/themes.md says how caches may keep what.
// Threads: the loop's. What is built here answers requests as long as its server does.
class ThemePages {
 public:
  ThemePages(Ground ground, const config::ThemesConfig& settings, theme::Rules rules);

  // REQUIRES: before the server starts, once.
  void serve(http::Server& server);
  // A client is about to hear that a theme has changed.
  void outdate() { wardrobe_.outdate(); }

 private:
  // What is asked for of a theme document.
  using Part = Encoded Rendered::*;
  struct Wanted {
    Waiting waiting;
    std::string country;
    Part part;
  };
  // One version of a country's document; null: it is not kept.
  struct Kept {
    std::shared_ptr<const Rendered> document;
  };

  void answer_theme(http::Exchange exchange);
  void answer_bonuses(http::Exchange exchange);
  void answer_current(Wanted wanted);
  void answer_version(Wanted wanted, std::int64_t version);
  void answer_known(const Wanted& wanted, std::int64_t version, const Rendered& newest);
  void answer_upcoming(http::Exchange exchange, const std::string& country);
  void answer_preview(http::Exchange exchange, std::string country);

  const Ground ground_;
  const config::ThemesConfig settings_;
  const theme::Rules rules_;
  Fresh<Wardrobe> wardrobe_;
  Shelf<std::pair<std::string, std::int64_t>, Kept> versions_;
  Shelf<std::string, std::string> upcoming_;  // by country; empty: nothing comes
};

}  // namespace hotclock::api
