#include "daemon/entries/roster_notices.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/core/phrase.h"

namespace changtong::entries {
namespace {

constexpr int days_ahead = 14;
constexpr std::size_t most_named = 5;

using days = std::map<std::string, std::vector<std::string>>;  ///< who is on, in the order entered

void take(days& to, const duty_record& r) {
  if (r.source == "automatic") return;
  auto& of = to[r.day];
  std::erase(of, r.person);
  if (r.source != withdrawn_duty) of.push_back(r.person);
}

/** The first of them, and how many there are. */
phrase listed_days(std::vector<phrase> all) {
  const std::size_t count = all.size();
  if (count > most_named) all.resize(most_named);
  phrase out;
  for (const phrase& one : all) out = out.empty() ? one : both("{}、{}", "{}, {}", out, one);
  return count > most_named ? both("{}等 {} 天", "{} and others, {} days in all", out, count) : out;
}

void add(entered& to, std::string code, phrase text) {
  to.notices.push_back({std::move(code), std::move(text.cn), std::move(text.en)});
}

}  // namespace

void note_roster(const ledger::reader& books, const civil_zone& zone, wall_t now, entered& to) {
  std::set<std::string> touched;
  for (const record& r : to.records)
    if (const auto* d = std::get_if<duty_record>(&r)) touched.insert(d->day);
  if (touched.empty()) return;
  const auto day = [&](int n) { return zone.key(now + std::chrono::days{n}, civil_zone::unit::day); };
  const std::string before = day(-1), today = day(0), last = day(days_ahead);
  days all;
  for (const duty_record& r : books.duties(std::min(before, *touched.begin()), std::max(last, *touched.rbegin())))
    take(all, r);
  for (const record& r : to.records)
    if (const auto* d = std::get_if<duty_record>(&r)) take(all, *d);
  std::erase_if(all, [](const auto& one) { return one.second.empty(); });
  std::vector<phrase> gaps, several;
  bool begun = all.contains(before);  // one day far ahead is no roster with a gap
  for (int n = 0; n <= days_ahead; ++n) {
    const auto next = all.upper_bound(day(n));
    const bool rostered = all.contains(day(n));
    if (begun && !rostered && next != all.end() && next->first <= last) gaps.push_back(as_written(day(n)));
    begun = begun || rostered;
  }
  for (const std::string& d : touched)
    if (const auto on = all.find(d); d >= today && on != all.end() && on->second.size() > 1)
      several.push_back(both("{}（{}）", "{} ({})", d, listed(on->second)));
  if (!gaps.empty())
    add(to, "duty_gap",
        both("排班有空：{} 没有人值班；设有 alerts.staff 的由其轮值，否则告警无人接收",
             "the roster has a gap: nobody is on duty on {}; alerts.staff take turns then, if there are "
             "any, else nobody is told",
             listed_days(std::move(gaps))));
  if (!several.empty())
    add(to, "duty_several",
        both("同一天不止一人值班，告警都会告知：{}", "more than one is on duty, all are told: {}",
             listed_days(std::move(several))));
}

}  // namespace changtong::entries
