#include "service/http/request_reader.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace hotclock::http {
namespace {

namespace beast = boost::beast;
using beast::string_view;
using Code = beast::error_code;

std::string lower_case(string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

int status_of(const Code& code) {
  if (code == beast::http::error::header_limit) return 431;
  if (code == beast::http::error::body_limit) return 413;
  if (code == beast::http::error::bad_version) return 505;
  return 400;
}

}  // namespace

class RequestReader::Parser final : public beast::http::basic_parser<true> {
 public:
  explicit Parser(std::size_t most_header_bytes) {
    header_limit(static_cast<std::uint32_t>(most_header_bytes));
    body_limit(boost::none);
  }

  Step feed(std::string_view& bytes) {
    while (true) {
      Code code;
      const bool head_was_done = is_header_done();
      const std::size_t taken = put({bytes.data(), bytes.size()}, code);
      bytes.remove_prefix(taken);
      if (code == beast::http::error::need_more) return Step::more;
      if (code) return fail(status_of(code));
      if (is_done()) return Step::complete;
      if (!head_was_done && is_header_done()) return Step::head;
      if (bytes.empty()) return Step::more;
    }
  }

  // What the body announces is known before it comes.
  bool limit(std::size_t most) {
    body_limit(most);
    const auto length = content_length();
    if (!length || *length <= most) return true;
    refused_ = 413;
    fail(refused_);
    return false;
  }

  Step fail(int status) {
    status_ = status;
    return Step::wrong;
  }
  int refused() const { return refused_; }
  int status() const { return status_; }
  Request& request() { return request_; }
  bool expects_continue() const { return has_word(request_.header("expect"), "100-continue"); }

 private:
  void on_request_impl(beast::http::verb, string_view method, string_view target, int,
                       Code& code) override {
    request_.method.assign(method.data(), method.size());
    if (!read_target({target.data(), target.size()}, request_))
      code = beast::http::error::bad_target;
  }
  void on_field_impl(beast::http::field, string_view name, string_view value, Code&) override {
    request_.headers.emplace_back(lower_case(name), std::string(value));
  }
  void on_header_impl(Code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  std::size_t on_body_impl(string_view body, Code&) override { return append(body); }
  void on_chunk_header_impl(std::uint64_t, string_view, Code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, Code&) override {
    return append(body);
  }
  void on_finish_impl(Code&) override {}
  void on_response_impl(int, string_view, int, Code&) override {}

  std::size_t append(string_view body) {
    request_.body.append(body.data(), body.size());
    return body.size();
  }

  Request request_;
  int refused_ = 0;
  int status_ = 400;
};

RequestReader::RequestReader(std::size_t most_header_bytes)
    : parser_(std::make_unique<Parser>(most_header_bytes)) {}
RequestReader::~RequestReader() = default;

RequestReader::Step RequestReader::feed(std::string_view& bytes) {
  if (parser_->refused() != 0) return parser_->fail(parser_->refused());
  return parser_->feed(bytes);
}

bool RequestReader::limit_body(std::size_t most) { return parser_->limit(most); }
Request& RequestReader::request() { return parser_->request(); }
bool RequestReader::keeps_alive() const { return parser_->keep_alive(); }
bool RequestReader::expects_continue() const { return parser_->expects_continue(); }
int RequestReader::status() const { return parser_->status(); }

}  // namespace hotclock::http
