#include "daemon/settings/duty_remarks.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "daemon/core/phrase.h"
#include "daemon/settings/alerts.h"

namespace changtong {

void remark_on_duty(const settings& s, entered& to) {
  if (s.alerts.channels.empty()) return;
  std::set<std::string> names;
  for (const record& r : to.records)
    if (const auto* d = std::get_if<duty_record>(&r); d != nullptr && d->source != withdrawn_duty)
      names.insert(d->person);
  for (const std::string& name : names) {
    const auto who = std::ranges::find(s.people, name, &person::name);
    const auto note = [&](std::string code, phrase text) {
      to.notices.push_back({std::move(code), std::move(text.cn), std::move(text.en)});
    };
    if (who == s.people.end())
      note("duty_unknown",
           both("api.people 中没有 {}：值班时告警找不到此人，改由轮值人员接收",
                "there is no {} among api.people: no alert reaches them, whoever takes turns is told", name));
    else if (!reading::finds_on_duty(*who, s.alerts))
      note("duty_unreachable",
           both("{} 没有任何渠道能找到：告知值守人员的步骤所用的渠道都没有登记此人的号码或邮箱",
                "{} cannot be reached: no channel of the steps that tell whoever is on duty has a number or address of "
                "theirs",
                name));
  }
}

}  // namespace changtong
