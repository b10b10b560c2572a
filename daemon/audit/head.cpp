#include "daemon/audit/head.h"

#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/exact_line.h"
#include "daemon/ledger/key.h"

namespace changtong::audit {
namespace {

pack_head head_from(const boost::json::object& o) {
  pack_head h;
  h.software = ledger::text_at(o, "software");
  h.zone = ledger::text_at(o, "zone");
  const civil_zone zone = civil_zone::named(h.zone).value();
  const auto instant = [&](const char* key) { return zone.parse(ledger::text_at(o, key)).value().from; };
  h.when = {instant("from"), instant("to")};
  h.exported = instant("exported");
  h.heartbeat = instant("heartbeat");
  h.entries = o.at("entries").as_int64();
  h.hash = ledger::digest_at(o, "hash");
  return h;
}

}  // namespace

std::string head_text(const pack_head& h) {
  const civil_zone zone = civil_zone::named(h.zone).value();
  json_object o;
  o.add("software", h.software).add("zone", h.zone);
  o.add("from", zone.format(h.when.from)).add("to", zone.format(h.when.to));
  o.add("exported", zone.format(h.exported)).add("heartbeat", zone.format(h.heartbeat));
  o.add("entries", h.entries).add("hash", host::hex(ledger::bytes_of(h.hash)));
  return o.text() + "\n";
}

result<pack_head> read_head(std::string_view text) {
  auto h = ledger::read_exact(text, most_head_bytes, head_from, head_text);
  if (h && !h->when.empty() && h->when.length() <= longest_period && h->entries >= 1) return std::move(*h);
  return said({"不是证据包的抬头，或被改动过", "it is no head of a pack, or was changed"});
}

}  // namespace changtong::audit
