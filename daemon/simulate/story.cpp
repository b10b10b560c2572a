#include "daemon/simulate/story.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace changtong::simulate {
namespace {

constexpr milliseconds seconds_of(std::int64_t s) { return milliseconds{s * 1000}; }
constexpr std::size_t most_lines_cut_at_once = 200;
constexpr std::size_t least_leaves_for_script = 100;

/** A round of the story; village cuts are the daily bread. */
std::vector<trouble_kind> full_deck(bool pauses) {
  using enum trouble_kind;
  std::vector<trouble_kind> deck{village_cut,  village_cut, village_cut, township_cut, carrier_cut,
                                 agent_silent, slow_line,   lossy_line,  slow_site,    site_error};
  if (pauses) deck.push_back(probing_pause);
  return deck;
}

}  // namespace

std::string_view chinese(trouble_kind k) {
  static constexpr std::array<std::string_view, trouble_kinds> names{
      "单村断线", "乡镇上联中断", "运营商故障", "代理停止应答(TCP 仍通，不算中断)", "线路变慢", "线路丢包", "网站变慢",
      "网站出错", "监测暂停",     "域名无应答"};
  return names[static_cast<std::size_t>(k)];
}

bool is_outage(trouble_kind k) {
  using enum trouble_kind;
  return k == village_cut || k == township_cut || k == carrier_cut || k == site_error || k == silent_domain;
}

trouble standing_trouble(const district& d) {
  const auto site = std::ranges::find(d.sites, site_manner::silent_domain, &district_site::manner);
  trouble t;
  t.kind = trouble_kind::silent_domain;
  t.site = static_cast<std::uint32_t>(site - d.sites.begin());
  return t;
}

story_pace pace_for(const district& d, double speed) {
  story_pace pace;
  pace.speed = std::clamp(std::isfinite(speed) ? speed : 1.0, 0.1, 100.0);
  // Seeing an outage for certain takes an interval, then three questions at the fast pace.
  pace.shortest_line = std::max(pace.shortest_line, d.interval + seconds_of(1));
  pace.peace = std::max(pace.peace, 2 * d.interval);
  return pace;
}

story::story(const district& d, std::uint64_t seed, story_pace pace)
    : d_(d), dice_(seed ^ 0x73746f7279ULL), pace_(pace), line_busy_(d.lines.size()), site_busy_(d.sites.size()) {
  pace_.speed = std::clamp(pace_.speed, 0.1, 100.0);
  for (std::uint32_t n = 0; n < d.lines.size(); ++n) {
    if (d.children[n].empty())
      leaves_.push_back(n);
    else
      townships_.push_back(n);
  }
  for (std::uint32_t n = 0; n < d.sites.size(); ++n)
    if (d.sites[n].manner != site_manner::silent_domain) sites_.push_back(n);
  // A visitor should see the two best known stories first.
  deck_ = full_deck(pace_.pauses);
  dice_.shuffle(deck_);
  deck_.push_back(trouble_kind::township_cut);
  deck_.push_back(trouble_kind::village_cut);
  write_script();
}

void story::write_script() {
  if (leaves_.size() < least_leaves_for_script) return;
  const std::uint32_t restless = leaves_[leaves_.size() / 3], lossy = leaves_[leaves_.size() * 2 / 3];
  const auto scaled_down = [&](milliseconds m, milliseconds least) {
    return std::max(least, milliseconds{static_cast<std::int64_t>(static_cast<double>(m.count()) / pace_.speed)});
  };
  milliseconds at = std::max(scaled_down(seconds_of(150), milliseconds{0}), pace_.peace);
  plan(trouble_kind::lossy_line, lossy, at, scaled_down(seconds_of(120), seconds_of(5)));
  script_.back().loss = 0.18;
  for (int n = 0; n < 5; ++n) {
    const milliseconds lasts = scaled_down(seconds_of(6), pace_.shortest_line);
    plan(trouble_kind::village_cut, restless, at + seconds_of(1), lasts);
    at += std::max(scaled_down(seconds_of(30), milliseconds{0}), lasts + pace_.peace + seconds_of(1));
  }
}

void story::plan(trouble_kind k, std::uint32_t line, milliseconds begins, milliseconds lasts) {
  trouble t;
  t.kind = k;
  t.begins = begins;
  t.lasts = lasts;
  t.lines.push_back(line);
  occupy(t);
  script_.push_back(std::move(t));
}

milliseconds story::scaled(std::int64_t low_ms, std::int64_t high_ms, milliseconds least) {
  const auto drawn = static_cast<double>(dice_.between(low_ms, high_ms));
  return std::max(least, milliseconds{static_cast<std::int64_t>(drawn / pace_.speed)});
}

trouble story::next() {
  if (!drawn_next_) drawn_next_ = next_drawn();
  trouble t;
  if (!script_.empty() && script_.front().begins <= drawn_next_->begins) {
    t = std::move(script_.front());
    script_.pop_front();
  } else {
    t = std::move(*drawn_next_);
    drawn_next_.reset();
  }
  t.number = ++number_;
  return t;
}

