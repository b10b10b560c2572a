#include "daemon/simulate/district.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/simulate/dice.h"
#include "daemon/simulate/names.h"

namespace changtong::simulate {
namespace {

struct parts {
  std::uint32_t townships, villages, health, education;
};

/** Largest remainder over 22 : 295 : 40 : 60; a village needs a township, so one comes first. */
parts share_out(std::uint32_t lines) {
  constexpr std::array<std::uint64_t, 4> weights{22, 295, 40, 60};
  std::array<std::uint64_t, 4> given{}, rest{};
  std::uint64_t left = lines;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    given[i] = weights[i] * lines / default_lines;
    rest[i] = weights[i] * lines % default_lines;
    left -= given[i];
  }
  for (; left > 0; --left) {
    const auto most = static_cast<std::size_t>(std::max_element(rest.begin(), rest.end()) - rest.begin());
    ++given[most];
    rest[most] = 0;
  }
  if (given[0] == 0) {
    ++given[0];
    --*std::max_element(given.begin() + 1, given.end());
  }
  return {static_cast<std::uint32_t>(given[0]), static_cast<std::uint32_t>(given[1]),
          static_cast<std::uint32_t>(given[2]), static_cast<std::uint32_t>(given[3])};
}

struct carrier {
  std::string_view name, mark;
};
constexpr std::array<carrier, 3> carriers{{{"中国电信", "DX"}, {"中国移动", "YD"}, {"中国联通", "LT"}}};

const carrier& some_carrier(dice& d) {
  const double x = d.share();
  return carriers[x < 0.45 ? 0 : x < 0.8 ? 1 : 2];
}

const carrier& carrier_named(std::string_view name) {
  return *std::find_if(carriers.begin(), carriers.end(), [&](const carrier& c) { return c.name == name; });
}

/** 127.20.1.1 and on: 250 to a /24, so no line ever gets a .0 or a .255. */
std::uint32_t line_address(std::uint32_t n) {
  return (127U << 24) | ((20 + n / 62'500) << 16) | ((n / 250 % 250 + 1) << 8) | (n % 250 + 1);
}

class founder {
 public:
  founder(std::uint32_t lines, std::uint64_t seed, port_numbers ports) : dice_(seed ^ 0x646973747269ULL) {
    d_.name = district_name;
    d_.seed = seed;
    d_.ports = ports;
    d_.interval = milliseconds{lines <= 5'000 ? 1'000 : lines <= 20'000 ? 5'000 : 15'000};
    parts_ = share_out(lines);
    d_.lines.reserve(lines);
  }

  district found() && {
    for (std::uint32_t n = 0; n < parts_.townships; ++n) add_township(n);
    for (std::uint32_t n = 0; n < parts_.villages; ++n) add_village(n);
    for (std::uint32_t n = 0; n < parts_.health; ++n) add_health(n);
    for (std::uint32_t n = 0; n < parts_.education; ++n) add_school(n);
    // The last line: never a township while there is another, so little hangs on it.
    d_.lines.back().odd_agent = d_.lines.size() > 1;
    d_.children.resize(d_.lines.size());
    for (std::uint32_t n = 0; n < d_.lines.size(); ++n)
      if (d_.lines[n].parent != no_line) d_.children[d_.lines[n].parent].push_back(n);
    add_sites();
    return std::move(d_);
  }

 private:
  district_line& add(char letter, int width, std::uint32_t n, std::string name, std::string_view category,
                     const carrier& by, std::initializer_list<std::uint32_t> widths) {
    district_line line;
    line.id = fmt::format("{}-{:0{}}", letter, n + 1, width);
    line.name = std::move(name);
    line.category = category;
    line.carrier = by.name;
    line.bandwidth_mbps = *(widths.begin() + dice_.below(widths.size()));
    line.address = line_address(static_cast<std::uint32_t>(d_.lines.size()));
    line.circuit = fmt::format("{}-YZ-{}-{:06}", by.mark, dice_.between(2019, 2025), d_.lines.size() * 7 + 100'003);
    d_.lines.push_back(std::move(line));
    return d_.lines.back();
  }

  void below(district_line& line, std::uint32_t township) {
    line.parent = township;
    line.town = d_.lines[township].name;
  }

  void add_township(std::uint32_t n) {
    auto& line = add('t', 3, n, township_name(n), "township", some_carrier(dice_), {200, 500, 1000});
    line.town = line.name;
    line.unit = line.name + (is_street(n) ? "办事处" : "人民政府");
  }

  void add_village(std::uint32_t n) {
    const std::uint32_t township = n % parts_.townships;
    const bool community = is_street(township);
    const auto& by = dice_.share() < 0.7 ? carrier_named(d_.lines[township].carrier) : some_carrier(dice_);
    auto& line =
        add('v', 4, n, village_name(community ? communities_++ : villages_++, community), "village", by, {20, 50, 100});
    line.unit = line.name + (community ? "居民委员会" : "民委员会");
    below(line, township);
  }

  void add_health(std::uint32_t n) {
    const bool in_town = n < parts_.townships && n < parts_.health * 11 / 20;
    auto& line = add('h', 3, n,
                     in_town ? d_.lines[n].name + (is_street(n) ? "社区卫生服务中心" : "卫生院")
                             : district_health_name(hospitals_++),
                     "health", some_carrier(dice_), {50, 100, 200});
    line.unit = line.name;
    if (in_town) below(line, n);
  }

  void add_school(std::uint32_t n) {
    const bool in_town = n < parts_.townships && n < parts_.education * 11 / 30;
    auto& line = add('e', 3, n, in_town ? d_.lines[n].name + "中心小学" : district_school_name(schools_++), "education",
                     some_carrier(dice_), {100, 200, 500});
    line.unit = line.name;
    if (in_town) below(line, n);
  }

  void add_sites() {
    struct kind {
      std::string_view id, name;
      site_manner manner;
    };
    constexpr std::array<kind, 4> kinds{{{"portal", "人民政府门户网站", site_manner::modern},
                                         {"service", "政务服务网", site_manner::gbk},
                                         {"open", "政府信息公开平台", site_manner::old},
                                         {"archive", "数字档案馆", site_manner::silent_domain}}};
    d_.name_server = (127U << 24) | (19U << 16) | (1U << 8) | 53;
    for (std::uint32_t n = 0; n < kinds.size(); ++n) {
      district_site site{std::string(kinds[n].id),
                         std::string(district_name) + std::string(kinds[n].name),
                         (127U << 24) | (19U << 16) | (1U << 8) | (n + 1),
                         static_cast<std::uint16_t>(d_.ports.http + n),
                         fmt::format("{}.{}", kinds[n].id, district_domain),
                         {},
                         kinds[n].manner};
      site.url = fmt::format("http://{}:{}/", site.host, site.port);
      d_.sites.push_back(std::move(site));
    }
  }

  dice dice_;
  parts parts_{};
  district d_;
  std::uint32_t communities_ = 0, villages_ = 0, hospitals_ = 0, schools_ = 0;
};

}  // namespace

port_numbers port_numbers::from(std::uint16_t first) {
  const auto next = [&first] { return first++; };
  port_numbers p;
  p.snmp = next();
  p.tcp = next();
  p.dns = next();
  p.traps = next();
  p.http = next();
  return p;
}

district make_district(std::uint32_t lines, std::uint64_t seed, port_numbers ports) {
  return founder(std::clamp(lines, 1U, most_lines), seed, ports).found();
}

std::uint32_t district::count(std::string_view category) const {
  return static_cast<std::uint32_t>(
      std::count_if(lines.begin(), lines.end(), [&](const district_line& l) { return l.category == category; }));
}

std::string dotted(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
}

}  // namespace changtong::simulate
