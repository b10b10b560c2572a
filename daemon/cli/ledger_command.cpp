#include "daemon/cli/ledger_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "daemon/cli/ending.h"
#include "daemon/core/civil.h"
#include "daemon/core/json.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/fork.h"
#include "daemon/ledger/verify.h"

namespace changtong {
namespace {

std::string instant(const ledger::proof& p) {
  const auto zone = civil_zone::named(p.zone);
  return zone ? zone->format(p.sealed_to) : std::string{};
}

constexpr std::size_t most_branches_shown = 10;

std::string branches_json(const ledger::proof& p) {
  std::string list = "[";
  for (const auto& [b, since] : p.branches) {
    json_object o;
    o.add("branch", b.branch).add("node", b.node).add("version", b.version).add("since", since);
    o.add("seq", b.seq).add("entries", b.entries);
    list += (list.size() > 1 ? "," : "") + o.text();
  }
  return list + "]";
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
  const auto text_list = [](const auto& all, const auto& text_of) {
    std::string list;
    for (const auto& one : all) {
      list += list.empty() ? "[" : ",";
      append_json_string(list, text_of(one));
    }
    return list.empty() ? std::string("[]") : list + "]";
  };
  json_object o;
  o.add_bool("ok", p.ok).add("entries", p.entries).add("first_bad", p.first_bad).add("seals", p.seals);
  p.seals > 0 ? o.add("sealed_to", instant(p)) : o.add_null("sealed_to");
  const auto full = [](const ledger::key_since& k) { return host::hex(ledger::bytes_of(k.fingerprint)); };
  p.keys.empty() ? o.add_null("fingerprint") : o.add("fingerprint", full(p.keys.back()));
  o.add_raw("fingerprints", text_list(p.keys, full));
  o.add("bad_seal", static_cast<std::int64_t>(p.bad_seal)).add("bad_day", p.bad_day).add("text", p.text);
  o.add("state", p.state);
  o.add("different", p.different);
  o.add_raw("differences", text_list(p.differences, [](const std::string& d) -> const std::string& { return d; }));
  o.add_raw("remarks", text_list(p.remarks, [](const std::string& r) -> const std::string& { return r; }));
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
               b.branch.empty() ? "（无 / none）" : b.branch.substr(0, 8), b.node.empty() ? "—" : b.node, since, b.seq,
               b.entries, b.entries, b.seq);
  }
}

void print_text(const ledger::proof& p) {
  fmt::print("{}\n", p.text);
  print_branches(p);
  for (const std::string& r : p.remarks) fmt::print("注意 / note: {}\n", r);
}

}  // namespace

int ledger_verify_command(const proof_options& o) {
  if (o.format != "text" && o.format != "json")
    return fail(exit_usage, fmt::format("--format {}：应为 text 或 json / write text or json", o.format));
  ledger::verify_options options{.seals_file = o.seals, .public_file = o.key, .fingerprints = {}};
  for (const std::string& written : o.fingerprints) {
    auto print = ledger::read_fingerprint(written);
    if (!print) return fail(exit_usage, "--fingerprint: " + print.error().text);
    options.fingerprints.push_back(std::move(*print));
  }
  notice_interrupts();
  const bool terminal = isatty(STDERR_FILENO) != 0;
  const auto progress = [&](std::int64_t done, std::int64_t total) {
    if (terminal) fmt::print(stderr, "\r核验 {} / {}{}", done, total, done >= total ? "\n" : "");
    return !interrupted();
  };
  const auto p = ledger::prove(o.ledger, options, progress);
  if (!p) return fail(exit_cannot, to_string(p.error()));
  std::optional<ledger::journal_comparison> against;
  if (!o.against.empty()) {
    auto compared = ledger::compare_journals(o.ledger, o.against, progress);
    if (!compared) return fail(exit_cannot, to_string(compared.error()));
    against = std::move(*compared);
  }
  if (o.format == "json") {
    fmt::print("{}\n", as_json(*p, against));
  } else {
    print_text(*p);
    if (against) fmt::print("{}\n", against->text);
  }
  return p->ok && (!against || against->ok()) ? exit_ok : exit_no;
}

}  // namespace changtong
