#pragma once
/** A computed file against the stated one: the same bytes, or where they differ, in the words of the file: row and
 * field. Pure; any stated text is safe. At most `most_findings_a_file` findings and a line that counts the rest. */
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/audit/finding.h"
#include "daemon/audit/zip_file.h"

namespace changtong::audit {

/** A file of a pack of an older format has no columns that came later: they are not missed. */
enum class columns : std::uint8_t { all, first_ones };

/** By the name's end: CSV by row (found by its key columns) and field, JSON by path, anything else by line. Empty: the
 * same bytes, or the same values in the columns that are there. */
[[nodiscard]] std::vector<finding> compare_text(const std::string& name, std::string_view stated,
                                                std::string_view computed, columns wanted = columns::all);

/** XLSX files: every part the same bytes, or which cells differ; where no cell does, which part. Of an older format the
 * cells alone, and none in a column of which the stated sheet has nothing. */
[[nodiscard]] std::vector<finding> compare_workbooks(const std::string& name, const zip_reader& stated,
                                                     const zip_reader& computed, columns wanted = columns::all);

}  // namespace changtong::audit
