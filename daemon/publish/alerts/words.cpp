#include "daemon/publish/alerts/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "daemon/core/cause_words.h"
#include "daemon/core/id_list.h"
#include "daemon/publish/alerts/channel_text.h"
#include "daemon/publish/alerts/evidence.h"
#include "daemon/publish/alerts/grouping_patience.h"
#include "daemon/publish/alerts/own_faults.h"

namespace changtong::alerts {

namespace {

constexpr std::size_t most_names = 10;

/** What is known of one step. */
class telling {
 public:
  telling(const alert_record& step, const told_world& world)
      : step_(step), world_(world), course_(course_of(step, world)), ids_(ids_in(step.targets)) {
    for (const std::string& id : ids_)
      if (const target* t = world.targets->find(id)) targets_.push_back(t);
  }

  [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }
  [[nodiscard]] cause named_cause() const { return evidence(step_, world_, targets_, leading(), false).named_cause(); }
  /** Whose words are used. */
  [[nodiscard]] alert_subject words_of() const { return without_its_head() ? alert_subject::many : step_.subject; }

  [[nodiscard]] told_values values(worded_step how) const {
    told_values v;
    const auto set = [&](told_fact f, std::string text) { v[place_of(f)] = std::move(text); };
    set(told_fact::name, name() + how_often(how));
    set(told_fact::alert, step_.alert);
    set(told_fact::began, clock(course_.began.value_or(step_.began)));
    set(told_fact::kind, kind());
    // whoever has taken over one line, or some whose name says how many they are, reads their name alone
    const bool named =
        how == worded_step::acknowledged && (ids_.size() == 1 || step_.subject == alert_subject::degraded);
    set(told_fact::count, ids_.empty() || named ? "" : std::to_string(ids_.size()));
    set(told_fact::other, ids_.empty() ? "" : std::to_string(behind()));
    set(told_fact::names, names());
    const std::size_t listed = step_.subject == alert_subject::upstream ? behind() : ids_.size();  // as names() does
    if (listed > most_names) set(told_fact::more, std::to_string(listed - most_names));
    if (const std::size_t n = well_by_now(); n > 0 && how != worded_step::resolved)
      set(told_fact::well, std::to_string(n));
    const auto ended_at = end_of_it(how);
    const milliseconds since_it_began =
        ended_at ? between_clocks(step_.began, *ended_at) : std::max(world_.now - step_.began, milliseconds{0});
    set(told_fact::lasted, length_in_words(how_often(how).empty() ? since_it_began : course_.lasted));
    if (ended_at) set(told_fact::ended, clock(*ended_at));
    const evidence seen(step_, world_, targets_, leading(), how == worded_step::resolved);
    const bool unknown = how == worded_step::corrected && seen.named_cause() == cause::none;
    set(told_fact::cause, how == worded_step::removed                ? gone()
                          : step_.subject == alert_subject::degraded ? step_.name
                          : unknown                                  ? "尚未查明"
                                                                     : seen.cause());
    set(told_fact::observation, seen.observation());
    set(told_fact::traps, seen.traps());
    set(told_fact::towns, seen.towns());
    set(told_fact::value, value(how));
    about_one(set);
    if (how == worded_step::resolved) {
      month(set);
      if (const std::size_t n = world_.left ? world_.left(step_.alert) : 0; n > 0)
        set(told_fact::left, std::to_string(n));
    }
    if (!world_.link.empty()) set(told_fact::link, page());
    // By TLS it goes to the name in the certificate, which is not known here.
    if ((world_.link.empty() || !of_outages()) && !world_.api.starts_with("https://"))
      set(told_fact::command,
          fmt::format("changtong ack {} --api {} --token-file ~/.changtong.token", step_.alert, world_.api));
    return v;
  }

 private:
  using setter = std::function<void(told_fact, std::string)>;

  /** Why nobody asks them any more: who is closed is in the inventory still. */
  [[nodiscard]] std::string gone() const {
    if (targets_.size() == ids_.size()) return "已停用";
    return targets_.empty() ? "已移出清单" : "已停用或移出清单";
  }

  /** Whether the console's pages of outages have it, where it can be taken over. */
  [[nodiscard]] bool of_outages() const {
    const alert_subject s = step_.subject;
    return s != alert_subject::own && s != alert_subject::degraded && s != alert_subject::certificate;
  }

  /** The console's page of the one outage that is meant; of several their list; of what is none its first page. */
  [[nodiscard]] std::string page() const {
    if (!of_outages()) return world_.link + "/console/";
    const std::string list = world_.link + "/console/#/outages";
    const target* one = step_.subject == alert_subject::flapping ? nullptr : leading();
    const auto o = one != nullptr && world_.outage ? world_.outage(one->id) : std::nullopt;
    return o ? fmt::format("{}/{}@{}", list, percent_encoded(one->id), world_.zone->format(o->began)) : list;
  }

  [[nodiscard]] static alert_course course_of(const alert_record& step, const told_world& world) {
    std::optional<alert_course> known;
    if (step.subject == alert_subject::flapping)
      known = world.run ? world.run(step) : std::nullopt;
    else if (world.course)
      known = world.course(step.alert);
    return known.value_or(alert_course{});
  }

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
    if (step_.subject == alert_subject::degraded && targets_.size() > 1) return shared();
    const std::string& first = targets_.empty() || targets_[0]->name.empty() ? ids_[0] : targets_[0]->name;
    return ids_.size() == 1 ? first : first + "等";
  }

