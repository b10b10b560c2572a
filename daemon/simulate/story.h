#pragma once
/** What goes wrong in the district and when: an endless story, decided by (district, seed, pace) alone. Pure.
 *
 * Two troubles never touch the same line (nor one above or below it) at once, and a line is left in peace for a while
 * afterwards, so that every trouble has one true begin and end to compare the books with. */
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/instant.h"
#include "daemon/simulate/dice.h"
#include "daemon/simulate/district.h"

namespace changtong::simulate {

enum class trouble_kind : std::uint8_t {
  village_cut,    ///< one leaf line
  township_cut,   ///< a township's uplink: its line and all below it are unreachable
  carrier_cut,    ///< some leaf lines of one carrier at once
  agent_silent,   ///< SNMP dies, TCP still answers: not an outage
  slow_line,      ///< SNMP answers late, but in time: not an outage
  lossy_line,     ///< a share of the packets is lost: degraded; what the books say of it is not judged
  slow_site,      ///< answers late, but in time: not an outage
  site_error,     ///< answers 500: an outage of the site
  probing_pause,  ///< the monitor itself stands still: nobody's outage
  silent_domain,  ///< a site's name is never answered: an outage that stands beside the story
};
inline constexpr std::size_t trouble_kinds = 10;
[[nodiscard]] std::string_view chinese(trouble_kind k);
/** Whether the books must hold an outage of every target it touches. */
[[nodiscard]] bool is_outage(trouble_kind k);

struct trouble {
  std::uint32_t number = 0;  ///< from 1, in order of begin; 0: it stands from the beginning
  trouble_kind kind = trouble_kind::village_cut;
  milliseconds begins{0};  ///< since the start of the story
  milliseconds lasts{0};
  std::vector<std::uint32_t> lines;  ///< positions in district::lines; a township first, then all below it
  std::uint32_t site = no_line;      ///< position in district::sites
  double loss = 0;                   ///< lossy_line
  milliseconds delay{0};             ///< slow_line, slow_site
  [[nodiscard]] milliseconds ends() const { return begins + lasts; }
};

/** What holds from the beginning and never ends, number 0: the site whose domain is silent. */
[[nodiscard]] trouble standing_trouble(const district& d);

/** How dense the story is. `speed` divides the waits and lengths, but never below the shortest. */
struct story_pace {
  double speed = 1;                    ///< clamped to 0.1 .. 100
  milliseconds shortest_line{2'000};   ///< no outage of a line is shorter
  milliseconds shortest_site{10'000};  ///< sites are asked more rarely
  milliseconds peace{5'000};           ///< at least so long between two troubles of one target, and around a pause
  bool pauses = true;                  ///< whether the monitor can be paused at all
};
/** The pace at which a monitor that asks as the generated configuration says can see every outage. */
[[nodiscard]] story_pace pace_for(const district& d, double speed);

class story {
 public:
  /** `d` must outlive the story. */
  story(const district& d, std::uint64_t seed, story_pace pace);

  /** The next trouble, in order of begin; the first within 15 s, but not before the monitor has
   * had time to see every line up (pace.peace). Never ends. */
  [[nodiscard]] trouble next();

 private:
  [[nodiscard]] trouble next_drawn();
  void write_script();
  void plan(trouble_kind k, std::uint32_t line, milliseconds begins, milliseconds lasts);
  [[nodiscard]] trouble_kind draw();
  [[nodiscard]] bool place(trouble& t);
  [[nodiscard]] bool choose_lines(trouble& t);
  [[nodiscard]] bool choose_leaf(trouble& t);
  [[nodiscard]] bool choose_township(trouble& t);
  [[nodiscard]] bool choose_carrier(trouble& t);
  [[nodiscard]] bool choose_site(trouble& t);
  [[nodiscard]] bool choose_pause(trouble& t);
  [[nodiscard]] bool undisturbed(const trouble& pause) const;
  [[nodiscard]] bool free(std::uint32_t line) const;
  void occupy(const trouble& t);
  [[nodiscard]] milliseconds length(trouble_kind k);
  [[nodiscard]] milliseconds scaled(std::int64_t low_ms, std::int64_t high_ms, milliseconds least);

  const district& d_;
  dice dice_;
  story_pace pace_;
  milliseconds at_{0};
  std::uint32_t number_ = 0;
  bool drawn_ = false;                 ///< something was
  std::optional<trouble> drawn_next_;  ///< it comes after the next of the script
  /** What a visitor should see within some minutes, whatever is drawn: a line that comes and goes, one that is up and
   * not well. Their lines are left alone by everything else meanwhile; empty in a small district. */
  std::deque<trouble> script_;
  std::vector<trouble_kind> deck_;  ///< drawn from the back, reshuffled when empty: every kind comes round
  std::vector<milliseconds> line_busy_, site_busy_;  ///< until when
  std::vector<std::uint32_t> leaves_, townships_;
  std::vector<std::uint32_t> sites_;  ///< those that people can use
  std::deque<trouble> lately_;        ///< those whose edges may still matter for a pause
};

}  // namespace changtong::simulate
