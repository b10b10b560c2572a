#pragma once
/** A ledger on paper, for what reads and writes one at a desk. */
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/core/record.h"
#include "daemon/ledger/reader.h"

namespace changtong {

/** Books that outlive the daemon begin here. */
inline const wall_t begin = wall_from_ms(1'773'417'600'000);

/** A ledger that takes everything, or is cut off after so many steps; what it has outlives the daemon. */
struct books_of_paper {
  std::vector<record> kept;
  bool away = false;                         ///< cannot be opened
  int opened = 0;                            ///< tries
  std::vector<acknowledgement> elsewhere{};  ///< of `kept`, what was entered on the other node of a pair
};

class paper_reader final : public ledger::reader {
 public:
  explicit paper_reader(const books_of_paper& b) : books_(b), zone_(civil_zone::named("Asia/Shanghai").value()) {}
  const civil_zone& zone() const override { return zone_; }
  wall_t first_entry() const override { return begin; }
  wall_t heartbeat() const override { return begin; }
  std::vector<ledger::known_target> targets() const override { return {}; }
  std::vector<std::pair<std::string, std::string>> categories() const override { return {}; }
  void histories(
      period, wall_t, std::string_view,
      const std::function<void(const ledger::known_target&, const availability::target_history&)>&) const override {}
  std::vector<availability::outage> outages(period, std::string_view, std::size_t) const override {
    std::map<std::string, availability::outage> open;
    for (const record& r : books_.kept)
      if (const auto* t = std::get_if<transition>(&r)) {
        if (t->to == line_state::up) open.erase(t->target);
        if (t->to != line_state::down) continue;
        availability::outage& o = open[t->target];
        o.target = t->target;
        o.began = t->at;
        o.confirmed = t->confirmed;
      } else if (const auto* c = std::get_if<cause_found>(&r); c != nullptr && open.contains(c->target)) {
        open[c->target].found = c->why;
        open[c->target].upstream = c->upstream;
      }
    std::vector<availability::outage> all;
    for (auto& [id, o] : open) all.push_back(std::move(o));
    return all;
  }
  std::vector<ledger::window_entry> windows() const override {
    std::vector<ledger::window_entry> all;
    for (const record& r : books_.kept)
      if (const auto* w = std::get_if<window_record>(&r)) all.push_back({.seq = 0, .what = *w});
    return all;
  }
  void declared(std::string_view kind, const ledger::declared_query&, std::string_view,
                const std::function<void(record&&)>& each) const override {
    for (const record& r : books_.kept)
      if (std::holds_alternative<alert_record>(r)
              ? kind == "alert"
              : std::holds_alternative<acknowledgement>(r) && kind == "acknowledgement")
        each(record(r));
  }

 private:
  const books_of_paper& books_;
  civil_zone zone_;
};

}  // namespace changtong
