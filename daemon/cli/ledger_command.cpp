// `changtong ledger`: verify, rebuild, close, closings.

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/entry_commands.h"
#include "daemon/cli/entry_door.h"
#include "daemon/cli/ink.h"
#include "daemon/cli/list_request.h"
#include "daemon/cli/options.h"
#include "daemon/cli/progress.h"
#include "daemon/core/civil.h"
#include "daemon/core/json.h"
#include "daemon/core/plain_text.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/fork.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/verify.h"
#include "daemon/ledger/writer.h"

namespace changtong {
namespace {

struct proof_options {
  std::string ledger, seals, key;
  std::string against{};                  ///< another ledger to compare the journal with; empty: none
  std::vector<std::string> fingerprints;  ///< 64 hexadecimal digits, or the short form's 32; blanks are ignored
  std::string format = "text";
};

struct closing_options {
  entry_place place;
  std::string period, reason;
  bool dry_run = false;
};

std::string instant(const ledger::proof& p) {
  const auto zone = civil_zone::named(p.zone);
  return zone ? zone->format(p.sealed_to) : std::string{};
}

constexpr std::size_t most_branches_shown = 10;
constexpr std::size_t most_of_a_remark = 8'000;

std::string branches_json(const ledger::proof& p) {
  json_array list;
  for (const auto& [b, since] : p.branches) {
    json_object o;
    o.add("branch", b.branch).add("node", b.node).add("version", b.version).add("since", since);
    o.add("seq", b.seq).add("entries", b.entries);
    list.add_raw(o.text());
  }
  return list.text();
}

std::string side_json(const ledger::journal_side& s) {
  json_object o;
  o.add("entries", s.entries).add("after", s.after).add("starts", s.starts).add("branch", s.branch.branch);
  o.add("node", s.branch.node).add("seq", s.branch.seq).add("since", s.since);
  return o.text();
}

std::string comparison_json(const ledger::journal_comparison& c) {
  json_object o;
  o.add("relation", ledger::name_of(c.what)).add("common", c.common);
  o.add("hash", c.common > 0 ? host::hex(ledger::bytes_of(c.hash)) : std::string()).add("at", c.label);
  o.add_raw("this", side_json(c.ours)).add_raw("other", side_json(c.theirs)).add("text", c.text);
  return o.text();
}

std::string as_json(const ledger::proof& p, const std::optional<ledger::journal_comparison>& against) {
  json_object o;
  o.add_bool("ok", p.ok).add("entries", p.entries).add("first_bad", p.first_bad).add("seals", p.seals);
  p.seals > 0 ? o.add("sealed_to", instant(p)) : o.add_null("sealed_to");
  std::vector<std::string> prints;
  for (const ledger::key_since& k : p.keys) prints.push_back(host::hex(ledger::bytes_of(k.fingerprint)));
  prints.empty() ? o.add_null("fingerprint") : o.add("fingerprint", prints.back());
  o.add_raw("fingerprints", json_list(prints));
  o.add("bad_seal", static_cast<std::int64_t>(p.bad_seal)).add("bad_day", p.bad_day).add("text", p.text);
  o.add("state", p.state);
  o.add("different", p.different);
  o.add_raw("differences", json_list(p.differences));
  o.add_raw("remarks", json_list(p.remarks));
  o.add_raw("branches", branches_json(p));
  if (against) o.add_raw("against", comparison_json(*against));
  return o.text();
}

void print_branches(const ledger::proof& p) {
  if (p.branches.empty()) return;
  const std::size_t all = p.branches.size(), first = all - std::min(all, most_branches_shown);
  fmt::print("分支（每次启动一个）/ branches, one a start: {}\n", all);
  if (first > 0) fmt::print("  …… 最近 {} 个 / the last {}\n", all - first, all - first);
  for (std::size_t i = first; i < all; ++i) {
    const auto& [b, since] = p.branches[i];
    fmt::print("  {}  {}  自 / since {}  第 {} 条起 {} 条 / {} entries from {}\n",
               b.branch.empty() ? "（无 / none）" : b.branch.substr(0, 8), b.node.empty() ? "—" : as_seen(b.node),
               since, b.seq, b.entries, b.entries, b.seq);
  }
}

void print_text(const ledger::proof& p) {
  fmt::print("{}\n", inked(p.ok ? ink::good : ink::bad, p.text));
  print_branches(p);
  for (const std::string& r : p.remarks)
    fmt::print("{} {}\n", inked(ink::doubtful, "注意 / note:"), as_seen(r, most_of_a_remark));
}

int verify(const proof_options& o) {
  ledger::verify_options options{.seals_file = o.seals, .public_file = o.key, .fingerprints = {}};
  for (const std::string& written : o.fingerprints) {
    auto print = ledger::read_fingerprint(written);
    if (!print) return fail(about_option("--fingerprint", print.error()));
    options.fingerprints.push_back(std::move(*print));
  }
  notice_interrupts();
  const auto verifying = [](std::int64_t done, std::int64_t total) { return progress("核验", done, total); };
  const auto p = ledger::prove(o.ledger, options, verifying);
  if (!p) return fail(p.error());
  std::optional<ledger::journal_comparison> against;
  if (!o.against.empty()) {
    auto compared = ledger::compare_journals(o.ledger, o.against, verifying);
    if (!compared) return fail(compared.error());
    against = std::move(*compared);
  }
  if (o.format == "json") {
    fmt::print("{}\n", as_json(*p, against));
  } else {
    print_text(*p);
    if (against) fmt::print("{}\n", inked(against->ok() ? ink::good : ink::bad, against->text));
  }
  return p->ok && (!against || against->ok()) ? exit_ok : exit_no;
}

int rebuild(const std::string& path) {
  notice_interrupts();
  const auto n =
      ledger::rebuild(path, [](std::int64_t done, std::int64_t total) { return progress("重建", done, total); });
  if (!n) return fail(n.error());
  fmt::print("已由 {} 条账目重建 / rebuilt from {} entries\n", *n, *n);
  return exit_ok;
}

int close_books(const closing_options& o) {
  auto door = entry_door::open(o.place);
  if (!door) return fail(door.error());
  const std::vector<command> what{close_command{.period = o.period, .reason = o.reason}};
  counted done = o.dry_run ? (*door)->preview(what, "cli") : (*door)->enter(what, "cli");
  done.dry_run = o.dry_run;
  return done.print();
}

}  // namespace

void ledger_arguments(grammar app, int& code) {
  const auto path = std::make_shared<std::string>();
  const auto proof = std::make_shared<proof_options>();
  auto sub = app.add_subcommand("ledger", "账本核验与重建 / verify or rebuild");
  sub.footer(
      "例 / examples:\n"
      "  changtong ledger verify --ledger ledger.db\n"
      "  changtong ledger close --period 2026-03 --api http://127.0.0.1:8080 --token-file ~/.changtong.token\n"
      "  changtong ledger closings --ledger ledger.db\n"
      "  changtong ledger closings --api https://monitor.example.gov.cn:8080 --token-file ~/.changtong.token --ca "
      "ca.pem");
  sub.needs_subcommand();
  auto proving = sub.add_subcommand("verify", "核验哈希链与封存 / the chain and the seals");
  ledger_option(proving, proof->ledger);
  proving.add_option("--seals", proof->seals, "封存文件，缺省为 LEDGER.seals / the file of seals, or a copy of it");
  proving.add_option("--key", proof->key, "公钥文件，缺省为 LEDGER.pub / the public keys");
  proving.add_option("--fingerprint", proof->fingerprints,
                     "只信任这把密钥，可重复 / believe only this key; may be repeated");
  proving
      .add_option("--against", proof->against,
                  "另一本账本（备份、另一台机器）：两者是否分叉 / another ledger: have the two forked")
      .plain_file();
  format_option(proving, proof->format, {"text", "json"});
  proving.callback([proof, &code] { code = verify(*proof); });
  auto rebuilding = sub.add_subcommand("rebuild", "由账目重建汇总 / projections from the journal");
  ledger_option(rebuilding, *path);
  rebuilding.callback([path, &code] { code = rebuild(*path); });

  const auto o = std::make_shared<closing_options>();
  auto close = sub.add_subcommand("close", "结账：冻结一个期间的账目 / freeze the books of a period");
  close.add_option("--period", o->period, "2026、2026-Q1、2026-03 或 2026-03-14").required();
  words_option(close, o->reason, "原因；重新结账时必填 / required for a new version");
  place_options(close, o->place);
  close.add_flag("--dry-run", o->dry_run, "只显示，不入账 / show, enter nothing");
  close.callback([o, &code] { code = close_books(*o); });
  auto list = sub.add_subcommand("closings", "结账记录及其核对 / closings, checked against the books");
  const auto asked = std::make_shared<list_options>();
  list_place_options(list, *asked);
  format_option(list, asked->format, {"table", "json"});
  list.callback([asked, &code] { code = list_command(lists::closings, *asked); });
}

}  // namespace changtong
