#include "daemon/ledger/seal.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/core/json.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/exact_line.h"

namespace changtong::ledger {
namespace {

seal seal_from(const boost::json::object& o) {
  seal s;
  s.number = o.at("seal").as_int64();
  s.day = text_at(o, "day");
  s.when = {instant_at(o, "from"), instant_at(o, "to")};
  s.zone = text_at(o, "zone");
  s.made = instant_at(o, "made");
  s.seq = o.at("seq").as_int64();
  s.hash = digest_at(o, "hash");
  s.previous = digest_at(o, "previous");
  s.by = algorithm_of(text_at(o, "algorithm")).value();
  s.key = digest_at(o, "key");
  s.signature = bytes_at(o, "signature");
  return s;
}

/** The walk along a list of seals; each question in the order in which its answer says most. */
class walk {
 public:
  walk(const seal_trust& trust, const std::function<std::optional<digest>(std::int64_t)>& hash_at)
      : trust_(trust), hash_at_(hash_at) {}

  bool take(std::string_view line) {
    const std::size_t number = out.good.size() + 1;
    auto read = read_seal(line);
    if (!read) return fail(number, {"不是封存记录，或被改动过", "it is no seal, or was changed"});
    const seal& s = *read;
    out.day = s.day;
    if (!follows(s, number) || !is_signed(s, number) || !is_kept(s, number)) return false;
    last_ = digest_of(line);
    out.good.push_back(std::move(*read));
    out.day.clear();
    return true;
  }

  seals_proof out;

 private:
  bool fail(std::size_t number, const phrase& why) {
    out.line = number;
    const phrase day = out.day.empty() ? phrase{} : both("（{}）", " ({})", out.day);
    out.text = both("封存第 {} 行{}：{}", "seal {}{}: {}", number, day, why);
    return false;
  }

  [[nodiscard]] std::int64_t covered() const { return out.good.empty() ? 0 : out.good.back().seq; }

  bool follows(const seal& s, std::size_t number) {
    if (s.number != static_cast<std::int64_t>(number))
      return fail(number,
                  both("编号为 {}，有行缺失或多出", "its number is {}: a line is missing or was put in", s.number));
    if (s.previous != last_)
      return fail(number, {"不接续上一行，上一行被改动过或被替换", "it does not follow from the line before"});
    if (!out.good.empty() && s.when.from != out.good.back().when.to)
      return fail(number, {"与上一行之间缺了日子", "days are missing before it"});
    if (s.when.empty() || s.made < s.when.to || s.seq < covered() || s.seq < 1)
      return fail(number, {"内容自相矛盾", "it contradicts itself"});
    return true;
  }

  bool is_signed(const seal& s, std::size_t number) {
    const auto& known = trust_.fingerprints;
    const auto begins_key = [&](const std::string& bytes) { return bytes_of(s.key).starts_with(bytes); };
    if (!known.empty() && std::ranges::none_of(known, begins_key))
      return fail(number,
                  both("由另一把密钥签名，指纹 {}", "signed with another key, fingerprint {}", short_form(s.key)));
    const auto key = std::ranges::find_if(
        trust_.keys, [&](const public_key& k) { return k.fingerprint() == s.key && k.kind() == s.by; });
    if (key == trust_.keys.end())
      return fail(number, both("公钥文件里没有它的密钥，指纹 {}",
                               "its key is not among the public keys, fingerprint {}", short_form(s.key)));
    if (!key->verifies(signed_text(s), s.signature))
      return fail(number, {"被改动过，签名不符", "it was changed: the signature does not match"});
    return true;
  }

  bool is_kept(const seal& s, std::size_t number) {
    const auto hash = hash_at_(s.seq);
    if (hash && *hash == s.hash) return true;
    out.entry = hash ? covered() + 1 : s.seq;
    if (hash)
      return fail(number, both("第 {} 至 {} 条账目在封存之后被改写", "entries {} to {} were rewritten after it",
                               covered() + 1, s.seq));
    return fail(number, both("账目末尾被截去，第 {} 条已不在", "the journal's tail was cut: entry {} is gone", s.seq));
  }

  const seal_trust& trust_;
  const std::function<std::optional<digest>(std::int64_t)>& hash_at_;
  digest last_{};
};

}  // namespace

std::string signed_text(const seal& s) {
  json_object o;
  o.add("seal", s.number).add("day", s.day).add("from", ms_of(s.when.from)).add("to", ms_of(s.when.to));
  o.add("zone", s.zone).add("made", ms_of(s.made)).add("seq", s.seq).add("hash", host::hex(bytes_of(s.hash)));
  o.add("previous", host::hex(bytes_of(s.previous)))
      .add("algorithm", name_of(s.by))
      .add("key", host::hex(bytes_of(s.key)));
  std::string text = o.text();
  text.pop_back();  // the brace that closes it
  return text;
}

std::string line_of(const seal& s) { return signed_text(s) + ",\"signature\":\"" + host::hex(s.signature) + "\"}"; }

result<seal> read_seal(std::string_view line) {
  if (auto s = read_exact(line, most_seal_bytes, seal_from, line_of)) return std::move(*s);
  return said({"这一行不是封存记录", "this line is no seal"});
}

digest digest_of(std::string_view line) { return host::sha256_of(line); }

result<void> sign(seal& s, const signing_key& with) {
  s.by = with.half().kind();
  s.key = with.half().fingerprint();
  auto signature = with.sign(signed_text(s));
  if (!signature) return signature.error();
  s.signature = std::move(*signature);
  return {};
}

bool due(wall_t end, wall_t heartbeat, wall_t decided) {
  return heartbeat >= end && (decided >= end || heartbeat - end >= sealed_at_latest);
}

seals_proof check_seals(std::span<const std::string> lines, const seal_trust& trust,
                        const std::function<std::optional<digest>(std::int64_t)>& hash_at) {
  walk w(trust, hash_at);
  for (const std::string& line : lines)
    if (!w.take(line)) break;
  return std::move(w.out);
}

std::vector<std::string> lines_in(std::string_view file) {
  std::vector<std::string> out;
  while (!file.empty()) {
    const std::size_t end = std::min(file.find('\n'), file.size());
    out.emplace_back(file.substr(0, end));
    file.remove_prefix(std::min(end + 1, file.size()));
  }
  return out;
}

}  // namespace changtong::ledger
