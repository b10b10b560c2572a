// What an agent says of its neighbours: any rows in any columns give a view, proposals, and rows that hold no line
// break.
#include <cstdint>
#include <cstdlib>

#include "daemon/discover/explorer.h"

using namespace changtong;
using namespace changtong::discover;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::vector<agent_row>> tables(static_cast<std::size_t>(column::count));
  // a row: column, parts of the index, a byte each, then the value's length and bytes
  for (std::size_t i = 0; i + 3 <= size;) {
    auto& into = tables[data[i++] % tables.size()];
    agent_row r;
    for (std::size_t left = data[i++] % 24; left > 0 && i < size; --left) r.index.push_back(data[i++]);
    if (i >= size) break;
    for (std::size_t left = data[i++] % 32; left > 0 && i < size; --left) r.value += static_cast<char>(data[i++]);
    if (r.value.size() == 1) r.number = static_cast<std::int64_t>(r.value[0]);
    into.push_back(std::move(r));
  }
  const device_view v = view_of(tables);
  const ip_address first = parse_address("192.0.2.1").value();
  explorer e(first, nullptr, {});
  (void)e.next();
  e.take(first, v, {});
  std::size_t rows = 0;
  for (const proposal& p : e.proposals()) {
    if (p.id.empty() || p.id.size() > 64 || p.name.find('\n') != std::string::npos) std::abort();
    rows += p.address ? 1U : 0U;
  }
  const std::string csv = lines_csv(e.proposals(), nullptr);
  if (static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')) != rows + 2) std::abort();
  return 0;
}
