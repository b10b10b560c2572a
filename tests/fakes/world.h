#pragma once
/** A small inventory made in code, for tests that need lines and no files. */
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/target.h"

namespace changtong::fakes {

/** Of a check that asks a device for its clock. */
struct device_settings : check_settings {
  [[nodiscard]] std::vector<fact_place> facts() const override { return {{fact_name::up_time_centiseconds}}; }
};

struct line_spec {
  std::string id;
  /** Names only: icmp is kind 0, anything else 1; "page" is a health check, "device" asks for data. */
  std::vector<std::string> checks{"icmp"};
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
      if (name == "device") c.settings = std::make_shared<device_settings>();
      if (name != "icmp") c.when.interval = l.when.interval * 3;
      inv->checks.push_back(std::move(c));
    }
    inv->add(std::move(t));
  }
  for (target& t : inv->targets)
    if (!t.parent.empty()) t.parent_index = inv->index_of(t.parent);
  return inv;
}

}  // namespace changtong::fakes
