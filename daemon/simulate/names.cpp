#include "daemon/simulate/names.h"

#include <array>

namespace changtong::simulate {
namespace {

constexpr std::array<std::string_view, 22> townships{"青禾街道", "南亭街道", "望河街道", "松岗街道", "柳溪镇", "石桥镇",
                                                     "白鹭镇",   "枫林镇",   "银杏镇",   "云台镇",   "金湾镇", "双塔镇",
                                                     "长岭镇",   "沙洲镇",   "古渡镇",   "桃园镇",   "竹坪乡", "高峰乡",
                                                     "雁湖乡",   "茶山乡",   "月潭乡",   "鹿鸣乡"};
constexpr std::uint32_t streets = 4;

constexpr std::array<std::string_view, 64> families{
    "李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹",
    "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛",
    "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪", "田", "任", "姜", "范", "方", "石", "姚"};
constexpr std::array<std::string_view, 12> places{"家村",   "家湾村", "家畈村", "家冲村", "家坝村", "家岗村",
                                                  "家店村", "家桥村", "家塘村", "家坳村", "家院村", "家铺村"};
constexpr std::array<std::string_view, 24> quarters{"向阳", "和平", "滨河", "锦绣", "翠竹", "春晖", "文昌", "学府",
                                                    "安康", "永安", "富民", "广场", "东升", "西苑", "南苑", "北苑",
                                                    "书院", "金桂", "玉兰", "紫藤", "芙蓉", "祥和", "新桥", "老街"};
constexpr std::array<std::string_view, 3> sides{"", "东", "西"};

/** "" for the first round, "二", "三" … afterwards: what a table does not hold any more. */
std::string round_mark(std::uint32_t round) {
  static constexpr std::array<std::string_view, 10> digits{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  if (round == 0) return {};
  if (round < digits.size() - 1) return std::string(digits[round + 1]);
  return std::to_string(round + 1);
}

}  // namespace

bool is_street(std::uint32_t township) { return township % townships.size() < streets; }

std::string township_name(std::uint32_t n) {
  const auto round = static_cast<std::uint32_t>(n / townships.size());
  std::string name(townships[n % townships.size()]);
  const std::size_t suffix =
      is_street(n) ? name.size() - std::string_view("街道").size() : name.size() - std::string_view("镇").size();
  return name.insert(suffix, round_mark(round));
}

std::string village_name(std::uint32_t n, bool community) {
  if (community) {
    const auto size = static_cast<std::uint32_t>(quarters.size() * sides.size());
    const std::uint32_t at = n % size;
    return std::string(quarters[at % quarters.size()]) + std::string(sides[at / quarters.size()]) +
           round_mark(n / size) + "社区";
  }
  // 53 is coprime to the number of pairs: neighbours in the list get neither the same family nor the same ending
  const auto size = static_cast<std::uint32_t>(families.size() * places.size());
  const std::uint32_t at = (n % size) * 53 % size;
  return std::string(families[at % families.size()]) + std::string(places[at / families.size()].substr(0, 3)) +
         round_mark(n / size) + std::string(places[at / families.size()].substr(3));
}

std::string district_health_name(std::uint32_t n) {
  static constexpr std::array<std::string_view, 6> big{"区人民医院", "区中医院",       "区妇幼保健院",
                                                       "区疾控中心", "区第二人民医院", "区急救中心"};
  if (n < big.size()) return std::string(big[n]);
  return village_name(static_cast<std::uint32_t>(n - big.size()), true) + "卫生服务站";
}

std::string district_school_name(std::uint32_t n) {
  static constexpr std::array<std::string_view, 8> big{"区第一中学",     "区第二中学",     "区实验小学",
                                                       "区职业教育中心", "区特殊教育学校", "区第三中学",
                                                       "区机关幼儿园",   "区教师进修学校"};
  if (n < big.size()) return std::string(big[n]);
  std::string name = village_name(static_cast<std::uint32_t>(n - big.size()), true);
  name.resize(name.size() - std::string_view("社区").size());
  return name + (n % 2 == 0 ? "小学" : "幼儿园");
}

}  // namespace changtong::simulate
