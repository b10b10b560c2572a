#pragma once
/** The audit log's lines: who did what, when, from where, each with the digest of the line before. Text and arithmetic;
 * no file, no clock. What is cut off at the end of a chain it cannot show: for that the lines go to syslog too. */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"

namespace changtong::accounts {

enum class deed : std::uint8_t { login, logout, password, read, change, user, start, given_up };
inline constexpr std::array<std::string_view, 8> deed_names{"login",  "logout", "password", "read",
                                                            "change", "user",   "start",    "given_up"};

struct trail_entry {
  std::uint64_t number = 0;  ///< from 1, one after the other
  wall_t at{};
  std::string who{};   ///< a user's or person's name; empty: nobody known
  std::string peer{};  ///< address; empty: on the machine itself
  deed what = deed::login;
  std::string of{};       ///< an address of the API, a user, the numbers of lines that were given up
  std::string outcome{};  ///< "ok", or why not: a word for programs
  friend bool operator==(const trail_entry&, const trail_entry&) = default;
};

/** Of what comes before the first line. */
[[nodiscard]] std::string no_line_before();
[[nodiscard]] std::string digest_of_line(std::string_view line);

/** Without its line end; `before` is the digest of the line before. */
[[nodiscard]] std::string line_of(const trail_entry& e, std::string_view before);
/** Nothing for what is no whole line of ours. */
struct read_line {
  trail_entry entry;
  std::string before;
};
[[nodiscard]] std::optional<read_line> entry_in(std::string_view line);

/** A walk over the lines of all files, the oldest first. A line that a crash cut short stays where it is and is told:
 * the next one is chained to it as it is. */
class chain_walk {
 public:
  void take(std::string_view line);
  /** Why it is broken; nothing where it holds. */
  [[nodiscard]] const std::optional<phrase>& broken() const { return broken_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  [[nodiscard]] std::uint64_t cut_short() const { return cut_short_; }
  [[nodiscard]] std::uint64_t first() const { return first_; }  ///< number; older ones were given up with their file
  [[nodiscard]] std::uint64_t last() const { return last_; }
  [[nodiscard]] const std::string& digest() const { return digest_; }

 private:
  std::optional<phrase> broken_;
  std::uint64_t lines_ = 0, cut_short_ = 0, first_ = 0, last_ = 0;
  std::string digest_;
};

}  // namespace changtong::accounts
