#pragma once
/** What a centre enters into a journal of its own (own_journal.h): what its people say of nodes, closings, and seals.
 * Their text is hashed as a node's entries are, and their kinds are none of a node's. Pure. */
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/entries/closing.h"
#include "daemon/ledger/shipment.h"

namespace changtong::centre {

/** A fork is followed. */
struct branch_begun {
  wall_t at{};
  std::string node;
  std::int64_t branch = 0;
  std::string author, reason;
};

/** A node is not expected any more, or is after all. */
struct node_retired {
  wall_t at{};
  std::string node;
  std::optional<wall_t> since;  ///< none: it is expected again
  std::string author, reason;
};

struct sealed_head {
  std::string node;
  std::int64_t branch = 0;
  ledger::shipped_head head;
  std::optional<wall_t> known{};  ///< up to where everything was here; 1970: nothing was. None in seals of before 0.10
  friend bool operator==(const sealed_head&, const sealed_head&) = default;
};
/** How every node's copy stood, signed. */
struct heads_sealed {
  wall_t at{};
  std::int64_t number = 1;   ///< counts from 1 without holes
  std::string centre;        ///< its name; may be empty
  std::string day, zone;     ///< the civil day of `at`
  ledger::shipped_head own;  ///< the entry of the centre's journal before this one, so that the signature covers it too
  std::vector<sealed_head> heads;
  std::string key;        ///< the public half, PEM
  std::string signature;  ///< over signed_text(), raw bytes
};
/** The body up to where its signature's key begins. */
[[nodiscard]] std::string signed_text(const heads_sealed& s);

/** A row of a closing: the lines of one category in one district. */
struct closed_row {
  std::string province, city, district, category;
  std::string name;  ///< of the category, for people
  availability::seconds sums;
};
/** How far a node was known when a period was closed. */
struct known_node {
  std::string node;
  std::int64_t branch = 0, entries = 0;  ///< of its journal, that the figures rest on
  std::optional<wall_t> as_of;           ///< none: nothing of it was known
};
/** A month, quarter or year was closed 结账: what pages and answers say of exactly it from then on. */
struct month_closed {
  wall_t at{};
  std::string month, zone;  ///< 2026-10, 2026-Q3 or 2026
  period when;
  std::int64_t version = 1;  ///< counts from 1 for each of them
  std::string author, reason;
  std::vector<closed_row> figures;
  std::vector<known_node> nodes;
  std::vector<entries::difference> changes;  ///< from the version before; of many the first ones
  std::int64_t more = 0;                     ///< changes that are not listed
};

/** Seals labelled later than this are a clock's fault that a person knows of. */
struct ahead_explained {
  wall_t at{};
  wall_t ahead{};  ///< the farthest of their labels
  std::string author, reason;
};

enum class approval_answer : std::uint8_t {
  asked,    ///< the order goes to the node now; nobody knows yet
  entered,  ///< the node has it in its journal, under that author
  refused,  ///< the node did not take it
  none,     ///< nobody answered in time: the node may have entered it all the same
};
inline constexpr std::array<std::string_view, 4> approval_answers{"asked", "entered", "refused", "none"};
/** What somebody at the centre says of a window that waits at a node for its approval: entered before the order goes
 * there, and again with what came of it. */
struct approval_said {
  wall_t at{};
  approval_answer answer = approval_answer::asked;
  std::string order;  ///< the same for the same wish
  std::string node, window, version;
  bool approved = true;  ///< false: it is not to be, and is cancelled
  std::string author, reason;
  phrase words{};  ///< of the node, or why there was no answer; of what was not entered
};

using own_entry = std::variant<branch_begun, node_retired, heads_sealed, month_closed, ahead_explained, approval_said>;
inline constexpr std::string_view branch_kind = "centre_branch", retired_kind = "centre_retired",
                                  seal_kind = "centre_seal", closed_kind = "centre_closed", ahead_kind = "centre_ahead",
                                  approval_kind = "centre_approval";
inline constexpr std::size_t most_own_bytes = 16 << 20;  ///< of a body

/** Whether what a person wrote in it is as in a node's entries (entries/entry_words.h): a name of at most 64 bytes, a
 * text of at most 1000, of characters that everybody sees. A problem is of usage. */
[[nodiscard]] result<void> check_words(const own_entry& e);

/** Without sequence and hash, which whoever appends it knows. */
[[nodiscard]] ledger::shipped_entry encode(const own_entry& e);
/** The inverse; refuses what is not byte for byte what encode() writes. Any input is safe. */
[[nodiscard]] result<own_entry> decode(const ledger::shipped_entry& e);

}  // namespace changtong::centre
