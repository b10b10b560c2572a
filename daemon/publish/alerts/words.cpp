#include "daemon/publish/alerts/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_set>

#include "daemon/core/id_list.h"
#include "daemon/publish/alerts/own_faults.h"

namespace changtong::alerts {

namespace {

constexpr std::size_t most_names = 10;
constexpr std::size_t most_shares = 6;

/** What is known of one step. */
class telling {
 public:
  telling(const alert_record& step, const told_world& world) : step_(step), world_(world), ids_(ids_in(step.targets)) {
    for (const std::string& id : ids_)
      if (const target* t = world.targets->find(id)) targets_.push_back(t);
  }

  [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }
  /** Whose words are used. */
  [[nodiscard]] alert_subject words_of() const { return without_its_head() ? alert_subject::many : step_.subject; }

  [[nodiscard]] told_values values(worded_step how) const {
    told_values v;
    const auto set = [&](told_fact f, std::string text) { v[place_of(f)] = std::move(text); };
    set(told_fact::name, name());
    set(told_fact::alert, step_.alert);
    set(told_fact::began, clock(step_.began));
    set(told_fact::kind, kind());
    set(told_fact::count, ids_.empty() ? "" : std::to_string(ids_.size()));
    set(told_fact::other, ids_.empty() ? "" : std::to_string(behind()));
    set(told_fact::names, names());
    if (ids_.size() > most_names) set(told_fact::more, std::to_string(ids_.size() - most_names));
    const wall_t end = how == worded_step::resolved ? ended() : world_.now;
    set(told_fact::lasted, length_in_words(std::max(end - step_.began, milliseconds{0})));
    if (how == worded_step::resolved) set(told_fact::ended, clock(end));
    set(told_fact::cause, why());
    set(told_fact::observation, how == worded_step::resolved ? "" : observation());
    set(told_fact::value, step_.subject == alert_subject::certificate ? certificate() : "");
    about_one(set);
    if (how == worded_step::resolved) {
      month(set);
      if (const std::size_t n = world_.left ? world_.left(step_.alert) : 0; n > 0)
        set(told_fact::left, std::to_string(n));
    }
    if (!world_.link.empty()) set(told_fact::link, world_.link + "/#alert=" + step_.alert);
    return v;
  }

 private:
  using setter = std::function<void(told_fact, std::string)>;

  /** The one line or site that the message is about; null: there are several. */
  [[nodiscard]] const target* leading() const {
    if (step_.subject == alert_subject::upstream) return world_.targets->find(step_.name);
    return targets_.size() == 1 ? targets_[0] : nullptr;
  }

  [[nodiscard]] std::string name() const {
    if (step_.subject == alert_subject::own) {
      const own_fault* f = own_fault_named(step_.name);
      return f != nullptr ? std::string(f->chinese) : step_.name;
    }
    if (const target* t = leading()) return (t->name.empty() ? t->id : t->name) + (without_its_head() ? "之下" : "");
    if (step_.subject == alert_subject::carrier || step_.subject == alert_subject::town) return step_.name;
    if (ids_.empty()) return step_.name;
    const std::string& first = targets_.empty() || targets_[0]->name.empty() ? ids_[0] : targets_[0]->name;
    return ids_.size() == 1 ? first : first + "等";
  }

  /** The line itself is still down, and some of what hangs below it is well. */
  [[nodiscard]] bool without_its_head() const {
    return step_.subject == alert_subject::upstream && step_.step == alert_step::resolved &&
           std::ranges::find(ids_, step_.name) == ids_.end();
  }

  /** 村线 only where all of them are. */
  [[nodiscard]] std::string kind() const {
    const auto all = [&](auto is) {
      bool some = false;
      for (const target* t : targets_) {
        if (t->id == step_.name && step_.subject == alert_subject::upstream) continue;
        if (!is(*t)) return false;
        some = true;
      }
      return some;
    };
    if (all([](const target& t) { return t.kind == target_kind::site; })) return "网站";
    if (all([](const target& t) { return t.category == "village"; })) return "村线";
    return "线路";
  }

  [[nodiscard]] std::size_t behind() const {
    const bool itself = std::ranges::find(ids_, step_.name) != ids_.end();
    return ids_.size() - (itself ? 1 : 0);
  }

