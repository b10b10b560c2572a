#include "daemon/run/system_desk.h"

#include <fmt/format.h>
#include <algorithm>

#include "daemon/host/clocks.h"
#include "daemon/run/reception.h"
#include "daemon/run/stated_names.h"

namespace changtong {
namespace {

std::string written(const listen_address& at) {
  return fmt::format(fmt::runtime(at.address.v6 ? "[{}]:{}" : "{}:{}"), to_string(at.address), at.port);
}

}  // namespace

system_desk::system_desk(doors d)
    : doors_(std::move(d)),
      trials_({.in_force = doors_.in_force,
               .names = [this] { return names_by([this] { return doors_.in_force().name_servers; }); },
               .wall = system_clocks().wall,
               .mono = system_clocks().mono}),
      reports_({.ledger = doors_.in_force().ledger,
                .books = doors_.books,
                .wall = system_clocks().wall,
                .evaluation = [this] { return doors_.evaluation->get(); }}) {}

api::own_view system_desk::own() const {
  const settings s = doors_.in_force();
  return {.listen = written(s.listen),
          .node = s.node,
          .traps = s.traps.listen ? written(*s.traps.listen) : std::string(),
          .tls = !s.tls.certificate.empty(),
          .evaluation = s.evaluation.has_value(),
          .seal_post = !s.seal.url.empty(),
          .people = static_cast<std::size_t>(
              std::ranges::count_if(s.people, [](const person& p) { return !p.token.empty(); })),
          .alerts = doors_.tell->view(),
          .trials = trials_.last()};
}

void system_desk::answer(api::sources& to) {
  to.own = [this] { return own(); };
  to.try_channel = [this](const std::string& channel, const std::string& by) { return trials_.begin(channel, by); };
  to.make = [this](const std::string& name) { return reports_.make(name); };
  to.fit_name = is_new_name;
  to.map = [this] {
    const auto map = doors_.in_force().map;
    return map ? map->geojson : std::string();
  };
  to.not_ready = [this] {
    std::vector<api::reason> why;
    if (const auto trouble = doors_.records->trouble())
      why.push_back({"ledger", "账本无法写入：" + trouble->cn, "the ledger takes no commits: " + trouble->en});
    return why;
  };
  to.ledger_remarks = [this] {
    std::vector<api::reason> all;
    for (const phrase& p : doors_.inspection->set_aside()) all.push_back({"seals_set_aside", p.cn, p.en});
    return all;
  };
}

}  // namespace changtong
