#include "daemon/accounts/outcome_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "daemon/core/plain_text.h"

namespace changtong::accounts {
namespace {

struct meaning {
  std::string_view word, chinese, english;
};

constexpr std::array<meaning, 29> words{
    {{"ok", "成功", "done"},
     {"no_role", "没有给任何角色", "no role was given"},
     {"directory_unavailable", "目录没有应答", "the directory does not answer"},
     {"throttled", "尝试过多，稍后再试", "too many attempts"},
     {"unknown_user", "没有这个用户", "no such user"},
     {"wrong_password", "密码不对", "wrong password"},
     {"disabled", "用户已停用", "the user is disabled"},
     {"wrong_invitation", "链接无效", "the link is not valid"},
     {"size", "超过上限", "beyond the bound"},
     {"changed_meanwhile", "清单在此期间被别人改过", "the inventory was changed meanwhile"},
     {"has_problems", "通不过检查", "it does not pass the check"},
     {"to_confirm", "有猜出的类别没有确认", "guessed categories were not confirmed"},
     {"nothing_to_change", "与清单相同，没有要写的", "there was nothing to change"},
     {"configuration_refused", "配置通不过检查，没有生效", "the configuration does not pass the check"},
     {"no_inventory", "配置没有写清单文件", "the configuration names no file"},
     {"not_writable", "清单文件不可写", "the file may not be written"},
     {"busy", "正忙于另一份", "busy with another one"},
     {"inventory_unreadable", "清单读不出来", "the inventory cannot be read"},
     {"bad_body", "所填的内容读不懂", "what was sent cannot be read"},
     {"second_person_needed", "须另一人批准", "a second person has to approve"},
     {"already_approved", "已经批准", "it is approved already"},
     {"window_cancelled", "窗口已取消", "the window is cancelled"},
     {"window_over", "窗口已结束", "the window is over"},
     {"ends_before_it_begins", "结束不晚于开始", "it ends before it begins"},
     {"several_targets", "这个名称不止一条", "the name is of several"},
     {"closed_target", "这个对象已停用", "it is closed"},
     {"unknown_window", "没有这个停机窗口", "no such window"},
     {"unknown_target", "没有这个对象", "no such line or site"},
     {"ticket_closed", "报障单已办结", "the ticket is closed"}}};

constexpr std::array<meaning, 10> statuses{{{"400", "内容不合要求", "it does not hold"},
                                            {"401", "没有登录或令牌不对", "nobody signed in, or a wrong token"},
                                            {"403", "没有权限", "no right to it"},
                                            {"404", "没有这个对象", "there is no such thing"},
                                            {"405", "不能这样做", "not in this way"},
                                            {"409", "与现有的内容冲突", "what is there stands against it"},
                                            {"413", "一次太多", "too much at once"},
                                            {"429", "过于频繁", "too often"},
                                            {"500", "程序出错", "the program failed"},
                                            {"503", "暂时办不到", "not possible just now"}}};

template <class Known>
const meaning* find(const Known& known, std::string_view word) {
  const auto one = std::ranges::find(known, word, &meaning::word);
  return one == known.end() ? nullptr : &*one;
}

}  // namespace

phrase words_of_outcome(std::string_view outcome) {
  if (const meaning* known = find(words, outcome)) return {std::string(known->chinese), std::string(known->english)};
  const std::size_t blank = outcome.find(' ');
  const std::string_view code = blank == std::string_view::npos ? std::string_view() : outcome.substr(blank + 1);
  const meaning* status = find(statuses, outcome.substr(0, blank));
  if (status == nullptr) return as_written(as_seen(std::string(outcome)));
  const meaning* why = find(words, code);
  const meaning& told = why == nullptr ? *status : *why;
  return both("被拒：{}", "refused: {}", phrase{std::string(told.chinese), std::string(told.english)});
}

}  // namespace changtong::accounts
