#include "daemon/audit/proof_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/audit/verify.h"
#include "daemon/core/plain_text.h"

namespace changtong::audit {

std::string_view name_of(origin o) {
  return o == origin::proven ? "proven" : o == origin::not_proven ? "not_proven" : "other_key";
}

std::string unknown_entry(std::string_view what) {
  return fmt::format(
      "本程序不认识这一条（{}）：figures/*、figures.xlsx、windows.csv、closings.json "
      "与说明页里的数字都无法担保，请用更新的版本"
      "核验 / unknown to this program ({}): it cannot vouch for any figure in figures/*, figures.xlsx, windows.csv, "
      "closings.json and the page; verify with a newer version",
      what, what);
}

std::string fields_without_meaning(const std::map<std::string, std::int64_t>& fields) {
  std::string all;
  for (const auto& [field, seq] : fields) all += fmt::format("{}{} (#{})", all.empty() ? "" : ", ", field, seq);
  return fmt::format("不认识的字段，数字不依赖它们 / fields unknown to this program, no figure depends on them: {}",
                     all);
}

std::string what_nobody_signed(std::int64_t sealed) {
  const std::string entries = sealed > 0 ? fmt::format("entries 1 to {}", sealed) : "nothing";
  return fmt::format(
      "清单未签名。由封存证明的只有第 1 至 {} "
      "条（封存密钥须是本单位的）；其后没有别的条目、心跳、导出时间、期间，以及由它们算出"
      "的数字、表格和说明页，都只是未签名的清单所述 / the manifest is not signed. Proven by seals, if their key is the "
      "office's: {}. Only said by the unsigned manifest: that no entry follows them, heartbeat, exported, period, and "
      "so "
      "figures, tables and pages",
      sealed, entries);
}

std::string branches_in_words(const std::vector<ledger::branch_seen>& all, const civil_zone& zone) {
  constexpr std::size_t most = 10;
  if (std::ranges::all_of(all, [](const ledger::branch_seen& b) { return b.branch.empty(); })) return {};
  std::string text = fmt::format("分支（每次启动一个）/ branches, one a start: {}", all.size());
  if (all.size() > most) text += fmt::format("；最近 {} 个 / the last {}", most, most);
  for (std::size_t i = all.size() - std::min(all.size(), most); i < all.size(); ++i)
    text += fmt::format("；{} {} 自 / since {} 第 {} 条起 {} 条 / {} entries from {}",
                        all[i].branch.empty() ? "（无 / none）" : all[i].branch.substr(0, 8),
                        all[i].node.empty() ? "—" : as_seen(all[i].node), zone.format(all[i].at), all[i].seq,
                        all[i].entries, all[i].entries, all[i].seq);
  return text;
}

std::string not_compared(std::string_view file, std::string_view software) {
  return fmt::format(
      "{} 由 {} 版写出，未逐字比较，不作为依据 / {} was written by version {}: it was not compared, do not rely "
      "on it",
      file, software, file, software);
}

}  // namespace changtong::audit
