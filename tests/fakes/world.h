#pragma once
/** A small inventory made in code, for tests that need lines and no files. */
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/target.h"

namespace changtong::fakes {

struct line_spec {
  std::string id;
  std::vector<std::string> checks{"icmp"};  ///< names only: icmp is kind 0, anything else 1; "page" is a health check
  std::string parent{};
  target_kind kind = target_kind::line;
  timing when{};
  std::optional<wall_t> closed{};
  bool witness = true;
};

inline std::shared_ptr<const inventory> district(const std::vector<line_spec>& lines) {
  auto inv = std::make_shared<inventory>();
  for (const line_spec& l : lines) {
    target t;
    t.id = l.id;
    t.name = l.id;
    t.kind = l.kind;
    t.category = "village";
    t.parent = l.parent;
    t.closed = l.closed;
    t.witness = l.witness;
    t.first_check = static_cast<std::uint32_t>(inv->checks.size());
    t.check_count = static_cast<std::uint32_t>(l.checks.size());
    for (const std::string& name : l.checks) {
      check c;
      c.id = l.id + "/" + name;
      c.spec = name;
      c.kind = static_cast<kind_index>(name == "icmp" ? 0 : 1);
      c.target = static_cast<target_index>(inv->targets.size());
      c.when = l.when;
      if (name == "page") c.role = check_role::health;
      if (name != "icmp") c.when.interval = l.when.interval * 3;
      inv->checks.push_back(std::move(c));
    }
    inv->by_id[l.id] = static_cast<target_index>(inv->targets.size());
    inv->targets.push_back(std::move(t));
  }
  for (target& t : inv->targets)
    if (!t.parent.empty()) t.parent_index = inv->by_id.at(t.parent);
  return inv;
}

}  // namespace changtong::fakes
