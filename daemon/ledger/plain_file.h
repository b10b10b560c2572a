#pragma once
/** Small files beside the ledger (keys, seals): read whole and bounded, created once, appended to, each durable when
 * the call returns. The problems are the system's own words; the caller says which file and what to do. Any thread. */
#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/core/result.h"

namespace changtong::ledger {

/** Where a name leads if it is a symbolic link, also to a file that is not there yet; else the name itself. A ledger
 * has one set of files, beside the real one. */
[[nodiscard]] std::string real_name(const std::string& path);
/** The file of a ledger with this ending: beside the real name; beside the link that was given if an older program left
 * it there and nobody has brought it over. */
[[nodiscard]] std::string beside(const std::string& ledger, const char* end);
/** Brings what an older program left beside the link `ledger` beside the real file. Under the writer's lock. */
void bring_beside(const std::string& ledger);

/** What belongs to a ledger's seals: their lines, the public keys, the private key unless the configuration names one,
 * and how many lines have been posted. */
[[nodiscard]] inline std::string seals_file_of(const std::string& ledger) { return beside(ledger, ".seals"); }
[[nodiscard]] inline std::string public_file_of(const std::string& ledger) { return beside(ledger, ".pub"); }
[[nodiscard]] inline std::string key_file_of(const std::string& ledger) { return beside(ledger, ".key"); }
[[nodiscard]] inline std::string posted_file_of(const std::string& ledger) { return beside(ledger, ".posted"); }

/** A file that is not there is a problem too: ask `plain_file_exists` first where that matters. */
[[nodiscard]] result<std::string> read_plain_file(const std::string& path, std::size_t most_bytes);
[[nodiscard]] bool plain_file_exists(const std::string& path);
/** With exactly this mode; never over an existing file. A crash leaves the whole file or none. */
[[nodiscard]] result<void> create_plain_file(const std::string& path, std::string_view text, unsigned mode);
/** As create, but over whatever is there. */
[[nodiscard]] result<void> replace_plain_file(const std::string& path, std::string_view text, unsigned mode);
/** Also to another file system; only a regular file, and never over one that is there. */
[[nodiscard]] result<void> move_plain_file(const std::string& from, const std::string& to);
/** Creates it with this mode if it is not there. A crash may leave a beginning of `text`. */
[[nodiscard]] result<void> append_plain_file(const std::string& path, std::string_view text, unsigned mode);

/** A folder of our own, removed with all that is in it, also where opening what lies in it fails. */
struct passing_folder {
  std::string path;  ///< empty: none
  passing_folder() = default;
  ~passing_folder();
  passing_folder(const passing_folder&) = delete;
  passing_folder& operator=(const passing_folder&) = delete;
};

}  // namespace changtong::ledger
