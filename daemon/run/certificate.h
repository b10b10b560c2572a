#pragma once
/** The settings' certificate, as the server takes it. */
#include "daemon/publish/http/server.h"
#include "daemon/settings/settings.h"

namespace changtong {

[[nodiscard]] http::certificate_files certificate_of(const settings& s);

/** At a reload: the files may be renewed although their names are the same. Whether TLS is spoken at all is decided at
 * the start: where that would change, `next` keeps what was `before`. */
[[nodiscard]] result<void> renew_certificate(http::server& server, const settings& before, settings& next);

}  // namespace changtong
