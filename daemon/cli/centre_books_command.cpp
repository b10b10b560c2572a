// `changtong centre`: what the centre itself enters: seal, close, closings; and the proof of all that it keeps.
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/centre/closings.h"
#include "daemon/centre/own_proof.h"
#include "daemon/centre/schema.h"
#include "daemon/centre/seal_key.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/centre_closing_text.h"
#include "daemon/cli/centre_commands.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/open_centre.h"
#include "daemon/cli/options.h"
#include "daemon/cli/output.h"
#include "daemon/cli/progress.h"
#include "daemon/core/json.h"
#include "daemon/core/plain_text.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"
#include "daemon/run/centre_closings.h"
#include "daemon/run/centre_nodes.h"

namespace changtong {
namespace {

constexpr std::size_t listed_closings = 240;

struct own_options {
  std::string config, month, by, why, format = "table";
};

void print(const centre::last_seal& s, const civil_zone& zone) {
  fmt::print("第 {} 次封存 {} / seal {}：{} 个账头 / heads\n  摘要 / hash {}\n  密钥指纹 / key {}\n", s.number,
             zone.format_short(s.at), s.number, s.heads, host::hex(ledger::bytes_of(s.hash)),
             ledger::short_form(s.key));
}

int seal(const own_options& o) {
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  const centre_file& s = from->settings;
  const auto key = centre::seal_key(s.seal_key_file);
  if (!key) return fail(key.error());
  const auto done = centre::seal_heads(from->books->conversation(), {.key = *key, .centre = s.name, .zone = s.zone},
                                       centre::sealed_when::at_once, system_clocks().wall());
  if (!done) return fail(done.error());
  if (*done) print(**done, s.zone);
  return exit_ok;
}

std::vector<centre::asked_node> placed(const centre_file& s, std::vector<centre::folded_head> heads) {
  return nodes_asked_for(s.nodes, web_request{}, std::move(heads));
}

int close(const own_options& o) {
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  centre::database& db = from->books->conversation();
  if (const auto set = centre::ask_by_index(db); !set) return fail(set.error());
  const auto done = centre::close_month(
      db,
      {.month = o.month,
       .author = o.by,
       .reason = o.why,
       .zone = from->settings.zone,
       .nodes = [&](std::vector<centre::folded_head> heads) { return placed(from->settings, std::move(heads)); }},
      system_clocks().wall());
  if (!done) return fail(done.error());
  fmt::print("{}", closing_text(*done, from->settings));
  seal_what_was_entered(*from);
  return exit_ok;
}

int closings(const own_options& o) {
  const auto zone = civil_zone::named("Asia/Shanghai");  // any: whether it is a month is the same in all
  if (!o.month.empty() && zone &&
      (!zone->parse_period(o.month) || o.month.size() != std::string_view("2026-10").size()))
    return fail(about_option("--month", said({"应为一个月，如 2026-10", "one as 2026-10"}, problem_class::usage)));
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  const auto all = centre::closings(from->books->conversation(), o.month, listed_closings);
  if (!all) return fail(all.error());
  json_array list;
  for (const centre::told_closing& c : *all) {
    if (o.format == "json")
      list.add_raw(to_json(c, from->settings.zone, true));
    else if (!c.unread.en.empty())
      fmt::print("{} 于 {} 结账，但读不出 / closed, but it cannot be read: {}\n", as_seen(c.what.month),
                 from->settings.zone.format_short(c.what.at), to_string(c.unread));
    else
      fmt::print("{}", closing_text(c.what, from->settings));
  }
  if (o.format == "json") fmt::print("{}\n", list.text());
  if (o.format != "json" && all->empty()) fmt::print("还没有结过账 / nothing is closed yet\n");
  return exit_ok;
}

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
int verify_nodes(centre::archive& books) {
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

}  // namespace

void seal_what_was_entered(const open_centre& from) {
  const centre_file& s = from.settings;
  centre::database& db = from.books->conversation();
  if (const auto key = ledger::signing_key::load(s.seal_key_file)) {
    const auto done = centre::seal_heads(db, {.key = *key, .centre = s.name, .zone = s.zone},
                                         centre::sealed_when::at_once, system_clocks().wall());
    if (done && *done) return print(**done, s.zone);
  }
  const auto head = centre::own_head(db);
  if (!head) return;
  fmt::print(
      "还没有封存（本机读不到密钥 {}），请把这个摘要抄存在别处：第 {} 条 / not sealed yet, the key cannot be read "
      "here: "
      "keep this hash of entry {} elsewhere\n  {}\n",
      s.seal_key_file, head->seq, head->seq, host::hex(ledger::bytes_of(head->hash)));
}

int verify_centre(const std::string& config, const std::vector<std::string>& fingerprints, const std::string& seal) {
  const auto only = believed(fingerprints);
  if (!only) return fail(only.error());
  const auto kept = seal.empty() ? std::optional(std::string()) : host::from_hex(seal);
  if (!kept || (!seal.empty() && kept->size() != ledger::digest{}.size()))
    return fail(about_option(
        "--seal", said({"应为封存的摘要，64 位十六进制", "the hash of a seal, 64 hex digits"}, problem_class::usage)));
  const auto from = opened_centre(config);
  if (!from) return fail(from.error());
  notice_interrupts();
  const auto found = centre::verify_own(from->books->conversation(), *only, [](std::int64_t done, std::int64_t all) {
    return progress("中心自己的账", done, all);
  });
  if (!found) return fail(found.error());
  if (!found->wrong.empty()) {
    fmt::print("{}；之前 {} 次封存完好 / {}; {} seals before it hold\n", found->wrong.cn, found->seals, found->wrong.en,
               found->seals);
    return exit_no;
  }
  fmt::print("中心自己的账完整：{} 条，{} 次封存 / the centre's own journal is whole: {} entries, {} seals\n",
             found->entries, found->seals, found->entries, found->seals);
  if (found->last) print(*found->last, from->settings.zone);
  const auto is_it = [&](const ledger::digest& d) { return ledger::bytes_of(d) == *kept; };
  if (!seal.empty() && std::ranges::none_of(found->hashes, is_it)) {
    fmt::print(
        "没有摘要为 {} 的封存：账被重写过，或从备份恢复过 / no seal has that hash: the journal was rewritten, or "
        "a backup restored\n",
        as_seen(seal));
    return exit_no;
  }
  fmt::print(
      "折算出来的数（表 targets、outages 等）不在核验之内：它们由账算出 / what is folded from the journals is not "
      "looked at\n");
  for (const ledger::digest& key : found->keys)
    fmt::print("  由此密钥签名，请与抄存的对照 / signed with, compare with what you keep: {}\n",
               ledger::short_form(key));
  return verify_nodes(*from->books);
}

void centre_books_arguments(grammar centre, int& code) {
  const auto o = std::make_shared<own_options>();
  const auto config_option = [&o](grammar& of) {
    of.add_option("--config", o->config, "中心的配置文件 / the centre's configuration").required();
  };
  auto sealing = centre.add_subcommand("seal", "立即封存各节点的账头 / seal the heads of all nodes now");
  config_option(sealing);
  sealing.footer(
      "例 / example:\n  changtong centre seal --config centre.yaml\n"
      "退出码 / exit codes: 0 已封存 / sealed, 2 用法或配置 / usage, 3 做不到 / it could not be done");
  sealing.callback([o, &code] { code = seal(*o); });
  auto closing = centre.add_subcommand("close", "结账：一个月的数从此不变 / the figures of a month stand from now on");
  config_option(closing);
  closing.add_option("--month", o->month, "已过完的一个月，如 2026-10 / a month that is over").required();
  closing.add_option("--by", o->by, "经办人 / by whom").required();
  words_option(closing, o->why, "原因；重新结账时必填 / required for a new version");
  closing.footer(
      "例 / example:\n  changtong centre close --config centre.yaml --month 2026-10 --by 王工\n"
      "退出码 / exit codes: 0 已结账 / closed, 1 不能结 / refused, 2 用法 / usage, 3 做不到 / it could not be done");
  closing.callback([o, &code] { code = close(*o); });
  auto list = centre.add_subcommand("closings", "结账记录 / what was closed");
  config_option(list);
  list.add_option("--month", o->month, "只看一个月 / of one month");
  format_option(list, o->format, {"table", "json"});
  list.footer(
      "例 / example:\n  changtong centre closings --config centre.yaml --month 2026-10 --format json\n"
      "退出码 / exit codes: 0 已列出 / listed, 2 用法 / usage, 3 做不到 / it could not be done");
  list.callback([o, &code] { code = closings(*o); });
}

}  // namespace changtong
