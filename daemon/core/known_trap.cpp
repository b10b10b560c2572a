#include "daemon/core/known_trap.h"

#include <unordered_map>

namespace changtong {
namespace {

constexpr known_trap all[]{
#define TRAP(oid, name, what, source, cn, en) {oid, #name, trap_class::what, #source, cn, en},
#include "daemon/core/known_trap.def"
#undef TRAP
};

const std::unordered_map<std::string_view, const known_trap*>& by_oid() {
  static const auto map = [] {
    std::unordered_map<std::string_view, const known_trap*> m;
    for (const known_trap& t : all) m.emplace(t.oid, &t);
    return m;
  }();
  return map;
}

}  // namespace

const known_trap* find_trap(std::string_view oid) {
  const auto at = by_oid().find(oid);
  return at == by_oid().end() ? nullptr : at->second;
}

std::string_view trap_name(std::string_view oid) {
  const known_trap* t = find_trap(oid);
  return t == nullptr ? oid : t->name;
}

}  // namespace changtong
