#include "daemon/audit/head.h"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/key.h"

namespace changtong::audit {
namespace {

namespace json = boost::json;

pack_head head_from(const json::object& o) {
  const auto text = [&](const char* key) { return std::string(o.at(key).as_string()); };
  pack_head h;
  h.software = text("software");
  h.zone = text("zone");
  const civil_zone zone = civil_zone::named(h.zone).value();
  const auto instant = [&](const char* key) { return zone.parse(text(key)).value().from; };
  h.when = {instant("from"), instant("to")};
  h.exported = instant("exported");
  h.heartbeat = instant("heartbeat");
  h.entries = o.at("entries").as_int64();
  const auto hash = host::from_hex(text("hash"));
  if (!hash || hash->size() != h.hash.size()) throw std::out_of_range("hash");
  std::ranges::copy(*hash, h.hash.begin());
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
  const problem no = said({"不是证据包的抬头，或被改动过", "it is no head of a pack, or was changed"});
  if (text.size() > most_head_bytes) return no;
  try {
    boost::system::error_code failed;
    const json::value v = json::parse(text, failed);
    if (failed) return no;
    pack_head h = head_from(v.as_object());
    if (h.when.empty() || h.when.length() > longest_period || h.entries < 1 || head_text(h) != text) return no;
    return h;
  } catch (const std::exception&) {  // another type, no such key, or an instant or zone that cannot be read
    return no;
  }
}

}  // namespace changtong::audit
