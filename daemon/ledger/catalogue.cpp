#include "daemon/ledger/catalogue.h"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/ledger/plain_tables.h"

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
  word("address", t.addresses);
  word("url", t.url);
  word("parent", t.parent);
  word("grade", t.grade);
  instant("accepted", t.accepted);
  instant("closed", t.closed);
  if (const json::value* f = o.if_contains("bandwidth_mbps"); f != nullptr && f->is_number())
    t.bandwidth_mbps = f->to_number<double>();
  return t;
}

/** The words of the versions from `at` on, where they differ from those before. */
void note_words(known_target& t, wall_t at, const target_words& words) {
  if (!t.versions.empty() && t.versions.back().second == words) return;
  t.versions.emplace_back(at, words);
}

}  // namespace

const std::vector<catalogued>& catalogue::read(const tables& t) {
  const std::int64_t newest = t.last_inventory();
  if (newest == read_to_) return targets_;
  targets_.clear();
  // Labels may repeat after a backward step of the clock: a version never takes over before one that was there before
  // it.
  wall_t latest{};
  t.versions([&](std::int64_t number, const std::string& id, const version_row& v) {
    if (targets_.empty() || targets_.back().number != number) {
      targets_.push_back({{}, number, {}});
      latest = v.at;
    }
    catalogued& c = targets_.back();
    scope_version scope{v.seq, {}, {}, {}};
    if (v.json.empty()) {
      if (!c.scopes.empty()) scope = c.scopes.back();
      scope.seq = v.seq;
      scope.removed = v.at;
    } else {
      auto versions = std::move(c.what.versions);
      c.what = target_from(id, v.json);
      c.what.versions = std::move(versions);
      latest = std::max(latest, v.at);
      note_words(c.what, latest, c.what);
      scope.accepted = c.what.accepted;
      scope.closed = c.what.closed;
    }
    c.what.id = id;
    c.scopes.push_back(scope);
  });
  for (catalogued& c : targets_)
    if (c.what.versions.size() == 1) c.what.versions = {};
  std::erase_if(targets_, [](const catalogued& c) { return c.what.kind == "anchor"; });
  std::ranges::sort(targets_, {}, [](const catalogued& c) -> const std::string& { return c.what.id; });
  place_.clear();
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    const std::size_t number = place_of_target(targets_[i].number);
    if (place_.size() <= number) place_.resize(number + 1, -1);
    place_[number] = static_cast<std::int64_t>(i);
  }
  read_to_ = newest;
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

period scope_of(const catalogued& t, wall_t first_entry, wall_t now, std::int64_t as_of) {
  const scope_version* valid = nullptr;
  for (const scope_version& v : t.scopes)
    if (v.seq <= as_of) valid = &v;
  if (valid == nullptr) return {};
  wall_t end = now;
  if (valid->closed) end = std::min(end, *valid->closed);
  if (valid->removed) end = std::min(end, *valid->removed);
  return {valid->accepted.value_or(first_entry), end};
}

}  // namespace changtong::ledger
