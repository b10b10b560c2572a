#include "daemon/run/reload_words.h"

#include <tuple>

#include "daemon/core/log.h"

namespace changtong {
namespace {

void add_line(phrase& to, const phrase& line) {
  (to.cn += to.cn.empty() ? "" : "\n") += line.cn;
  (to.en += to.en.empty() ? "" : "\n") += line.en;
}

}  // namespace

phrase told_of_refusal(const problems& found) {
  phrase all;
  for (const problem& p : found.list) {
    log::error("{}", to_string(p));
    add_line(all, placed_words_of(p));
  }
  log::error("重新加载失败，原配置继续有效 / reload refused, the old configuration stays in force");
  return all;
}

phrase told_of_changes(const std::vector<change>& changes, const std::vector<problem>& warnings,
                       std::string_view author) {
  phrase all;
  for (const problem& w : warnings) log::warn("{}", to_string(w));
  for (const change& c : changes) {
    log::info("配置变更 / changed: {}", to_string(c.text));
    add_line(all, c.text);
  }
  log::info("已重新加载（{}），{} 处变更 / reloaded", author, changes.size());
  if (all.empty()) all = {"没有变化", "no change"};
  return all;
}

void keep_until_restart(settings& next, const settings& before) {
  next.traps.listen = before.traps.listen;
  std::tie(next.listen, next.ledger, next.node, next.seal, next.peer, next.centre, next.console) =
      std::tie(before.listen, before.ledger, before.node, before.seal, before.peer, before.centre, before.console);
}

}  // namespace changtong
