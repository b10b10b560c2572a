#pragma once
/** A list that several nodes share, seen whole: of each line only what says whose it is, some 50 bytes, so that a
 * million of them are read where a few thousand are kept. A line goes where the top of its parents' tree goes. Internal
 * to daemon/settings. */
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/settings/draft.h"

namespace changtong::reading {

/** Rows of a list that is divided. */
inline constexpr std::size_t most_listed = 2'000'000;

[[nodiscard]] phrase duplicate_id(std::string_view id, const place& first);
[[nodiscard]] phrase unknown_parent(std::string_view id);
/** `way`: ids joined by arrows, the first one again at its end. */
[[nodiscard]] phrase parent_loop(std::string_view way);

class whole_list {
 public:
  /** The cells of a line that count; `category` is its token, empty where it is unknown, which is told elsewhere. */
  struct cells {
    std::string_view id, parent;  ///< into `text`
    int line = 0;
    std::string_view category, town;
  };

  /** `text` is at most 256 MB; it, `file` and `by` outlive the list. */
  whole_list(const node_division& by, std::string_view text, std::string_view file);

  void add(const cells& c);
  /** After the last one: ids that stand twice, parents that are not there, loops, and lines that no node or two take
   * are told (the last only where nothing else is wrong), and counted in `by`. */
  void settle(node_division& by, findings& found);

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] std::set<std::string_view> towns() const;
  [[nodiscard]] bool ours(std::size_t row) const { return row < owners_.size() && owners_[row] == by_.self; }
  [[nodiscard]] bool has(std::string_view id) const { return row_of(id) != none; }
  /** Where the line of that id stands; nowhere where there is none. */
  [[nodiscard]] place place_of(std::string_view id) const;

 private:
  using row_index = std::uint32_t;
  using node_index = std::uint16_t;
  static constexpr row_index none = UINT32_MAX;

  struct row {
    std::uint32_t id_at = 0, parent_at = 0;  ///< bytes of text_
    std::uint16_t id_size = 0, parent_size = 0;
    std::uint32_t line = 0, claim = 0;  ///< of claims_
    row_index parent = none, top = none;
  };
  /** What lines of one category and town have in common. */
  struct claim {
    std::string category, town;
    std::vector<node_index> takers;
  };

  [[nodiscard]] std::string_view id_of(const row& r) const { return text_.substr(r.id_at, r.id_size); }
  [[nodiscard]] std::string_view parent_of(const row& r) const { return text_.substr(r.parent_at, r.parent_size); }
  [[nodiscard]] place at(const row& r, std::uint32_t byte) const;
  [[nodiscard]] std::size_t slot_of(std::string_view id) const;
  [[nodiscard]] row_index row_of(std::string_view id) const;
  [[nodiscard]] std::uint32_t claim_of(const cells& c);
  void index(findings& found);
  void find_parents(findings& found);
  void find_tops(findings& found);
  void tell_loop(row_index first, findings& found);
  [[nodiscard]] node_index owner_of(const row& top) const;
  void tell_unowned(const row& top, findings& found) const;
  void warn_of_children(findings& found) const;

  const node_division& by_;
  std::string_view text_, file_;
  std::vector<row> rows_;
  std::vector<row_index> slots_;  ///< open addressing, a power of two, half of it free
  std::vector<claim> claims_;
  std::unordered_map<std::string, std::uint32_t> claim_numbers_;
  std::vector<node_index> owners_;  ///< of each row, once it is settled
};

/** What of `nodes` and the list, of which `whole` is null without lines, does not meet: warnings. */
void check_nodes(const config_draft& draft, const whole_list* whole, findings& found);

/** Who takes a target that has no parent; none, and told at `at`, where no node or two do. */
[[nodiscard]] std::optional<std::size_t> taker_of(const node_division& by, const target& t, const place& at,
                                                  findings& found);

}  // namespace changtong::reading
