#pragma once
/** Whether somebody's password is right, asked of a directory by an LDAP bind (RFC 4511, 4513). By OpenLDAP's library.
 *
 * TLS 1.2 or newer before anything is said, and the server's certificate is verified; no referral is followed. Answers
 * are taken one by one, and a conversation has at most 1 MiB of them: a directory may be somebody else's by now. A bind
 * without a name or without a password, which a server may grant to anybody, is never sent. */
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/directory.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"

namespace changtong::host {

/** Which groups, of those that the settings name, have them; nothing: the password is wrong, or nobody is called
 * exactly so. A directory compares names without regard to case and blanks, and who had two names here would be two
 * people: so the name must be what the directory itself has for it, byte for byte. */
using directory_answer = std::optional<std::vector<std::string>>;

/** Blocks, for at most about `patience`, and as long as the machine's resolver takes for the host's name. The problem
 * quotes neither name nor password. Any thread. */
[[nodiscard]] result<directory_answer> ask_directory(const directory_settings& at, const std::string& name,
                                                     const secret& password, milliseconds patience);

/** `text` as it may stand for {user}, in a DN (RFC 4514) and in a filter (RFC 4515) alike: all but letters and digits
 * of ASCII are written as two hexadecimal digits. */
[[nodiscard]] std::string directory_escaped(std::string_view text);
/** uid of uid={user},ou=people or of (&(uid={user})(active=yes)); empty: there is none. */
[[nodiscard]] std::string_view directory_attribute(std::string_view pattern);

}  // namespace changtong::host
