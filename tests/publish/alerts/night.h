#pragma once
/** A scripted night under fake time: steps of alerts, acknowledgements, what channels answer; and a log of what went
 * out and what was entered, to be compared with a table that was written by hand. */
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/publish/alerts/delivery.h"
#include "daemon/publish/alerts/delivery_rules.h"

namespace changtong::alerts::fakes {

inline const civil_zone shanghai = civil_zone::named("Asia/Shanghai").value();
/** `03-14 02:10:00` */
inline wall_t at(std::string_view text) { return shanghai.parse_instant("2026-" + std::string(text)).value(); }

inline std::shared_ptr<const inventory> district() {
  auto inv = std::make_shared<inventory>();
  for (int i = 0; i < 60; ++i) {
    target t;
    t.id = "V" + std::to_string(i);
    t.name = "村" + std::to_string(i);
    t.category = i < 50 ? "village" : "health";
    t.carrier = i % 2 == 0 ? "电信" : "移动";
    t.town = "龙河镇";
    t.grade = i < 5 ? "AAA" : "普通";
    inv->add(std::move(t));
  }
  return inv;
}

inline std::vector<person> staff() {
  std::vector<person> all;
  const auto add = [&](std::string name, std::string phone, std::string mail, std::string id) {
    person p;
    p.name = std::move(name);
    p.phone = std::move(phone);
    p.mail = std::move(mail);
    p.wecom = std::move(id);
    all.push_back(std::move(p));
  };
  add("王工", "13800000001", "wang@example.cn", "wang");
  add("李工", "13800000002", "li@example.cn", "li");
  add("赵工", "", "zhao@example.cn", "zhao");
  add("陈主任", "13800000004", "", "");
  return all;
}

inline alert_channel channel(std::string id, channel_kind kind, int per_minute, int burst, std::string instead = "") {
  alert_channel c;
  c.id = std::move(id);
  c.kind = kind;
  c.per_minute = per_minute;
  c.burst = burst;
  c.instead = std::move(instead);
  if (kind == channel_kind::sms || kind == channel_kind::voice) c.severity = 1;
  return c;
}

inline telling_step step(std::chrono::minutes after, std::vector<std::string> tell, std::vector<std::string> by) {
  return {.after = after, .tell = std::move(tell), .by = std::move(by)};
}

/** The example of the issue: who is on duty at once, who is next at 15, the head's telephone at 30. */
inline alert_settings usual() {
  alert_settings s;
  s.channels = {channel("wecom", channel_kind::wecom, 17, 3), channel("mail", channel_kind::mail, 60, 10),
                channel("sms", channel_kind::sms, 30, 5), channel("voice", channel_kind::voice, 10, 3)};
  telling_rule r;
  r.severity = 1;
  r.steps = {step(std::chrono::minutes{0}, {"on_duty"}, {"wecom"}),
             step(std::chrono::minutes{15}, {"next"}, {"wecom", "sms"}),
             step(std::chrono::minutes{30}, {"head"}, {"voice"})};
  s.rules = {r};
  s.head = "陈主任";
  s.staff = {"王工", "李工", "赵工"};
  return s;
}

/** 14 March is 王工's; then 李工's, 赵工's, and again. */
inline on_duty turns(wall_t when) {
  const std::vector<std::string> names{"王工", "李工", "赵工"};
  const auto day = static_cast<std::size_t>((when - at("03-14 00:00:00")) / std::chrono::hours{24} + 300);
  return {.now = {names[day % 3]}, .next = {names[(day + 1) % 3]}};
}

inline alert_record opening(wall_t when, std::string id, std::string targets) {
  alert_record r;
  r.at = when;
  r.alert = std::move(id);
  r.targets = std::move(targets);
  return r;
}

class night {
 public:
  explicit night(alert_settings s = usual(), std::vector<person> who = staff(), roster r = turns)
      : settings(std::move(s)), people(std::move(who)), roster_(std::move(r)) {
    fresh();
  }

  alert_settings settings;
  std::vector<person> people;
  std::vector<alert_record> journal;
  std::vector<known_acknowledgement> acknowledgements;
  std::string log;  ///< one line for each sending, entry and failure
  /** What a channel answers; taken where nothing is said. */
  std::map<std::string, std::function<channel_answer(wall_t)>> answers;
  milliseconds takes{200};
  /** The daemon dies before the nth thing that it does (an entry or a sending), and starts anew a second later. */
  std::optional<std::size_t> dies_at;
  std::size_t things = 0;
  std::vector<std::pair<wall_t, std::string>> rate;  ///< when which channel was asked
  std::unique_ptr<delivery> now_running;

