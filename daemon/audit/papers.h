#pragma once
/** What people declared, as files of the pack: inventory, windows, policies, closings, duty, annotations. Every version
 * and every record, in CSV (RFC 4180, UTF-8) or JSON. Pure. */
#include <string>

#include "daemon/audit/folded.h"

namespace changtong::audit {

/** One row a version: valid in [from, to), `to` empty for the newest; `json` is the journal's own text. */
[[nodiscard]] std::string inventory_csv(const folded_books& f);
/** One row a record, with who requested and approved its window, whether it was entered too late, and which part of the
 * window's time is out of the books as they stand (rule 8 of design.md 5; the hull, where it is in parts). `now`: scope
 * is cut here. */
[[nodiscard]] std::string windows_csv(const folded_books& f, wall_t now);
[[nodiscard]] std::string policies_json(const folded_books& f);
[[nodiscard]] std::string closings_json(const folded_books& f);
[[nodiscard]] std::string duty_csv(const folded_books& f);
[[nodiscard]] std::string annotations_csv(const folded_books& f);
// Who took care of outages, and what carriers were told and answered. Empty: nobody, nothing; then a pack has no such
// file, as those of before.
[[nodiscard]] std::string acknowledgements_csv(const folded_books& f);
[[nodiscard]] std::string tickets_csv(const folded_books& f);

}  // namespace changtong::audit