  [[nodiscard]] std::string names() const {
    std::string out;
    std::size_t n = 0;
    for (const target* t : targets_) {
      if (t->id == step_.name && step_.subject == alert_subject::upstream) continue;
      if (n++ == most_names) break;
      out += (out.empty() ? "" : "、") + (t->name.empty() ? t->id : t->name);
    }
    return out;
  }

  [[nodiscard]] std::optional<outage_facts> outage(std::string_view id) const {
    return world_.outage ? world_.outage(id) : std::nullopt;
  }

  [[nodiscard]] wall_t ended() const {
    wall_t last = wall_min;
    for (const std::string& id : ids_)
      if (const auto o = outage(id); o && o->ended && *o->ended <= step_.at) last = std::max(last, *o->ended);
    return last == wall_min ? step_.at : last;
  }

  [[nodiscard]] std::string why() const {
    if (step_.subject == alert_subject::degraded) return step_.name;
    const target* t = leading();
    const auto o = t != nullptr ? outage(t->id) : std::nullopt;
    if (!o || o->why == cause::none) return {};
    if (!o->upstream.empty()) {
      const target* up = world_.targets->find(o->upstream);
      return fmt::format("上级 {} 中断", up != nullptr ? up->name : o->upstream);
    }
    return std::string(chinese(o->why)) + (o->after_own_uplink ? "（紧接本单位上联中断之后）" : "");
  }

  [[nodiscard]] std::string certificate() const {
    int days = 0;
    const auto [end, bad] = std::from_chars(step_.name.data(), step_.name.data() + step_.name.size(), days);
    if (bad != std::errc{} || end != step_.name.data() + step_.name.size()) return step_.name;
    return days < 0 ? "已过期" : fmt::format("还有 {} 天到期", days);
  }

  [[nodiscard]] std::string observation() const {
    if (step_.subject == alert_subject::own) {
      const own_fault* f = own_fault_named(step_.name);
      return f != nullptr ? std::string(f->means) : std::string{};
    }
    if (!world_.state) return {};
    if (const target* t = leading()) return t->kind == target_kind::site ? among_sites(*t) : around(*t);
    if (step_.subject == alert_subject::carrier) return of_carrier();
    if (step_.subject == alert_subject::town) return of_town();
    return step_.subject == alert_subject::many ? of_many() : std::string{};
  }

  struct tally {
    std::size_t all = 0, up = 0, down = 0;
  };
  /** What the alert names is down unless it is seen to be up: what is shown of a line may be a moment behind. */
  template <class Which>
  [[nodiscard]] tally count(Which which) const {
    tally out;
    const std::unordered_set<const target*> named(targets_.begin(), targets_.end());
    const std::vector<target>& all = world_.targets->targets;
    for (target_index k = 0; k < all.size(); ++k) {
      if (all[k].kind == target_kind::anchor || !in_scope(all[k]) || !which(all[k])) continue;
      const line_state s = world_.state(k);
      ++out.all;
      if (s == line_state::up) ++out.up;
      if (s == line_state::down || (s != line_state::up && named.contains(&all[k]))) ++out.down;
    }
    return out;
  }
  [[nodiscard]] bool in_scope(const target& t) const {
    return (!t.accepted || *t.accepted <= world_.now) && (!t.closed || world_.now < *t.closed);
  }

  /** Of a line: its parent and its neighbours, which it is not to blame on. */
  [[nodiscard]] std::string around(const target& t) const {
    std::string out;
    const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "；") + text; };
    if (t.parent_index != no_index && world_.state(t.parent_index) == line_state::up)
      add(fmt::format("上级 {} 正常", world_.targets->targets[t.parent_index].name));
    const auto neighbours = [&](std::string_view word, const tally& n) {
      if (n.all > 0) add(fmt::format("{}其余 {} 条{}", word, n.all, in_state(n)));
    };
    const auto line = [&](const target& o) { return o.kind == target_kind::line && o.id != t.id; };
    if (!t.town.empty()) neighbours(t.town, count([&](const target& o) { return line(o) && o.town == t.town; }));
    if (!t.carrier.empty())
      neighbours(t.carrier, count([&](const target& o) { return line(o) && o.carrier == t.carrier; }));
    return out;
  }

