#pragma once
/** Everything in a pack that follows from its journal, head and seals: the exporter writes it, the verifier writes it
 * anew and compares. Pure. */
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/audit/folded.h"
#include "daemon/audit/head.h"
#include "daemon/audit/manifest.h"
#include "daemon/ledger/seal.h"
#include "daemon/report/document.h"

namespace changtong::audit {

/** Files that are given, not computed. */
inline constexpr std::string_view journal_name = "journal.jsonl", seals_name = "seals.jsonl", key_name = "key.pub",
                                  head_name = "head.json", manifest_name = "manifest.json",
                                  signature_name = "manifest.sig";
/** Files that are computed. */
inline constexpr std::string_view page_name = "README.html", workbook_name = "figures.xlsx",
                                  script_name = "verify_pack.py";

/** Every file that the manifest of a format must list, no more and no fewer; in order of name. */
[[nodiscard]] const std::vector<std::string>& listed_names(std::string_view format = pack_format);

/** Files that a pack has where its journal has such entries, and only then; in order of name. */
[[nodiscard]] const std::vector<std::string>& names_if_any();

struct pack_sources {
  const folded_books& folded;
  const pack_head& head;
  const std::vector<ledger::seal>& seals;  ///< as far as their lines can be read
};

/** Calls `tell` for each computed text (all but figures.xlsx, whose document is returned), one after the other so that
 * only one need be kept. Throws std::runtime_error with a sentence where the books cannot be computed. */
[[nodiscard]] report::document each_content(const pack_sources& from,
                                            const std::function<void(const std::string& name, std::string text)>& tell);

}  // namespace changtong::audit
