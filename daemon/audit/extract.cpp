#include "daemon/audit/extract.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/key.h"

namespace changtong::audit {
namespace {

namespace json = boost::json;

journal_line line_from(const json::object& o) {
  journal_line l;
  l.seq = o.at("seq").as_int64();
  const std::int64_t at = o.at("at").as_int64();
  if (at < ms_of(wall_min) || at > ms_of(wall_max)) throw std::out_of_range("at");
  l.at = wall_from_ms(at);
  l.kind = o.at("kind").as_string();
  l.body = o.at("body").as_string();
  const auto hash = host::from_hex(o.at("hash").as_string());
  if (!hash || hash->size() != l.hash.size()) throw std::out_of_range("hash");
  std::ranges::copy(*hash, l.hash.begin());
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
  const problem no = said({"这一行不是账目", "this line is no entry"});
  if (line.size() > most_line_bytes) return no;
  try {
    boost::system::error_code failed;
    const json::value v = json::parse(line, failed);
    if (failed) return no;
    journal_line l = line_from(v.as_object());
    if (line_of(l) != line) return no;
    return l;
  } catch (const std::exception&) {  // Boost.JSON's way to say "another type" or "no such key"
    return no;
  }
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
