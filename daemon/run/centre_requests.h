#pragma once
/** What somebody at a centre asks to have entered here: windows, as requests, which people here approve or do not. Held
 * against the books by the same rules as everybody's (entries). */
#include <string>

#include "daemon/centre/command_text.h"
#include "daemon/core/civil.h"
#include "daemon/core/command.h"

namespace changtong {

/** Enters the request, and says so as centre::window_requested does; a problem's body where it is none, or the books
 * stand against it. Who asks is whom the centre names: he is the author, so that nobody of that name may approve it
 * here, and `via` says that the centre alone vouches for it. Blocks for the commit. */
[[nodiscard]] std::string request_window(const centre::node_command& asked, const civil_zone& zone,
                                         const enter_commands& enter);

}  // namespace changtong
