#include "daemon/core/cause.h"

#include <array>

namespace changtong {
namespace {

struct row {
  std::string_view name;
  cause_class cls;
  std::string_view zh, en;
};

constexpr std::array rows{
#define CAUSE(name, cls, zh, en) row{#name, cause_class::cls, zh, en},
#include "daemon/core/cause.def"
#undef CAUSE
};

const row& at(cause c) { return rows[static_cast<std::size_t>(c)]; }

}  // namespace

std::string_view name_of(cause c) { return at(c).name; }
std::string_view chinese(cause c) { return at(c).zh; }
std::string_view english(cause c) { return at(c).en; }
cause_class class_of(cause c) { return at(c).cls; }

std::optional<cause> cause_named(std::string_view name) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].name == name) return static_cast<cause>(i);
  return std::nullopt;
}

}  // namespace changtong
