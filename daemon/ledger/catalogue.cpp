#include "daemon/ledger/catalogue.h"

#include <algorithm>
#include <boost/json.hpp>

namespace changtong::ledger {
namespace {

namespace json = boost::json;

/** Fields that are not there, or of another type, stay empty: the journal is verified elsewhere. */
known_target target_from(std::string_view id, std::string_view text) {
  known_target t;
  t.id = id;
  boost::system::error_code failed;
  const json::value v = json::parse(text, failed);
  if (failed || !v.is_object()) return t;
  const json::object& o = v.get_object();
  const auto word = [&](std::string_view key, std::string& into) {
    if (const json::value* f = o.if_contains(key); f != nullptr && f->is_string()) into = f->get_string();
  };
  const auto instant = [&](std::string_view key, std::optional<wall_t>& into) {
    if (const json::value* f = o.if_contains(key); f != nullptr && f->is_int64()) into = wall_from_ms(f->get_int64());
  };
  t.kind = "line";
  word("kind", t.kind);
  word("name", t.name);
  word("category", t.category);
  word("unit", t.unit);
  word("town", t.town);
  word("carrier", t.carrier);
  word("circuit", t.circuit);
  word("parent", t.parent);
  word("grade", t.grade);
  instant("accepted", t.accepted);
  instant("closed", t.closed);
  if (const json::value* f = o.if_contains("bandwidth_mbps"); f != nullptr && f->is_number())
    t.bandwidth_mbps = f->to_number<double>();
  return t;
}

std::int64_t last_entry(store& s) {
  statement& last = s.prepared("SELECT max(seq) FROM journal");
  const std::int64_t seq = last.rows().step() && !last.is_null(0) ? last.integer(0) : 0;
  last.reset();
  return seq;
}

bool has_inventory_after(store& s, std::int64_t seq) {
  statement& any = s.prepared("SELECT 1 FROM journal WHERE seq > ? AND kind = 'inventory' LIMIT 1");
  const bool found = any.rows(seq).step();
  any.reset();
  return found;
}

}  // namespace

const std::vector<catalogued>& catalogue::read(store& s) {
  const std::int64_t seq = last_entry(s);
  const bool current = read_to_ >= 0 && !has_inventory_after(s, read_to_);
  read_to_ = seq;
  if (current) return targets_;
  targets_.clear();
  statement& versions = s.prepared(
      "SELECT i.target, t.id, i.at, i.json FROM inventory i JOIN targets t USING(target) ORDER BY i.target, i.seq");
  std::vector<std::string> texts;
  for (versions.rows(); versions.step();) {
    if (targets_.empty() || targets_.back().number != versions.integer(0)) {
      targets_.push_back({{}, versions.integer(0), {}});
      targets_.back().what.id = versions.text(1);
      texts.emplace_back();
    }
    targets_.back().removed.reset();
    if (const std::string_view text = versions.text(3); !text.empty())
      texts.back() = text;
    else
      targets_.back().removed = versions.instant(2);
  }
  versions.reset();
  for (std::size_t i = 0; i < targets_.size(); ++i) targets_[i].what = target_from(targets_[i].what.id, texts[i]);
  std::erase_if(targets_, [](const catalogued& t) { return t.what.kind == "anchor"; });
  std::ranges::sort(targets_, {}, [](const catalogued& t) -> const std::string& { return t.what.id; });
  place_.clear();
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const auto number = static_cast<std::size_t>(targets_[i].number);
    if (place_.size() <= number) place_.resize(number + 1, -1);
    place_[number] = static_cast<std::int64_t>(i);
  }
  return targets_;
}

const catalogued* catalogue::find(std::string_view id) const {
  const auto it =
      std::ranges::lower_bound(targets_, id, {}, [](const catalogued& t) { return std::string_view(t.what.id); });
  return it == targets_.end() || it->what.id != id ? nullptr : &*it;
}

const catalogued* catalogue::find(std::int64_t number) const {
  const auto at = static_cast<std::size_t>(number);
  return number < 0 || at >= place_.size() || place_[at] < 0 ? nullptr
                                                             : &targets_[static_cast<std::size_t>(place_[at])];
}

std::vector<const catalogued*> catalogue::in_storage_order() const {
  std::vector<const catalogued*> all;
  all.reserve(targets_.size());
  for (const std::int64_t place : place_)
    if (place >= 0) all.push_back(&targets_[static_cast<std::size_t>(place)]);
  return all;
}

period scope_of(const catalogued& t, wall_t first_entry, wall_t now) {
  wall_t end = now;
  if (t.what.closed) end = std::min(end, *t.what.closed);
  if (t.removed) end = std::min(end, *t.removed);
  return {t.what.accepted.value_or(first_entry), end};
}

}  // namespace changtong::ledger
