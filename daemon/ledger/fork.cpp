#include "daemon/ledger/fork.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/core/civil.h"
#include "daemon/core/plain_text.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/chain_walk.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/refusal.h"
#include "daemon/ledger/store.h"

namespace changtong::ledger {
namespace {

using progress_fn = std::function<bool(std::int64_t, std::int64_t)>;

/** One journal with its chain walked. */
class walked {
 public:
  walked(const std::string& path, const progress_fn& progress) : path_(path), store_(path, store::mode::read) {
    chain_.good = [this](std::int64_t seq, std::string_view kind, wall_t /*at*/, std::string_view body) {
      branches_.step(seq, kind, body, chain_.hash);
    };
    const std::int64_t total = store_.number("SELECT coalesce(max(seq), 0) FROM journal");
    while (chain_.some(store_))
      if (progress && !progress(chain_.seq, std::max(total, chain_.seq))) throw refusal({"核验被中止", "stopped"});
    const transaction one_state(store_, "BEGIN");
    while (chain_.some(store_)) {
    }
    if (chain_.bad == 0) chain_.tail(store_);
  }

  [[nodiscard]] std::int64_t entries() const { return chain_.seq; }
  [[nodiscard]] std::string trouble() const {
    return chain_.bad == 0 ? std::string() : fmt::format("{}：{}", path_, chain_.text);
  }
  [[nodiscard]] digest hash_at(std::int64_t seq) { return hash_of_entry(store_, seq).value_or(digest{}); }
  [[nodiscard]] std::string label_of(std::int64_t seq) {
    statement& row = store_.prepared("SELECT at FROM journal WHERE seq = ?");
    const wall_t at = row.rows(seq).step() ? row.instant(0) : wall_t{};
    row.reset();
    return text_of(at);
  }
  [[nodiscard]] journal_side side_after(std::int64_t common) {
    journal_side s{.entries = entries(), .after = entries() - common, .starts = 0, .branch = {}, .since = {}};
    for (const branch_seen& b : branches_.all()) {
      if (b.seq <= common + 1) s.branch = b;
      if (b.seq > common) ++s.starts;
    }
    if (s.branch.seq != 0) s.since = text_of(s.branch.at);
    return s;
  }

 private:
  std::string text_of(wall_t at) {
    statement& policy = store_.prepared("SELECT zone FROM policies ORDER BY seq DESC LIMIT 1");
    auto zone = civil_zone::named(policy.rows().step() ? policy.text(0) : "Asia/Shanghai");
    policy.reset();
    if (!zone) zone = civil_zone::named("Asia/Shanghai");
    return zone->format(at);
  }

  std::string path_;
  store store_;
  chain_walk chain_;
  branch_walk branches_;
};

/** In whole chains equal hashes at one place mean equal entries up to it. */
std::int64_t last_common(walked& a, walked& b) {
  std::int64_t same = 0, beyond = std::min(a.entries(), b.entries()) + 1;
  while (same + 1 < beyond) {
    const std::int64_t middle = same + (beyond - same) / 2;
    (a.hash_at(middle) == b.hash_at(middle) ? same : beyond) = middle;
  }
  return same;
}

kinship judged(const journal_comparison& c) {
  if (c.ours.after == 0 && c.theirs.after == 0) return kinship::same;
  if (c.ours.after == 0) return kinship::behind;
  if (c.theirs.after == 0) return kinship::ahead;
  return c.common == 0 ? kinship::strangers : kinship::fork;
}

std::string told(const journal_side& s, std::string_view which) {
  const std::string who = s.since.empty() ? "— "
                                          : fmt::format("{} {}（{} / since {}，第 {} 条 / entry {}）",
                                                        s.branch.branch.empty() ? "—" : s.branch.branch.substr(0, 8),
                                                        s.branch.node.empty() ? "—" : as_seen(s.branch.node), s.since,
                                                        s.since, s.branch.seq, s.branch.seq);
  return fmt::format("\n  {}：分支 / branch {}；其后 {} 条、{} 次启动 / then {} entries, {} starts", which, who,
                     s.after, s.starts, s.after, s.starts);
}

std::string sentence(const journal_comparison& c) {
  const std::string last = fmt::format("{} {}，{}", c.common, host::hex(bytes_of(c.hash)).substr(0, 16), c.label);
  switch (c.what) {
    case kinship::same:
      return fmt::format("两本账完全相同，共 {} 条 / both are the same, {} entries", c.common, c.common);
    case kinship::behind:
      return fmt::format(
          "这本账是另一本的前一部分，少 {} 条（共有至第 {}）/ this ledger is the beginning of the other: "
          "it is {} entries behind",
          c.theirs.after, last, c.theirs.after);
    case kinship::ahead:
      return fmt::format(
          "另一本是这本账的前一部分，少 {} 条（共有至第 {}）/ the other is the beginning of this ledger: "
          "it is {} entries behind",
          c.ours.after, last, c.ours.after);
    case kinship::strangers:
      return "两本账没有一条相同，不是同一部历史 / the two have no entry in common: they are not one history" +
             told(c.ours, "这本 / this") + told(c.theirs, "另一本 / other");
    default:
      return fmt::format(
                 "分叉：第 {} 条之后两本账各自续写 / a fork: both go on after entry {} with different entries "
                 "({})",
                 c.common, c.common, last) +
             told(c.ours, "这本 / this") + told(c.theirs, "另一本 / other");
  }
}

journal_comparison compared(walked& a, walked& b) {
  journal_comparison c;
  for (const walked* one : {&a, &b})
    if (const std::string trouble = one->trouble(); !trouble.empty()) {
      c.text = trouble;
      return c;
    }
  c.common = last_common(a, b);
  if (c.common > 0) c.hash = a.hash_at(c.common), c.label = a.label_of(c.common);
  c.ours = a.side_after(c.common);
  c.theirs = b.side_after(c.common);
  c.what = judged(c);
  c.text = sentence(c);
  return c;
}

}  // namespace

std::string_view name_of(kinship k) {
  constexpr std::array<std::string_view, 6> names{"same", "behind", "ahead", "fork", "strangers", "broken"};
  return names.at(static_cast<std::size_t>(k));
}

result<journal_comparison> compare_journals(const std::string& ours, const std::string& theirs,
                                            const progress_fn& progress) {
  return guarded([&] {
    walked a(ours, progress), b(theirs, progress);
    return compared(a, b);
  });
}

}  // namespace changtong::ledger
