#include "daemon/centre/head_text.h"

#include <algorithm>

#include "daemon/core/json.h"
#include "daemon/host/digest.h"

namespace changtong::centre {

std::string to_json(const node_head& h, const civil_zone& zone, wall_t now) {
  json_object o;
  o.add("node", h.node).add("branch", std::int64_t{h.branch}).add("entries", h.head.seq);
  o.add("hash", host::hex(ledger::bytes_of(h.head.hash)));
  h.heartbeat ? o.add("heartbeat", zone.format(*h.heartbeat)) : o.add_null("heartbeat");
  h.heartbeat ? o.add("lag_ms", std::max<std::int64_t>(0, (now - *h.heartbeat).count())) : o.add_null("lag_ms");
  h.received ? o.add("received", zone.format(*h.received)) : o.add_null("received");
  h.retired ? o.add("retired", zone.format(*h.retired)) : o.add_null("retired");
  if (!h.fork) return o.add_null("fork").text();
  json_object f;
  f.add("first", zone.format(h.fork->first)).add("last", zone.format(h.fork->last)).add("times", h.fork->times);
  f.add("seq", h.fork->theirs.seq).add("hash", host::hex(ledger::bytes_of(h.fork->theirs.hash)));
  return o.add_raw("fork", f.text()).text();
}

std::string to_json(const std::optional<last_seal>& s, const civil_zone& zone) {
  if (!s) return "null";
  json_object o;
  if (!s->unread.en.empty()) {
    o.add("at", zone.format(s->at)).add("hash", host::hex(ledger::bytes_of(s->hash)));
    return o.add("unread", s->unread.cn).add("unread_en", s->unread.en).text();
  }
  o.add("number", s->number).add("at", zone.format(s->at)).add("day", s->day);
  o.add("heads", static_cast<std::int64_t>(s->heads)).add("hash", host::hex(ledger::bytes_of(s->hash)));
  o.add("key", host::hex(ledger::bytes_of(s->key))).add("fingerprint", ledger::short_form(s->key));
  return o.text();
}

}  // namespace changtong::centre
