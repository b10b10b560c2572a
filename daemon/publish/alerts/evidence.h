#pragma once
/** What speaks for what a message says: the cause as far as it is known, what was seen on the way and beside it, what
 * the devices said themselves. Internal to publish/alerts (words.h). Pure. */
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/publish/alerts/words.h"

namespace changtong::alerts {

class evidence {
 public:
  /** `of`: the alert's lines and sites that the inventory has; `leading` the one it is about, or null; `over`: it is
   * told that they are well. All outlive this. */
  evidence(const alert_record& step, const told_world& world, std::span<const target* const> of, const target* leading,
           bool over)
      : step_(step), world_(world), of_(of), leading_(leading), over_(over) {}

  /** Of an outage; of several what they have in common. */
  [[nodiscard]] std::string cause() const;
  [[nodiscard]] std::string observation() const;
  /** cause(), as far as it is one that explains; else none. */
  [[nodiscard]] changtong::cause named_cause() const;
  /** What their devices sent near the outage, the most telling first. */
  [[nodiscard]] std::string traps() const;
  /** Of lines in several towns: which. */
  [[nodiscard]] std::string towns() const;

 private:
  struct tally {
    std::size_t all = 0, up = 0, down = 0;
  };
  using among = std::function<bool(const target&)>;

  [[nodiscard]] std::optional<outage_facts> outage(const target& t) const;
  [[nodiscard]] std::string one_cause(const outage_facts& o) const;
  /** Of the alert's several: what was found of them, and of how many of them the most frequent was. */
  struct shared_cause {
    std::string text, observed;  ///< `observed`: of the most frequent
    std::size_t most = 0;
    changtong::cause found = changtong::cause::none;  ///< the same
  };
  [[nodiscard]] shared_cause common_cause() const;
  [[nodiscard]] tally count(const among& is) const;
  [[nodiscard]] std::string on_the_way(const target& t) const;
  [[nodiscard]] std::string around(const target& t) const;
  [[nodiscard]] std::string then_around(const target& t) const;
  [[nodiscard]] std::string beside(const target& t, const among& is, std::string_view unit) const;
  [[nodiscard]] std::string among_sites(const target& t) const;
  [[nodiscard]] std::string of_carrier() const;
  [[nodiscard]] std::string then_of_carrier() const;
  [[nodiscard]] std::string of_several() const;
  [[nodiscard]] std::string then_of_several() const;
  [[nodiscard]] std::string of_sites() const;
  [[nodiscard]] std::string of_town() const;
  [[nodiscard]] std::string of_many() const;
  [[nodiscard]] std::string shares(std::string target::* of) const;
  [[nodiscard]] std::string lost_power() const;
  [[nodiscard]] std::string who_is_on_duty() const;

  const alert_record& step_;
  const told_world& world_;
  std::span<const target* const> of_;
  const target* leading_;
  bool over_;
};

}  // namespace changtong::alerts
