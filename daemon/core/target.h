#pragma once
/** Lines and sites, and the inventory that holds them. Immutable; a reload makes a new inventory. */
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/address.h"
#include "daemon/core/check.h"
#include "daemon/core/instant.h"
#include "daemon/core/rare_text.h"

namespace changtong {

/** A line 专线, a site 网站 or an anchor (an address that tells our own network from theirs; never in the books). */
enum class target_kind : std::uint8_t { line, site, anchor };

struct target {
  std::string id;  ///< [A-Za-z0-9._-]{1,64}; an anchor's is "anchor-N"
  target_kind kind = target_kind::line;
  std::string name;      ///< valid UTF-8, no control characters
  std::string category;  ///< a token: township, village, health, …; chinese names in inventory::categories
  std::string unit;      ///< 接入单位
  std::string town;
  std::string carrier;
  std::string circuit;        ///< 电路编号
  double bandwidth_mbps = 0;  ///< 0 = not stated
  std::vector<ip_address> addresses;
  rare_text url;       ///< sites only
  std::string parent;  ///< id of the upstream line, or empty
  target_index parent_index = no_index;
  std::optional<wall_t> accepted;  ///< scope begins; none = the ledger's first entry
  std::optional<wall_t> closed;    ///< scope ends
  rare_text grade;
  bool witness = true;            ///< its answers show that our own uplink works (rule 10); no: a line on our own side
  std::uint32_t first_check = 0;  ///< its checks are inventory::checks[first_check, first_check + check_count)
  std::uint32_t check_count = 0;
};

struct category {
  std::string id;
  std::string name;  ///< Chinese
};

struct inventory {
  std::vector<target> targets;  ///< lines in file order, then sites, then anchors; add() appends
  std::vector<check> checks;
  std::vector<category> categories;  ///< in display order

  /** At the end; of several with one id the first is found. */
  target& add(target what);
  void reserve(std::size_t targets);
  [[nodiscard]] target_index index_of(std::string_view id) const;           ///< no_index where none has that id
  [[nodiscard]] const target* find(std::string_view id) const;              ///< nullptr where none has that id
  [[nodiscard]] std::string_view category_name(std::string_view id) const;  ///< the id itself where none is known

 private:
  [[nodiscard]] std::size_t slot_of(std::string_view id) const;
  void grow(std::size_t slots);
  /** A table of hashes that names targets and copies no id: of 100,000 lines a map of names takes 7 MB, this 1. Its
   * size is a power of two, and at least half is free (no_index). */
  std::vector<target_index> slots_;
};

/** The reach check with the shortest interval, of several the first by kind (rule 7); no_index if there is none. */
[[nodiscard]] check_index leading_check(const inventory& inv, const target& t);

/** True if `node` is `ancestor` or lies below it. */
[[nodiscard]] bool in_subtree(const inventory& inv, target_index node, target_index ancestor);

/** For each target whether another names it as its parent. */
[[nodiscard]] std::vector<bool> have_children(const inventory& inv);

/** One canonical JSON object with the headings of lines.csv (English): what the journal keeps of a target, so that
 * books need no configuration. Empty fields are left out; keys in the order of the headings. */
[[nodiscard]] std::string to_json(const target& t, const inventory& inv);

}  // namespace changtong
