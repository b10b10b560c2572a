#include "daemon/audit/extract.h"

#include <fmt/format.h>

#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/exact_line.h"
#include "daemon/ledger/key.h"

namespace changtong::audit {
namespace {

journal_line line_from(const boost::json::object& o) {
  journal_line l;
  l.seq = o.at("seq").as_int64();
  l.at = ledger::instant_at(o, "at");
  l.kind = ledger::text_at(o, "kind");
  l.body = ledger::text_at(o, "body");
  l.hash = ledger::digest_at(o, "hash");
  return l;
}

}  // namespace

std::string line_of(const journal_line& l) {
  json_object o;
  o.add("seq", l.seq).add("at", ms_of(l.at)).add("kind", l.kind).add("body", l.body);
  o.add("hash", host::hex(ledger::bytes_of(l.hash)));
  return o.text();
}

result<journal_line> read_line(std::string_view line) {
  if (auto l = ledger::read_exact(line, most_line_bytes, line_from, line_of)) return std::move(*l);
  return said({"这一行不是账目", "this line is no entry"});
}

result<void> chain_check::take(const journal_line& l) {
  if (l.seq != seq_ + 1)
    return said(both("缺少第 {} 条，此处是第 {} 条", "entry {} is missing, here is entry {}", seq_ + 1, l.seq));
  if (ledger::chain(hash_, l.seq, l.at, l.kind, l.body) != l.hash)
    return said(both("第 {} 条被改动过，或不接续上一条", "entry {} was changed, or does not follow from the one before",
                     l.seq));
  seq_ = l.seq;
  hash_ = l.hash;
  if (const auto it = wanted_.find(l.seq); it != wanted_.end()) it->second = l.hash;
  return {};
}

std::optional<ledger::digest> chain_check::hash_at(std::int64_t seq) const {
  const auto it = wanted_.find(seq);
  return it == wanted_.end() ? std::nullopt : it->second;
}

}  // namespace changtong::audit
