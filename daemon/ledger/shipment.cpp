#include "daemon/ledger/shipment.h"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/core/json.h"
#include "daemon/core/plain_text.h"
#include "daemon/host/digest.h"
#include "daemon/host/gzip.h"
#include "daemon/ledger/exact_line.h"
#include "daemon/ledger/read_open.h"

namespace changtong::ledger {
namespace {

namespace json = boost::json;

constexpr std::size_t most_head_bytes = 1024, most_refusal_bytes = 4096, most_told_bytes = 300;
constexpr std::int64_t most_seq = std::int64_t{1} << 53;  // far from where numbers end
constexpr std::int64_t most_clock_ms = 86'400'000;

std::string head_of(const shipment& s) {
  json_object head;
  head.add("after", s.after).add("hash", host::hex(bytes_of(s.hash)));
  if (s.heartbeat)
    head.add("heartbeat", ms_of(*s.heartbeat));
  else
    head.add_null("heartbeat");
  if (s.clock) head.add("clock", s.clock->ahead.count()).add("clock_within", s.clock->within.count());
  return head.text();
}

std::int64_t seq_in(const json::object& o, std::string_view key) {
  const std::int64_t seq = o.at(key).as_int64();
  if (seq < 0 || seq > most_seq) throw std::out_of_range("seq");
  return seq;
}

std::optional<clock_exchanged> clock_in(const json::object& o) {
  const json::value *ahead = o.if_contains("clock"), *within = o.if_contains("clock_within");
  if (ahead == nullptr || within == nullptr) return std::nullopt;
  const auto bounded = [](const json::value& ms, std::int64_t least) {
    return milliseconds{std::clamp(ms.as_int64(), least, most_clock_ms)};
  };
  return clock_exchanged{.ahead = bounded(*ahead, -most_clock_ms), .within = bounded(*within, 0)};
}

shipment head_in(const json::object& o) {
  shipment s{.after = seq_in(o, "after"), .hash = digest_at(o, "hash"), .heartbeat = {}, .entries = {}};
  if (!o.at("heartbeat").is_null()) s.heartbeat = instant_at(o, "heartbeat");
  s.clock = clock_in(o);
  return s;
}

shipped_entry entry_in(const json::object& o) {
  return {.seq = o.at("seq").as_int64(),
          .at = instant_at(o, "at"),
          .kind = text_at(o, "kind"),
          .body = text_at(o, "body"),
          .hash = digest_at(o, "hash")};
}

shipment_answer answer_in(const json::object& o) {
  const json::value* gzip = o.if_contains("gzip");
  return {.head = {.seq = seq_in(o, "seq"), .hash = digest_at(o, "hash")},
          .clock = instant_at(o, "clock"),
          .reads_gzip = gzip != nullptr && gzip->as_bool()};
}

result<shipment> read_text(std::string_view text) {
  if (text.size() > most_shipped_bytes)
    return said(both("一批超过 {} 字节", "a shipment has more than {} bytes", most_shipped_bytes));
  std::size_t end = std::min(text.find('\n'), text.size());
  auto s = read_open(text.substr(0, end), most_head_bytes, head_in);
  if (!s) return said({"首行不是一批记录的开头", "the first line is no head of a shipment"});
  while (end < text.size()) {
    if (s->entries.size() == most_shipped_entries)
      return said(both("一批超过 {} 条", "a shipment has more than {} entries", most_shipped_entries));
    const std::size_t from = end + 1;
    end = std::min(text.find('\n', from), text.size());
    auto e = read_exact(text.substr(from, end - from), most_shipped_bytes, entry_in,
                        [](const shipped_entry& made) { return text_of(made); });
    const auto next = s->after + static_cast<std::int64_t>(s->entries.size()) + 1;
    if (!e || e->seq != next) return said(both("第 {} 条不是一条记录", "entry {} is none", next));
    s->entries.push_back(std::move(*e));
  }
  return std::move(*s);
}

phrase refusal_in(const json::object& o) {
  const json::object& e = o.at("error").as_object();
  const auto told = [&e](std::string_view key) { return as_seen(text_at(e, key), most_told_bytes); };
  return {told("text"), told("text_en")};
}

}  // namespace

wall_t shipment::latest() const {
  wall_t at = heartbeat.value_or(wall_min);
  for (const shipped_entry& e : entries) at = std::max(at, e.at);
  return at;
}

std::string text_of(const shipped_entry& e) {
  return json_object()
      .add("seq", e.seq)
      .add("at", ms_of(e.at))
      .add("kind", e.kind)
      .add("body", e.body)
      .add("hash", host::hex(bytes_of(e.hash)))
      .text();
}

std::string text_of(const shipment& s) {
  std::string out = head_of(s);
  for (const shipped_entry& e : s.entries) out += '\n' + text_of(e);
  return out;
}

result<shipment> read_shipment(std::string_view bytes) {
  if (!host::is_gzip(bytes)) return read_text(bytes);
  const auto text = host::plain_of_gzip(bytes, most_shipped_bytes);
  if (!text)
    return said(both("压缩的一批已损坏，或超过 {} 字节", "a packed shipment is damaged or has more than {} bytes",
                     most_shipped_bytes));
  return read_text(*text);
}

std::string text_of(const shipment_answer& a) {
  return json_object()
      .add("seq", a.head.seq)
      .add("hash", host::hex(bytes_of(a.head.hash)))
      .add("clock", ms_of(a.clock))
      .add_bool("gzip", a.reads_gzip)
      .text();
}

std::optional<shipment_answer> read_shipment_answer(std::string_view text) {
  return read_open(text, most_head_bytes, answer_in);
}

std::optional<phrase> read_refusal(std::string_view text) { return read_open(text, most_refusal_bytes, refusal_in); }

}  // namespace changtong::ledger
