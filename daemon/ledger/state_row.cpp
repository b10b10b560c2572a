#include "daemon/ledger/state_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/core/declaration.h"
#include "daemon/core/json.h"
#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/exact_line.h"
#include "daemon/ledger/ledger_files.h"

namespace changtong::ledger {
namespace {

namespace json = boost::json;

state_line line_from(const json::object& o) {
  state_line s;
  s.heartbeat = wall_from_ms(o.at("heartbeat").as_int64());
  s.clean = o.at("clean").as_bool();
  s.seq = o.at("seq").as_int64();
  s.hash = digest_at(o, "hash");
  s.memory = digest_at(o, "memory");
  s.by = algorithm_of(text_at(o, "algorithm")).value();
  s.key = digest_at(o, "key");
  s.signature = bytes_at(o, "signature");
  return s;
}

phrase untrusted(const state_line& s, const seal_trust& trust) {
  const auto& known = trust.fingerprints;
  const auto begins_key = [&](const std::string& bytes) { return bytes_of(s.key).starts_with(bytes); };
  const auto key = std::ranges::find_if(
      trust.keys, [&](const public_key& k) { return k.fingerprint() == s.key && k.kind() == s.by; });
  if (key == trust.keys.end() || (!known.empty() && std::ranges::none_of(known, begins_key)))
    return both("由另一把密钥签名，指纹 {}", "signed with another key, fingerprint {}", short_form(s.key));
  if (!key->verifies(signed_text(s), s.signature)) return {"签名被改动过", "the signature was changed"};
  return {};
}

/** A person's entries come after it without a heartbeat, so the journal may be longer than what was signed. */
bool holds_entry(store& s, const state_line& said) {
  if (said.seq == 0) return said.hash == digest{};
  statement& row = s.prepared("SELECT hash FROM journal WHERE seq = ?");
  const bool same = row.rows(said.seq).step() && row.text(0) == bytes_of(said.hash);
  row.reset();
  return same;
}

}  // namespace

void memory_sum::fold(std::string_view check, std::string_view text, int sign) {
  const std::string row = fmt::format("{}:{}{}", check.size(), check, text);
  const digest seed = digest_of(row);
  std::array<std::uint8_t, 2 * 1024> wide{};
  host::widen(seed, wide);
  for (std::size_t i = 0; i < lanes_.size(); ++i)
    lanes_[i] = static_cast<std::uint16_t>(lanes_[i] + sign * (wide[2 * i] | wide[2 * i + 1] << 8));
}

digest memory_sum::value() const {
  std::string bytes;
  for (const std::uint16_t lane : lanes_) {
    bytes += static_cast<char>(lane & 255);
    bytes += static_cast<char>(lane >> 8);
  }
  return digest_of(bytes);
}

memory_sum sum_of_memory(store& s) {
  memory_sum sum;
  statement& row = s.prepared("SELECT check_id, text FROM memory");
  for (row.rows(); row.step();) sum.add(row.text(0), row.text(1));
  row.reset();
  return sum;
}

std::string signed_text(const state_line& s) {
  json_object o;
  o.add("state", std::int64_t{1}).add("heartbeat", ms_of(s.heartbeat)).add_bool("clean", s.clean).add("seq", s.seq);
  o.add("hash", host::hex(bytes_of(s.hash))).add("memory", host::hex(bytes_of(s.memory)));
  o.add("algorithm", name_of(s.by)).add("key", host::hex(bytes_of(s.key)));
  std::string text = o.text();
  text.pop_back();  // the brace that closes it
  return text;
}

std::string line_of(const state_line& s) {
  return signed_text(s) + ",\"signature\":\"" + host::hex(s.signature) + "\"}";
}

std::optional<state_line> read_state_line(std::string_view line) {
  return read_exact(line, most_seal_bytes, line_from, [](const state_line& s) { return line_of(s); });
}

std::optional<std::string> stored_state_line(store& s) {
  const auto row = s.prepare("SELECT signature FROM head");  // null: the column is not there yet
  if (!row || !row->rows().step() || row->is_null(0)) return std::nullopt;
  return std::string(row->text(0));
}

namespace {

/** Whether it says that somebody's token stood behind it. */
bool claims_a_token(std::string_view body) {
  boost::system::error_code failed;
  const json::value read = json::parse(body, failed);
  const json::value* via = !failed && read.is_object() ? read.get_object().if_contains("via") : nullptr;
  return via != nullptr && via->is_string() && std::string_view(via->get_string()).starts_with("api");
}

/** After the signed entry only people's entries follow, made by hand while no daemon ran, and none from before it. What
 * comes over the API a run writes, which signs anew. */
phrase intruder(store& s, const state_line& said) {
  statement& later = s.prepared("SELECT seq, kind, at, body FROM journal WHERE seq > ? ORDER BY seq");
  later.rows(said.seq);
  phrase why;
  while (why.empty() && later.step())
    if (claims_a_token(later.text(3)))
      why = both("第 {} 条（{}）自称经接口用令牌登记，而它是停机时写入的",
                 "entry {} ({}) says that it came over the API with a token, but it was written while no daemon ran",
                 later.integer(0), later.text(1));
    else if (later.instant(2) < said.heartbeat || !is_of_people(later.text(1)))
      why =
          both("第 {} 条（{}）在签名之后添加，不是停机时人工登记的",
               "entry {} ({}) was added after the signature and is no person's entry made while the daemon was stopped",
               later.integer(0), later.text(1));
  later.reset();
  return why;
}

phrase difference(store& s, std::string_view line, const seal_trust& trust) {
  const auto said = read_state_line(line);
  if (!said) return {"签名行读不懂", "its signed line was changed"};
  if (phrase why = untrusted(*said, trust); !why.empty()) return why;
  statement& head = s.prepared("SELECT heartbeat, clean FROM head");
  const bool there = head.rows().step();
  const bool same_heartbeat = there && head.instant(0) == said->heartbeat;
  const bool same_clean = there && (head.integer(1) != 0) == said->clean;
  head.reset();
  if (!same_heartbeat) return {"心跳被改动过", "the heartbeat was changed"};
  if (!same_clean) return {"正常停止的标记被改动过", "the mark of a clean stop was changed"};
  if (!holds_entry(s, *said))
    return both("签名时的第 {} 条账目已不在或被改写", "entry {}, the last one then, is gone or was rewritten",
                said->seq);
  if (phrase why = intruder(s, *said); !why.empty()) return why;
  if (sum_of_memory(s).value() != said->memory)
    return {"确认计数（memory 表）被改动过", "the confirm counters (table memory) were changed"};
  return {};
}

}  // namespace

result<phrase> state_contradiction(store& s, std::string_view line, const std::string& public_file,
                                   const std::vector<std::string>& fingerprints) {
  const auto pem = host::read_plain_file(public_file, 64 << 10);
  const auto keys = pem ? read_public_keys(*pem) : result<std::vector<public_key>>(pem.error());
  if (!keys) return keys.error();
  const phrase why = difference(s, line, {.keys = *keys, .fingerprints = fingerprints});
  if (why.empty()) return why;
  return both("状态行与它的签名不符：{}", "the state row does not match its signature: {}", why);
}

std::vector<std::string> signers_of_state(store& s, const signing_key& own) {
  std::vector<std::string> keys;
  statement& row = s.prepared("SELECT line FROM seals ORDER BY number DESC LIMIT 1");
  if (row.rows().step())
    if (const auto last = read_seal(row.text(0)))
      keys = {std::string(bytes_of(last->key)), std::string(bytes_of(own.half().fingerprint()))};
  row.reset();
  return keys;
}

result<phrase> state_trouble(const std::string& ledger, const std::string& key_file) {
  try {
    store s(ledger, store::mode::read);
    const transaction one_state(s, "BEGIN");
    const auto own = signing_key::load(key_file.empty() ? key_file_of(ledger) : key_file);
    if (const auto line = stored_state_line(s))  // without the key nothing is signed
      return state_contradiction(s, *line, public_file_of(ledger),
                                 own ? signers_of_state(s, *own) : std::vector<std::string>{});
    // A ledger of format 3 that was only rebuilt, or entered into by hand, has never been signed.
    const bool sealed = s.number("SELECT count(*) FROM seals") > 0;
    return (sealed || own) && some_branch(s) ? unsigned_state(sealed) : phrase{};
  } catch (const std::exception& e) {
    return said(words_of(e));
  }
}

bool some_start(store& s, std::int64_t after, const std::function<bool(const started&)>& each) {
  statement& row = s.prepared("SELECT at, body FROM journal WHERE seq > ? AND kind = 'start' ORDER BY seq");
  bool any = false;
  for (row.rows(after); !any && row.step();)
    if (const auto e = decode("start", row.instant(0), row.text(1))) any = each(std::get<started>(*e));
  row.reset();
  return any;
}

bool some_branch(store& s) {
  return some_start(s, 0, [](const started& one) { return !one.branch.empty(); });
}

tail_of_journal tail_after(store& s, std::int64_t after) {
  statement& row = s.prepared("SELECT seq, kind, at, body FROM journal WHERE seq > ? ORDER BY seq");
  tail_of_journal out;
  for (row.rows(after); out.unreadable.empty() && row.step();) {
    if (const auto e = decode(row.text(1), row.instant(2), row.text(3)))
      out.spoken.step(row.integer(0), row.instant(2), *e);
    else
      out.unreadable = both("第 {} 条读不懂：{}", "entry {}: {}", row.integer(0), words_of(e.error()));
  }
  row.reset();
  return out;
}

phrase unsigned_state(bool sealed) {
  if (!sealed) return {"状态行未签名", "the state row is not signed"};
  return {"状态行未签名，而本账本有密钥封存，从何时起无法得知",
          "the state row is not signed: unsigned although a key sealed, since when is not knowable"};
}

phrase why_nothing_is_proven(const std::vector<branch_seen>& starts, const std::string& public_keys, bool named) {
  if (named)
    return {"状态行未签名，也没有封存：没有一处签名可与指纹核对",
            "the state row is not signed, and nothing is sealed: there is no signature to compare with a fingerprint"};
  const bool signs = std::ranges::any_of(starts, [](const branch_seen& b) { return !b.branch.empty(); });
  if (!signs || !host::plain_file_exists(public_keys)) return {};
  return both("状态行未签名，而公钥文件 {} 说明运行时有密钥：签名被去掉，或密钥后来读不到（日志里写明）；账目无法证明",
              "the state row is not signed, but {} shows that its runs had a key: the signature was taken away, or the "
              "key could "
              "not be had later, which the log says; no entry is proven",
              public_keys);
}

}  // namespace changtong::ledger