  [[nodiscard]] static std::string in_state(const tally& n) {
    if (n.up == n.all) return "正常";
    if (n.down == n.all) return "也中断";
    std::string out = fmt::format("中 {} 条正常", n.up);
    if (n.down > 0) out += fmt::format("、{} 条中断", n.down);
    if (n.up + n.down < n.all) out += fmt::format("、{} 条未知", n.all - n.up - n.down);
    return out;
  }

  [[nodiscard]] std::string among_sites(const target& t) const {
    const tally n = count([&](const target& o) { return o.kind == target_kind::site && o.id != t.id; });
    return n.all == 0 ? std::string{} : fmt::format("其余 {} 个网站{}", n.all, in_state(n));
  }

  [[nodiscard]] std::string of_carrier() const {
    const tally own = count([&](const target& t) { return t.kind == target_kind::line && t.carrier == step_.name; });
    const tally rest = count([&](const target& t) { return t.kind == target_kind::line && t.carrier != step_.name; });
    return fmt::format("{}共 {} 条，{} 条中断", step_.name, own.all, own.down) +
           (rest.all == 0         ? ""
            : rest.up == rest.all ? fmt::format("；其他运营商 {} 条无一中断", rest.all)
                                  : fmt::format("；其他运营商 {} 条{}", rest.all, in_state(rest)));
  }

  [[nodiscard]] std::string of_town() const {
    const tally own = count([&](const target& t) { return t.kind == target_kind::line && t.town == step_.name; });
    std::string out = fmt::format("{}共 {} 条，{} 条中断", step_.name, own.all, own.down);
    const std::string carriers = shares(&target::carrier);
    return carriers.empty() ? out : out + "（" + carriers + "）";
  }

  /** Of what has no one name: where it is, and whose it is. */
  [[nodiscard]] std::string of_many() const {
    const std::string towns = shares(&target::town), carriers = shares(&target::carrier);
    return towns + (towns.empty() || carriers.empty() ? "" : "；") + carriers;
  }

  /** How many of the alert's share what, the most first. */
  [[nodiscard]] std::string shares(std::string target::* of) const {
    std::map<std::string_view, std::size_t> by;
    for (const target* t : targets_)
      if (!(t->*of).empty()) ++by[t->*of];
    std::vector<std::pair<std::string_view, std::size_t>> sorted(by.begin(), by.end());
    std::ranges::sort(sorted, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    std::string out;
    for (std::size_t k = 0; k < std::min(sorted.size(), most_shares); ++k)
      out += fmt::format("{}{} {} 条", k == 0 ? "" : "、", sorted[k].first, sorted[k].second);
    return out + (sorted.size() > most_shares ? fmt::format("等 {} 个", sorted.size()) : "");
  }

  void about_one(const setter& set) const {
    const target* t = leading();
    if (t == nullptr) t = step_.subject == alert_subject::carrier && !targets_.empty() ? targets_[0] : nullptr;
    if (t == nullptr) return;
    if (world_.service_phone) set(told_fact::phone, world_.service_phone(*t));
    if (step_.subject == alert_subject::carrier) return;
    set(told_fact::unit, t->unit);
    set(told_fact::town, t->town);
    set(told_fact::carrier, t->carrier);
    set(told_fact::circuit, t->circuit);
    set(told_fact::grade, t->grade);
    set(told_fact::address, !t->url.empty()        ? t->url
                            : t->addresses.empty() ? std::string{}
                                                   : to_string(t->addresses[0]));
  }

  void month(const setter& set) const {
    if (!world_.month || ids_.empty()) return;
    const auto figures = world_.month(ids_, step_.began);
    if (!figures) return;
    set(told_fact::month, figures->with);
    set(told_fact::effect, figures->effect);
  }

  /** Hours of today; else with the day. */
  [[nodiscard]] std::string clock(wall_t at) const {
    const std::string full = world_.zone->format_short(at);
    const std::string today = world_.zone->format_short(world_.now);
    if (full.size() < 19 || today.size() < 19) return full;
    if (full.substr(0, 10) == today.substr(0, 10)) return full.substr(11);
    return full.substr(0, 4) == today.substr(0, 4) ? full.substr(5) : full;
  }

  const alert_record& step_;
  const told_world& world_;
  std::vector<std::string> ids_;
  std::vector<const target*> targets_;  ///< of them, those that the inventory has
};

/** What is about ourselves is one kind of message, and its end has words of its own all the same. */
worded_step worded(message_kind how, alert_step step) {
  switch (how) {
    case message_kind::own:
      return step == alert_step::resolved ? worded_step::resolved : worded_step::opened;
    case message_kind::grown:
      return worded_step::grown;
    case message_kind::resolved:
      return worded_step::resolved;
    case message_kind::acknowledged:
      return worded_step::acknowledged;
    default:
      return worded_step::opened;
  }
}

}  // namespace

