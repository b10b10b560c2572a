#include "collectors/net/cookies.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace changtong::net {

void cookies::refill() {
  auto* p = reinterpret_cast<std::uint8_t*>(pool_.data());
  for (std::size_t got = 0; got < sizeof pool_;) {
    const auto n = ::getrandom(p + got, sizeof pool_ - got, 0);
    if (n > 0) {
      got += static_cast<std::size_t>(n);
    } else if (errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
  }
  left_ = pool_.size();
}

}  // namespace changtong::net
