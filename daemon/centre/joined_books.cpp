#include "daemon/centre/joined_books.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>
#include <variant>

#include "daemon/core/id_list.h"
#include "daemon/core/ids_of_node.h"

namespace changtong::centre {
namespace {

using availability::outage;
using availability::target_history;
using ledger::known_target;

/** Of which several nodes' may stand beside each other: they are about lines. */
constexpr std::array about_lines{description<annotation>::kind, description<trace_record>::kind,
                                 description<trap_record>::kind};

void name(std::string& id, const std::string& prefix) {
  if (!id.empty() && id != every_target) id.insert(0, prefix);
}

void name(outage& o, const std::string& prefix) {
  name(o.target, prefix);
  name(o.upstream, prefix);
}

void name_all(std::string& list, const std::string& prefix) {
  std::vector<std::string> ids = ids_in(list);
  for (std::string& id : ids) name(id, prefix);
  list = list_of_ids(ids);
}

void name(record& what, const std::string& prefix) {
  std::visit(
      [&prefix]<class T>(T& r) {
        if constexpr (requires { r.target; }) name(r.target, prefix);
        if constexpr (requires { r.targets; }) name_all(r.targets, prefix);
        if constexpr (requires { r.line; }) name(r.line, prefix);
        if constexpr (requires { r.alert; }) name(r.alert, prefix);
        if constexpr (requires { r.number; }) name(r.number, prefix);
      },
      what);
}

}  // namespace

joined_books::joined_books(std::vector<joined_part> parts, const civil_zone& zone)
    : parts_(std::move(parts)), zone_(zone) {}

std::string joined_books::prefix_of(const joined_part& p) const {
  return is_one() ? std::string() : prefix_of_node(p.node);
}

void joined_books::of(
    std::string_view id,
    const std::function<void(const joined_part&, const std::string& prefix, std::string_view)>& each) const {
  for (const joined_part& p : parts_) {
    const std::string prefix = prefix_of(p);
    if (id.empty())
      each(p, prefix, {});
    else if (is_one())
      each(p, prefix, id);
    else if (prefix_in(id) == prefix)
      each(p, prefix, id.substr(prefix.size()));
  }
}

wall_t joined_books::first_entry() const {
  wall_t first = wall_max;
  for (const joined_part& p : parts_) first = std::min(first, p.books->first_entry());
  return first;
}

wall_t joined_books::heartbeat() const {
  wall_t last = wall_min;
  for (const joined_part& p : parts_) last = std::max(last, p.known);
  return last;
}

std::vector<known_target> joined_books::targets() const {
  std::vector<known_target> all;
  of({}, [&](const joined_part& p, const std::string& prefix, std::string_view) {
    for (known_target& t : p.books->targets()) {
      name(t.id, prefix);
      all.push_back(std::move(t));
    }
  });
  return all;
}

std::vector<std::pair<std::string, std::string>> joined_books::categories() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const joined_part& p : parts_)
    for (auto& one : p.books->categories())
      if (std::ranges::find(all, one.first, &std::pair<std::string, std::string>::first) == all.end())
        all.push_back(std::move(one));
  return all;
}

void joined_books::histories(period p, wall_t now, std::string_view only,
                             const std::function<void(const known_target&, const target_history&)>& each) const {
  of(only, [&](const joined_part& part, const std::string& prefix, std::string_view its) {
    const wall_t cut = std::min(now, part.cut);
    if (prefix.empty()) return part.books->histories(p, cut, its, each);
    part.books->histories(p, cut, its, [&](const known_target& t, const target_history& h) {
      known_target words = t;
      target_history named = h;
      name(words.id, prefix);
      name(named.target, prefix);
      for (outage& o : named.outages) name(o, prefix);
      each(words, named);
    });
  });
}

std::vector<outage> joined_books::outages(period p, std::string_view only, std::size_t limit) const {
  std::vector<outage> all;
  of(only, [&](const joined_part& part, const std::string& prefix, std::string_view its) {
    for (outage& o : part.books->outages(p, its, limit)) {
      name(o, prefix);
      all.push_back(std::move(o));
    }
  });
  if (is_one()) return all;
  std::ranges::sort(all, [](const outage& a, const outage& b) {
    return a.began != b.began ? a.began > b.began : a.target < b.target;
  });
  if (all.size() > limit) all.resize(limit);
  return all;
}

std::vector<ledger::window_entry> joined_books::windows() const {
  std::vector<ledger::window_entry> all;
  of({}, [&](const joined_part& p, const std::string& prefix, std::string_view) {
    std::vector<ledger::window_entry> its = p.books->windows();
    if (is_one()) return all.swap(its);
    for (ledger::window_entry& w : its) {
      w.what.target.insert(0, prefix);  // also of *
      all.push_back(std::move(w));
    }
  });
  return all;
}

wall_t joined_books::sealed_until() const {
  wall_t first = wall_max;
  for (const joined_part& p : parts_) first = std::min(first, p.books->sealed_until());
  return first;
}

std::vector<policy_version> joined_books::policies() const {
  return is_one() ? parts_.front().books->policies() : std::vector<policy_version>{};
}

std::set<std::int32_t> joined_books::rules() const {
  std::set<std::int32_t> all;
  for (const joined_part& p : parts_) all.merge(p.books->rules());
  return all;
}

std::vector<started> joined_books::starts() const {
  return is_one() ? parts_.front().books->starts() : std::vector<started>{};
}

void joined_books::declared(std::string_view kind, const ledger::declared_query& q, std::string_view target,
                            const std::function<void(record&&)>& each) const {
  if (is_one()) return parts_.front().books->declared(kind, q, target, each);
  if (std::ranges::find(about_lines, kind) == about_lines.end()) return;
  of(target, [&](const joined_part& p, const std::string& prefix, std::string_view its) {
    p.books->declared(kind, q, its, [&](record&& what) {
      name(what, prefix);
      each(std::move(what));
    });
  });
}

void joined_books::alert_journal(std::string_view since, const std::function<void(record&&)>& each) const {
  of({}, [&](const joined_part& p, const std::string& prefix, std::string_view) {
    p.books->alert_journal(since, [&](record&& what) {
      if (!is_one()) name(what, prefix);
      each(std::move(what));
    });
  });
}

}  // namespace changtong::centre
