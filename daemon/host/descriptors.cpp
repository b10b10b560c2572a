#include "daemon/host/descriptors.h"

#include <sys/resource.h>

#include "daemon/core/log.h"

namespace changtong::host {

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
    log::warn("无法提高描述符上限 / RLIMIT_NOFILE stays at {}", limit.rlim_cur);
}

}  // namespace changtong::host
