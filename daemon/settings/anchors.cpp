// Anchors that cannot do what rule 10 needs them for: found when the configuration is read, not when the uplink is cut.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "collectors/wire/web_address.h"
#include "daemon/core/address.h"
#include "daemon/reading/words.h"
#include "daemon/settings/draft.h"

namespace changtong::reading {
namespace {

/** A bad sample waits this long for the anchors' word (verdict/gate.h); later it is booked without it. */
constexpr milliseconds longest_wait{10'000};
/** An anchor without a sign for longer does not count (rule 10). */
constexpr milliseconds counts_for{600'000};
/** Above it a cut may be over before the anchor was asked. */
constexpr milliseconds slow{10'000};

/** Each one that a trace tells of is a new inventory, and every bad sample is held against all of them. */
constexpr std::ptrdiff_t most_traced = 64;

class anchor_check {
 public:
  anchor_check(const config_draft& draft, const inventory& made, std::span<const kind> kinds, findings& found)
      : made_(made), kinds_(kinds), found_(found) {
    for (const target& t : made.targets) {
      if (t.kind == target_kind::line) line(t);
      if (t.kind == target_kind::site) site(t);
    }
    std::size_t nth = 0;
    for (const anchor_draft& a : draft.anchors)
      if (const target* t = made.find(fmt::format("anchor-{}", ++nth)); t != nullptr) look_at(a, *t);
  }

 private:
  void line(const target& t) { elsewhere_ = elsewhere_ || !std::ranges::all_of(t.addresses, is_loopback); }

  void site(const target& t) {
    const auto url = wire::parse_web_address(t.url);
    if (!url) return;
    const auto literal = parse_address(url->host);
    if (literal) sites_.emplace_back(*literal, &t);
    // RFC 6761, 6.3 and 6.2: no name of the world ends in .test
    const bool here = literal ? is_loopback(*literal) : url->host == "localhost" || url->host.ends_with(".test");
    elsewhere_ = elsewhere_ || !here;
  }

  [[nodiscard]] const target* owner_of(const ip_address& written) const {
    const ip_address a = unmapped(written);
    for (const auto& [address, site] : sites_)
      if (unmapped(address) == a) return site;
    const auto line = std::ranges::find_if(made_.targets, [&](const target& t) {
      return t.kind == target_kind::line && std::ranges::find(t.addresses, a, unmapped) != t.addresses.end();
    });
    return line == made_.targets.end() ? nullptr : &*line;
  }

  void look_at(const anchor_draft& a, const target& t) {
    address(a);
    for (check_index c = t.first_check; c < t.first_check + t.check_count; ++c) way_of_asking(a, made_.checks[c]);
  }

  void address(const anchor_draft& a) {
    const std::string text = to_string(a.address);
    // A district that is simulated on this machine has its routers there, too.
    if (is_loopback(a.address) && elsewhere_)
      found_.error(a.at, both("锚点 {} 是本机自己的地址，上联断了照样应答；请写上联之外、各线路分开之前的路由器",
                              "anchor {} is this machine itself, which answers while our uplink is cut: name a router "
                              "beyond the uplink, before the lines part",
                              text));
    const target* owner = owner_of(a.address);
    if (owner == nullptr) return;
    const bool page = owner->kind == target_kind::site;
    found_.error(a.at, both("锚点 {} 就是{} {} 的地址：它断了不能说明本机上联断了；请写各线路分开之前的路由器",
                            "anchor {} is the address of {} {}: its silence says nothing of our uplink; name a router "
                            "before the lines part",
                            text, page ? phrase{"网站", "site"} : phrase{"线路", "line"}, owner->id));
  }

  void way_of_asking(const anchor_draft& a, const check& c) {
    const std::string_view name = kinds_[c.kind].name;
    if (c.role == check_role::health)
      return found_.warn(a.checks_at,
                         both("锚点的检查 {} 是 role=health，判断本机上联时不看它",
                              "{} of an anchor has role=health: nobody asks it about our uplink; leave it out", name));
    if (name == "http")
      return found_.error(a.checks_at,
                          {"锚点不能用 http：网页打不开多半不是上联的事，也答得太慢；请用 icmp 或 tcp:port=…",
                           "an anchor cannot be asked by http: a page that does not open says nothing of our uplink, "
                           "and says it late; use icmp or tcp:port=…"});
    if (c.when.timeout >= longest_wait) late(a, c);
    if (c.when.interval > counts_for)
      found_.error(a.checks_at,
                   both("锚点每 {} 才问一次：超过 {} 没有应答的锚点不算数；请去掉 interval=（每秒一次）",
                        "the anchor is asked every {}, but one without an answer for {} does not count: leave "
                        "interval= out (every second)",
                        duration_text(c.when.interval), duration_text(counts_for)));
    else if (c.when.interval > slow)
      found_.warn(
          a.checks_at,
          both("锚点每 {} 才问一次：更短的上联中断会记到线路上；请去掉 interval=（每秒一次）",
               "the anchor is asked every {}: a shorter cut of our uplink is booked as the lines'; leave interval= "
               "out (every second)",
               duration_text(c.when.interval)));
  }

  /** Stated for everybody it may have its reasons; stated for the anchor it is a mistake. */
  void late(const anchor_draft& a, const check& c) {
    const phrase text = both(
        "锚点等 {} 才算无应答：线路的样本最多等它 {}，它说话时已经记成中断；请写 timeout=1s",
        "the anchor is silent only after {}, but a line's sample waits at most {} for it and is booked as an outage: "
        "say timeout=1s",
        duration_text(c.when.timeout), duration_text(longest_wait));
    if (c.spec.find("timeout=") != std::string::npos)
      found_.error(a.checks_at, text);
    else
      found_.warn(a.checks_at, text);
  }

  const inventory& made_;
  std::span<const kind> kinds_;
  findings& found_;
  std::vector<std::pair<ip_address, const target*>> sites_;  ///< that are named by an address
  bool elsewhere_ = false;                                   ///< something is watched that is not on this machine
};

}  // namespace

void check_anchors(const config_draft& draft, const inventory& made, std::span<const kind> kinds, findings& found) {
  if (draft.anchors.size() < 2)
    found.warn(draft.anchors_at,
               {"锚点少于两个：本机上联中断会与线路中断分不开；请在 anchors 下写两个我方一侧的路由器",
                "fewer than two anchors: an outage of our own uplink would look like theirs; name two routers on our "
                "side under 'anchors'"});
  if (!draft.anchors_among_lines)
    anchor_check(draft, made, kinds, found);
  else if (std::ranges::count(made.targets, target_kind::anchor, &target::kind) > most_traced)
    found.error(draft.root,
                both("锚点超过 {} 个：只写能说明本机上联的几个路由器",
                     "more than {} anchors: name the few routers that tell our uplink from the lines", most_traced));
}

}  // namespace changtong::reading