std::string length_in_words(milliseconds length) {
  const std::int64_t s = length.count() / 1000;
  std::string out;
  if (s >= 86400) out += fmt::format("{} 天 ", s / 86400);
  if (s >= 3600) out += fmt::format("{} 小时 ", s / 3600 % 24);
  if (s >= 60) out += fmt::format("{} 分 ", s / 60 % 60);
  return out + fmt::format("{} 秒", s % 60);
}

message in_words(const message_words& words, const alert_record& step, message_kind how, const told_world& world,
                 const told_besides& besides) {
  const telling t(step, world);
  const worded_step as = worded(how, step.step);
  told_values v = t.values(as);
  v[place_of(told_fact::note)] = besides.note;
  message_words::written w = words.write(t.words_of(), as, v);
  return {.id = step.alert,
          .kind = how,
          .cause = std::string(name_of(step.subject)),
          .began = step.began,
          .lines = t.ids(),
          .count = t.ids().size(),
          .title = w.title.empty() ? v[place_of(told_fact::name)] : std::move(w.title),
          .text = std::move(w.text),
          .link = v[place_of(told_fact::link)],
          .severity = besides.severity};
}

message digest_of(std::span<const message> all, bool daily, const told_world& world, const told_besides& besides) {
  message out;
  out.severity = besides.severity;
  out.cause = "many";
  out.began = world.now;
  for (const message& m : all) {
    if (out.id.empty()) out.id = m.id;
    out.began = std::min(out.began, m.began);
    out.lines.insert(out.lines.end(), m.lines.begin(), m.lines.end());
    out.text += m.title + "\n";
  }
  const auto inventory_order = [&](const std::string& id) {
    const auto at = world.targets->by_id.find(id);
    return at == world.targets->by_id.end() ? no_index : at->second;
  };
  std::ranges::sort(out.lines);
  const auto twice = std::ranges::unique(out.lines);
  out.lines.erase(twice.begin(), twice.end());
  std::ranges::sort(out.lines, {}, inventory_order);
  out.count = out.lines.size();
  if (!all.empty() && std::ranges::all_of(all, [&](const message& m) { return m.kind == all[0].kind; }))
    out.kind = all[0].kind;
  const std::string day = world.zone->format_short(world.now).substr(0, 10);
  if (daily)
    out.title = all.empty() ? day + " 告警日报：没有告警" : fmt::format("{} 告警日报：{} 项", day, all.size());
  else
    out.title = fmt::format("{} 项告警", all.size());
  if (!besides.note.empty()) out.text += "附注：" + besides.note + "\n";
  if (!world.link.empty()) {
    out.link = world.link + "/";
    out.text += "查看：" + out.link + "\n";
  }
  return out;
}

message in_words(const message_words& words, const sending& s, const told_world& world) {
  const told_besides besides{.severity = s.severity, .note = s.note};
  const auto kind_of = [&](const alert_record& step) {
    if (!s.daily) return s.kind;
    return step.step == alert_step::resolved ? message_kind::resolved
           : step.step == alert_step::grown  ? message_kind::grown
                                             : message_kind::opened;
  };
  told_world titles = world;  // of a digest nothing else is said, and the rest may cost a pass over the books
  titles.state = {};
  titles.month = {};
  const bool one = s.about.size() == 1 && !s.daily;
  std::vector<message> all;
  all.reserve(s.about.size());
  for (const alert_record& step : s.about)
    all.push_back(in_words(words, step, kind_of(step), one ? world : titles, one ? besides : told_besides{}));
  return one ? std::move(all[0]) : digest_of(all, s.daily, world, besides);
}

}  // namespace changtong::alerts