  night& opened(std::string_view when, std::string alert, std::string targets,
                alert_subject about = alert_subject::line) {
    return change(when, alert_step::opened, std::move(alert), std::move(targets), about);
  }
  night& grown(std::string_view when, std::string alert, std::string targets,
               alert_subject about = alert_subject::line) {
    return change(when, alert_step::grown, std::move(alert), std::move(targets), about);
  }
  night& resolved(std::string_view when, std::string alert, std::string targets,
                  alert_subject about = alert_subject::line) {
    return change(when, alert_step::resolved, std::move(alert), std::move(targets), about);
  }
  /** An end that waits so long for its cause. */
  night& resolved_waiting(std::string_view when, std::string alert, std::string targets, milliseconds waits) {
    return change(when, alert_step::resolved, std::move(alert), std::move(targets), alert_subject::line, waits);
  }
  night& acknowledged(std::string_view when, std::string alert, std::string by, std::string note = "") {
    return heard_of(when, {.alert = std::move(alert), .by = std::move(by), .note = std::move(note), .at = at(when)});
  }
  /** Somebody took it over at another instant, maybe on the other node of a pair. */
  night& heard_of(std::string_view when, known_acknowledgement a) {
    script_.emplace(at(when), [this, a](wall_t now) {
      acknowledgements.push_back(a);
      now_running->acknowledged(a, now);
    });
    return *this;
  }
  night& change(std::string_view when, alert_step what, std::string alert, std::string targets, alert_subject about,
                milliseconds waits = milliseconds{0}) {
    alert_record r = opening(at(when), std::move(alert), std::move(targets));
    r.step = what;
    r.subject = about;
    script_.emplace(r.at, [this, r, waits](wall_t now) {
      journal.push_back(r);
      now_running->take(r, now, waits > milliseconds{0} ? now + waits : wall_min);
    });
    return *this;
  }
  night& then(std::string_view when, std::function<void(wall_t)> what) {
    script_.emplace(at(when), std::move(what));
    return *this;
  }

  std::string until(std::string_view when) {
    const wall_t end = at(when);
    if (now_ == wall_min) {
      if (script_.empty()) return log;
      now_ = script_.begin()->first;
    }
    for (std::size_t turns_left = 200'000; turns_left > 0; --turns_left) {
      if (down_until_ > now_) {
        now_ = down_until_;
        fresh();
      }
      happen();
      ask();
      if (down_until_ > now_) continue;
      const wall_t next = std::min({now_running->until(), script_.empty() ? wall_max : script_.begin()->first,
                                    pending_.empty() ? wall_max : pending_.begin()->first});
      if (next > end) return log;
      if (next <= now_ && idle_ && ++stuck_ > 3) {
        ADD_FAILURE() << "it wants to be asked at " << shanghai.format(next) << " again and again";
        return log;
      }
      if (next > now_) stuck_ = 0;
      now_ = std::max(now_, next);
    }
    ADD_FAILURE() << "it never comes to rest";
    return log;
  }

  [[nodiscard]] std::string clock() const { return shanghai.format_short(now_).substr(11); }

 private:
  void fresh() {
    now_running = std::make_unique<delivery>(settings, people, district(), shanghai, roster_);
    now_running->recall(journal, acknowledgements);
    pending_.clear();
  }

  /** False: it died before it could. */
  bool alive() {
    if (dies_at && things++ == *dies_at) {
      down_until_ = now_ + std::chrono::seconds{1};
      log += clock() + " died\n";
      return false;
    }
    return true;
  }

  void happen() {
    while (!script_.empty() && script_.begin()->first <= now_) {
      const auto what = script_.extract(script_.begin());
      what.mapped()(now_);
    }
    while (!pending_.empty() && pending_.begin()->first <= now_) {
      const auto [number, answer] = pending_.begin()->second;
      pending_.erase(pending_.begin());
      now_running->returned(number, answer, now_);
    }
  }

  void ask() {
    const delivery::orders all = now_running->due(now_);
    idle_ = all.send.empty() && all.enter.empty();
    for (const alert_record& r : all.enter) {
      if (!alive()) return;
      journal.push_back(r);
      log += clock() + " + " + std::string(name_of(r.step));
      for (const std::string& word : {r.of, r.alert, r.channel, r.person, r.step == alert_step::untold ? r.answer : ""})
        if (!word.empty()) log += " " + word;
      log += "\n";
    }
    for (const sending& s : all.send) {
      if (!alive()) return;
      rate.emplace_back(now_, s.channel);
      log += clock() + " > " + s.channel + " " + std::string(name_of(s.kind)) + (s.daily ? " daily" : "");
      if (s.about.size() <= 4)
        for (const alert_record& r : s.about)
          log += " " + r.alert + (s.about.size() > 1 ? ":" + std::string(name_of(r.step)) : "");
      else
        log += " " + s.about.front().alert + ".." + s.about.back().alert + " (" + std::to_string(s.about.size()) + ")";
      for (std::size_t i = 0; i < s.people.size(); ++i) log += (i == 0 ? " @" : "、") + s.people[i];
      if (!s.note.empty()) log += " | " + s.note;
      log += "\n";
      const auto says = answers.find(s.channel);
      pending_.emplace(now_ + takes,
                       std::pair{s.number, says == answers.end() ? channel_answer{channel_answer::end::taken, {}, "ok"}
                                                                 : says->second(now_)});
    }
  }

  roster roster_;
  wall_t now_ = wall_min, down_until_ = wall_min;
  bool idle_ = false;
  int stuck_ = 0;
  std::multimap<wall_t, std::function<void(wall_t)>> script_;
  std::multimap<wall_t, std::pair<std::uint64_t, channel_answer>> pending_;
};

}  // namespace changtong::alerts::fakes
