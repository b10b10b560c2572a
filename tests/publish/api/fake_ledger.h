#pragma once
/** A ledger in memory: what it is given is what it answers. */
#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "daemon/ledger/reader.h"

namespace changtong::api {

/** The content, shared by all readers opened on it. Change it only while nobody reads. */
struct fake_books {
  civil_zone zone = civil_zone::named("Asia/Shanghai").value();
  wall_t first{};
  wall_t heartbeat{};
  std::vector<std::pair<ledger::known_target, availability::target_history>> targets;
  std::vector<std::pair<std::string, std::string>> categories;
  std::vector<availability::outage> outages;
  bool broken = false;  ///< reading throws, as from a damaged file
  /** Asked after the last target's history: true, and all come again, as in a ledger of a province. */
  std::function<bool()> again{};
};

class fake_reader final : public ledger::reader {
 public:
  explicit fake_reader(std::shared_ptr<const fake_books> books) : books_(std::move(books)) {}

  [[nodiscard]] const civil_zone& zone() const override { return books_->zone; }
  [[nodiscard]] wall_t first_entry() const override { return books_->first; }
  [[nodiscard]] wall_t heartbeat() const override { return books_->heartbeat; }
  [[nodiscard]] std::vector<ledger::known_target> targets() const override {
    std::vector<ledger::known_target> out;
    for (const auto& [t, history] : books_->targets) out.push_back(t);
    return out;
  }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> categories() const override {
    return books_->categories;
  }
  void histories(period p, wall_t now, std::string_view only,
                 const std::function<void(const ledger::known_target&, const availability::target_history&)>& each)
      const override {
    if (books_->broken) throw std::runtime_error("ledger: database disk image is malformed");
    do {
      for (const auto& [t, whole] : books_->targets) {
        if (!only.empty() && t.id != only) continue;
        availability::target_history h = whole;
        h.scope.to = std::min(h.scope.to, now);
        if (!intersect(h.scope, p).empty()) each(t, h);
      }
    } while (books_->again && books_->again());
  }
  [[nodiscard]] std::vector<availability::outage> outages(period p, std::string_view only,
                                                          std::size_t limit) const override {
    if (books_->broken) throw std::runtime_error("ledger: database disk image is malformed");
    std::vector<availability::outage> out;
    for (const auto& o : books_->outages) {
      if ((only.empty() || o.target == only) && !intersect(p, {o.began, o.ended}).empty()) out.push_back(o);
    }
    std::ranges::sort(out, std::ranges::greater{}, &availability::outage::began);
    if (out.size() > limit) out.resize(limit);
    return out;
  }

 private:
  std::shared_ptr<const fake_books> books_;
};

}  // namespace changtong::api
