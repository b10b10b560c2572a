#include "daemon/centre/second_copy.h"

#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/ledger/entry.h"
#include "daemon/ledger/second_book.h"

namespace changtong::centre {
namespace {

problem interrupted() { return said({"已中断", "interrupted"}); }

}  // namespace

result<std::int64_t> copy_out(archive& from, const node_head& of, const std::string& file,
                              const told_progress& progress) {
  auto book = ledger::second_book::open(file);
  if (!book) return book.error();
  ledger::shipment piece;
  std::optional<problem> wrong;
  const auto hand_over = [&] {
    const auto done = (*book)->take(piece);
    if (!done) wrong = done.error();
    if (done && done->fork) wrong = said({"文件里已有另一本账", "there is another journal in the file"});
    if (done) piece = {.after = done->head.seq, .hash = done->head.hash, .heartbeat = {}, .entries = {}};
  };
  for (std::int64_t at = 0; at < of.head.seq && !wrong;) {
    const std::int64_t before = at;
    const auto read = from.read(of, at, of.head.seq, [&](const ledger::shipped_entry& e) {
      piece.entries.push_back(e);
      if (piece.entries.size() == ledger::most_shipped_entries && !wrong) hand_over();
    });
    if (!read) return read.error();
    at = *read;
    if (at == before) break;  // what is missing there does not chain either
    if (!progress(at, of.head.seq)) return interrupted();
  }
  piece.heartbeat = of.heartbeat;
  if (!wrong) hand_over();
  if (wrong) return std::move(*wrong);
  if (piece.after != of.head.seq || piece.hash != of.head.hash)
    return said(both("数据库里只有 {} 条，应有 {} 条", "the database has {} entries where there should be {}",
                     piece.after, of.head.seq));
  return of.head.seq;
}

result<chain_found> verify(archive& from, const node_head& of, const told_progress& progress) {
  chain_found out;
  ledger::digest hash{};
  for (std::int64_t at = 0; at < of.head.seq && out.bad == 0;) {
    const std::int64_t before = at;
    const auto read = from.read(of, at, of.head.seq, [&](const ledger::shipped_entry& e) {
      if (out.bad != 0) return;
      const bool good = e.seq == out.entries + 1 && ledger::chain(hash, e.seq, e.at, e.kind, e.body) == e.hash;
      if (!good) out.bad = out.entries + 1;
      if (good) out.entries = e.seq;
      hash = e.hash;
    });
    if (!read) return read.error();
    at = *read;
    if (at == before) break;
    if (!progress(at, of.head.seq)) return interrupted();
  }
  if (out.bad == 0 && (out.entries != of.head.seq || hash != of.head.hash)) out.bad = out.entries + 1;
  return out;
}

}  // namespace changtong::centre
