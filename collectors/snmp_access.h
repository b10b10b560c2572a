#pragma once
/** How an agent is asked: SNMP's version with the community, or the user with keys. Made once for each credential (a
 * password costs milliseconds) and shared by all checks that name it. */
#include <cstdint>
#include <memory>
#include <string>

#include "collectors/credential.h"
#include "collectors/net/usm.h"
#include "daemon/core/result.h"

namespace changtong {

struct snmp_access {
  std::uint32_t number = 0;  ///< never used again in a process, whatever is reloaded
  std::int64_t version = 1;  ///< as messages have it: 0 is v1, 1 is v2c, 3 is v3
  secret community;
  std::string user, context, level;
  net::usm_user_keys keys;
  [[nodiscard]] bool is_v3() const { return version == wire::snmp3_version; }
  [[nodiscard]] bool is_v1() const { return version == 0; }
};

/** Equal credentials share one as long as anybody holds it; afterwards no password is kept. A problem names the
 * credential. Any thread. */
[[nodiscard]] result<std::shared_ptr<const snmp_access>> access_of(const credential& who);

}  // namespace changtong
