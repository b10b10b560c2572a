#include "daemon/reading/block.h"

#include <algorithm>

#include "daemon/reading/words.h"

namespace changtong::reading {
namespace {

/** A Latin word keeps a blank from the Chinese that follows it; `网站缺少 'url'` needs none. */
phrase spaced(phrase name) {
  if (!name.cn.empty() && static_cast<unsigned char>(name.cn.back()) < 0x80) name.cn += ' ';
  return name;
}

}  // namespace

block::block(const yaml_node& node, phrase name, std::string_view file, findings& found)
    : node_(&node), name_(spaced(std::move(name))), file_(file), found_(&found) {
  if (node.what == yaml_node::shape::mapping)
    read_members();
  else if (strange_ = node.what != yaml_node::shape::nothing; strange_)
    error(begin(), both("{}应为键值对（key: value），而不是{}", "{} must be a mapping (key: value), not {}", name_,
                        node.shape_name()));
}

block::block(const yaml_node& node, phrase name, std::string_view file, findings& found,
             const std::vector<std::string_view>& keys, tone t)
    : block(node, std::move(name), file, found) {
  refuse_unknown(keys, t);
}

block block::of_names(const yaml_node& node, std::string_view name, std::string_view file, findings& found) {
  return {node, as_written(name), file, found};
}

void block::read_members() {
  for (std::size_t i = 0; i + 1 < node_->children.size(); i += 2) {
    const yaml_node& key = node_->children[i];
    if (key.what != yaml_node::shape::scalar || key.scalar.empty()) {
      error(at(key), both("{}的键应为一个词", "a key of {} must be a word", name_));
      continue;
    }
    if (const auto twice = std::ranges::find(members_, key.scalar, &member::key); twice != members_.end()) {
      error(at(key),
            both("键 {} 重复：第 {} 行已有，请只留一处", "duplicate key {}: it is already in line {}; keep one",
                 quote(key.scalar), twice->key_node->line));
      continue;
    }
    members_.push_back({key.scalar, &key, &node_->children[i + 1]});
  }
}

void block::refuse_unknown(const std::vector<std::string_view>& keys, tone t) {
  for (const member& m : members_) {
    if (std::ranges::find(keys, m.key) != keys.end()) continue;
    strange_ = true;
    if (t == tone::discreet && nearest(m.key, keys).empty())
      error(at(*m.key_node),
            both("{}中有无法识别的键：可用 {}", "unknown key in {}: use one of {}", name_, listed(keys)));
    else
      error(at(*m.key_node), unknown_word({"键", "key"}, m.key, keys));
  }
}

const yaml_node* block::find(std::string_view key) const {
  const auto m = std::ranges::find(members_, key, &member::key);
  return m == members_.end() || m->value->what == yaml_node::shape::nothing ? nullptr : m->value;
}

place block::at(std::string_view key) const {
  const auto m = std::ranges::find(members_, key, &member::key);
  return m == members_.end() ? begin() : at(*m->value);
}

std::optional<stated<std::string>> block::text(std::string_view key, std::size_t most) const {
  const yaml_node* value = find(key);
  if (value == nullptr) return std::nullopt;
  const auto refuse = [&](const phrase& why) {
    error(at(*value), both("{} {}", "{} {}", key, why));
    return std::nullopt;
  };
  if (value->what != yaml_node::shape::scalar)
    return refuse(both("应为单个值，而不是{}", "must be one value, not {}", value->shape_name()));
  if (trim(value->scalar).empty())
    return refuse({"为空：请填写，或删去这个键", "is empty: give a value or remove the key"});
  if (value->scalar.size() > most)
    return refuse(both("超过 {} 字节：请缩短", "is longer than {} bytes: shorten it", most));
  if (has_control_characters(value->scalar))
    return refuse({"含有控制字符或换行：请删去", "has a control character or line break: remove it"});
  return stated<std::string>{std::string(trim(value->scalar)), at(*value)};
}

std::vector<stated<std::string>> block::texts(std::string_view key, const list_rules& rules) const {
  std::vector<stated<std::string>> out;
  const yaml_node* node = find(key);
  if (node == nullptr) return out;
  if (node->what != yaml_node::shape::list || node->children.size() < rules.least ||
      node->children.size() > rules.most) {
    error(at(*node), rules.no_list);
    return out;
  }
  for (const yaml_node& n : node->children)
    if (n.what != yaml_node::shape::scalar || trim(n.scalar).empty() || n.scalar.size() > rules.most_bytes ||
        has_control_characters(n.scalar))
      error(at(n), rules.no_text);
    else
      out.push_back({std::string(trim(n.scalar)), at(n)});
  return out;
}

std::optional<stated<milliseconds>> block::duration(std::string_view key, milliseconds low, milliseconds high) const {
  const auto written = text(key, 32);
  if (!written) return std::nullopt;
  const auto value = parse_duration(written->value);
  if (!value) {
    error(written->at, both("{} {}", "{} {}", key, words_of(value.error())));
    return std::nullopt;
  }
  if (*value < low || *value > high) {
    error(written->at, both("{} {} 超出范围：应为 {} 至 {}", "{} {} is out of bounds: {} to {}", key, written->value,
                            duration_text(low), duration_text(high)));
    return std::nullopt;
  }
  return stated<milliseconds>{*value, written->at};
}

std::optional<stated<std::uint64_t>> block::whole(std::string_view key, std::uint64_t low, std::uint64_t high) const {
  const auto written = text(key, 32);
  if (!written) return std::nullopt;
  const auto value = parse_whole(written->value, high);
  if (!value || *value < low) {
    error(written->at,
          both("{} {} 超出范围：应为 {} 至 {} 的整数", "{} {} is out of bounds: a whole number from {} to {}", key,
               quote(written->value), low, high));
    return std::nullopt;
  }
  return stated<std::uint64_t>{*value, written->at};
}

void block::require(std::string_view key, std::string_view example) const {
  if (strange_) return;
  const auto m = std::ranges::find(members_, key, &member::key);
  if (m == members_.end())
    error(begin(), both("{}缺少 '{}'：请写 {}", "{} lacks the key '{}': write {}", name_, key, example));
  else if (m->value->what == yaml_node::shape::nothing)
    error(at(*m->key_node), both("{}的 '{}' 没有值：请写 {}", "{}: '{}' has no value: write {}", name_, key, example));
}

}  // namespace changtong::reading
