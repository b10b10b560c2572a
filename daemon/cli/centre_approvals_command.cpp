// `changtong centre approvals`: windows of nodes that wait for an approval. `approve` and `refuse`: what somebody at
// the centre says of one, entered in the centre's own journal before it goes to the node and with the answer after.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "daemon/centre/one_state.h"
#include "daemon/centre/own_journal.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/asked_node.h"
#include "daemon/cli/centre_commands.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/open_centre.h"
#include "daemon/cli/options.h"
#include "daemon/core/json.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"
#include "daemon/run/centre_approvals.h"
#include "daemon/run/centre_nodes.h"
#include "daemon/run/shipping_way.h"

namespace changtong {
namespace {

constexpr std::int64_t listed_answers = 20;
constexpr std::size_t most_words = 1'000;  // bytes of what a node says, in the journal

struct approval_options {
  std::string config, node, window, by, why, format = "table";
};

result<std::vector<waiting_window>> waiting_at(const open_centre& from, const std::string& node) {
  try {
    centre::database& db = from.books->conversation();
    const centre::one_state held(db);
    auto heads = centre::folded_heads(db);
    if (!heads) return heads.error();
    auto nodes = nodes_asked_for(from.settings.nodes, web_request{}, std::move(*heads));
    std::erase_if(nodes, [&](const centre::asked_node& n) {
      const auto of = n.heads();
      return !node.empty() && std::ranges::find(of, node, &centre::folded_head::node) == of.end();
    });
    return waiting_windows(db, nodes, system_clocks().wall(), until_patience_ends());
  } catch (const std::exception& e) {
    return said(words_of(e));
  }
}

std::string targets_text(const window_story& s) {
  constexpr std::size_t most_shown = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(s.targets.size(), most_shown); ++i)
    out += (i == 0 ? "" : "、") + as_seen(s.targets[i]);
  return s.targets.size() <= most_shown ? out : fmt::format("{} … {} 个 / in all", out, s.targets.size());
}

void print(const waiting_window& w, const civil_zone& zone) {
  const window_story& s = w.story;
  fmt::print("{}  {}  {}  {} — {}{}\n", as_seen(w.node), as_seen(s.id), chinese(s.state),
             zone.format_short(s.when.from), zone.format_short(s.when.to), s.late ? "  已晚 / late" : "");
  fmt::print("  {}  申请 / requested by {}{}  {}\n", targets_text(s), as_seen(s.requested_by),
             s.revised_by.empty() ? "" : fmt::format("  修改 / revised by {}", as_seen(s.revised_by)), as_seen(s.text));
  fmt::print("  账到 / known up to {}\n", zone.format_short(w.as_of));
}

/** In the order of centre::approval_answers. */
constexpr std::array<std::string_view, centre::approval_answers.size()> chinese_answers{
    "已送往节点，还没有回答", "已登记", "节点没有接受", "没有等到回答"};

void print(const centre::approval_said& a, const civil_zone& zone) {
  const auto answer = static_cast<std::size_t>(a.answer);
  fmt::print("{}  {} {}  {} {}  {} / {}  {}\n", zone.format_short(a.at), as_seen(a.node), as_seen(a.window),
             as_seen(a.author), a.approved ? "批准 / approves" : "不批准 / refuses", chinese_answers.at(answer),
             centre::approval_answers.at(answer), as_seen(a.reason));
  if (!a.words.en.empty()) fmt::print("  {}\n", as_seen(to_string(a.words)));
}

int approvals(const approval_options& o) {
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  if (!o.node.empty())
    if (const auto known = is_a_node(from->settings, o.node); !known) return fail(known.error());
  const auto waiting = waiting_at(*from, o.node);
  if (!waiting) return fail(waiting.error());
  const auto said_before = last_approvals(from->books->conversation(), listed_answers);
  if (!said_before) return fail(said_before.error());
  const civil_zone& zone = from->settings.zone;
  if (o.format == "json") {
    json_array list, said_list;
    for (const waiting_window& w : *waiting) list.add_raw(to_json(w, zone));
    for (const centre::approval_said& a : *said_before) said_list.add_raw(to_json(a, zone));
    fmt::print("{}\n", json_object().add_raw("waiting", list.text()).add_raw("said", said_list.text()).text());
    return exit_ok;
  }
  if (waiting->empty()) fmt::print("没有待批的停机窗口 / no window waits for an approval\n");
  for (const waiting_window& w : *waiting) print(w, zone);
  if (!said_before->empty()) fmt::print("中心说过的 / said here:\n");
  for (const centre::approval_said& a : *said_before) print(a, zone);
  return exit_ok;
}

/** The one that is meant, as it is known here. */
result<waiting_window> waiting_one(const open_centre& from, const approval_options& o) {
  auto waiting = waiting_at(from, o.node);
  if (!waiting) return waiting.error();
  const auto at = std::ranges::find(*waiting, o.window, [](const waiting_window& w) { return w.story.id; });
  if (at != waiting->end()) return std::move(*at);
  return said(both("在 {} 没有待批的停机窗口 {}（就送到中心的账而言）：changtong centre approvals 列出全部",
                   "at {} no window {} waits for an approval, as far as it has shipped: `changtong centre approvals` "
                   "lists them",
                   as_seen(o.node), as_seen(o.window)),
              problem_class::no);
}

result<void> entered(const open_centre& from, const centre::approval_said& what) {
  centre::database& db = from.books->conversation();
  const auto done = centre::written(db, [&] { return centre::add_own(db, what); });
  if (!done) return done.error();
  return {};
}

/** What came of it, as it is entered; `answer` a problem where nobody answered. */
void take_answer(centre::approval_said& into, const result<std::string>& answer) {
  into.at = system_clocks().wall();
  if (!answer) {
    into.answer = centre::approval_answer::none;
    into.words = words_of(answer.error());
  } else if (centre::read_window_requested(*answer)) {
    into.answer = centre::approval_answer::entered;
  } else {
    into.answer = centre::approval_answer::refused;
    into.words = words_of_answer(*answer);
  }
  into.words = {as_seen(into.words.cn, most_words), as_seen(into.words.en, most_words)};
}

int say_what_came_of_it(const centre::approval_said& a, const waiting_window& of, const result<std::string>& answer,
                        const civil_zone& zone) {
  if (a.answer == centre::approval_answer::refused) return fail(not_done(*answer));
  if (a.answer == centre::approval_answer::none)
    return fail(said(
        both("{}；没有等到回答，也可能已登记：照样再说一次不会登记两次",
             "{}; it may have been entered all the same: saying so again enters it once", words_of(answer.error())),
        answer.error().what));
  fmt::print("{}：{}停机窗口 {}，{} — {}，{} / window {} is {}\n", as_seen(a.node), a.approved ? "已批准" : "没有批准",
             as_seen(a.window), zone.format_short(of.story.when.from), zone.format_short(of.story.when.to),
             targets_text(of.story), as_seen(a.window), a.approved ? "approved" : "refused, and cancelled there");
  if (const auto done = centre::read_window_requested(*answer))
    for (const phrase& n : done->notices) fmt::print("  {} / {}\n", as_seen(n.cn), as_seen(n.en));
  return exit_ok;
}

int decide(const approval_options& o, bool approved) {
  log::set_level(log::level::warn);
  const auto from = opened_centre(o.config);
  if (!from) return fail(from.error());
  const centre_file& s = from->settings;
  if (const auto may = may_be_asked(s, o.node); !may) return fail(may.error());
  const auto of = waiting_one(*from, o);
  if (!of) return fail(of.error());
  centre::approval_said a{.at = system_clocks().wall(),
                          .order = {},
                          .node = o.node,
                          .window = o.window,
                          .version = of->version,
                          .approved = approved,
                          .author = o.by,
                          .reason = o.why};
  const std::string wish = json_list(
      std::array<std::string, 6>{o.node, o.window, of->version, approved ? "approve" : "refuse", o.by, o.why});
  a.order = host::hex(host::bytes_of(host::sha256_of(wish))).substr(0, 16);
  if (const auto done = entered(*from, a); !done) return fail(done.error());
  const auto answer = answer_of_node({.what = approved ? "approve" : "refuse",
                                      .target = o.window,
                                      .by = o.by,
                                      .until = system_clocks().wall() + patience_for_nodes + clocks_apart,
                                      .centre = s.name,
                                      .text = o.why,
                                      .version = of->version,
                                      .order = a.order},
                                     s, o.node, "approvals");
  take_answer(a, answer);
  const auto kept = entered(*from, a);
  const int code = say_what_came_of_it(a, *of, answer, s.zone);
  if (!kept) return fail(about("中心自己的账 / the centre's own journal", kept.error()));
  if (a.answer != centre::approval_answer::refused) seal_what_was_entered(*from);  // else the day's seal covers it
  return code;
}

void decision(grammar centre, const std::string& name, const std::string& help, bool approved, int& code) {
  const auto o = std::make_shared<approval_options>();
  auto sub = centre.add_subcommand(name, help);
  sub.add_option("--config", o->config, "中心的配置文件 / the centre's configuration").required();
  sub.add_option("node", o->node, "节点的名称 / the node's name").required();
  sub.add_option("window", o->window, "窗口的编号 / the window's id").required();
  sub.add_option("--by", o->by, "经办人，不能是申请的人 / by whom: not who asked for it").required();
  sub.add_option("--why,--text,--note,--reason", o->why, "理由 / why").required();
  sub.footer(fmt::format(
      "例 / example:\n  changtong centre {} --config centre.yaml 东城区 W20261205-01 --by 王工 --why 市里{}\n"
      "退出码 / exit codes: 0 已登记 / entered, 1 没有照办 / refused, 2 用法 / usage, 3 没有问到 / it could not be "
      "asked",
      name, approved ? "同意" : "不同意"));
  sub.callback([o, approved, &code] { code = decide(*o, approved); });
}

}  // namespace

void centre_approvals_arguments(grammar centre, int& code) {
  const auto o = std::make_shared<approval_options>();
  auto list = centre.add_subcommand("approvals", "各节点待批的停机窗口 / windows that wait for an approval");
  list.add_option("--config", o->config, "中心的配置文件 / the centre's configuration").required();
  list.add_option("--node", o->node, "只看这个节点 / of this node alone");
  format_option(list, o->format, {"table", "json"});
  list.footer(
      "例 / example:\n  changtong centre approvals --config centre.yaml\n"
      "退出码 / exit codes: 0 已列出 / listed, 2 用法 / usage, 3 做不到 / it could not be done");
  list.callback([o, &code] { code = approvals(*o); });
  decision(centre, "approve", "批准一个节点待批的停机窗口 / approve a window that waits at a node", true, code);
  decision(centre, "refuse", "不批准一个节点待批的停机窗口，在那里取消 / refuse one: it is cancelled there", false,
           code);
}

}  // namespace changtong
