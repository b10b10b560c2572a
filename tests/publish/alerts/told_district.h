#pragma once
/** A small district, what is down in it, and its messages by the built-in words. */
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>

#include "daemon/publish/alerts/words.h"
#include "tests/named_target.h"

namespace changtong::alerts {

using namespace std::chrono_literals;

inline const civil_zone zone = civil_zone::named("Asia/Shanghai").value();
inline const wall_t three = zone.parse_instant("2026-03-14 03:12:07").value();

inline message_words built_in() {
  std::ifstream file(std::string(CHANGTONG_SOURCE_DIR) + "/config/words/alerts.txt");
  std::stringstream text;
  text << file.rdbuf();
  return message_words::read(text.str(), "alerts.txt").value();
}

/** A township, its villages, one clinic of another town, one website. */
struct district {
  inventory inv;
  std::map<std::string, outage_facts, std::less<>> outages;
  std::map<target_index, line_state> states;
  told_world world;
  alert_step of_step = alert_step::opened;

  district() {
    target* t = &add("T1", "龙河镇汇聚", "township", "龙河镇", "电信");
    t->circuit = "DX-1";
    for (int k = 1; k <= 14; ++k) {
      t = &add("V" + std::to_string(k), "龙河" + std::to_string(k) + "村", "village", "龙河镇",
               k <= 9 ? "电信" : "移动");
      t->parent = "T1";
      t->parent_index = 0;
    }
    t = &add("C1", "青山卫生院", "health", "青山镇", "移动");
    t->unit = "卫健委";
    t->circuit = "YD-77";
    t = &add("portal", "区政府门户网站", "website", "", "");
    t->kind = target_kind::site;
    t->unit = "区政府办";
    t->url = "https://www.example.gov.cn/";
    world.targets = &inv;
    world.zone = &zone;
    world.now = three + 65s;
    world.outage = [this](std::string_view id) {
      const auto o = outages.find(id);
      return o == outages.end() ? std::nullopt : std::optional{o->second};
    };
    world.state = [this](target_index k) {
      const auto s = states.find(k);
      return s == states.end() ? line_state::up : s->second;
    };
    world.service_phone = [](const target& t) { return std::string(t.carrier == "移动" ? "10086" : ""); };
  }
  target& add(const std::string& id, const std::string& name, const std::string& category, const std::string& town,
              const std::string& carrier) {
    return inv.add(named_target(id, name, category, town, carrier));
  }
  void down(const std::string& id, cause why = cause::timeout) {
    outages[id] = {.began = three, .ended = {}, .why = why, .upstream = {}, .after_own_uplink = false};
    states[inv.index_of(id)] = line_state::down;
  }
  [[nodiscard]] std::string villages() const {
    std::string out = "T1";
    for (int k = 1; k <= 14; ++k) out += " V" + std::to_string(k);
    return out;
  }
  [[nodiscard]] message told(alert_subject about, const std::string& name, const std::string& targets,
                             message_kind how = message_kind::opened, const told_besides& besides = {}) const {
    alert_record step{.at = how == message_kind::resolved && about != alert_subject::own ? three + 2h : three + 3s,
                      .alert = "A20260314-0001",
                      .step = of_step,
                      .subject = about,
                      .name = name,
                      .began = three,
                      .targets = targets,
                      .of = {},
                      .person = {},
                      .channel = {},
                      .answer = {}};
    return in_words(built_in(), step, how, world, besides);
  }
};

}  // namespace changtong::alerts
