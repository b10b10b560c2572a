#include "daemon/forms/words.h"

#include <algorithm>
#include <array>

namespace changtong::forms {
namespace {

struct heading {
  std::string_view word;
  head what;
};
// the first that the text holds: what begins like another stands before it
constexpr std::array indicator_words{
    heading{"一级指标", head::level1}, heading{"二级指标", head::level2}, heading{"三级指标", head::level3},
    heading{"指标名称", head::level3}, heading{"指标性质", head::sign},   heading{"度量单位", head::unit},
    heading{"计量单位", head::unit},   heading{"单位", head::unit},       heading{"得分计算", head::method},
    heading{"评分标准", head::method}, heading{"评分方法", head::method}, heading{"计分方法", head::method},
    heading{"评分细则", head::method}, heading{"原因", head::reason},     heading{"改进措施", head::reason},
    heading{"完成值", head::actual},   heading{"实际值", head::actual},   heading{"实际完成", head::actual},
    heading{"全年完成", head::actual}, heading{"完成情况", head::actual}, heading{"指标值", head::target},
    heading{"目标值", head::target},   heading{"得分", head::score},      heading{"评分", head::score},
    heading{"分值", head::weight},     heading{"权重", head::weight},     heading{"标准分", head::weight}};
constexpr std::array money_words{
    heading{"得分", head::score},          heading{"执行率", head::rate},        heading{"年初预算", head::initial},
    heading{"调整后预算", head::adjusted}, heading{"调整预算", head::adjusted},  heading{"全年预算", head::full_year},
    heading{"预算数", head::full_year},    heading{"预算安排", head::full_year}, heading{"执行数", head::executed},
    heading{"实际支出", head::executed},   heading{"支出数", head::executed},    heading{"原因", head::reason},
    heading{"分值", head::weight},         heading{"权重", head::weight}};
constexpr std::size_t longest_heading = 120;  // bytes: a sentence is none

template <class Words>
head first_of(const Words& words, std::string_view text) {
  if (text.size() > longest_heading) return head::none;
  const auto found = std::ranges::find_if(words, [&](const heading& h) { return text.find(h.word) != text.npos; });
  return found == words.end() ? head::none : found->what;
}

template <std::size_t N>
bool begins(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words, [&](std::string_view w) { return text.starts_with(w); });
}
template <std::size_t N>
bool holds(std::string_view text, const std::array<std::string_view, N>& words) {
  return text.size() <= longest_heading &&
         std::ranges::any_of(words, [&](std::string_view w) { return text.find(w) != text.npos; });
}

}  // namespace

head indicator_head(std::string_view text) {
  const head h = first_of(indicator_words, text);
  return h == head::unit && text != "单位" && !text.ends_with("量单位") ? head::none : h;
}
head money_head(std::string_view text) { return first_of(money_words, text); }

bool is_total(std::string_view text) {
  return begins(text, std::array<std::string_view, 5>{"总分", "合计", "总计", "总得分", "自评总分"});
}
bool is_subtotal(std::string_view text) { return begins(text, std::array<std::string_view, 1>{"小计"}); }
bool ends_indicators(std::string_view text) {
  return begins(text,
                std::array<std::string_view, 13>{"说明", "注:", "注：", "备注", "填报", "填表", "评价结论", "存在问题",
                                                 "改进措施", "偏差", "项目负责", "联系人", "其他需要"});
}
bool is_money(std::string_view text) {
  return holds(text, std::array<std::string_view, 11>{"资金", "拨款", "总额", "合计", "其中", "支出", "补助", "结转",
                                                      "经费", "收入", "债券"});
}
bool is_project(std::string_view text) {
  return begins(text, std::array<std::string_view, 4>{"项目名称", "部门名称", "专项名称", "转移支付名称"}) ||
         text.find("（项目）名称") != text.npos || text.find("(项目)名称") != text.npos;
}
bool is_department(std::string_view text) {
  return begins(text, std::array<std::string_view, 3>{"主管部门", "主管单位", "中央主管部门"});
}
bool is_unit(std::string_view text) {
  return begins(text, std::array<std::string_view, 6>{"实施单位", "项目单位", "预算单位", "项目实施单位", "单位名称",
                                                      "资金使用单位"});
}
bool is_expected(std::string_view text) {
  return begins(text, std::array<std::string_view, 6>{"预期目标", "年初目标", "年初设定目标", "年初预期目标",
                                                      "总体目标", "项目年度目标"}) &&
         text.find("完成情况") == text.npos;
}
bool is_reached(std::string_view text) {
  return text.size() <= longest_heading &&
         begins(text, std::array<std::string_view, 6>{"实际完成情况", "目标实际完成", "年度目标完成情况", "完成情况",
                                                      "全年完成情况", "年度实际完成"});
}

}  // namespace changtong::forms
