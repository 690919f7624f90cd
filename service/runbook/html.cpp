#include "service/runbook/html.h"

#include <fmt/format.h>

namespace hotclock::runbook {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::string code(std::string_view text) {
  const std::string shown = "<code>" + escaped(text) + "</code>";
  return find(text) ? fmt::format("<a href=\"{}\">{}</a>", text, shown) : shown;
}

// Text with `code` in it.
std::string inline_text(std::string_view text) {
  std::string out;
  for (;;) {
    const auto open = text.find('`');
    const auto close = open == text.npos ? open : text.find('`', open + 1);
    if (close == text.npos) return out + escaped(text);
    out += escaped(text.substr(0, open)) + code(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

// Reads line by line; what belongs together is gathered until something else begins.
class Writer {
 public:
  void line(std::string_view text) {
    if (text.find_first_not_of(' ') == text.npos)
      end();
    else if (text.starts_with("## "))
      heading("h2", text.substr(3));
    else if (text.starts_with("# "))
      heading("h1", text.substr(2));
    else if (text.starts_with("    "))
      add("pre", escaped(text.substr(4)), "\n");
    else if (text.starts_with("- "))
      item(text.substr(2));
    else
      add(block_ == "ul" ? "ul" : "p", inline_text(text.substr(text.find_first_not_of(' '))), " ");
  }
  std::string take() {
    end();
    return std::move(out_);
  }

 private:
  void heading(std::string_view level, std::string_view text) {
    end();
    out_ += fmt::format("<{0}>{1}</{0}>\n", level, inline_text(text));
  }
  void item(std::string_view text) { add("ul", "<li>" + inline_text(text), "\n"); }
  void add(std::string_view block, const std::string& text, std::string_view between) {
    if (block_ != block) end();
    out_ += block_.empty() ? fmt::format("<{}>", block) : std::string(between);
    block_ = block;
    out_ += text;
  }
  void end() {
    if (!block_.empty()) out_ += fmt::format("</{}>\n", block_);
    block_ = {};
  }

  std::string out_;
  std::string_view block_;  // what is open: p, ul, pre
};

std::string document(std::string_view title, std::string_view body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n{}</html>\n",
      title, body);
}

// The first paragraph beneath the first heading of the second level.
std::string_view meaning_of(const Page& page) {
  constexpr std::string_view heading = "## What it means\n\n";
  const auto begin = page.text.find(heading);
  if (begin == page.text.npos) return {};
  const auto from = begin + heading.size();
  return page.text.substr(from, page.text.find("\n\n", from) - from);
}

}  // namespace

std::string html(const Page& page) {
  Writer writer;
  for (std::string_view rest = page.text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    writer.line(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return document(page.name, writer.take());
}

std::string html_of_all() {
  std::string body = "<h1>Runbook</h1>\n<dl>\n";
  for (const Page& page : pages())
    body += fmt::format("<dt><a href=\"{0}\"><code>{0}</code></a></dt><dd>{1}</dd>\n", page.name,
                        inline_text(meaning_of(page)));
  return document("Runbook", body + "</dl>\n");
}

}  // namespace hotclock::runbook
