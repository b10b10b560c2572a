#pragma once
/** What people enter about outages: who takes care of one (acknowledgement), and what a carrier was told of it and
 * answered (ticket). Reads, writes nothing, asks for no time. */
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/civil.h"
#include "daemon/core/command.h"
#include "daemon/core/node_rank.h"
#include "daemon/entries/target_names.h"
#include "daemon/ledger/reader.h"

namespace changtong::entries {

/** One request's view of the books: what an earlier command of it enters is known to the later ones. Throws
 * std::runtime_error where the ledger cannot be read. */
class fault_desk {
 public:
  /** All of them outlive it. */
  fault_desk(const ledger::reader& books, const civil_zone& zone, const author& who, wall_t now, target_names& names,
             node_rank rank = node_rank::first)
      : books_(books), zone_(zone), who_(who), now_(now), names_(names), rank_(rank) {}

  /** One record, or none with a notice where the same person has said the same. */
  [[nodiscard]] entering acknowledge(acknowledgement_command c);
  /** One record. */
  [[nodiscard]] entering take(const ticket_command& c);

 private:
  struct named_alert {
    std::vector<std::string> targets;  ///< all that it was ever about
    wall_t began{};
    std::optional<wall_t> over;  ///< when all of it was well
    alert_subject subject = alert_subject::line;
    std::string name;
  };
  [[nodiscard]] std::optional<named_alert> alert(const std::string& id) const;
  [[nodiscard]] std::string alert_of(const std::string& line, wall_t began) const;
  /** Somebody takes care of what is over, or of what is open: `alert` is known. */
  [[nodiscard]] std::vector<notice> look_whether_over(const acknowledgement& a) const;
  /** The open one, or the one that began then, or within the second that has no milliseconds. */
  [[nodiscard]] boost::system::result<wall_t, refused> outage(const std::string& line,
                                                              const std::optional<wall_t>& began) const;
  /** The same person has said the same, and nobody took it over since. */
  [[nodiscard]] bool known(const acknowledgement& a);
  /** Somebody else takes care of it already: who, and since when. */
  [[nodiscard]] std::vector<notice> look_who_has_it(const acknowledgement& a) const;
  /** A line was named, and its alert is about more. */
  [[nodiscard]] std::vector<notice> look_what_it_is(const acknowledgement& a);
  [[nodiscard]] ticket_record said_in(const ticket_command& c) const;
  [[nodiscard]] entering report(const ticket_command& c);
  [[nodiscard]] entering step(const ticket_command& c);
  /** Its carrier, lines in the order of the inventory, and beginning. */
  [[nodiscard]] std::optional<refused> lines_of(const ticket_command& c, ticket_record& into);
  [[nodiscard]] std::optional<refused> begin(const ticket_command& c, ticket_record& into);
  [[nodiscard]] std::vector<ticket_record>& tickets();

  const ledger::reader& books_;
  const civil_zone& zone_;
  const author& who_;
  wall_t now_;
  target_names& names_;
  node_rank rank_;
  std::optional<std::vector<acknowledgement>> acknowledged_;
  std::optional<std::vector<ticket_record>> tickets_;  ///< as they will be
};

}  // namespace changtong::entries
