#pragma once
/** What the district's name server answers, byte for byte (RFC 1035): the addresses of the district's sites, and that
 * there is no other name. Pure; any bytes are safe. */
#include <string>
#include <string_view>

#include "daemon/simulate/district.h"

namespace changtong::simulate {

/** The datagram that answers `question`; empty: none, since it is no question or one about a silent domain. */
[[nodiscard]] std::string domain_reply(const district& d, std::string_view question);

}  // namespace changtong::simulate
