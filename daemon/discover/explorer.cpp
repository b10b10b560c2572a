#include "daemon/discover/explorer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "daemon/core/ascii.h"
#include "daemon/core/csv.h"

namespace changtong::discover {
namespace {

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool in_an_id(char c) { return is_letter(c) || c == '.' || c == '_' || c == '-'; }

/** ASCII, four characters or more, a digit among them. */
bool is_circuit(std::string_view word) {
  const auto plain = [](char c) { return is_letter(c) || c == '-' || c == '_' || c == '/' || c == '.' || c == '#'; };
  return word.size() >= 4 && std::ranges::all_of(word, plain) && std::ranges::any_of(word, is_digit);
}

/** An id's characters of a text, others as one `-`; empty if nothing is left that tells it from others. */
std::string as_id(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, text.find(' ')))
    if (in_an_id(c))
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  while (!out.empty() && !is_letter(out.back())) out.pop_back();
  while (!out.empty() && !is_letter(out.front())) out.erase(0, 1);
  if (ascii::lower(out).starts_with("anchor")) out = "D-" + out;
  return out.substr(0, 56);
}

std::string addresses_of(const target& t) {
  std::string out;
  for (const ip_address& a : t.addresses) out += (out.empty() ? "" : " ") + to_string(a);
  return out;
}

}  // namespace

