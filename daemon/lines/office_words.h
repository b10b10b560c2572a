#pragma once
/** The words of an office's sheets, ours and its own, which stand in import-words.yaml beside its configuration. */
#include <string>

#include "daemon/core/result.h"
#include "daemon/sheets/preview.h"

namespace changtong::lines {

struct known_words {
  std::string path, text;  ///< of the office's file; the text is empty where there is none
  sheets::word_list list;
};

/** `config`: path of the configuration; empty: the folder that this process is in. */
[[nodiscard]] result<known_words> read_words(const std::string& config);
/** Keeps what was confirmed, unless the file is no longer what was read, or is not written word by word: then the
 * problem says what to do, and nothing was written. */
[[nodiscard]] result<void> keep_words(const known_words& known, const sheets::preview& confirmed);

}  // namespace changtong::lines
