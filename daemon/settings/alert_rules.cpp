// alerts.rules: which alerts go which way, by which steps; and what of it reaches nobody.
#include <algorithm>
#include <array>
#include <set>

#include "daemon/core/fields.h"
#include "daemon/reading/words.h"
#include "daemon/settings/alerts.h"

namespace changtong::reading {
namespace {

constexpr std::size_t most_rules = 200, most_steps = 20;

bool rings(channel_kind k) { return k == channel_kind::sms || k == channel_kind::voice; }

class rule_reader {
 public:
  rule_reader(const yaml_node& node, alerts_draft& into, const config_draft& known, findings& found)
      : into_(into),
        known_(known),
        file_(known.root.file),
        found_(found),
        from_(node, {"alerts.rules 的一项", "a rule of alerts"}, file_, found,
              {"subjects", "categories", "grades", "carriers", "at_least", "hours", "severity", "steps", "source"}) {}

  telling_rule read() {
    telling_rule r;
    subjects(r);
    for (const auto& one : names_in(from_, "categories")) category(r, one);
    for (auto& one : names_in(from_, "grades")) {
      r.grades.push_back(one.value);
      into_.grades.push_back(std::move(one));
    }
    for (auto& one : names_in(from_, "carriers")) {
      r.carriers.push_back(one.value);
      into_.carriers.push_back(std::move(one));
    }
    if (const auto n = from_.whole("at_least", 1, 200'000)) r.at_least = n->value;
    if (const auto n = from_.whole("severity", 1, 3)) r.severity = static_cast<int>(n->value);
    if (auto t = from_.text("source", 256)) r.source = std::move(t->value);
    if (const auto t = from_.text("hours", 64)) {
      r.hours = parse_hours(t->value);
      if (!r.hours)
        from_.error(t->at,
                    both("hours {} 无法识别：请写 \"08:30-18:00\" 或 \"weekdays 08:30-18:00\"（周一至周五、mon,wed）",
                         "hours {} is not understood: write \"08:30-18:00\" or \"weekdays 08:30-18:00\" (mon-fri, "
                         "mon,wed)",
                         quote(t->value)));
    }
    steps(r);
    return r;
  }

 private:
  void subjects(telling_rule& r) {
    std::vector<std::string_view> names;
    for (const alert_subject s : values_of<alert_subject>::all) names.push_back(name_of(s));
    for (const auto& one : names_in(from_, "subjects")) {
      const auto at = std::ranges::find(names, one.value);
      if (at == names.end())
        from_.error(one.at, unknown_word({"告警类型", "subject"}, one.value, names));
      else
        r.subjects.push_back(values_of<alert_subject>::all.at(static_cast<std::size_t>(at - names.begin())));
    }
  }

  void category(telling_rule& r, const stated<std::string>& one) {
    std::vector<std::string_view> ids;
    for (const category_draft& c : known_.categories) ids.push_back(c.what.id);
    if (std::ranges::find(ids, one.value) == ids.end())
      from_.error(one.at, unknown_word({"类别", "category"}, one.value, ids));
    else
      r.categories.push_back(one.value);
  }

  void steps(telling_rule& r) {
    from_.require("steps", "steps: [ { tell: [on_duty], by: [wecom] } ]");
    const yaml_node* node = from_.find("steps");
    if (node == nullptr) return;
    if (node->what != yaml_node::shape::list || node->children.size() > most_steps)
      return from_.error(from_.at(*node), both("steps 应为列表，最多 {} 项；[] 表示不告知任何人",
                                               "steps must be a list of at most {}; [] tells nobody", most_steps));
    for (const yaml_node& n : node->children) {
      telling_step step = one_step(n);
      if (!r.steps.empty() && step.after < r.steps.back().after)
        from_.error(from_.at(n), both("after {} 早于前一步的 {}：请按时间先后写",
                                      "after {} comes before the {} of the step above: write them in order of time",
                                      duration_text(step.after), duration_text(r.steps.back().after)));
      for (const std::string& id : step.by) {
        const alert_channel* c = into_.value.channel(id);
        if (c != nullptr && c->severity < r.severity)
          found_.warn(from_.at(n), both("渠道 {} 只传严重级别 {} 及更紧急的告警，而此规则为 {}：不会由它发出",
                                        "channel {} carries severity {} and more urgent ones, this rule has {}: it "
                                        "will not be used here",
                                        id, c->severity, r.severity));
      }
      r.steps.push_back(std::move(step));
    }
  }

  telling_step one_step(const yaml_node& node) {
    const block body(node, {"steps 的一步", "a step"}, file_, found_, {"after", "tell", "by"});
    telling_step s;
    body.require("by", "by: [wecom]");
    if (const auto d = body.duration("after", milliseconds{0}, milliseconds{31LL * 86'400'000})) s.after = d->value;
    s.by = channels_in(body, "by", into_.value);
    if (const auto* n = body.find("by"); n != nullptr && n->children.empty() && n->what == yaml_node::shape::list)
      body.error(body.at(*n), {"by 是空的：请写至少一个渠道", "by is empty: name one channel at least"});
    std::vector<std::string_view> words(told_roles.begin(), told_roles.end());
    for (const person& p : known_.value.people) words.push_back(p.name);
    for (auto& one : names_in(body, "tell")) {
      if (std::ranges::find(words, one.value) == words.end())
        body.error(one.at, both("tell：{}", "tell: {}", unknown_word({"人员", "person"}, one.value, words)));
      else if (one.value == "head" && into_.value.head.empty())
        body.error(one.at, {"tell 中有 head，而没有写 alerts.head：请写明负责人",
                            "tell has head, and alerts.head is missing: say who it is"});
      else if (one.value == "carrier" && into_.value.carriers.empty())
        body.error(one.at, {"tell 中有 carrier，而没有写 alerts.carriers：请写明运营商的报障电话或邮箱",
                            "tell has carrier, and alerts.carriers is missing: say where carriers take fault reports"});
      else
        s.tell.push_back(std::move(one.value));
    }
    return s;
  }

  alerts_draft& into_;
  const config_draft& known_;
  std::string_view file_;
  findings& found_;
  block from_;
};

bool fits_all(const telling_rule& r) {
  return r.subjects.empty() && r.categories.empty() && r.grades.empty() && r.carriers.empty() && r.at_least <= 1 &&
         !r.hours;
}

const std::string& way_to(const person& p, channel_kind k) {
  switch (k) {
    case channel_kind::wecom:
      return p.wecom;
    case channel_kind::dingtalk:
      return p.dingtalk;
    case channel_kind::feishu:
      return p.feishu;
    case channel_kind::mail:
      return p.mail;
    default:
      return p.phone;
  }
}

/** Who may be meant by a step; of the roster, whoever may stand in it. */
std::vector<const person*> meant(const telling_step& s, const alert_settings& a, const std::vector<person>& people) {
  std::vector<const person*> out;
  for (const person& p : people) {
    const auto named = [&](std::string_view word) { return std::ranges::find(s.tell, word) != s.tell.end(); };
    const bool turn =
        (named("on_duty") || named("next")) && (a.staff.empty() || std::ranges::find(a.staff, p.name) != a.staff.end());
    if (named(p.name) || turn || (named("head") && p.name == a.head)) out.push_back(&p);
  }
  return out;
}

/** SMS, voice and mail go to people: a step that names none of whom it could reach. */
bool reaches_nobody(const telling_step& s, const alert_channel& c, const alert_settings& a,
                    const std::vector<person>& people) {
  if (!rings(c.kind) && c.kind != channel_kind::mail) return false;
  if (!c.to.empty()) return false;
  const bool carrier = std::ranges::find(s.tell, "carrier") != s.tell.end();
  if (carrier && std::ranges::any_of(a.carriers, [&](const carrier_contact& k) {
        return !(c.kind == channel_kind::mail ? k.mail : k.phone).empty();
      }))
    return false;
  const auto who = meant(s, a, people);
  return std::ranges::none_of(who, [&](const person* p) { return !way_to(*p, c.kind).empty(); });
}

void warn_of_steps(const alerts_draft& d, const std::vector<person>& people, findings& found) {
  std::set<std::string_view> used(d.value.digest_by.begin(), d.value.digest_by.end());
  for (std::size_t i = 0; i < d.value.rules.size(); ++i) {
    const place at = i < d.rules_at.size() ? d.rules_at[i] : d.at;
    for (const telling_step& s : d.value.rules[i].steps)
      for (const std::string& id : s.by) {
        const alert_channel* c = d.value.channel(id);
        if (c == nullptr) continue;
        used.insert(c->id);
        if (reaches_nobody(s, *c, d.value, people))
          found.warn(at,
                     both("渠道 {} 需要{}，而这一步所告知的人都没有登记：无人收到",
                          "channel {} needs a {}, and none of those whom this step tells has one: nobody gets it", id,
                          c->kind == channel_kind::mail ? phrase{"邮件地址", "mail address"}
                                                        : phrase{"电话号码", "telephone number"}));
      }
  }
  for (const alert_channel& c : d.value.channels)
    if (used.contains(c.id)) used.insert(c.instead);
  for (std::size_t i = 0; i < d.value.channels.size() && i < d.channels_at.size(); ++i)
    if (!used.contains(d.value.channels[i].id))
      found.warn(d.channels_at[i],
                 both("渠道 {} 没有任何步骤使用", "channel {} is used by no step", d.value.channels[i].id));
}

/** By that channel, or by one that stands in its place. Who is told into a group reads it. */
bool finds(const person& p, const alert_channel* c, int severity, const alert_settings& a) {
  for (std::size_t k = 0; c != nullptr && k <= a.channels.size(); ++k, c = a.channel(c->instead)) {
    if (c->severity < severity || (rings(c->kind) && severity > 1)) continue;
    const bool personal = rings(c->kind) || c->kind == channel_kind::mail;
    if (!personal || !way_to(p, c->kind).empty()) return true;
  }
  return false;
}

/** Steps that tell somebody, by a way to them or into a group that they read. */
struct ways {
  bool asked = false, found = false;
};
ways ways_to(const person& p, std::string_view role, const alert_settings& a) {
  ways w;
  for (const telling_rule& r : a.rules)
    for (const telling_step& s : r.steps) {
      const auto tells = [&](std::string_view word) { return std::ranges::find(s.tell, word) != s.tell.end(); };
      if (!tells(role) && !(role == "on_duty" && tells("next"))) continue;
      w.asked = true;
      for (const std::string& id : s.by) w.found = w.found || finds(p, a.channel(id), r.severity, a);
    }
  return w;
}

/** Whoever takes turns, or is the head, and cannot be found by any of the channels that would tell them. */
void warn_of_unreachable(const alerts_draft& d, const std::vector<person>& people, findings& found) {
  const auto check = [&](const person& p, std::string_view role, const phrase& as) {
    const ways w = ways_to(p, role, d.value);
    if (w.asked && !w.found)
      found.warn(d.at, both("{} {} 没有任何渠道能找到：告知他的步骤所用的渠道都没有登记他的号码或邮箱",
                            "{} {} cannot be reached: no channel of the steps that tell them has a number or address "
                            "of theirs",
                            as, p.name));
  };
  for (const person& p : people) {
    const auto& staff = d.value.staff;
    if (std::ranges::find(staff, p.name) != staff.end()) check(p, "on_duty", {"值守人员", "on the roster:"});
    if (p.name == d.value.head) check(p, "head", {"负责人", "the head:"});
    if (std::ranges::find(told_roles, p.name) == told_roles.end()) check(p, p.name, {"告知对象", "to be told:"});
  }
}

/** Who cannot be answered goes on telling. */
void warn_of_silence(const alerts_draft& d, const std::vector<person>& people, findings& found) {
  const bool escalates = std::ranges::any_of(d.value.rules, [](const telling_rule& r) {
    return std::ranges::any_of(r.steps, [](const telling_step& s) { return s.after > milliseconds{0}; });
  });
  const bool answered = std::ranges::any_of(
      people, [](const person& p) { return std::ranges::find(p.may, right::acknowledge) != p.may.end(); });
  if (escalates && !answered)
    found.warn(d.at,
               {"api.people 中没有人有 acknowledge 权限：告警无人能确认，升级不会停下",
                "nobody among api.people may acknowledge: no alert can be taken over, so escalation never stops"});
}

void warn_of_order(const alerts_draft& d, findings& found) {
  const auto& rules = d.value.rules;
  const auto all = std::ranges::find_if(rules, fits_all);
  if (all == rules.end())
    found.warn(d.at, {"没有一条规则适用于所有告警：不适用任何规则的告警不会告知任何人，请在最后写一条不带条件的规则",
                      "no rule fits every alert: those that fit none are told to nobody, end with a rule without "
                      "conditions"});
  const auto first = static_cast<std::size_t>(all - rules.begin()) + 1;
  if (first < rules.size() && first < d.rules_at.size())
    found.warn(d.rules_at[first], {"前面的规则已适用于所有告警：这条及以后的规则永远轮不到",
                                   "a rule above fits every alert: this one and those below are never asked"});
  const bool anybody = std::ranges::any_of(rules, [](const telling_rule& r) {
    return std::ranges::any_of(r.steps, [](const telling_step& s) { return !s.by.empty(); });
  });
  if (!anybody)
    found.warn(d.at,
               {"所有规则都没有步骤：任何告警都不会告知任何人", "no rule has a step: nobody is told of any alert"});
}

template <class Text>
void warn_of_names(const std::vector<stated<std::string>>& names, Text target::* field, const inventory& inv,
                   const phrase& what, findings& found) {
  std::set<std::string_view> known;
  for (const target& t : inv.targets) known.insert(t.*field);
  for (const stated<std::string>& one : names)
    if (!known.contains(one.value))
      found.warn(one.at, both("{} {} 没有任何线路或网站", "no line or site has the {} {}", what, quote(one.value)));
}

}  // namespace

bool finds_on_duty(const person& p, const alert_settings& a) {
  const ways w = ways_to(p, "on_duty", a);
  return !w.asked || w.found;
}

void read_rules(alerts_draft& into, const yaml_node& node, const config_draft& known, findings& found) {
  const place at{known.root.file, node.line, node.column};
  if (node.what != yaml_node::shape::list || node.children.size() > most_rules)
    return found.error(at, both("rules 应为列表，最多 {} 项：每项以 '- ' 开头",
                                "rules must be a list of at most {}: begin each with '- '", most_rules));
  for (const yaml_node& one : node.children) {
    into.value.rules.push_back(rule_reader(one, into, known, found).read());
    into.rules_at.push_back({known.root.file, one.line, one.column});
  }
}

telling_rule built_in_rule(const alert_settings& s) {
  telling_rule r;
  telling_step at_once{.after = {}, .tell = {"on_duty"}, .by = {}};
  for (const alert_channel& c : s.channels)
    if (!rings(c.kind)) at_once.by.push_back(c.id);
  r.steps.push_back(std::move(at_once));
  return r;
}

void check_alerts(const alerts_draft& alerts, const settings& s, findings& found) {
  if (found.errors() > 0) return;  // what is wrong may be why it reaches nobody
  if (alerts.value.channels.empty())
    return found.warn(alerts.at, {"alerts 没有任何渠道：不会告知任何人", "alerts has no channel: nobody is told"});
  warn_of_steps(alerts, s.people, found);
  warn_of_unreachable(alerts, s.people, found);
  warn_of_order(alerts, found);
  warn_of_silence(alerts, s.people, found);
  if (s.nodes) return;  // another node may have the lines of a name
  const inventory& inv = *s.targets;
  warn_of_names(alerts.grades, &target::grade, inv, {"等级", "grade"}, found);
  warn_of_names(alerts.carriers, &target::carrier, inv, {"运营商", "carrier"}, found);
}

}  // namespace changtong::reading
