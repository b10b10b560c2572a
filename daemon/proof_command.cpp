#include "daemon/proof_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include "daemon/core/civil.h"
#include "daemon/core/json.h"
#include "daemon/ending.h"
#include "daemon/ledger/verify.h"

namespace changtong {
namespace {

std::string instant(const ledger::proof& p) {
  const auto zone = civil_zone::named(p.zone);
  return zone ? zone->format(p.sealed_to) : std::string{};
}

std::string as_json(const ledger::proof& p) {
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
  const auto full = [](const ledger::key_since& k) { return ledger::hex(ledger::bytes_of(k.fingerprint)); };
  p.keys.empty() ? o.add_null("fingerprint") : o.add("fingerprint", full(p.keys.back()));
  o.add_raw("fingerprints", text_list(p.keys, full));
  o.add("bad_seal", static_cast<std::int64_t>(p.bad_seal)).add("bad_day", p.bad_day).add("text", p.text);
  o.add("state", p.state);
  o.add("different", p.different);
  o.add_raw("differences", text_list(p.differences, [](const std::string& d) -> const std::string& { return d; }));
  o.add_raw("remarks", text_list(p.remarks, [](const std::string& r) -> const std::string& { return r; }));
  return o.text();
}

void print_text(const ledger::proof& p) {
  fmt::print("{}\n", p.text);
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
  const auto p = ledger::prove(o.ledger, options, [&](std::int64_t done, std::int64_t total) {
    if (terminal) fmt::print(stderr, "\r核验 {} / {}{}", done, total, done >= total ? "\n" : "");
    return !interrupted();
  });
  if (!p) return fail(exit_cannot, to_string(p.error()));
  if (o.format == "json")
    fmt::print("{}\n", as_json(*p));
  else
    print_text(*p);
  return p->ok ? exit_ok : exit_no;
}

}  // namespace changtong
