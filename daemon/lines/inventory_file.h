#pragma once
/** The inventory as a file that people change too: read, compared with itself, replaced. Any thread. */
#include <functional>
#include <optional>
#include <string>

#include "daemon/core/result.h"

namespace changtong::lines {

struct inventory_on_disk {
  std::string path;   ///< links followed; empty: there is nothing to write to
  std::string bytes;  ///< as it was read
  bool there = false;
};

/** `configured`: as a configuration names it, maybe empty; none: without a configuration a lines.csv in this folder is
 * made, which must not be there where it is to be written. */
[[nodiscard]] result<inventory_on_disk> read_inventory(const std::optional<std::string>& configured, bool to_write);

/** What became of it; names of files, empty where there is none. */
struct replaced {
  std::string copy{};   ///< what it was
  std::string aside{};  ///< columns that were not read
  bool wrote = false;   ///< false: the text is what it was
};
/** Replaces it at once by `text`, after a copy of what it was, with its owner and mode; `aside`, where it is not empty,
 * goes beside it first. Refuses, by a problem of class `no`, if it is no longer what was read. */
[[nodiscard]] result<replaced> write_inventory(const inventory_on_disk& was, const std::string& text,
                                               const std::string& aside);

/** Replaces a file that people change too after a copy of what it was, whose name ends in `stamp`: that name.
 * `unchanged` is asked last, directly before the file is replaced. */
[[nodiscard]] result<std::string> replace_keeping_copy(
    const std::string& path, const std::string& was, const std::string& text, const std::string& stamp,
    const std::function<result<void>()>& unchanged = [] { return result<void>(); });

}  // namespace changtong::lines
