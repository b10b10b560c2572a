#include "daemon/entries/target_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "daemon/core/address.h"
#include "daemon/core/id_list.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/entries/entry_words.h"

namespace changtong::entries {
namespace {

constexpr std::size_t most_listed = 5;

bool is_called(const ledger::known_target& t, std::string_view word, const std::optional<ip_address>& address) {
  if (t.name == word || t.circuit == word || t.url == word) return true;
  return address && std::ranges::any_of(ids_in(t.addresses),
                                        [&](const std::string& one) { return parse_address(one) == address; });
}

refused conflict(std::string code, phrase why) {
  return {refused::reason::conflict, std::move(code), std::move(why.cn), std::move(why.en), 0};
}

refused several(std::string_view word, const std::vector<const ledger::known_target*>& called) {
  return conflict("several_targets", both("“{}”不止一条：{}；请写编号", "\"{}\" is several: {}; write an id",
                                          shortened(word, 64), listed(called)));
}

}  // namespace

meant_targets meant_by(std::string_view word, std::span<const ledger::known_target> all, wall_t now) {
  meant_targets out;
  if (word.empty()) return out;
  if (const auto one = std::ranges::find(all, word, &ledger::known_target::id); one != all.end()) {
    out.here.push_back(&*one);
    return out;
  }
  const auto address = parse_address(word);
  for (const ledger::known_target& t : all) {
    if (!is_called(t, word, address)) continue;
    const bool gone = t.removed || (t.closed && *t.closed <= now);
    (gone ? out.gone : out.here).push_back(&t);
  }
  if (!out.here.empty()) out.gone.clear();
  return out;
}

std::string listed(const std::vector<const ledger::known_target*>& some) {
  std::string out;
  for (std::size_t i = 0; i < std::min(some.size(), most_listed); ++i) {
    out += (out.empty() ? "" : "、") + some[i]->id;
    if (!some[i]->name.empty()) out += "（" + some[i]->name + "）";
  }
  return some.size() > most_listed ? out + fmt::format(" 等 {} 条", some.size()) : out;
}

const std::map<std::string_view, const ledger::known_target*>& target_names::all() {
  if (is_read_) return all_;
  read_ = books_.targets();
  std::erase_if(read_, &ledger::known_target::removed);
  for (const ledger::known_target& t : read_) all_.emplace(t.id, &t);
  is_read_ = true;
  return all_;
}

boost::system::result<std::string, refused> target_names::id_of(const std::string& word) {
  if (all().contains(word)) return word;
  const meant_targets meant = meant_by(word, read_, now_);
  if (meant.here.size() == 1) return meant.here.front()->id;
  if (meant.here.size() > 1) return several(word, meant.here);
  if (meant.gone.empty()) return unknown_target(word);
  const ledger::known_target& last = **std::ranges::max_element(
      meant.gone, {}, [](const ledger::known_target* t) { return std::pair(t->closed.value_or(wall_min), t->id); });
  return conflict("closed_target",
                  both("“{0}”是 {1}，已于 {2} 停用；仍要写它，请写编号 {1}",
                       "\"{0}\" is {1}, closed since {2}; if it is meant all the same, write its id {1}",
                       shortened(word, 64), last.id, zone_.format_short(*last.closed)));
}

boost::system::result<std::string, refused> target_names::known_as(const std::string& word) const {
  const std::vector<ledger::known_target> everybody = books_.targets();
  const meant_targets meant = meant_by(word, everybody, now_);
  const auto& called = meant.here.empty() ? meant.gone : meant.here;
  if (called.size() > 1) return several(word, called);
  return called.empty() ? boost::system::result<std::string, refused>(unknown_target(word)) : called.front()->id;
}

boost::system::result<std::vector<std::string>, refused> target_names::ids_of(const std::vector<std::string>& words) {
  std::vector<std::string> ids;
  std::set<std::string, std::less<>> there;
  for (const std::string& word : words) {
    auto id = id_of(word);
    if (!id) return id.error();
    if (there.insert(*id).second) ids.push_back(std::move(*id));
  }
  return ids;
}

}  // namespace changtong::entries
