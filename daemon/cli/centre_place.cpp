#include "daemon/cli/centre_place.h"

#include <array>
#include <string_view>
#include <utility>

#include "daemon/core/phrase.h"

namespace changtong {
namespace {

std::array<std::pair<std::string_view, const std::string*>, 4> places_of(const centre_place& p) {
  return {{{"node", &p.node}, {"district", &p.district}, {"city", &p.city}, {"province", &p.province}}};
}

}  // namespace

void centre_place_options(grammar sub, centre_place& into) {
  sub.add_option("--centre", into.config, "中心的配置文件：账是中心的，在中心上运行 / a centre's configuration, there");
  sub.add_option("--node", into.node, "只要中心的一个节点或一对 / one node or pair of the centre");
  sub.add_option("--district", into.district, "只要一个区县 / one district");
  sub.add_option("--city", into.city, "只要一个市 / one city");
  sub.add_option("--province", into.province, "只要一个省 / one province");
}

result<void> is_of_a_centre(const centre_place& p) {
  for (const auto& [name, value] : places_of(p))
    if (p.config.empty() && !value->empty())
      return said(both("--{} 与 --centre 同用", "--{} goes with --centre", name), problem_class::usage);
  return {};
}

web_request asked_of(const centre_place& p) {
  web_request out;
  for (const auto& [name, value] : places_of(p))
    if (!value->empty()) out.query.emplace(name, *value);
  return out;
}

}  // namespace changtong
