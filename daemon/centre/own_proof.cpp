#include "daemon/centre/own_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "daemon/centre/journal_rows.h"
#include "daemon/centre/pg_cells.h"
#include "daemon/core/plain_text.h"

namespace changtong::centre {
namespace {

constexpr milliseconds clocks_apart{60'000};  // no more is a clock's fault that nobody has seen
constexpr std::size_t most_asked = 20;

/** The walk along the journal; each question in the order in which its answer says most. */
class walk {
 public:
  walk(database& db, const std::vector<std::string>& fingerprints, wall_t now)
      : db_(db), fingerprints_(fingerprints), now_(now) {}

  /** After the journal's head was read: heads only grow, so that none is behind one of its seals. */
  [[nodiscard]] result<void> begin() {
    const auto rows = db_.ask(
        "SELECT name, node FROM nodes; SELECT node, branch, seq, heartbeat, received, clock_ahead, clock_within FROM "
        "heads WHERE node > 0 ORDER BY node, branch");
    if (!rows) return rows.error();
    for (const table_row& row : (*rows)[0]) numbers_[row[0].value_or("")] = whole_in(row[1]);
    for (const table_row& row : (*rows)[1]) {
      head& h = heads_[{whole_in(row[0]), whole_in(row[1])}];
      h = {.seq = whole_in(row[2]), .known = instant_in(row[3]), .received = std::min(instant_in(row[4]), now_)};
      // Its clock is at most so far ahead of ours.
      if (row[5] && row[6]) h.clock = milliseconds{whole_in(row[6]) - whole_in(row[5])};
    }
    return {};
  }

  /** False: it is over, by `out.wrong` or with a problem. */
  [[nodiscard]] result<bool> take(const ledger::shipped_entry& e) {
    if (e.seq != last_.seq + 1 || ledger::chain(last_.hash, e.seq, e.at, e.kind, e.body) != e.hash)
      return wrong(both("中心自己的账第 {} 条起链条断开", "the chain of the centre's own journal breaks at entry {}",
                        last_.seq + 1));
    if (e.seq == 1) first_ = e.at;
    const auto fine = e.kind == seal_kind ? take_seal(e) : take_said(e);
    if (!fine || !*fine) return fine;
    last_ = {.seq = e.seq, .hash = e.hash};
    out.entries = e.seq;
    return true;
  }

  [[nodiscard]] bool ends_at(const ledger::shipped_head& head) {
    if (last_ == head) return true;
    (void)wrong(both("中心自己的账只有 {} 条，应有 {} 条",
                     "the centre's own journal has {} entries where there should "
                     "be {}",
                     last_.seq, head.seq));
    return false;
  }

  /** The tables against what the journal says; false: `out.wrong` says what nobody entered. */
  [[nodiscard]] result<bool> ends_with_its_tables() {
    for (const auto& look : {&walk::no_other_branch, &walk::nobody_else_retired, &walk::nothing_beyond_heads}) {
      const auto fine = (this->*look)();
      if (!fine || !*fine) return fine;
    }
    ask_of_heads();
    if (ahead_ != 0)
      ask(both("第 {} 次封存的时刻在现在之后，没有人说过为何：changtong centre seal --over-ahead",
               "seal {} is labelled later than now, and nobody has said why: `changtong centre seal --over-ahead`",
               ahead_));
    return true;
  }

  own_found out;

 private:
  [[nodiscard]] result<bool> take_said(const ledger::shipped_entry& e) {
    if (e.kind != branch_kind && e.kind != retired_kind && e.kind != ahead_kind && e.kind != approval_kind) return true;
    const auto read = decode(e);
    if (!read)
      return wrong(both("中心自己的账第 {} 条读不出：{}", "entry {} of the centre's own journal cannot be read: {}",
                        e.seq, words_of(read.error())));
    if (const auto* begun = std::get_if<branch_begun>(&*read)) known_branches_.emplace(begun->node, begun->branch);
    if (const auto* said_of = std::get_if<node_retired>(&*read)) retired_[said_of->node] = said_of->since;
    if (std::holds_alternative<ahead_explained>(*read) && e.at <= now_) ahead_ = 0;
    if (const auto* approval = std::get_if<approval_said>(&*read)) return take_approval(e.seq, *approval);
    return true;
  }

  /** An answer is to an order, of the same window. */
  bool take_approval(std::int64_t seq, const approval_said& a) {
    const std::string what = fmt::format("{}\n{}\n{}", a.node, a.window, a.version);
    if (a.answer == approval_answer::asked) {
      asked_[a.order] = what;
      return true;
    }
    const auto order = asked_.find(a.order);
    if (order != asked_.end() && order->second == what) return true;
    return wrong(both("中心自己的账第 {} 条是一个审批的回答，但没有人问过",
                      "entry {} of the centre's own journal answers an approval that nobody asked for", seq));
  }

  /** Those of the first seal may be older than the journal. */
  [[nodiscard]] result<bool> no_other_branch() {
    if (out.seals == 0) return true;
    const auto rows = db_.ask(
        "SELECT n.name, b.branch FROM branches b JOIN nodes n ON n.node = b.node WHERE b.node > 0 AND b.branch > 1 "
        "ORDER BY b.node, b.branch");
    if (!rows) return rows.error();
    for (const table_row& row : rows->front()) {
      const std::string node = row[0].value_or("");
      const std::pair key{node, whole_in(row[1])};
      if (!known_branches_.contains(key) && !older_branches_.contains(key))
        return wrong(both("{} 有第 {} 分支，中心自己的账里没有人说过", "{} has a branch {} that nobody entered",
                          as_seen(node), key.second));
      if (!known_branches_.contains(key))
        ask(both("{} 的第 {} 分支早于中心自己的账，谁为何另起的不在账里",
                 "branch {1} of {0} is older than the centre's own journal, which does not say who began it, and why",
                 as_seen(node), key.second));
    }
    return true;
  }

  [[nodiscard]] result<bool> nobody_else_retired() {
    const auto rows = db_.ask("SELECT name, retired FROM nodes WHERE node > 0 ORDER BY node");
    if (!rows) return rows.error();
    for (const table_row& row : rows->front()) {
      const std::string node = row[0].value_or("");
      const auto is = row[1] ? std::optional(wall_from_ms(whole_in(row[1]))) : std::nullopt;
      const auto said_of = retired_.find(node);
      if (said_of != retired_.end() ? is == said_of->second : !is) continue;
      if (said_of == retired_.end() && (!first_ || *is < *first_)) {
        ask(both("{} 停用的时刻早于中心自己的账的第一条，谁为何停用不在账里",
                 "{} is retired since before the first entry of the centre's own journal, which does not say by whom, "
                 "and why",
                 as_seen(node)));
        continue;
      }
      return wrong(both("{} 是否停用、何时停用，与中心自己的账不符",
                        "whether {} is retired, and since when, is not what the centre's own journal says",
                        as_seen(node)));
    }
    return true;
  }

  [[nodiscard]] result<bool> nothing_beyond_heads() {
    const auto rows = db_.ask(
        "SELECT n.name FROM nodes n WHERE EXISTS (SELECT 1 FROM heads h WHERE h.node = n.node AND EXISTS (SELECT 1 "
        "FROM journal j WHERE j.node = h.node AND j.branch = h.branch AND j.seq > h.seq)) OR EXISTS (SELECT 1 FROM "
        "journal j WHERE j.node = n.node AND j.branch > (SELECT coalesce(max(branch), 0) FROM heads h WHERE h.node = "
        "n.node)) ORDER BY n.node LIMIT 1");
    if (!rows) return rows.error();
    if (rows->front().empty()) return true;
    return wrong(both("{} 的账头之后还有条目，不是送来的", "{} has entries beyond its head, which nobody shipped",
                      as_seen(rows->front().front().front().value_or(""))));
  }

  /** What is true of a head only if somebody says so: nothing here proves it. */
  void ask_of_heads() {
    for (const auto& [key, h] : heads_) {
      const auto sealed = looked_at_.find(key);
      const std::string node = name_of(key.first);
      if (sealed == looked_at_.end())
        ask(both("{} 的第 {} 分支还没有封存过", "branch {1} of {0} was never sealed", node, key.second));
      out.unsealed += std::max<std::int64_t>(0, h.seq - (sealed == looked_at_.end() ? 0 : sealed->second.seq));
      if (h.known > h.received + h.clock + clocks_apart)
        ask(both("{} 第 {} 分支的账到 {}（毫秒），晚于收到它的时刻：节点的时钟曾超前，或有人改过表 heads",
                 "{} branch {} is known up to {} (ms), later than it was received: its clock was ahead, or somebody "
                 "changed the table heads",
                 node, key.second, ms_of(h.known)));
    }
  }
  void ask(phrase what) {
    if (out.asked.size() < most_asked) out.asked.push_back(std::move(what));
  }
  [[nodiscard]] std::string name_of(std::int64_t number) const {
    const auto at = std::ranges::find(numbers_, number, [](const auto& one) { return one.second; });
    return at == numbers_.end() ? std::to_string(number) : as_seen(at->first);
  }

  bool wrong(phrase why) {
    out.wrong = std::move(why);
    return false;
  }
  bool wrong_seal(const phrase& why) { return wrong(both("第 {} 次封存：{}", "seal {}: {}", out.seals + 1, why)); }

  [[nodiscard]] result<bool> take_seal(const ledger::shipped_entry& e) {
    const auto read = decode(e);
    if (!read) return wrong_seal(words_of(read.error()));
    const auto& s = std::get<heads_sealed>(*read);
    if (s.number != out.seals + 1 || s.own != last_)
      return wrong_seal({"不接续之前的账", "it does not follow from what is before it"});
    if (!is_signed(s)) return false;
    const auto kept = are_kept(s);
    if (!kept || !*kept) return kept;
    if (out.seals == 0)
      for (const sealed_head& h : s.heads) older_branches_.emplace(h.node, h.branch);
    ++out.seals;
    if (s.at > now_) ahead_ = s.number;
    out.hashes.push_back(e.hash);
    out.last = last_seal{.number = s.number,
                         .at = s.at,
                         .day = s.day,
                         .hash = e.hash,
                         .key = ledger::read_public_keys(s.key)->front().fingerprint(),
                         .heads = s.heads.size()};
    return true;
  }

  bool is_signed(const heads_sealed& s) {
    const auto keys = ledger::read_public_keys(s.key);
    if (!keys) return wrong_seal(words_of(keys.error()));
    const ledger::public_key& key = keys->front();
    const std::string fingerprint(ledger::bytes_of(key.fingerprint()));
    const auto begins = [&](const std::string& bytes) { return fingerprint.starts_with(bytes); };
    if (!fingerprints_.empty() && std::ranges::none_of(fingerprints_, begins))
      return wrong_seal(both("由另一把密钥签名，指纹 {}", "signed with another key, fingerprint {}",
                             ledger::short_form(key.fingerprint())));
    if (!key.verifies(signed_text(s), s.signature))
      return wrong_seal({"被改动过，签名不符", "it was changed: the signature does not match"});
    if (std::ranges::find(out.keys, key.fingerprint()) == out.keys.end()) out.keys.push_back(key.fingerprint());
    return true;
  }

  /** A heartbeat never goes back; how far it may go on between two seals nobody here can say. */
  bool is_known_as_far(const heads_sealed& s, const sealed_head& h, const std::pair<std::int64_t, std::int64_t>& key) {
    if (!h.known) return true;
    wall_t& sealed = known_[key];
    const auto now = heads_.find(key);
    if (*h.known < sealed || now == heads_.end() || now->second.known < *h.known)
      return wrong_seal(
          both("{} 第 {} 分支的账曾到 {}（毫秒），{}却更早：心跳从不倒退，表 heads 被改动过",
               "{} branch {} was known up to {} (ms), and {}: heartbeats never go back, somebody changed "
               "the table heads",
               as_seen(h.node), h.branch, ms_of(std::max(*h.known, sealed)),
               *h.known < sealed ? phrase{"这一次", "is less far in it"} : phrase{"现在", "is less far now"}));
    if (*h.known > s.at + now->second.clock + clocks_apart && !std::exchange(now->second.asked, true))
      ask(both("第 {} 次封存：{} 第 {} 分支的账到 {}（毫秒），晚于封存的时刻：节点的时钟曾超前，或有人改过表 heads",
               "seal {}: {} branch {} was known up to {} (ms), later than the seal: its clock was ahead, or somebody "
               "changed the table heads",
               s.number, as_seen(h.node), h.branch, ms_of(*h.known)));
    sealed = *h.known;
    return true;
  }

  /** Those that are as in the seal before were looked at then. */
  [[nodiscard]] result<bool> are_kept(const heads_sealed& s) {
    std::string asked;
    for (const sealed_head& h : s.heads) {
      const auto number = numbers_.find(h.node);
      if (number == numbers_.end())
        return wrong_seal(both("节点 {} 已不在库里", "the node {} is not there any more", as_seen(h.node)));
      if (!is_known_as_far(s, h, {number->second, h.branch})) return false;
      ledger::shipped_head& known = looked_at_[{number->second, h.branch}];
      if (h.head.seq == 0 || known == h.head) continue;
      asked += fmt::format("{}({}, {}, {}::bigint, decode('{}', 'hex'))", asked.empty() ? "" : ", ", number->second,
                           h.branch, h.head.seq, hex_of(h.head.hash));
      known = h.head;
    }
    if (asked.empty()) return true;
    const auto gone = db_.ask(
        fmt::format("SELECT n.name, v.branch, v.seq FROM (VALUES {}) v(node, branch, seq, hash) JOIN nodes n ON n.node "
                    "= v.node LEFT JOIN journal j ON j.node = v.node AND j.branch = v.branch AND j.seq = v.seq AND "
                    "j.hash = v.hash WHERE j.seq IS NULL ORDER BY v.node, v.branch LIMIT 1",
                    asked));
    if (!gone) return gone.error();
    if (gone->front().empty()) return true;
    const table_row& row = gone->front().front();
    return wrong_seal(both("{} 第 {} 分支的账在封存之后被改写或截去：第 {} 条已不是当时的那一条",
                           "the journal of {}, branch {}, was rewritten or cut after it: entry {} is not the one that "
                           "was sealed",
                           as_seen(row[0].value_or("")), whole_in(row[1]), whole_in(row[2])));
  }

  /** As the table has it. */
  struct head {
    std::int64_t seq = 0;
    wall_t known{}, received{};
    milliseconds clock{0};
    bool asked = false;  ///< how it can be known so far
  };
  database& db_;
  const std::vector<std::string>& fingerprints_;
  wall_t now_;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
  std::map<std::pair<std::int64_t, std::int64_t>, ledger::shipped_head> looked_at_;  ///< by node and branch
  std::map<std::pair<std::int64_t, std::int64_t>, wall_t> known_;                    ///< as sealed last
  std::map<std::pair<std::int64_t, std::int64_t>, head> heads_;
  std::set<std::pair<std::string, std::int64_t>> known_branches_, older_branches_;  ///< entered; of the first seal
  std::map<std::string, std::optional<wall_t>> retired_;                            ///< as the journal says last
  std::optional<wall_t> first_;                                                     ///< label of its first entry
  std::map<std::string, std::string> asked_;                                        ///< approvals, by their orders
  ledger::shipped_head last_;
  std::int64_t ahead_ = 0;  ///< a seal whose label is still to come; 0: none, or it is explained
};

}  // namespace

result<own_found> verify_own(database& db, const std::vector<std::string>& fingerprints, wall_t now,
                             const told_progress& progress) {
  const auto head = own_head(db);
  if (!head) return head.error();
  walk w(db, fingerprints, now);
  if (const auto known = w.begin(); !known) return known.error();
  for (std::int64_t at = 0; at < head->seq;) {
    const std::int64_t before = at;
    std::vector<ledger::shipped_entry> piece;
    const auto read = read_own(db, at, head->seq, [&](const ledger::shipped_entry& e) { piece.push_back(e); });
    if (!read) return read.error();
    at = *read;
    for (const ledger::shipped_entry& e : piece) {
      const auto fine = w.take(e);
      if (!fine) return fine.error();
      if (!*fine) return std::move(w.out);
    }
    if (at == before) break;  // what is missing there is told below
    if (!progress(at, head->seq)) return said({"已中断", "interrupted"});
  }
  if (w.ends_at(*head))
    if (const auto fine = w.ends_with_its_tables(); !fine) return fine.error();
  return std::move(w.out);
}

}  // namespace changtong::centre
