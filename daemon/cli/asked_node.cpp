#include "daemon/cli/asked_node.h"

#include <algorithm>

#include "daemon/centre/subjects.h"
#include "daemon/core/phrase.h"
#include "daemon/core/plain_text.h"
#include "daemon/run/brokers.h"

namespace changtong {
namespace {

/** Where there is a broker and no node answers, that may be what its settings say. */
problem not_asked(const problem& why, const centre_node& of, std::string_view word) {
  if (why.what != problem_class::no) return why;
  if (!of.token.empty())
    return said(both("{}；它大概经 HTTPS 报送（nodes 里有它的令牌），命令只能经 nats 送到节点",
                     "{}; it probably ships over HTTPS (the centre's nodes have a token for it), and commands reach a "
                     "node by nats alone",
                     words_of(why)));
  return said(both("{}；节点的配置要有 centre.commands: [{}]", "{}; the node's settings need centre.commands: [{}]",
                   words_of(why), word));
}

}  // namespace

problem not_done(const std::string& answer) {
  return said(both("节点没有照办：{}", "the node did not: {}", words_of_answer(answer)), problem_class::no);
}

result<void> may_be_asked(const centre_file& s, const std::string& node) {
  if (!s.nats)
    return said({"中心的配置没有 nats：命令只能经它送到节点",
                 "the centre's configuration has no nats, by which alone commands reach a node"},
                problem_class::usage);
  return is_a_node(s, node);
}

result<std::string> answer_of_node(const centre::node_command& c, const centre_file& s, const std::string& node,
                                   std::string_view word) {
  if (const auto may = may_be_asked(s, node); !may) return may.error();
  centre::broker by(place_of_centre(*s.nats));
  auto answer = by.ask(centre::subject_of(centre::command_subject, node), text_of(c), patience_for_nodes, {});
  if (!answer)
    return about(as_seen(node), not_asked(answer.error(), *std::ranges::find(s.nodes, node, &centre_node::name), word));
  return answer;
}

}  // namespace changtong
