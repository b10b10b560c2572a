#pragma once
/** The inventory of a running daemon, its lines and its sites, changed by people over HTTP. The file is the truth: who
 * changes it says which text they looked at, and a change made by hand meanwhile is told, never overwritten. Prose:
 * README.md here. */
#include <atomic>
#include <boost/system/result.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/command.h"
#include "daemon/core/mutex.h"
#include "daemon/core/phrase.h"
#include "daemon/settings/settings.h"
#include "daemon/sheets/edit.h"
#include "daemon/sheets/preview.h"
#include "daemon/sheets/rules.h"
#include "daemon/sheets/sheet_preview.h"

namespace changtong::lines {

struct inventory_on_disk;
struct known_words;

/** Bytes of a sheet, and rows of one change. */
inline constexpr std::size_t most_sheet_bytes = 8 * 1024 * 1024, most_edits = 2000;
/** Of what somebody did meanwhile, so many are told. */
inline constexpr std::size_t most_differences = 200;

/** Why nothing was changed, or nothing can be said. */
struct refusal {
  enum class reason : std::uint8_t {
    changed,        ///< it is no longer what was looked at
    problems,       ///< it would not pass `check`
    to_confirm,     ///< categories were guessed, and nobody confirmed them
    nothing,        ///< it says what the table says
    configuration,  ///< what stands on disk does not pass `check`, or the daemon did not take it
    no_inventory,   ///< the configuration names no file, or lists its sites itself
    read_only,      ///< the file may not be replaced
    busy,           ///< another sheet is being read
    unreadable,     ///< the file cannot be read or written just now
  };
  reason why{};
  phrase text;
  std::string hash{};                               ///< of what it is now, where it changed
  bool told = false;                                ///< what changed meanwhile is known
  std::vector<sheets::row_difference> meanwhile{};  ///< that
};
template <class T>
using answer = boost::system::result<T, refusal>;
[[noreturn]] void throw_exception_from_error(const refusal& r, const boost::source_location&);

/** Where it stands. */
struct standing {
  std::string file;  ///< as the configuration names it
  std::string hash;  ///< SHA-256 of its bytes, as hexadecimal digits
  std::size_t count = 0;
  std::vector<category> categories;
  std::optional<phrase> read_only;  ///< why it cannot be changed here, and what to do
};
template <class T>
struct looked_at {
  std::string hash;  ///< of the table that it was held against
  T what;
};
struct applied {
  std::string hash, copy;  ///< of what it is now; the file that has what it was
  phrase text;             ///< what the reload says
  std::optional<phrase> remark{};
  std::vector<std::string> touched{};  ///< ids of rows that were added, changed, closed or taken out, each once
};

/** Any thread, several at once; changes go one by one. Waits for the disk and, at a change, for the reload. `of` says
 * which table is meant. */
class desk {
 public:
  using table_columns = reading::table_columns;
  struct doors {
    std::string config;  ///< its path
    surroundings disk;
    reload_command reload;
  };
  explicit desk(doors d) : doors_(std::move(d)) {}

  [[nodiscard]] answer<standing> look(const table_columns& of);
  /** The cells of a row as they are written; none where there is no such row. */
  [[nodiscard]] answer<looked_at<std::optional<sheets::row_cells>>> row(const table_columns& of, const std::string& id);

  [[nodiscard]] answer<looked_at<sheets::edit_preview>> preview(const table_columns& of,
                                                                const std::vector<sheets::row_edit>& edits);
  /** Of lines. */
  [[nodiscard]] answer<looked_at<sheets::preview>> preview(std::string sheet, const sheets::sheet_wish& wish);

  /** `hash`: of what was looked at. Written, loaded and in force when it returns; or nothing has changed. */
  [[nodiscard]] answer<applied> apply(const table_columns& of, const std::vector<sheets::row_edit>& edits,
                                      const std::string& hash, const std::string& by);
  /** Of lines. `confirm`: the categories that were guessed are right. */
  [[nodiscard]] answer<applied> apply(std::string sheet, const sheets::sheet_wish& wish, bool confirm,
                                      const std::string& hash, const std::string& by);

 private:
  struct opened;
  struct version {
    std::string hash, bytes;
  };

  [[nodiscard]] answer<opened> open(const table_columns& of);
  [[nodiscard]] answer<opened> open_as(const table_columns& of, const std::string& hash);
  [[nodiscard]] answer<applied> write(const opened& from, const std::string& text, const std::string& aside,
                                      const std::string& by);
  [[nodiscard]] std::optional<phrase> put_back(const inventory_on_disk& was, const std::string& ours,
                                               const std::string& copy);
  void remember(const std::string& hash, const std::string& bytes);
  [[nodiscard]] std::optional<std::string> remembered(const std::string& hash);

  doors doors_;
  mutex changing_;  ///< one change at a time
  mutex remembering_;
  std::deque<version> versions_ GUARDED_BY(remembering_);  ///< that somebody looked at, the newest last
  std::atomic<int> sheets_under_way_{0};
};

}  // namespace changtong::lines
