// `changtong centre`: the proof of all that a centre keeps: verify; and refold, which makes anew what is folded.
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/folded_proof.h"
#include "daemon/centre/own_proof.h"
#include "daemon/centre/second_copy.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/centre_commands.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/open_centre.h"
#include "daemon/cli/options.h"
#include "daemon/cli/output.h"
#include "daemon/cli/progress.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"

namespace changtong {
namespace {

struct proof_options {
  std::string config, node, seal;
  std::vector<std::string> fingerprints;
  std::uint32_t branch = 0;  ///< 0: the one that goes on
  bool journal_only = false;
};

result<std::vector<std::string>> believed(const std::vector<std::string>& written) {
  std::vector<std::string> out;
  for (const std::string& one : written) {
    auto bytes = ledger::read_fingerprint(one);
    if (!bytes) return about_option("--fingerprint", bytes.error());
    out.push_back(std::move(*bytes));
  }
  return out;
}

/** Every chain of every branch, also of those that nobody follows any more. */
int verify_chains(centre::archive& books) {
  const auto all = books.branches();
  if (!all) return fail(all.error());
  for (const centre::node_head& h : *all) {
    const auto found = centre::verify(
        books, h, [&h](std::int64_t done, std::int64_t of) { return progress(h.node.c_str(), done, of); });
    if (!found) return fail(found.error());
    if (found->bad == 0) continue;
    fmt::print("{} 第 {} 分支：第 {} 条起链条断开 / branch {}: the chain breaks at entry {}\n", as_seen(h.node),
               h.branch, found->bad, h.branch, found->bad);
    return exit_no;
  }
  fmt::print("{} 条节点的链完整 / chains of nodes are whole\n", all->size());
  return exit_ok;
}

/** What is folded of it, against its journal. */
int verify_folded(centre::database& db, const centre::folded_head& h) {
  const std::string node = as_seen(h.node);
  const auto found = centre::verify_folded(db, h, [&](std::int64_t done, std::int64_t all) {
    return progress(fmt::format("{} 折算 / folding", node).c_str(), done, all);
  });
  if (!found) return fail(about(node, found.error()));
  if (found->in_the_making) {  // figures know nothing of it either
    fmt::print("{}：还在折算，没有核验，稍后再试 / is being folded, nothing of it was looked at: try again later\n",
               node);
    return exit_cannot;
  }
  if (found->differences > 0) {
    fmt::print("{}：折算出来的数有 {} 处与账不符 / what is folded differs from the journal in {} places\n", node,
               found->differences, found->differences);
    for (const phrase& one : found->first) fmt::print("  {} / {}\n", one.cn, one.en);
    if (found->differences > static_cast<std::int64_t>(found->first.size())) fmt::print("  …\n");
    return exit_no;
  }
  if (found->stuck)
    fmt::print("{}：数字到第 {} 条之前为止 / figures end before entry {}\n", node, *found->stuck, *found->stuck);
  fmt::print("{}：折算出来的数与账相符：{} 条，{} 张账页 / what is folded is what {} entries say, and {} sheets\n",
             node, found->entries, found->sheets, found->entries, found->sheets);
  return exit_ok;
}

/** Of those that are called so, or of all; what was found goes before what could not be looked at. */
int verify_folded(centre::archive& books, const std::string& node) {
  const auto all = centre::folded_heads(books.conversation());
  if (!all) return fail(all.error());
  int code = exit_ok;
  for (const centre::folded_head& h : *all) {
    if (!node.empty() && h.node != node) continue;
    if (h.entries == 0 && h.folded == 0) continue;
    const int one = verify_folded(books.conversation(), h);
    if (interrupted()) return one;
    if (code != exit_no && one != exit_ok) code = one;
  }
  if (code == exit_no)
    fmt::print("查明是谁改的之后，重新折算：changtong centre refold / once you know who changed it: fold anew\n");
  return code;
}

int verify_one(const proof_options& o) {
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  const auto h = head_of(*from, o.node, o.branch);
  if (!h) return fail(h.error());
  notice_interrupts();
  const auto found =
      centre::verify(*from->books, *h, [](std::int64_t done, std::int64_t all) { return progress("核验", done, all); });
  if (!found) return fail(found.error());
  if (found->bad != 0) {
    fmt::print("第 {} 条起链条断开，之前 {} 条完好 / the chain breaks at entry {}, {} before it are whole\n",
               found->bad, found->entries, found->bad, found->entries);
    return exit_no;
  }
  fmt::print("链条完整：{} 条，末条摘要 {} / whole: {} entries, the last one's hash\n", found->entries,
             host::hex(ledger::bytes_of(h->head.hash)), found->entries);
  // Figures rest on the branch that goes on alone.
  return o.journal_only || o.branch != 0 ? exit_ok : verify_folded(*from->books, o.node);
}

/** False: it does not hold, which is told. */
bool tell(const centre::own_found& found, const std::optional<std::string>& seal, const civil_zone& zone) {
  if (!found.wrong.empty()) {
    fmt::print("{}；之前 {} 次封存完好 / {}; {} seals before it hold\n", found.wrong.cn, found.seals, found.wrong.en,
               found.seals);
    return false;
  }
  fmt::print("中心自己的账完整：{} 条，{} 次封存 / the centre's own journal is whole: {} entries, {} seals\n",
             found.entries, found.seals, found.entries, found.seals);
  if (found.last) print(*found.last, zone);
  if (found.unsealed > 0)
    fmt::print("  此后送来的 {} 条还没有封存 / entries of nodes came later and are not sealed yet\n", found.unsealed);
  for (const phrase& one : found.asked)
    fmt::print("  账不能说明，请核实 / not covered, ask: {} / {}\n", one.cn, one.en);
  const auto is_it = [&](const ledger::digest& d) { return ledger::bytes_of(d) == *seal; };
  if (seal && std::ranges::none_of(found.hashes, is_it)) {
    fmt::print(
        "没有摘要为 {} 的封存：账被重写过，或从备份恢复过 / no seal has that hash: the journal was rewritten, or "
        "a backup restored\n",
        host::hex(*seal));
    return false;
  }
  for (const ledger::digest& key : found.keys)
    fmt::print("  由此密钥签名，请与抄存的对照 / signed with, compare with what you keep: {}\n",
               ledger::short_form(key));
  return true;
}

/** The centre's own journal, its seals, the chains of all nodes, and what is folded from them. */
int verify_all(const proof_options& o) {
  const auto only = believed(o.fingerprints);
  if (!only) return fail(only.error());
  const auto kept = o.seal.empty() ? std::nullopt : host::from_hex(o.seal);
  if (!o.seal.empty() && (!kept || kept->size() != ledger::digest{}.size()))
    return fail(about_option(
        "--seal", said({"应为封存的摘要，64 位十六进制", "the hash of a seal, 64 hex digits"}, problem_class::usage)));
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  notice_interrupts();
  const auto found =
      centre::verify_own(from->books->conversation(), *only, system_clocks().wall(),
                         [](std::int64_t done, std::int64_t all) { return progress("中心自己的账", done, all); });
  if (!found) return fail(found.error());
  if (!tell(*found, kept, from->settings.zone)) return exit_no;
  const int chains = verify_chains(*from->books);
  return chains != exit_ok || o.journal_only ? chains : verify_folded(*from->books, {});
}

int refold(const proof_options& o) {
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  if (!o.node.empty())
    if (const auto known = is_a_node(from->settings, o.node); !known) return fail(known.error());
  const auto done = centre::fold_anew(from->books->conversation(), o.node);
  if (!done) return fail(done.error());
  fmt::print(
      "{} 个节点由账重新折算，账不变：运行着的 changtong serve --centre 随即开始，此前这些节点的数不可用 / nodes are "
      "folded anew from their journals, which stay: a running `changtong serve --centre` begins at once, and until "
      "then "
      "nothing of them is known\n",
      *done);
  return exit_ok;
}

}  // namespace

void centre_proof_arguments(grammar centre, int& code) {
  const auto o = std::make_shared<proof_options>();
  auto proving = centre.add_subcommand(
      "verify",
      "由数据库核验：中心自己的账、封存、各节点的链、折算出来的数 / the centre's own journal, its seals, all "
      "chains and what is folded");
  proving.add_option("--config", o->config, "中心的配置文件 / the centre's configuration").required();
  proving.add_option("--node", o->node, "只核验这一个节点 / this node alone");
  proving.add_option("--fingerprint", o->fingerprints,
                     "只信任这把密钥的封存，可重复 / believe only seals of this key; may be repeated");
  proving.add_option("--seal", o->seal, "抄存的封存摘要：必须在账里 / a seal's hash that you keep: it has to be there");
  proving.add_option("--branch", o->branch, "分支，缺省为现在的 / of its branches, default the one that goes on")
      .within(1, 1'000'000);
  proving.add_flag("--journal-only", o->journal_only, "只核验账，不重新折算 / journals alone: nothing is folded anew");
  proving.footer(
      "例 / example:\n  changtong centre verify --config centre.yaml --seal 摘要\n"
      "退出码 / exit codes: 0 完整 / whole, 1 有不符 / something does not hold, 2 用法 / usage, 3 没有核验完 / not "
      "done");
  proving.callback([o, &code] { code = o->node.empty() ? verify_all(*o) : verify_one(*o); });
  auto anew = centre.add_subcommand("refold", "折算出来的数作废，由账重新折算 / what is folded is made anew");
  anew.add_option("--config", o->config, "中心的配置文件 / the centre's configuration").required();
  anew.add_option("--node", o->node, "只这一个节点，缺省为全部 / this node alone, default all");
  anew.footer(
      "例 / example:\n  changtong centre refold --config centre.yaml --node 东城区\n"
      "退出码 / exit codes: 0 已开始 / begun, 2 用法 / usage, 3 做不到 / it could not be done");
  anew.callback([o, &code] { code = refold(*o); });
}

}  // namespace changtong
