#pragma once
/** What somebody may do who has signed in. Three powers are apart (三权分立): who runs the system, who works with it,
 * and who looks at what both did are never one person. Pure. */
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "daemon/core/command.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"

namespace changtong::accounts {

enum class role : std::uint8_t { viewer, operating, approver, auditor, administrator };
inline constexpr std::array<std::string_view, 5> role_names{"viewer", "operator", "approver", "auditor",
                                                            "administrator"};
using roles = std::vector<role>;  ///< sorted, none twice

[[nodiscard]] phrase words_of(role r);
/** `operator,approver`, at least one; the problem says which word is none, or which of them nobody may hold together.
 */
[[nodiscard]] result<roles> roles_in(std::string_view words);
/** The names, parted by commas. */
[[nodiscard]] std::string text_of(const roles& all);

/** Whether one of these roles has the right. Reading is open to every role. */
[[nodiscard]] bool grants(const roles& held, right what);
/** Every right that they have, in the order of `right`. */
[[nodiscard]] std::vector<right> rights_of(const roles& held);

}  // namespace changtong::accounts
