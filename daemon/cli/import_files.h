#pragma once
/** Files that people change too, replaced by a command: what was done is said on stderr. */
#include <string>

#include "daemon/lines/inventory_file.h"
#include "daemon/sheets/preview.h"

namespace changtong {

/** What was not read goes beside it first. Replaces it at once, after a copy of what it was; refuses if it is no longer
 * what was read. Says what it did; the exit code. */
int write_inventory(const lines::inventory_on_disk& was, const sheets::preview& p);

/** Replaces a file that people change too after a copy of what it was, whose name ends in `stamp`. Says what it did;
 * the exit code. */
int replace_keeping_copy(const std::string& path, const std::string& was, const std::string& text,
                         const std::string& stamp);

}  // namespace changtong
