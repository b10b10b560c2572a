// Any bytes as the file of sites: the loader answers with settings or problems that have a place, and what it takes is
// kept to the byte by whoever changes it.
#include <cstdlib>

#include "daemon/settings/settings.h"
#include "daemon/sheets/table_file.h"
#include "tests/settings/fake_kinds.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace changtong;
  const std::string csv(reinterpret_cast<const char*>(bytes), size);
  const surroundings world{.read = [&](const std::string& path) -> result<std::string> {
                             return result<std::string>(boost::system::in_place_value,
                                                        path == "c.yaml" ? "sites: sites.csv\n" : csv);
                           },
                           .environment = [](const std::string&) { return std::optional<std::string>(); },
                           .open_to_others = [](const std::string&) { return false; },
                           .kinds = fakes::fake_kinds()};
  const auto r = load("c.yaml", world);
  if (!r) {
    if (r.error().list.empty()) std::abort();
    for (const problem& p : r.error().list)
      if (!p.file.empty() && (p.line < 1 || p.column < 1)) std::abort();
    return 0;
  }
  const auto table = sheets::table_file::read(csv, reading::columns_of_sites());
  if (!table || table->count() < r->value.targets->targets.size()) std::abort();  // blank rows are rows there
  const auto again = sheets::table_file::read(table->text(), reading::columns_of_sites());
  if (!again || again->text() != table->text()) std::abort();
  for (const target& t : r->value.targets->targets)
    if (t.kind != target_kind::site || t.url.empty()) std::abort();
  return 0;
}
