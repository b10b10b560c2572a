#pragma once
/** The usual paths of lines, and what a trace shows beside them. Lines with the same path share one: what is seen of it
 * holds for all of them. Pure. */
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "daemon/core/path.h"
#include "daemon/core/target.h"

namespace changtong::verdict {

/** Where a trace ended, told by the usual path. */
struct path_end {
  enum class where : std::uint8_t {
    not_known,  ///< of the line no path is known, or none in which anybody answers
    reached,    ///< the line itself answered
    at_last,    ///< the last router before the line answered
    unsure,     ///< as far as anybody usually answers, but routers that never do come after it
    before,     ///< `last` answered, and `next`, which usually does, did not
    nowhere,    ///< nobody answered, not even `next`, the first that usually does
    elsewhere,  ///< `last` answered, who is not on the usual path
  };
  where how = where::not_known;
  hop last, next;
  friend bool operator==(const path_end&, const path_end&) = default;
};
[[nodiscard]] path_end compare(const std::vector<hop>& usual, const seen_path& seen);

class usual_paths {
 public:
  explicit usual_paths(std::shared_ptr<const inventory> inv);

  /** A new inventory; paths are found again by id, if the address is the same. */
  void adopt(std::shared_ptr<const inventory> inv);
  /** A path of a line that is up, seen at `at`. A router that was silent this once keeps its place. False: it was
   * known.
   */
  bool learn(target_index t, const std::vector<hop>& hops, wall_t at);
  /** What nobody has seen since `before`, and paths that are no line's any more, are gone; numbers are used again. */
  void forget(wall_t before);
  /** How many paths are kept, for whatever number of lines. */
  [[nodiscard]] std::size_t size() const { return known_.size(); }
  /** nullptr: not known. */
  [[nodiscard]] const std::vector<hop>* of(target_index t) const;
  /** The same number for lines that share a path; no_index: not known. */
  [[nodiscard]] std::uint32_t number(target_index t) const { return number_[t]; }
  /** Lines behind a router, by their usual paths. */
  [[nodiscard]] std::vector<target_index> behind(const ip_address& router) const;

 private:
  void fill_holes(std::vector<hop>& path) const;
  void put(target_index t, std::vector<hop> hops);
  void leave(target_index t);

  std::shared_ptr<const inventory> inv_;
  std::vector<std::uint32_t> number_;  ///< by target
  std::vector<std::int32_t> seen_;     ///< by target: when last, in hours of label
  std::vector<std::uint32_t> free_;    ///< numbers of no path
  std::vector<std::vector<hop>> paths_;
  std::vector<std::vector<target_index>> shared_;
  std::map<std::vector<hop>, std::uint32_t> known_;
  std::map<ip_address, std::vector<std::uint32_t>> through_;  ///< paths by router
};

}  // namespace changtong::verdict
