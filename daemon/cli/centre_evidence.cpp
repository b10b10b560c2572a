#include "daemon/cli/centre_evidence.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/centre/own_proof.h"
#include "daemon/centre/schema.h"
#include "daemon/centre/second_copy.h"
#include "daemon/cli/progress.h"
#include "daemon/core/csv.h"
#include "daemon/host/clocks.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/key.h"

namespace changtong {
namespace {

/** A node's journal as it was verified. */
struct proven_head {
  centre::node_head head;
  centre::chain_found chain;
};

class collecting {
 public:
  collecting(const centre_place& place, centre_evidence& e)
      : place_(place), e_(e), db_(e.from->books->conversation()) {}

  /** What is verified first is what figures rest on, or less: what came meanwhile is said beside each head. */
  result<void> collect() {
    if (const auto set = centre::ask_by_index(db_); !set) return set;
    auto scope = scope_of(db_, e_.from->settings, asked_of(place_));
    if (!scope) return scope.error();
    if (const auto done = prove_own(); !done) return done;
    if (const auto done = prove_nodes(*scope); !done) return done;
    e_.held = std::make_unique<centre::one_state>(db_);
    scope = scope_of(db_, e_.from->settings, asked_of(place_));
    if (!scope) return scope.error();
    e_.scope = std::move(*scope);
    open_books();
    write_heads();
    return {};
  }

 private:
  result<void> prove_own() {
    const auto found = centre::verify_own(db_, {}, system_clocks().wall(), [](std::int64_t done, std::int64_t all) {
      return progress("中心自己的账", done, all);
    });
    if (!found) return found.error();
    const centre_file& s = e_.from->settings;
    evaluate::ledger_words& w = e_.words;
    w.journal = fmt::format(
        "中心{}自己的账 1–{} 条，{}", s.name.empty() ? "" : "（" + s.name + "）", found->entries,
        found->last ? fmt::format("封存 {} 次，末次 {}", found->seals, found->last->day) : std::string("没有封存"));
    w.journal += fmt::format(
        "；各节点的账头（条数、摘要、核验到何处、已知至）见 "
        "{}。不在此内：各节点自己的封存与签名（在节点上运行 changtong ledger verify），由账折算出的表与账的逐行对照",
        centre_heads_file);
    if (found->last) {
      w.digest =
          fmt::format("中心第 {} 次封存：{}", found->last->number, host::hex(ledger::bytes_of(found->last->hash)));
      w.fingerprint = ledger::short_form(found->last->key);
    }
    if (!found->wrong.empty()) w.objection = "中心自己的账：" + found->wrong.cn;
    return {};
  }

  result<void> prove_nodes(const centre_scope& scope) {
    const auto heads = e_.from->books->heads();
    if (!heads) return heads.error();
    for (const centre::asked_node& n : scope.nodes)
      for (const centre::folded_head* of : n.heads()) {
        const auto head = std::ranges::find(*heads, of->node, &centre::node_head::node);
        if (head == heads->end()) continue;
        const auto found = centre::verify(*e_.from->books, *head, [&](std::int64_t done, std::int64_t all) {
          return progress(of->node.c_str(), done, all);
        });
        if (!found) return found.error();
        if (found->bad != 0 && e_.words.objection.empty())
          e_.words.objection = fmt::format("节点 {} 的账自第 {} 条起链条断开", of->node, found->bad);
        proven_.emplace(of->node, proven_head{*head, *found});
      }
    return {};
  }

  void open_books() {
    std::vector<centre::joined_part> parts;
    for (const centre::asked_node& n : e_.scope.nodes)
      parts.push_back({.node = n.name(),
                       .books = centre::books_of(db_, n, {}),
                       .cut = n.retired().value_or(wall_max),
                       .known = n.known_to()});
    e_.books = std::make_unique<centre::joined_books>(std::move(parts), e_.from->settings.zone);
  }

  void write_heads() {
    const civil_zone& zone = e_.from->settings.zone;
    const auto at = [&](wall_t t) { return t == wall_t{} ? std::string("未知") : zone.format(t); };
    e_.heads = "\xef\xbb\xbf节点,一对,省,市,区县,分支,条目,末条摘要,链,已折算条目,已知至,停用\r\n";
    for (const centre::asked_node& n : e_.scope.nodes)
      for (const centre::folded_head* h : n.heads()) {
        const auto found = proven_.find(h->node);
        const bool same = found != proven_.end() && found->second.head.branch == h->branch;
        const std::vector<std::string> cells{
            h->node,
            n.pair,
            n.province,
            n.city,
            n.district,
            fmt::format("{}", h->branch),
            same ? fmt::format("{}", found->second.head.head.seq) : "未核验",
            same && found->second.head.head.seq > 0 ? host::hex(ledger::bytes_of(found->second.head.head.hash)) : "",
            !same ? "未核验"
            : found->second.chain.bad != 0
                ? fmt::format("第 {} 条断开", found->second.chain.bad)
                : fmt::format("完整{}",
                              h->folded > found->second.head.head.seq
                                  ? fmt::format("，其后 {} 条是核验以后到的", h->folded - found->second.head.head.seq)
                                  : ""),
            fmt::format("{}", h->folded),
            at(h->folded_to),
            h->retired ? zone.format(*h->retired) : ""};
        std::vector<std::string> fields;
        for (const std::string& cell : cells) fields.push_back(csv_field(cell));
        e_.heads += fmt::format("{}\r\n", fmt::join(fields, ","));
      }
  }

  const centre_place& place_;
  centre_evidence& e_;
  centre::database& db_;
  std::map<std::string, proven_head> proven_;
};

}  // namespace

void centre_evidence::put_into(evaluate::evidence& e, const evaluate::occasion& when) const {
  e.books = books.get();
  e.ledger = words;
  if (books->parts().size() > 1)
    for (const centre::joined_part& p : books->parts()) e.parts.push_back({books->prefix_of(p), p.books->policies()});
  const auto lacks = [&e](std::string_view who) {
    e.unseen.push_back(fmt::format(
        "{} 的账一条也没有算进来，它的专线有多少、通断如何都不知道：等它送来并折算完，或用 --node、--district "
        "只评价已有的；不再运行的用 changtong centre retire 停用",
        who));
  };
  for (const centre::asked_node& n : scope.absent) lacks(n.name());
  const period until_now{when.so_far.from, when.now - std::chrono::minutes{1}};  // a minute is always under way
  for (const centre::asked_node& n : scope.nodes) {
    if (n.known_to() == wall_t{} && !n.retired())
      lacks(n.name());
    else if (!is_known_to_the_end(n, until_now))
      e.remarks.push_back(fmt::format("{}，其后未知", known_text(n, until_now, when.zone)));
  }
}

boost::system::result<centre_evidence, problems> evidence_of_centre(const centre_place& place) {
  auto opened = opened_centre(place.config);
  if (!opened) return opened.error();
  centre_evidence out;
  out.from = std::make_unique<open_centre>(std::move(*opened));
  if (const auto done = collecting(place, out).collect(); !done)
    return problems{.list = {done.error()}, .what = done.error().what};
  return out;
}

}  // namespace changtong
