// Who may do what over HTTP: api.people.
#include <algorithm>
#include <span>

#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"
#include "daemon/settings/names.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_people = 1000;
constexpr std::span<const std::string_view> known_rights(right_names.data(), rights_of_tokens);

void read_rights(person& who, const block& from, std::string_view file) {
  const yaml_node* node = from.find("may");
  if (node == nullptr) return from.require("may", "may: [request]");
  if (node->what != yaml_node::shape::list || node->children.empty())
    return from.error(from.at(*node),
                      both("may 应为列表，各项取自 {}", "may must be a list of {}", listed(known_rights)));
  for (const yaml_node& word : node->children) {
    const auto name = std::ranges::find(known_rights, word.scalar);
    const place at{file, word.line, word.column};
    if (word.what != yaml_node::shape::scalar || name == known_rights.end()) {
      // Not quoted: beside a token, a stray word may be one.
      const std::string_view near = nearest(word.scalar, known_rights);
      from.error(at, near.empty() ? both("权限无法识别：可用 {}", "unknown right: use some of {}", listed(known_rights))
                                  : both("权限无法识别：是否应为 '{}'？", "unknown right: did you mean '{}'?", near));
      continue;
    }
    const auto r = static_cast<right>(name - known_rights.begin());
    if (std::ranges::find(who.may, r) == who.may.end()) who.may.push_back(r);
  }
  std::ranges::sort(who.may);
}

person read_person(const yaml_node& node, std::string_view file, const surroundings& world, findings& found) {
  const block from(node, {"人员", "a person"}, file, found,
                   {"name", "token", "token_file", "may", "phone", "mail", "wecom", "dingtalk", "feishu"},
                   block::tone::discreet);
  person who;
  from.require("name", "name: 王工");
  if (const auto name = from.text("name", 64)) {
    who.name = trim(name->value);
    if (const auto why = unfit_name(who.name)) from.error(name->at, *why);
  }
  read_contacts(who, from);
  // Whom alerts reach need not be somebody who enters by the command line: users sign in.
  if (const bool reached =
          !who.phone.empty() || !who.mail.empty() || !who.wecom.empty() || !who.dingtalk.empty() || !who.feishu.empty();
      reached && from.find("token") == nullptr && from.find("token_file") == nullptr && from.find("may") == nullptr)
    return who;
  who.token = read_token(from, world, found);
  read_rights(who, from, file);
  return who;
}

/** The place of the first name that this one could be taken for; keys.size(): none. */
std::size_t lookalike(const std::vector<name_key>& keys, std::string_view name) {
  const name_key key = key_of_name(name);
  return static_cast<std::size_t>(std::ranges::find_if(keys, [&](const name_key& k) { return alike(k, key); }) -
                                  keys.begin());
}

}  // namespace

void read_people(config_draft& into, const yaml_node& node, const surroundings& world, findings& found) {
  const std::string_view file = into.root.file;
  const place at{file, node.line, node.column};
  if (node.what != yaml_node::shape::list)
    return found.error(at, both("people 应为列表，而不是{}：每项以 '- ' 开头",
                                "people must be a list, not {}: begin each with '- '", node.shape_name()));
  if (node.children.size() > most_people)
    return found.error(at, both("人员超过 {} 名", "more than {} people", most_people));
  std::vector<person>& all = into.value.people;
  std::vector<name_key> keys;
  for (const yaml_node& one : node.children) {
    person who = read_person(one, file, world, found);
    const place here{file, one.line, one.column};
    if (!who.name.empty() && std::ranges::find(all, who.name, &person::name) != all.end())
      found.error(here, both("{} 出现两次：一人只写一项", "{} stands twice: one entry a person", quote(who.name)));
    else if (const auto twin = lookalike(keys, who.name); !who.name.empty() && twin < all.size())
      found.error(here, both("{} 与 {} 相似：账本中无法区分，一人用两个名字就能批准自己的申请；"
                             "请写能区分的姓名，如加上部门",
                             "{} looks like {}: nobody could tell them apart in the books, and one person under both "
                             "names could approve what they requested; write a name that differs, such as with the "
                             "department",
                             quote(who.name), quote(all[twin].name)));
    keys.push_back(key_of_name(who.name));
    const bool shared = !who.token.empty() && (std::ranges::find(all, who.token, &person::token) != all.end() ||
                                               who.token == into.value.api_token);
    if (shared)
      found.error(here, {"两人的令牌相同：无法分清记录是谁登记的",
                         "two people have the same token: the author of an entry would be a guess"});
    all.push_back(std::move(who));
  }
  const auto approves = [](const person& p) { return std::ranges::find(p.may, right::approve) != p.may.end(); };
  if (found.errors() == 0 && std::ranges::none_of(all, approves))
    found.warn(at, {"这里无人有批准权限：若用户中也没有审批员（changtong user list），任何计划停机都不会被剔除",
                    "nobody may approve here: unless a user is an approver (changtong user list), no maintenance "
                    "window will ever be "
                    "excluded"});
}

}  // namespace changtong::reading
