// `changtong evidence`: the auditor's pack, written from a ledger and verified with nothing else.

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "changtong_version.h"
#include "daemon/audit/export.h"
#include "daemon/audit/verify.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/cli/progress.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/host/clocks.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/reader.h"
#include "daemon/ledger/state_row.h"

namespace changtong {
namespace {

struct evidence_options {
  std::string ledger, from, to, out, key;
  bool force = false;
  std::string format = "text";
  std::vector<std::string> packs, fingerprints;
};

std::string short_form(const std::string& hex_fingerprint) {
  std::string out;
  for (std::size_t i = 0; i + 4 <= hex_fingerprint.size() && i < 32; i += 4)
    out += (i > 0 ? " " : "") + hex_fingerprint.substr(i, 4);
  return out;
}

std::string rules_list(const std::vector<audit::rules_from>& rules) {
  json_array list;
  for (const audit::rules_from& r : rules)
    list.add_raw(json_object().add("from_entry", r.seq).add("version", r.version).text());
  return list.text();
}

std::string as_json(const audit::pack_proof& v) {
  std::string problems = "[";
  for (const audit::finding& f : v.problems)
    problems += (problems.size() > 1 ? ",\n" : "") +
                json_object().add("file", f.file).add("entry", f.entry).add("text", f.text).text();
  json_object o;
  o.add_bool("ok", v.ok).add("origin", audit::name_of(v.from));
  v.fingerprint.empty() ? o.add_null("fingerprint") : o.add("fingerprint", v.fingerprint);
  o.add("entries", v.entries).add("sealed_entries", v.sealed_entries);
  v.sealed_to.empty() ? o.add_null("sealed_to") : o.add("sealed_to", v.sealed_to);
  o.add_bool("manifest_signed", v.manifest_signed).add_bool("understood", v.understood);
  o.add_raw("rules", rules_list(v.rules)).add_raw("files", json_list(v.files));
  o.add_raw("problems", problems + "]").add_raw("remarks", json_list(v.remarks));
  return o.text();
}

std::string conclusion(const audit::pack_proof& v, bool named) {
  if (!v.understood)
    return "不能核验：有本程序不认识的条目，请用更新的版本 / cannot be verified: entries unknown to this program, use "
           "a newer one";
  if (!v.ok) return "未通过核验 / not verified";
  if (v.from == audit::origin::proven) return "一致，来源已证明 / consistent, origin proven";
  if (!v.manifest_signed)
    return "一致，来源未证明：清单未签名，见上 / consistent, origin not proven: the manifest is not signed, see above";
  if (named) return "一致，来源未证明，见上 / consistent, origin not proven, see above";
  return "一致，来源未证明；请用 --fingerprint 给出报告上印的指纹 / consistent, origin not proven: give the reports' "
         "fingerprint";
}

constexpr std::size_t most_of_a_line = 8'000;

/** What a pack says is anybody's: no terminal is to obey it. */
void print_text(const audit::pack_proof& v, bool named) {
  for (const audit::finding& f : v.problems) {
    const std::string entry = f.entry > 0 ? fmt::format(" #{}", f.entry) : std::string();
    fmt::print("{}{}: {}\n", as_seen(f.file), entry, as_seen(f.text, most_of_a_line));
  }
  fmt::print("{} 条账目，{} 个文件 / {} entries, {} files\n", v.entries, v.files.size(), v.entries, v.files.size());
  if (!v.sealed_to.empty()) fmt::print("已封存至 {} / sealed to {}\n", v.sealed_to, v.sealed_to);
  if (!v.fingerprint.empty()) fmt::print("密钥指纹 / key: {}\n", short_form(v.fingerprint));
  if (!v.rules.empty()) fmt::print("规则版本 / rules: {}\n", audit::in_words(v.rules));
  for (const std::string& r : v.remarks) fmt::print("注意 / note: {}\n", as_seen(r, most_of_a_line));
  fmt::print("{}\n", conclusion(v, named));
}

/** Without a period of its own the reader only lends its zone. */
result<period> period_of(const evidence_options& o) {
  const auto reader = ledger::reader::open(o.ledger);
  if (!reader) return reader.error();
  return period_between((*reader)->zone(), o.from, o.to);
}

const audit::progress_fn in_parts = [](const char* what, double part) { return progress(what, part); };

int export_pack(const evidence_options& o) {
  notice_interrupts();
  const auto when = period_of(o);
  if (!when) return fail(when.error());
  const audit::export_request request{.ledger = o.ledger,
                                      .key = o.key,
                                      .when = *when,
                                      .out = o.out,
                                      .overwrite = o.force,
                                      .now = host::wall_now(),
                                      .software = CHANGTONG_VERSION};
  const auto trouble = ledger::state_trouble(o.ledger, o.key);
  if (trouble && !trouble->empty())
    return fail(said(both("{}。不导出、不签名：先用 ledger verify 查明",
                          "{}; nothing is exported or signed: find out with `ledger verify` first", *trouble),
                     problem_class::no));
  const auto done = audit::export_pack(request, in_parts);
  if (!done) return fail(done.error());
  fmt::print("已写出 {}：{} 条账目，{} 天封存，清单{}签名 / written: {} entries, {} seals, the manifest is {}signed\n",
             o.out, done->entries, done->seals, done->is_signed ? "已" : "未", done->entries, done->seals,
             done->is_signed ? "" : "not ");
  if (!done->fingerprint.empty()) fmt::print("密钥指纹 / key: {}\n", short_form(done->fingerprint));
  for (const std::string& r : done->remarks) fmt::print("注意 / note: {}\n", r);
  return exit_ok;
}

/** Whoever names a fingerprint asks for the origin. */
bool satisfies(const audit::pack_proof& v, const evidence_options& o) {
  return v.ok && (o.fingerprints.empty() || v.from == audit::origin::proven);
}

/** Several packs, one after another, each for itself: what an observer exports is proven alone. The worst decides. */
int verify_each(const evidence_options& o, audit::verify_request request) {
  int code = exit_ok;
  std::string list;
  for (const std::string& pack : o.packs) {
    request.path = pack;
    const auto v = audit::verify_pack(request, in_parts);
    if (o.format != "json") fmt::print("{}:\n", as_seen(pack));
    if (!v) {
      code = std::max(code, fail(v.error()));
      continue;
    }
    if (!satisfies(*v, o)) code = std::max(code, exit_no);
    if (o.format != "json") {
      print_text(*v, !o.fingerprints.empty());
      continue;
    }
    list += (list.empty() ? "" : ",\n") + json_object().add("pack", pack).add_raw("proof", as_json(*v)).text();
  }
  if (o.format == "json") fmt::print("[{}]\n", list);
  return code;
}

int verify_packs(const evidence_options& o) {
  notice_interrupts();
  audit::verify_request request{.path = o.packs.front(), .fingerprints = {}, .software = CHANGTONG_VERSION};
  for (const std::string& written : o.fingerprints) {
    auto print = ledger::read_fingerprint(written);
    if (!print) return fail(about_option("--fingerprint", print.error()));
    request.fingerprints.push_back(std::move(*print));
  }
  if (o.packs.size() > 1) return verify_each(o, std::move(request));
  const auto v = audit::verify_pack(request, in_parts);
  if (!v) return fail(v.error());
  if (o.format == "json")
    fmt::print("{}\n", as_json(*v));
  else
    print_text(*v, !o.fingerprints.empty());
  return satisfies(*v, o) ? exit_ok : exit_no;
}

}  // namespace

void evidence_arguments(grammar app, int& code) {
  const auto o = std::make_shared<evidence_options>();
  auto sub = app.add_subcommand("evidence", "审计证据包：导出与核验 / the auditor's pack");
  sub.footer(
      "例 / examples:\n"
      "  changtong evidence export --ledger ledger.db --from 2026 --to 2026 --out 2026.zip\n"
      "  changtong evidence verify 2026.zip");
  sub.needs_subcommand();
  auto out = sub.add_subcommand("export", "由账本导出证据包 / write a pack from a ledger");
  ledger_option(out, o->ledger);
  period_options(out, o->from, o->to, true);
  out.add_option("--out", o->out, "写到 / the pack, FILE.zip").required().output();
  out.add_option("--key", o->key, "封存私钥，缺省为 LEDGER.key；读不了则清单不签名 / the private key of the seals");
  out.add_flag("--force", o->force, "覆盖已有文件 / overwrite");
  out.callback([o, &code] { code = export_pack(*o); });

  auto verify = sub.add_subcommand("verify", "核验证据包，不需要账本与配置 / check a pack, with nothing else");
  verify
      .add_option("PACK", o->packs,
                  "证据包，可写几个，如各观测者的 / FILE.zip; several, as of the observers of one book")
      .required();
  verify.add_option("--fingerprint", o->fingerprints,
                    "报告上印的密钥指纹，可重复 / the key's fingerprint as printed on reports; may be repeated");
  format_option(verify, o->format, {"text", "json"});
  verify.callback([o, &code] { code = verify_packs(*o); });
}

}  // namespace changtong
