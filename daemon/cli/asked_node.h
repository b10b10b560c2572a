#pragma once
/** A command of `changtong centre` that a node carries out: asked by way of the centre's brokers. */
#include <string>
#include <string_view>

#include "daemon/centre/command_text.h"
#include "daemon/core/instant.h"
#include "daemon/core/result.h"
#include "daemon/settings/centre_file.h"

namespace changtong {

inline constexpr milliseconds patience_for_nodes{20'000};  ///< a node waits 10 s for a sample
inline constexpr milliseconds clocks_apart{5'000};         ///< the most that a centre bears

/** Why nothing can be asked of it: no such node (usage), or the centre has no brokers (usage). */
[[nodiscard]] result<void> may_be_asked(const centre_file& s, const std::string& node);
/** Its answer, whatever it says. A problem where it cannot be asked, or nobody answered in time: then the command may
 * have been carried out all the same. `word`: what its settings have to allow. Blocks. */
[[nodiscard]] result<std::string> answer_of_node(const centre::node_command& c, const centre_file& s,
                                                 const std::string& node, std::string_view word);
/** Of an answer that is a refusal. */
[[nodiscard]] problem not_done(const std::string& answer);

}  // namespace changtong
