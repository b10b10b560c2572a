// `changtong centre`: what a centre has of its nodes: nodes, export, branch, retire; the rest in files of its own.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include "daemon/centre/head_text.h"
#include "daemon/centre/second_copy.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/centre_commands.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/open_centre.h"
#include "daemon/cli/options.h"
#include "daemon/cli/output.h"
#include "daemon/cli/progress.h"
#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/core/system_words.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

struct centre_options {
  std::string config, node, out, by, why, format = "table";
  std::uint32_t branch = 0;  ///< 0: the one that goes on
  bool undo = false, all_branches = false;
};

void print(const centre::node_head& h, const civil_zone& zone) {
  fmt::print("{}  分支 / branch {}  {} 条 / entries\n", as_seen(h.node), h.branch, h.head.seq);
  if (h.heartbeat && h.received)
    fmt::print("  账到 / up to {}  收于 / received {}\n", zone.format_short(*h.heartbeat),
               zone.format_short(*h.received));
  else
    fmt::print("  还没有送来 / nothing shipped yet\n");
  if (h.retired) fmt::print("  已停用，不再等它 / retired: {}\n", zone.format_short(*h.retired));
  if (h.fork)
    fmt::print("  分叉 / fork: 自 / since {}  最近 / last {}  {} 次 / times  对方第 {} 条不同 / its entry {} differs\n",
               zone.format_short(h.fork->first), zone.format_short(h.fork->last), h.fork->times, h.fork->theirs.seq,
               h.fork->theirs.seq);
}

int nodes(const centre_options& o) {
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  const auto all = o.all_branches ? from->books->branches() : from->books->heads();
  if (!all) return fail(all.error());
  json_array list;
  for (const centre::node_head& h : *all) {
    if (o.format == "json")
      list.add_raw(centre::to_json(h, from->settings.zone, host::wall_now()));
    else
      print(h, from->settings.zone);
  }
  if (o.format == "json") fmt::print("{}\n", list.text());
  return exit_ok;
}

/** Only into a file that is not there yet: a copy is never mixed with anything. */
result<void> may_begin_at(const std::string& path) {
  if (const auto may = may_write(path); !may) return may.error();
  std::error_code failed;
  if (fs::exists(path, failed))
    return said(both("{}: 已经存在：请写一个还没有的文件", "{}: is there already: name a file that is not", path),
                problem_class::no);
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) fs::create_directories(folder, failed);
  if (failed) return about(path, said(system_words(failed.value())));
  return {};
}

int copy_out(const centre_options& o) {
  if (const auto may = may_begin_at(o.out); !may) return fail(may.error());
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  const auto h = head_of(*from, o.node, o.branch);
  if (!h) return fail(h.error());
  notice_interrupts();
  const auto done = centre::copy_out(
      *from->books, *h, o.out, [](std::int64_t so_far, std::int64_t all) { return progress("导出", so_far, all); });
  if (!done) return fail(about(o.out, done.error()));
  fmt::print("{}：{} 条，可用于每条带 --ledger 的命令 / {} entries, for every command with --ledger\n", o.out, *done,
             *done);
  return exit_ok;
}

int branch(const centre_options& o) {
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  if (const auto known = is_a_node(from->settings, o.node); !known) return fail(known.error());
  const auto begun = from->books->begin_branch(o.node, o.by, o.why, system_clocks().wall());
  if (!begun) return fail(begun.error());
  fmt::print(
      "{} 的第 {} 分支已开始：节点会从第一条送起，以前的分支保留 / branch {} begins: the node ships from its first "
      "entry "
      "on, the old branch stays\n",
      as_seen(o.node), *begun, *begun);
  seal_what_was_entered(*from);
  return exit_ok;
}

int retire(const centre_options& o) {
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  const wall_t now = system_clocks().wall();
  const auto since = o.undo ? std::nullopt : std::optional(now);
  if (const auto known = is_a_node(from->settings, o.node); !known) return fail(known.error());
  if (const auto done = from->books->retire(o.node, o.by, o.why, since, now); !done) return fail(done.error());
  if (o.undo)
    fmt::print("{} 恢复使用 / is expected again\n", as_seen(o.node));
  else
    fmt::print(
        "{} 已停用：不再因为落后而告警，其专线自此不在统计范围内，已有的账保留 / is retired: no alarm of its lag, "
        "its lines are out of scope from now on, what is here stays\n",
        as_seen(o.node));
  seal_what_was_entered(*from);
  return exit_ok;
}

