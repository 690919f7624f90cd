#include "service/socketio/engine_id.h"

#include <openssl/crypto.h>
#include <sys/random.h>

#include <cerrno>
#include <system_error>

#include "service/http/base64.h"

namespace hotclock::socketio {
namespace {

void fill(char* at, std::size_t size) {
  while (size > 0) {
    const auto got = getrandom(at, size, 0);
    if (got < 0 && errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "getrandom");
    if (got < 0) continue;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
}

}  // namespace

std::string SessionIds::next() {
  if (used_ == pool_.size()) {
    fill(pool_.data(), pool_.size());
    used_ = 0;
  }
  char* const own = pool_.data() + used_;
  used_ += bytes_each;
  std::string id = http::to_base64_url({own, bytes_each});
  OPENSSL_cleanse(own, bytes_each);
  return id;
}

}  // namespace hotclock::socketio
