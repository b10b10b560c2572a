// The key `nodes`: who of the nodes that share one list takes what.
#include <algorithm>
#include <map>

#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {
namespace {

constexpr std::uint64_t most_nodes = 100;
constexpr std::size_t most_name_bytes = 64, most_names = 10'000;

class nodes_reader {
 public:
  nodes_reader(config_draft& into, const yaml_node& node, findings& found)
      : draft_(into), found_(found), body_(node, as_written("nodes"), into.root.file, found, {"this", "all", "of"}) {}

  void read() {
    node_division made;
    const auto* list = body_.find("all");
    const auto of = body_.whole("of", 2, most_nodes);
    if (list != nullptr && of)
      return body_.error(of->at, {"all 与 of 只写一个：all 按类别或乡镇划分，of 按编号均分",
                                  "write all or of, not both: all divides by category or town, of evenly by id"});
    if (list == nullptr && !of) {
      if (body_.find("of") == nullptr && !body_.strange())
        body_.error(body_.begin(), {"nodes 没有写怎样划分：请写 all（按类别或乡镇），或 of: 4（按编号均分为 4 台）",
                                    "nodes does not say how to divide: write all (by category or town), or of: 4 "
                                    "(evenly by id among 4)"});
      return;
    }
    if (of) {
      made.by_id = true;
      for (std::uint64_t n = 1; n <= of->value; ++n) made.all.emplace_back().name = std::to_string(n);
    } else {
      shares(made, *list);
    }
    if (made.all.size() < 2) return;  // told
    self(made);
    draft_.value.nodes = std::move(made);  // also beside errors: its list may be a long one
  }

 private:
  void shares(node_division& made, const yaml_node& list) {
    if (!is_list(list, "nodes.all", draft_.root.file, found_)) return;
    if (list.children.size() < 2 || list.children.size() > most_nodes)
      return found_.error(body_.at(list),
                          both("nodes.all 有 {} 个节点：应为 2 到 {} 个",
                               "nodes.all has {} nodes: 2 to {} are possible", list.children.size(), most_nodes));
    for (const yaml_node& one : list.children) share(made, one);
  }

  void share(node_division& made, const yaml_node& node) {
    const block from(node, {"节点", "a node"}, draft_.root.file, found_, {"name", "categories", "towns", "others"});
    node_share s;
    from.require("name", "name: 城东");
    if (auto name = from.text("name", most_name_bytes)) {
      if (std::ranges::find(made.all, name->value, &node_share::name) != made.all.end())
        from.error(name->at,
                   both("{} 出现两次：一个节点只写一项", "{} stands twice: one entry a node", quote(name->value)));
      s.name = std::move(name->value);
    }
    for (auto& one : names(from, "categories")) category(s, one);
    for (auto& one : names(from, "towns")) {
      claim(towns_, s, one, {"乡镇", "the town"});
      s.towns.push_back(std::move(one.value));
    }
    s.others = word(from, "others", {"no", "yes"}) == 1;
    if (s.others) others(made, s, from);
    if (!s.others && s.categories.empty() && s.towns.empty() && !from.strange() && found_.errors() == 0)
      from.error(from.begin(), both("节点 {} 什么也不管：请写 categories、towns，或 others: yes",
                                    "node {} takes nothing: write categories, towns or others: yes", quote(s.name)));
    made.all.push_back(std::move(s));
  }

  void others(const node_division& made, const node_share& s, const block& from) {
    if (!s.categories.empty() || !s.towns.empty())
      from.error(from.at("others"), both("节点 {} 写了 others: yes，管其余的全部：categories、towns 不必再写",
                                         "node {} has others: yes, which is all the rest: leave categories and towns "
                                         "out",
                                         quote(s.name)));
    const auto first = std::ranges::find(made.all, true, &node_share::others);
    if (first != made.all.end())
      from.error(from.at("others"), both("{} 与 {} 都写了 others: yes：其余的只能归一个节点",
                                         "{} and {} both have others: yes: one node alone takes the rest",
                                         quote(first->name), quote(s.name)));
  }

  void category(node_share& s, stated<std::string>& written) {
    std::vector<std::string_view> ids;
    for (const category_draft& c : draft_.categories) {
      ids.push_back(c.what.id);
      if (c.what.name == written.value) written.value = c.what.id;
    }
    if (std::ranges::find(ids, written.value) == ids.end())
      return found_.error(written.at, unknown_word({"类别", "category"}, written.value, ids));
    claim(categories_, s, written, {"类别", "the category"});
    s.categories.push_back(std::move(written.value));
  }

  void claim(std::map<std::string, std::string>& taken, const node_share& s, const stated<std::string>& what,
             const phrase& kind) {
    const auto [other, fresh] = taken.emplace(what.value, s.name);
    if (!fresh)
      found_.error(what.at, both("{}{} 已归 {}：一个只能归一个节点", "{} {} is taken by {} already: one node takes it",
                                 kind, quote(what.value), quote(other->second)));
  }

  std::vector<stated<std::string>> names(const block& from, std::string_view key) {
    return from.texts(
        key, {.least = 1,
              .most = most_names,
              .no_list = both("{0} 应为列表：{0}: [甲, 乙]", "{0} must be a list, as {0}: [one, another]", key),
              .no_text = both("{} 的每一项应为文字", "each of {} must be a text", key)});
  }

  void self(node_division& made) {
    body_.require("this", made.by_id ? "this: 1" : "this: 城东");
    const auto written = body_.text("this", most_name_bytes);
    if (!written) return;
    const auto at = std::ranges::find(made.all, written->value, &node_share::name);
    if (at != made.all.end()) {
      made.self = static_cast<std::size_t>(at - made.all.begin());
      return;
    }
    std::vector<std::string_view> known;
    for (const node_share& s : made.all) known.push_back(s.name);
    body_.error(written->at, unknown_word({"节点", "node"}, written->value, known));
  }

  config_draft& draft_;
  findings& found_;
  block body_;
  std::map<std::string, std::string> categories_, towns_;  ///< -> the node that has named it
};

}  // namespace

void read_nodes(config_draft& into, const block& top, findings& found) {
  into.nodes_at = top.at("nodes");
  if (const yaml_node* const node = top.find("nodes"))
    nodes_reader(into, *node, found).read();
  else if (std::ranges::find(top.members(), "nodes", &block::member::key) != top.members().end())
    top.error(top.at("nodes"), {"nodes 之下没有内容：请写 this 和 all（或 of），或删去本键",
                                "nothing stands below nodes: write this and all (or of), or delete the key"});
}

}  // namespace changtong::reading
