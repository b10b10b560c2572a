#include "daemon/cli/evidence_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include "changtong_version.h"
#include "daemon/audit/export.h"
#include "daemon/audit/verify.h"
#include "daemon/cli/ending.h"
#include "daemon/core/json.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/reader.h"
#include "daemon/ledger/state_row.h"
#include "daemon/run/watch.h"

namespace changtong {
namespace {

/** Progress on a terminal, silence in a pipe; Ctrl-C leaves nothing behind. */
audit::progress_fn progress() {
  notice_interrupts();
  const bool terminal = isatty(STDERR_FILENO) != 0;
  return [terminal, last = std::string()](const char* what, double part) mutable {
    std::string line = fmt::format("{} {:.0f} %", what, 100 * part);
    if (terminal && line != last) fmt::print(stderr, "\r\x1b[K{}{}", line, part >= 1 ? "\n" : "");
    last = std::move(line);
    return !interrupted();
  };
}

std::string short_form(const std::string& hex_fingerprint) {
  std::string out;
  for (std::size_t i = 0; i + 4 <= hex_fingerprint.size() && i < 32; i += 4)
    out += (i > 0 ? " " : "") + hex_fingerprint.substr(i, 4);
  return out;
}

std::string text_list(const std::vector<std::string>& all) {
  std::string list = "[";
  for (const std::string& one : all) {
    if (list.size() > 1) list += ',';
    append_json_string(list, one);
  }
  return list + "]";
}

std::string rules_list(const std::vector<audit::rules_from>& rules) {
  std::string list = "[";
  for (const audit::rules_from& r : rules)
    list += (list.size() > 1 ? "," : "") + json_object().add("from_entry", r.seq).add("version", r.version).text();
  return list + "]";
}

std::string as_json(const audit::pack_verdict& v) {
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
  o.add_raw("rules", rules_list(v.rules)).add_raw("files", text_list(v.files));
  o.add_raw("problems", problems + "]").add_raw("remarks", text_list(v.remarks));
  return o.text();
}

std::string conclusion(const audit::pack_verdict& v, bool named) {
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

void print_text(const audit::pack_verdict& v, bool named) {
  for (const audit::finding& f : v.problems) {
    const std::string entry = f.entry > 0 ? fmt::format(" #{}", f.entry) : std::string();
    fmt::print("{}{}: {}\n", f.file, entry, f.text);
  }
  fmt::print("{} 条账目，{} 个文件 / {} entries, {} files\n", v.entries, v.files.size(), v.entries, v.files.size());
  if (!v.sealed_to.empty()) fmt::print("已封存至 {} / sealed to {}\n", v.sealed_to, v.sealed_to);
  if (!v.fingerprint.empty()) fmt::print("密钥指纹 / key: {}\n", short_form(v.fingerprint));
  if (!v.rules.empty()) fmt::print("规则版本 / rules: {}\n", audit::in_words(v.rules));
  for (const std::string& r : v.remarks) fmt::print("注意 / note: {}\n", r);
  fmt::print("{}\n", conclusion(v, named));
}

/** Without a period of its own the reader only lends its zone. */
result<period> period_of(const evidence_options& o) {
  const auto reader = ledger::reader::open(o.ledger);
  if (!reader) return reader.error();
  const auto from = (*reader)->zone().parse(o.from);
  if (!from) return problem{.text = "--from: " + from.error().text};
  const auto to = (*reader)->zone().parse(o.to);
  if (!to) return problem{.text = "--to: " + to.error().text};
  if (to->to <= from->from) return problem{.text = "--to 应晚于 --from / --to must be later than --from"};
  return period{from->from, to->to};
}

}  // namespace

int evidence_export_command(const evidence_options& o) {
  const auto when = period_of(o);
  if (!when) return fail(when.error());
  const audit::export_request request{.ledger = o.ledger,
                                      .key = o.key,
                                      .when = *when,
                                      .out = o.out,
                                      .overwrite = o.force,
                                      .now = system_clocks().wall(),
                                      .software = CHANGTONG_VERSION};
  const auto trouble = ledger::state_trouble(o.ledger);
  if (trouble && !trouble->empty())
    return fail(exit_no, *trouble +
                             "。不导出、不签名：先用 ledger verify 查明 / nothing is exported or signed: find out "
                             "with `ledger verify` first");
  const auto done = audit::export_pack(request, progress());
  if (!done) return fail(exit_cannot, to_string(done.error()));
  fmt::print("已写出 {}：{} 条账目，{} 天封存，清单{}签名 / written: {} entries, {} seals, the manifest is {}signed\n",
             o.out, done->entries, done->seals, done->is_signed ? "已" : "未", done->entries, done->seals,
             done->is_signed ? "" : "not ");
  if (!done->fingerprint.empty()) fmt::print("密钥指纹 / key: {}\n", short_form(done->fingerprint));
  for (const std::string& r : done->remarks) fmt::print("注意 / note: {}\n", r);
  return exit_ok;
}

int evidence_verify_command(const evidence_options& o) {
  if (o.format != "text" && o.format != "json")
    return fail(exit_usage, fmt::format("--format {}：应为 text 或 json / write text or json", o.format));
  audit::verify_request request{.path = o.pack, .fingerprints = {}, .software = CHANGTONG_VERSION};
  for (const std::string& written : o.fingerprints) {
    auto print = ledger::read_fingerprint(written);
    if (!print) return fail(exit_usage, "--fingerprint: " + print.error().text);
    request.fingerprints.push_back(std::move(*print));
  }
  const auto v = audit::verify_pack(request, progress());
  if (!v) return fail(exit_cannot, to_string(v.error()));
  if (o.format == "json")
    fmt::print("{}\n", as_json(*v));
  else
    print_text(*v, !o.fingerprints.empty());
  // Whoever names a fingerprint asks for the origin.
  return v->ok && (o.fingerprints.empty() || v->from == audit::origin::proven) ? exit_ok : exit_no;
}

}  // namespace changtong