  /** Of several: what they have in common, and how many they are. */
  [[nodiscard]] std::string shared() const {
    const auto common = [&](auto of) {
      return !std::invoke(of, *targets_[0]).empty() && std::ranges::all_of(targets_, [&](const target* t) {
        return std::invoke(of, *t) == std::invoke(of, *targets_[0]);
      });
    };
    const std::string of = common(&target::carrier) ? targets_[0]->carrier
                           : common(&target::town)  ? targets_[0]->town
                                                    : std::string{};
    const std::string what = kind();
    return fmt::format("{}{}{} {}{}", of, of.empty() ? "" : " ", ids_.size(), what == "网站" ? "个" : "条", what);
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

  /** Of several: whose outage is over when the message leaves, though it is told that they are down. */
  [[nodiscard]] std::size_t well_by_now() const {
    if (ids_.size() < 2 || !world_.outage) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(ids_, [&](const std::string& id) {
      const auto o = world_.outage(id);
      return o && o->ended && *o->ended <= world_.now;
    }));
  }

  /** Of a fault of our own that came and went: what is told of its end is of all these times. */
  [[nodiscard]] std::string how_often(worded_step how) const {
    const bool several = step_.subject == alert_subject::own && how == worded_step::resolved && course_.times > 1;
    return several ? fmt::format("（共 {} 次）", course_.times) : std::string{};
  }

  /** As whoever subtracts the two clocks that are told has it. */
  [[nodiscard]] static milliseconds between_clocks(wall_t from, wall_t to) {
    using std::chrono::floor, std::chrono::seconds;
    return std::max(milliseconds{floor<seconds>(to) - floor<seconds>(from)}, milliseconds{0});
  }

  /** 已中断 5 次 */
  [[nodiscard]] std::string flaps(bool over) const {
    if (course_.times == 0) return over ? std::string{} : "多次中断又恢复";
    if (!over) return fmt::format("已中断 {} 次", course_.times);
    return fmt::format("共中断 {} 次，合计 {}", course_.times, length_in_words(course_.lasted));
  }

  /** None: it goes on. */
  [[nodiscard]] std::optional<wall_t> end_of_it(worded_step how) const {
    if (how == worded_step::resolved && course_.ended) return course_.ended;
    if (step_.subject == alert_subject::own)  // of our own standstill the end is known when it is told
      if (const auto end = world_.own_ended ? world_.own_ended(step_.name, step_.began) : std::nullopt) return end;
    if (how != worded_step::resolved) return std::nullopt;
    wall_t last = wall_min;
    for (const std::string& id : ids_)
      if (const auto o = world_.outage ? world_.outage(id) : std::nullopt; o && o->ended && *o->ended <= step_.at)
        last = std::max(last, *o->ended);
    const wall_t away = step_.at - fold::own_away;  // well for so long at least
    if (step_.subject == alert_subject::own && away > step_.began) return away;
    return last == wall_min ? step_.at : last;
  }

  [[nodiscard]] std::string certificate() const {
    int days = 0;
    const auto [end, bad] = std::from_chars(step_.name.data(), step_.name.data() + step_.name.size(), days);
    if (bad != std::errc{} || end != step_.name.data() + step_.name.size()) return step_.name;
    return days < 0 ? "已过期" : fmt::format("还有 {} 天到期", days);
  }

  /** What is measured, of the one that the message is about, or of the worst. */
  [[nodiscard]] std::string value(worded_step how) const {
    if (step_.subject == alert_subject::certificate) return certificate();
    const bool ends = how == worded_step::resolved || how == worded_step::removed;
    if (step_.subject == alert_subject::flapping) return flaps(ends);
    if (step_.subject != alert_subject::degraded || ends || !world_.measured) return {};
    return world_.measured(ids_, step_.name);
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
    set(told_fact::address, !t->url.empty()        ? t->url.str()
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
  alert_course course_;
  std::vector<std::string> ids_;
  std::vector<const target*> targets_;  ///< of them, those that the inventory has
};

/** What is about ourselves is one kind of message, and its end has words of its own all the same. */
worded_step worded(message_kind how, const alert_record& step) {
  if (step.step == alert_step::resolved && step.of == removed_from_inventory) return worded_step::removed;
  switch (how) {
    case message_kind::own:
      return step.step == alert_step::resolved ? worded_step::resolved : worded_step::opened;
    case message_kind::grown:
      return step.of == another_cause ? worded_step::corrected : worded_step::grown;
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

cause named_cause(const alert_record& step, const told_world& world) { return telling(step, world).named_cause(); }

message in_words(const message_words& words, const alert_record& step, message_kind how, const told_world& world,
                 const told_besides& besides) {
  const telling t(step, world);
  const worded_step as = worded(how, step);
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
          .command = v[place_of(told_fact::command)],
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
    const auto at = world.targets->index_of(id);
    return at == no_index ? no_index : at;
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
  titles.was_down = {};
  titles.month = {};
  const bool one = s.about.size() == 1 && !s.daily;
  std::vector<message> all;
  all.reserve(s.about.size());
  for (const alert_record& step : s.about)
    all.push_back(in_words(words, step, kind_of(step), one ? world : titles, one ? besides : told_besides{}));
  return one ? std::move(all[0]) : digest_of(all, s.daily, world, besides);
}

}  // namespace changtong::alerts