void config_option(grammar of, centre_options& o) {
  of.add_option("--config", o.config, "中心的配置文件 / the centre's configuration").required();
}
void node_option(grammar of, centre_options& o) {
  of.add_option("--node", o.node, "节点的名称 / the node's name").required();
}

/** What a person decides of a node. */
void orders_of_people(grammar sub, const std::shared_ptr<centre_options>& o, int& code) {
  auto anew = sub.add_subcommand("branch", "分叉之后另起分支 / after a fork: the node's other way is followed");
  config_option(anew, *o);
  node_option(anew, *o);
  anew.add_option("--by", o->by, "经办人 / by whom").required();
  words_option(anew, o->why, "原因 / why").required();
  anew.footer(
      "例 / example:\n  changtong centre branch --config centre.yaml --node 东城区 --by 王工 --text 恢复了备份\n"
      "也用于数据库里这个节点的账缺了条目（verify 指出）：节点从第一条重送 / also where entries of its journal are "
      "gone from the database\n"
      "退出码 / exit codes: 0 已开始 / begun, 1 没有分叉，账也没有缺 / no fork and nothing is gone, 2 用法 / usage, 3 "
      "做不到 / it could not be done");
  anew.callback([o, &code] { code = branch(*o); });
  auto leaving = sub.add_subcommand("retire", "节点停用，不再等它 / a node is not expected any more");
  config_option(leaving, *o);
  node_option(leaving, *o);
  leaving.add_option("--by", o->by, "经办人 / by whom").required();
  words_option(leaving, o->why, "原因 / why").required();
  leaving.add_flag("--undo", o->undo, "恢复使用 / it is after all");
  leaving.footer(
      "例 / example:\n  changtong centre retire --config centre.yaml --node 东城区 --by 王工 --text 并入西城区\n"
      "退出码 / exit codes: 0 已登记 / entered, 1 已是如此 / it is so already, 2 用法 / usage, 3 做不到 / cannot");
  leaving.callback([o, &code] { code = retire(*o); });
}

}  // namespace

result<centre::node_head> head_of(const open_centre& from, const std::string& node, std::uint32_t branch) {
  const auto all = branch == 0 ? from.books->heads() : from.books->branches();
  if (!all) return all.error();
  for (const centre::node_head& h : *all)
    if (h.node == node && (branch == 0 || h.branch == static_cast<std::int32_t>(branch))) return h;
  if (branch != 0)
    return said(both("中心没有节点 {} 的第 {} 分支：changtong centre nodes --branches 列出全部",
                     "the centre has no branch {1} of a node {0}: `changtong centre nodes --branches` lists them",
                     as_seen(node), branch),
                problem_class::usage);
  if (const auto known = is_a_node(from.settings, node); !known) return known.error();
  return said(both("中心没有节点 {}：changtong centre nodes 列出全部",
                   "the centre has no node {}: `changtong centre nodes` lists them", as_seen(node)),
              problem_class::usage);
}

void centre_arguments(grammar app, int& code) {
  const auto o = std::make_shared<centre_options>();
  auto sub = app.add_subcommand("centre", "中心收存的各节点账本 / the journals of many nodes that a centre keeps");
  sub.needs_subcommand();
  sub.footer(
      "例 / examples:\n"
      "  changtong centre nodes --config centre.yaml\n"
      "  changtong centre export --config centre.yaml --node 东城区 --out 东城区/ledger.db\n"
      "  changtong availability --ledger 东城区/ledger.db --from 2026-03 --to 2026-03");
  const auto branch_option = [&o](grammar& of) {
    of.add_option("--branch", o->branch, "分支，缺省为现在的 / of its branches, default the one that goes on")
        .within(1, 1'000'000);
  };
  auto list = sub.add_subcommand("nodes", "各节点的账到哪里、是否分叉 / how each node stands");
  config_option(list, *o);
  list.add_flag("--branches", o->all_branches, "也列以前的分支 / those of before a `centre branch` too");
  format_option(list, o->format, {"table", "json"});
  list.callback([o, &code] { code = nodes(*o); });
  centre_proof_arguments(sub, code);
  auto copying = sub.add_subcommand("export", "一个节点的账导出为账本文件 / a node's journal as a ledger's file");
  config_option(copying, *o);
  node_option(copying, *o);
  branch_option(copying);
  copying.add_option("--out", o->out, "还没有的文件，如 东城区/ledger.db / a file that is not there yet").required();
  copying.callback([o, &code] { code = copy_out(*o); });
  orders_of_people(sub, o, code);
  centre_books_arguments(sub, code);
  centre_orders_arguments(sub, code);
  centre_approvals_arguments(sub, code);
}

}  // namespace changtong
