#pragma once
/** Bursts of echo requests: one question of the schedule, several echoes a gap apart, one answer with loss, median and
 * jitter. It stands between the exchange and the schedule's sink: answers to single echoes go straight through. Knows
 * no socket and no clock: the collector sends what `due` names and says what time it is. Probe thread only. */
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <span>
#include <unordered_map>
#include <vector>

#include "collectors/collector.h"
#include "collectors/icmp.h"

namespace changtong {

/** What the round trips of a burst say; those that came back, in order of sending. */
struct burst_figures {
  nanoseconds median{0};  ///< of an even number the middle of the two
  nanoseconds jitter{0};  ///< RFC 3550 6.4.1, from 0: each difference moves it by a sixteenth
};
/** `round_trips` is not empty. */
[[nodiscard]] burst_figures figures_of(std::span<const nanoseconds> round_trips);

class echo_bursts final : public answer_sink {
 public:
  explicit echo_bursts(answer_sink& out) : out_(&out) {}

  /** Of the exchange: an echo of a burst is kept, any other is passed on. */
  void answered(std::uint32_t ticket, const answer& a) override {
    if ((ticket & burst_ticket) == 0) [[likely]]
      return out_->answered(ticket, a);
    keep(ticket, a);
  }

  /** The question that puts its first echo; nothing if too many are under way. Call `sent` once it has left. */
  [[nodiscard]] std::optional<question> begin(const question& asked);
  void sent(const question& first_echo);
  /** Answers the bursts whose timeout has come; gives the echoes whose turn it is. */
  [[nodiscard]] std::vector<question> move_on(mono_t now);
  /** Echoes of bursts that are over, for the exchange to forget before the next `begin`; the caller empties it. */
  [[nodiscard]] std::vector<std::uint32_t>& given_up() { return given_up_; }

  /** The schedule gives the question up: why; nothing if it is none of a burst. */
  [[nodiscard]] std::optional<cause> forget(std::uint32_t ticket);
  [[nodiscard]] std::size_t under_way() const { return by_ticket_.size(); }

 private:
  static constexpr std::uint32_t burst_ticket = 1U << 31U, echo_bits = 6, most_bursts = 1U << 18U;
  static_assert(icmp_settings::most_echoes <= 1U << echo_bits);
  enum class echo_state : std::uint8_t { unasked, under_way, back, lost, not_put };

  struct echo {
    echo_state now = echo_state::unasked;
    nanoseconds rtt{0};
  };
  struct burst {
    bool now = false;  ///< under way
    std::uint32_t ticket = 0;
    std::uint32_t serial = 0;  ///< tells a place used again from its earlier life
    const check* what = nullptr;
    mono_t first{}, deadline{};
    std::size_t asked = 0, open = 0;  ///< echoes that were given out, and of these those without an end
    cause why_lost = cause::timeout, why_not_put = cause::none;
    std::vector<echo> echoes;
  };
  struct moment {
    mono_t at;
    std::uint32_t place, serial;
    bool ends;  ///< the burst's timeout; else its next echo
    friend bool operator>(const moment& a, const moment& b) { return a.at > b.at; }
  };

  static const icmp_settings& settings_of(const burst& b);
  [[nodiscard]] bool is_still(const moment& m) const {
    return bursts_[m.place].now && bursts_[m.place].serial == m.serial;
  }
  [[nodiscard]] question echo_of(std::uint32_t place);
  void keep(std::uint32_t ticket, const answer& a);
  void conclude(std::uint32_t place);
  void release(std::uint32_t place);

  answer_sink* out_;
  std::vector<burst> bursts_;
  std::vector<std::uint32_t> free_, given_up_;
  std::priority_queue<moment, std::vector<moment>, std::greater<>> moments_;
  std::unordered_map<std::uint32_t, std::uint32_t> by_ticket_;  ///< the schedule's ticket -> place
};

}  // namespace changtong
