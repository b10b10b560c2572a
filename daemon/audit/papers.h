#pragma once
/** What people declared, as files of the pack: inventory, windows, policies, closings, duty, annotations. Every version
 * and every record, in CSV (RFC 4180, UTF-8) or JSON. Pure. */
#include <string>

#include "daemon/audit/folded.h"

namespace changtong::audit {

/** One row a version: valid in [from, to), `to` empty for the newest; `json` is the journal's own text. */
[[nodiscard]] std::string inventory_csv(const folded_books& f);
/** One row a record, with who requested and approved its window, whether it was approved late, and which time the
 * window takes out of the books in the end (rule 8 of design.md 5). */
[[nodiscard]] std::string windows_csv(const folded_books& f);
[[nodiscard]] std::string policies_json(const folded_books& f);
[[nodiscard]] std::string closings_json(const folded_books& f);
[[nodiscard]] std::string duty_csv(const folded_books& f);
[[nodiscard]] std::string annotations_csv(const folded_books& f);

}  // namespace changtong::audit