alias_words read_alias(std::string_view alias) {
  alias_words out;
  for (std::size_t at = 0; at < alias.size();) {
    const std::size_t begin = alias.find_first_not_of(' ', at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(alias.find(' ', begin), alias.size());
    const std::string_view word = alias.substr(begin, end - begin);
    if (out.circuit.empty() && is_circuit(word))
      out.circuit = word;
    else
      out.name += (out.name.empty() ? "" : " ") + std::string(word);
    at = end;
  }
  return out;
}

explorer::explorer(const ip_address& first, const inventory* known, explorer_limits limits)
    : known_(known), limits_(std::move(limits)) {
  for (std::size_t i = 0; known_ != nullptr && i < known_->targets.size(); ++i) {
    const target& t = known_->targets[i];
    ids_.insert(ascii::lower(t.id));
    if (t.kind != target_kind::line) continue;
    for (const ip_address& a : t.addresses) line_by_address_.emplace(a, i);
    line_by_id_.emplace(ascii::lower(t.id), i);
    line_by_name_.emplace(t.name, i);
  }
  waiting_.push_back(first);
  asked_[first] = {add({.address = first, .from = proposal::origin::start}, in_inventory({first}, {})), 0};
}

std::vector<ip_address> explorer::next() {
  std::vector<ip_address> out;
  for (const ip_address& a : std::exchange(waiting_, {})) {
    if (asked_count_ < limits_.limit) {
      ++asked_count_;
      out.push_back(a);
    } else if (!std::exchange(limit_said_, true)) {
      remarks_.push_back({to_string(a), both("已问过 {} 台设备，其余的没有问（--limit）",
                                             "{} devices were asked, the rest were not (--limit)", limits_.limit)});
    }
  }
  return out;
}

std::size_t explorer::add(proposal p, const target* known) {
  p.category = limits_.category;
  if (known != nullptr) know(p, *known);
  proposals_.push_back(std::move(p));
  return proposals_.size() - 1;
}

void explorer::know(proposal& p, const target& t) {
  p.known = true;
  p.id = t.id;
  p.name = t.name;
  p.category = t.category;
  p.inventory_parent = t.parent;
  if (p.from == proposal::origin::start) p.parent = t.parent;
}

const target* explorer::in_inventory(const std::vector<ip_address>& addresses, const std::string& name) const {
  if (known_ == nullptr) return nullptr;
  std::size_t first = known_->targets.size();
  const auto look = [&](const auto& lines, const auto& key) {
    if (const auto at = lines.find(key); at != lines.end()) first = std::min(first, at->second);
  };
  for (const ip_address& a : addresses) look(line_by_address_, a);
  if (addresses.empty() && !name.empty()) {
    look(line_by_id_, ascii::lower(name));
    look(line_by_name_, name);
  }
  return first == known_->targets.size() ? nullptr : &known_->targets[first];
}

std::optional<std::size_t> explorer::found_before(const std::vector<ip_address>& addresses, const std::string& name,
                                                  const std::string& chassis) const {
  if (const auto at = by_chassis_.find(chassis); at != by_chassis_.end()) return at->second;
  for (const ip_address& a : addresses)
    if (const auto at = by_address_.find(a); at != by_address_.end()) return at->second;
  // Names are often the factory's; only where nothing else tells devices apart do they.
  if (chassis.empty() && addresses.empty())
    if (const auto at = by_name_.find(name); at != by_name_.end()) return at->second;
  return std::nullopt;
}

void explorer::know_as(const std::vector<ip_address>& addresses, const std::string& name, const std::string& chassis,
                       std::size_t place) {
  for (const ip_address& a : addresses) by_address_.emplace(a, place);
  if (!name.empty()) by_name_.emplace(name, place);
  if (!chassis.empty()) by_chassis_.emplace(chassis, place);
}

std::string explorer::new_id(const std::string& name, const std::string& circuit,
                             const std::optional<ip_address>& address) {
  std::string id = as_id(name.substr(0, name.find('.')));
  if (id.empty()) id = as_id(circuit);
  if (id.empty() && address) {
    id = "D-" + to_string(*address);
    std::ranges::replace(id, ':', '-');
  }
  if (id.empty()) id = "D";
  std::string unique = id;
  for (int& n = next_number_.try_emplace(ascii::lower(id), 2).first->second; !ids_.insert(ascii::lower(unique)).second;
       ++n)
    unique = fmt::format("{}-{}", id, n);
  return unique;
}

void explorer::take(const ip_address& who, const device_view& seen, const phrase& trouble) {
  const auto at = asked_.find(who);
  if (at == asked_.end()) return;
  const asked here = at->second;
  std::vector<ip_address> all = seen.own;
  all.push_back(who);
  {
    proposal& p = proposals_[here.place];
    if (!p.known && p.from == proposal::origin::start)
      if (const target* t = in_inventory(all, {})) know(p, *t);
    if (!p.known && p.name.empty()) p.name = seen.name;
    if (p.id.empty()) p.id = new_id(p.name, p.circuit, p.address);
    if (p.name.empty()) p.name = p.id;
  }
  know_as(all, seen.name, seen.chassis, here.place);
  const std::string id = proposals_[here.place].id;
  if (!trouble.empty()) remarks_.push_back({id, both("没有读全：{}", "not wholly read: {}", trouble)});
  if (!seen.speaks_lldp)
    remarks_.push_back({id, {"没有 LLDP 表，只能看 ARP 表", "it has no LLDP tables: only its ARP table tells"}});
  neighbours_of(seen, here);
  arp_of(seen, here);
}

void explorer::take_silence(const ip_address& who, const phrase& why) {
  const auto at = asked_.find(who);
  if (at == asked_.end()) return;
  proposal& p = proposals_[at->second.place];
  if (p.id.empty()) p.id = new_id(p.name, p.circuit, p.address);
  if (p.name.empty()) p.name = p.id;
  remarks_.push_back({to_string(who), both("问不到（{}），它下面有什么不得而知",
                                           "cannot be asked ({}): what hangs below it is not known", why)});
}

void explorer::neighbours_of(const device_view& seen, const asked& here) {
  for (const neighbour& n : seen.neighbours) {
    if (found_before(n.addresses, n.name, n.chassis)) continue;  // back where we came from, or a second way
    const auto port = seen.ports.find(n.port);
    const alias_words alias = read_alias(port == seen.ports.end() ? "" : port->second.alias);
    const std::optional<ip_address> address = n.addresses.empty() ? std::nullopt : std::optional(n.addresses.front());
    proposal p{.name = n.name.empty() ? alias.name : n.name,
               .circuit = alias.circuit,
               .address = address,
               .parent = proposals_[here.place].id,
               .parent_port = n.port_shown,
               .from = proposal::origin::lldp};
    const std::string found_name = p.name;
    const target* known = in_inventory(n.addresses, found_name);
    // What stands above the device one began at is no child of it.
    if (known != nullptr && known_ != nullptr) {
      const target* mine = known_->find(proposals_[here.place].id);
      if (mine != nullptr && mine->parent == known->id) continue;
    }
    const std::size_t place = add(std::move(p), known);
    proposal& made = proposals_[place];
    if (made.id.empty()) made.id = new_id(found_name, made.circuit, made.address);
    if (made.name.empty()) made.name = made.id;
    know_as(n.addresses, n.name, n.chassis, place);
    if (!address)
      remarks_.push_back({made.id, both("{} 的 {} 上的邻居没有管理地址，不能成为一行",
                                        "the neighbour at {}'s {} tells no address: it cannot be a row", made.parent,
                                        made.parent_port)});
    if (!address || here.depth >= limits_.depth || asked_.contains(*address)) continue;
    asked_[*address] = {place, here.depth + 1};
    waiting_.push_back(*address);
  }
}

void explorer::arp_of(const device_view& seen, const asked& here) {
  std::map<std::uint32_t, std::vector<ip_address>> behind;
  std::set<std::uint32_t> with_neighbour;
  for (const neighbour& n : seen.neighbours) with_neighbour.insert(n.port);
  for (const arp_entry& e : seen.arp)
    if (!with_neighbour.contains(e.port) && (!limits_.is_ours || !limits_.is_ours(e.address)))
      behind[e.port].push_back(e.address);
  for (const auto& [index, addresses] : behind) {
    const auto at = seen.ports.find(index);
    const port p = at == seen.ports.end() ? port{} : at->second;
    const std::string shown = p.shown().empty() ? fmt::format("#{}", index) : p.shown();
    if (addresses.size() > 1) {
      remarks_.push_back({proposals_[here.place].id,
                          both("接口 {} 后面有 {} 个地址，哪个是专线不得而知",
                               "{1} addresses behind interface {0}: which of them is a line nobody can tell", shown,
                               addresses.size())});
      continue;
    }
    if (found_before(addresses, {}, {})) continue;
    const alias_words alias = read_alias(p.alias);
    const std::size_t place = add({.name = alias.name,
                                   .circuit = alias.circuit,
                                   .address = addresses.front(),
                                   .parent = proposals_[here.place].id,
                                   .parent_port = shown,
                                   .from = proposal::origin::arp},
                                  in_inventory(addresses, {}));
    proposal& made = proposals_[place];
    if (made.id.empty()) made.id = new_id(made.name, made.circuit, made.address);
    if (made.name.empty()) made.name = made.id;
    know_as(addresses, {}, {}, place);
  }
}

std::string lines_csv(const std::vector<proposal>& proposals, const inventory* known) {
  std::string rows;
  std::set<std::string> written;
  const auto write = [&](const std::string& id, const std::string& name, const std::string& category,
                         const std::string& circuit, const std::string& address, const std::string& parent) {
    if (!written.insert(id).second) return;
    rows += fmt::format("{},{},{},{},{},{}\n", csv_field(id), csv_field(name), csv_field(category), csv_field(circuit),
                        csv_field(address), csv_field(parent));
  };
  std::size_t there = 0;
  for (const proposal& p : proposals) {
    const target* t = known == nullptr ? nullptr : known->find(p.known ? p.id : p.parent);
    for (; t != nullptr && !written.contains(t->id); t = known->find(t->parent)) {
      write(t->id, t->name, t->category, t->circuit, addresses_of(*t), t->parent);
      ++there;
    }
  }
  for (const proposal& p : proposals)
    if (!p.known && p.address && !p.id.empty())
      write(p.id, p.name, p.category, p.circuit, to_string(*p.address), p.parent);
  std::string head =
      "# 由 changtong discover 提出，请核对类别、名称和上级后再并入清单 / proposed, to be looked through by a person\n";
  if (there > 0)
    head += fmt::format(
        "# 前 {0} 行已在清单中，只为让本文件自成一体 / the first {0} rows are in the inventory already\n", there);
  return head + "编号,名称,类别,电路编号,地址,上级\n" + rows;
}

}  // namespace changtong::discover
