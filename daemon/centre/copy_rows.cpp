#include "daemon/centre/copy_rows.h"

#include "daemon/centre/copy_cells.h"

namespace changtong::centre {
namespace {

constexpr std::int16_t columns = 7;
constexpr std::size_t fixed_bytes = 2 + 7 * 4 + 4 + 4 + 8 + 8 + 32;  // of a row beside kind and body
constexpr std::size_t frame_bytes = 32;                              // of all, and some

}  // namespace

std::string copy_rows(std::int32_t node, std::int32_t branch, std::span<const ledger::shipped_entry> entries) {
  copied_rows out(columns);
  std::size_t bytes = frame_bytes;
  for (const ledger::shipped_entry& e : entries) bytes += fixed_bytes + e.kind.size() + e.body.size();
  out.reserve(bytes);
  for (const ledger::shipped_entry& e : entries)
    out.row()
        .cell(node)
        .cell(branch)
        .cell(e.seq)
        .cell(ms_of(e.at))
        .cell(e.kind)
        .cell(e.body)
        .cell(ledger::bytes_of(e.hash));
  return out.taken();
}

}  // namespace changtong::centre
