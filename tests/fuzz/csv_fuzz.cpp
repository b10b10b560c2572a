// Any bytes as lines.csv: the loader answers with settings or problems that have a place, and its rows obey the bounds.
#include <cstdlib>

#include "daemon/settings/settings.h"
#include "tests/settings/fake_kinds.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  const std::string csv(reinterpret_cast<const char*>(bytes), size);
  const surroundings world{.read = [&](const std::string& path) -> result<std::string> {
                             return result<std::string>(
                                 boost::system::in_place_value,
                                 path == "c.yaml" ? "inventory: lines.csv\ncategories: { own: { name: 自定 } }\n"
                                                    "credentials: { public: { version: 2c, community: \"${C}\" } }\n"
                                                  : csv);
                           },
                           .environment = [](const std::string&) { return std::optional<std::string>("community"); },
                           .open_to_others = [](const std::string&) { return false; },
                           .kinds = fakes::fake_kinds()};
  const auto r = load("c.yaml", world);
  if (!r) {
    if (r.error().list.empty()) std::abort();
    for (const problem& p : r.error().list)
      if (!p.file.empty() && (p.line < 1 || p.column < 1)) std::abort();
    return 0;
  }
  const inventory& inv = *r->value.targets;
  for (const target& t : inv.targets)
    if (t.check_count == 0 || t.addresses.empty() || t.addresses.size() > 8 || inv.find(t.id) != &t) std::abort();
  if (!compare(r->value, r->value).empty()) std::abort();
  return 0;
}
