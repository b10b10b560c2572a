#pragma once
/** The inventory as a file that people change too: read, compared with itself, replaced. */
#include <optional>
#include <string>

#include "daemon/core/result.h"
#include "daemon/sheets/preview.h"

namespace changtong {

struct inventory_on_disk {
  std::string path;   ///< links followed; empty: there is nothing to write to
  std::string bytes;  ///< as it was read
  bool there = false;
};

/** `configured`: as a configuration names it, maybe empty; none: without a configuration a lines.csv in this folder is
 * made, which must not be there where it is to be written. */
[[nodiscard]] result<inventory_on_disk> read_inventory(const std::optional<std::string>& configured, bool to_write);

/** Keeps the office's words, unless the file is no longer what was read: `was` is its text, empty where there was none.
 */
[[nodiscard]] result<void> write_words(const std::string& path, const std::string& was, const std::string& now);

/** What was not read goes beside it first. Replaces it at once, after a copy of what it was; refuses if it is no longer
 * what was read. Says what it did; the exit code. */
int write_inventory(const inventory_on_disk& was, const sheets::preview& p);

/** Replaces a file that people change too after a copy of what it was, whose name ends in `stamp`. Says what it did;
 * the exit code. */
int replace_keeping_copy(const std::string& path, const std::string& was, const std::string& text,
                         const std::string& stamp);

}  // namespace changtong
