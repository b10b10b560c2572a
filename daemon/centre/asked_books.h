#pragma once
/** What figures are asked of, and its books: of a node, or of a pair whose two nodes watch the same lines and are one
 * by the rules of daemon/observers. Throws as figures() does. */
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/folded_heads.h"
#include "daemon/ledger/reader.h"

namespace changtong::observers {
class merged_books;
}

namespace changtong::centre {

/** Where its lines are; of a pair, its two nodes by rank. */
struct asked_node {
  folded_head head;
  std::string province, city, district;
  std::string pair{};                  ///< by which name it is one with `other`; empty: a node for itself
  std::optional<folded_head> other{};  ///< of a pair alone

  [[nodiscard]] const std::string& name() const { return pair.empty() ? head.node : pair; }
  [[nodiscard]] std::vector<const folded_head*> heads() const;
  /** The second's clock less the first one's, as far off as it may be, by what each found of the centre's; none: that
   * is not known, or too coarse to tell whether it is more than a second. */
  [[nodiscard]] std::optional<milliseconds> offset() const;
  /** The clocks are more than a second apart: the first by rank alone is the pair. */
  [[nodiscard]] bool apart() const;
  /** Up to when figures know it: 1970 for nothing. Of a pair what one of the two alone has is known. */
  [[nodiscard]] wall_t known_to() const;
  /** When that was said of the node, or of the last one of a pair. */
  [[nodiscard]] std::optional<wall_t> retired() const;
};

/** Who of a pair has the word: the first of the settings, but whoever ships no more, or of whom nothing is known yet,
 * comes behind the other. */
void put_by_rank(asked_node& pair);

/** As if nothing had been closed, for a pair; of clocks that are apart the first one's books. `step` is called before
 * each history of a pair is read (may be empty); what it throws ends the reading. */
[[nodiscard]] std::unique_ptr<ledger::reader> books_of(database& db, const asked_node& of,
                                                       const std::function<void()>& step);
/** The same for a pair, with what only merged books can tell. */
[[nodiscard]] std::unique_ptr<observers::merged_books> books_of_pair(database& db, const asked_node& of,
                                                                     const std::function<void()>& step);

/** Where the scope of its lines is cut (rule 8): what was not shipped is unknown; the few seconds that are always under
 * way are not asked for, as a node itself does; of who ships no more all ends when that was said. */
[[nodiscard]] wall_t cut_of_node(const asked_node& of, wall_t now);

}  // namespace changtong::centre