trouble story::next_drawn() {
  at_ += !std::exchange(drawn_, true) ? scaled(6'000, 14'000, pace_.peace) : scaled(18'000, 30'000, milliseconds{200});
  for (;;) {
    // Several draws: with few lines or a high speed the targets may all be taken for a while.
    for (int tries = 0; tries < 16; ++tries) {
      trouble t;
      t.kind = draw();
      t.begins = at_;
      t.lasts = length(t.kind);
      if (!place(t)) continue;
      occupy(t);
      return t;
    }
    at_ += milliseconds{500};
  }
}

trouble_kind story::draw() {
  if (deck_.empty()) {
    deck_ = full_deck(pace_.pauses);
    dice_.shuffle(deck_);
  }
  const trouble_kind k = deck_.back();
  deck_.pop_back();
  return k;
}

milliseconds story::length(trouble_kind k) {
  using enum trouble_kind;
  switch (k) {
    case site_error:
    case slow_site:
      return scaled(30'000, 120'000, pace_.shortest_site);
    case probing_pause:
      return scaled(5'000, 15'000, milliseconds{3'000});
    case agent_silent:
    case slow_line:
    case lossy_line:
      return scaled(30'000, 90'000, milliseconds{5'000});
    default: {
      // Short ones are as common as long ones: 5 s .. 120 s, even in the logarithm.
      const double drawn = 5'000.0 * std::pow(24.0, dice_.share());
      return std::max(pace_.shortest_line, milliseconds{static_cast<std::int64_t>(drawn / pace_.speed)});
    }
  }
}

bool story::place(trouble& t) {
  using enum trouble_kind;
  if (t.kind == probing_pause) return choose_pause(t);
  // Nothing begins or ends while the monitor stands still, else nobody could say what it should have seen.
  for (const trouble& other : lately_) {
    if (other.kind != probing_pause) continue;
    for (const milliseconds edge : {t.begins, t.ends()})
      if (edge > other.begins - pace_.peace && edge < other.ends() + pace_.peace) return false;
  }
  return t.kind == slow_site || t.kind == site_error ? choose_site(t) : choose_lines(t);
}

bool story::choose_pause(trouble& t) {
  for (int tries = 0; tries < 60; ++tries, t.begins += milliseconds{500}) {
    if (!undisturbed(t)) continue;
    at_ = t.begins;  // what comes next keeps its distance from here
    return true;
  }
  return false;
}

bool story::undisturbed(const trouble& pause) const {
  return std::none_of(lately_.begin(), lately_.end(), [&](const trouble& other) {
    const auto near = [&](milliseconds edge) {
      return edge > pause.begins - pace_.peace && edge < pause.ends() + pace_.peace;
    };
    return near(other.begins) || near(other.ends());
  });
}

bool story::choose_lines(trouble& t) {
  using enum trouble_kind;
  if (t.kind == lossy_line) t.loss = 0.1 + 0.15 * dice_.share();
  if (t.kind == slow_line) t.delay = milliseconds{dice_.between(150, 300)};
  if (t.kind == township_cut) return choose_township(t);
  if (t.kind == carrier_cut) return choose_carrier(t);
  return choose_leaf(t);
}

/** Neither in trouble itself nor hidden behind a township that is. */
bool story::free(std::uint32_t line) const {
  const std::uint32_t parent = d_.lines[line].parent;
  return line_busy_[line] <= at_ && (parent == no_line || line_busy_[parent] <= at_);
}

bool story::choose_leaf(trouble& t) {
  const std::uint32_t line = dice_.pick(leaves_);
  if (!free(line)) return false;
  t.lines.push_back(line);
  return true;
}

bool story::choose_township(trouble& t) {
  if (townships_.empty()) return false;
  const std::uint32_t line = dice_.pick(townships_);
  const auto& below = d_.children[line];
  if (!free(line) || !std::all_of(below.begin(), below.end(), [&](std::uint32_t l) { return free(l); })) return false;
  t.lines.push_back(line);
  t.lines.insert(t.lines.end(), below.begin(), below.end());
  return true;
}

bool story::choose_carrier(trouble& t) {
  const std::string& carrier = d_.lines[dice_.pick(leaves_)].carrier;
  for (const std::uint32_t line : leaves_)
    if (d_.lines[line].carrier == carrier && free(line)) t.lines.push_back(line);
  if (t.lines.size() < 2) return false;
  dice_.shuffle(t.lines);
  const std::size_t share =
      std::max<std::size_t>(2, t.lines.size() * static_cast<std::size_t>(dice_.between(5, 15)) / 100);
  t.lines.resize(std::min({share, most_lines_cut_at_once, t.lines.size()}));
  std::sort(t.lines.begin(), t.lines.end());
  return true;
}

bool story::choose_site(trouble& t) {
  const std::uint32_t site = dice_.pick(sites_);
  if (site_busy_[site] > at_) return false;
  t.site = site;
  if (t.kind == trouble_kind::slow_site) t.delay = milliseconds{dice_.between(1'000, 1'900)};
  return true;
}

void story::occupy(const trouble& t) {
  const milliseconds until = t.ends() + pace_.peace;
  for (const std::uint32_t line : t.lines) line_busy_[line] = until;
  if (t.site != no_line) site_busy_[t.site] = until + seconds_of(10);
  std::erase_if(lately_, [&](const trouble& other) { return other.ends() + 4 * pace_.peace < at_; });
  lately_.push_back(t);
}

}  // namespace changtong::simulate
