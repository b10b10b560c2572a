#pragma once
/** The whole network at one look: what /api/v1/summary says and the status page draws. */
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/availability/figures.h"
#include "daemon/publish/api/context.h"

namespace changtong::api {

struct state_counts {
  std::size_t total = 0, up = 0, down = 0, degraded = 0, unknown = 0;  ///< degraded is not counted in up
};

struct category_summary {
  std::string id, name;
  state_counts count;
  std::optional<availability::seconds> today;     ///< none before the first computation, or without time in scope
  [[nodiscard]] std::string ratio_text() const;   ///< 99.98211 %, or 「未观测到中断（…）」; — without figures
  [[nodiscard]] std::string bounds_text() const;  ///< 下限 … · 上限 … · 覆盖 …; empty without figures
};

struct open_outage {
  std::string id, name, category, town, carrier;
  wall_t began{};
  cause why = cause::none;
  cause found = cause::none;
  std::string upstream, upstream_name;
  bool unrecorded = false;
  bool seen_now = true;  ///< false: its line is unknown just now; the outage stays open until a good sample
  /** One sentence part in Chinese: 超时无应答 · 上级线路中断（城关镇）. */
  [[nodiscard]] std::string cause_text() const;
};

/** Of a node of a pair: whose the figures of today are, and how far the other one's copies are behind. */
struct pair_standing {
  shown_view view;
  wall_t as_of{};                ///< the figures of today speak up to here, perhaps minutes ago; 0: there are none yet
  wall_t shipped{}, received{};  ///< 0: never
  std::int64_t unshipped = 0;
  std::optional<milliseconds> offset;  ///< the other one's clock less ours
  bool forked = false;
  wall_t begun_anew{};         ///< the copy here, as it was damaged or had forked; 0: not since the start
  std::uint64_t left_out = 0;  ///< entries of its people that do not count here
};

struct summary {
  wall_t now{};
  wall_t started{};
  wall_t heartbeat{};  ///< 0 = none yet
  std::string version;
  std::vector<category_summary> categories;             ///< that have a target, in display order
  std::map<std::string, state_counts> towns, carriers;  ///< of lines, by name
  category_summary lines;                               ///< all lines, without sites
  std::optional<period> day;
  std::vector<open_outage> outages;  ///< latest first, at most 200; also of lines that are unknown now
  std::size_t outages_open = 0;      ///< all of them
  std::vector<reason> remarks;       ///< on the ledger
  std::optional<pair_standing> pair;

  /** The figures of today are of a pair, and so old that a page says of when: those of two books are dear. */
  [[nodiscard]] bool dated() const {
    return pair && pair->as_of > wall_from_ms(0) && now - pair->as_of > milliseconds{60'000};
  }
  [[nodiscard]] milliseconds heartbeat_age() const { return now > heartbeat ? now - heartbeat : milliseconds{0}; }
  /** True when nobody has judged anything durable for 5 s: then nothing on the page is current. */
  [[nodiscard]] bool stale() const { return heartbeat_age() > milliseconds{5'000}; }
};

[[nodiscard]] summary summarize(context& from);
[[nodiscard]] std::string to_json(const summary& s, const civil_zone& zone);

/** 3 天 04:05:06, 4:05:06 or 5:06. */
[[nodiscard]] std::string duration_text(milliseconds length);

}  // namespace changtong::api
