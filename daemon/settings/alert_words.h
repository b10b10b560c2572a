#pragma once
/** The words of alerts: those that are part of the program, and a file of the office's own laid over them. */
#include <memory>
#include <string>
#include <string_view>

#include "daemon/core/message_words.h"
#include "daemon/reading/place.h"
#include "daemon/settings/settings.h"

namespace changtong {

/** config/words/alerts.txt, as it was when the program was built. */
[[nodiscard]] std::string_view built_in_alert_words();
/** Read; never null. Any thread. */
[[nodiscard]] std::shared_ptr<const message_words> built_in_words();

namespace reading {
/** Those of the file at `path`, what it does not say as built in; an empty path: the built-in ones. Never null. `path`
 * outlives `found`. */
[[nodiscard]] std::shared_ptr<const message_words> read_alert_words(const std::string& path, const surroundings& world,
                                                                    findings& found);
}  // namespace reading

}  // namespace changtong
