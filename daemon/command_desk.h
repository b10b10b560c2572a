#pragma once
/** Where commands of people meet the books: one at a time they are held against what is durable, labelled, committed
 * through the recorder, and only then answered (promise 4). Called on HTTP threads; they wait here and for the commit,
 * the probe thread only says what time it is. */
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "daemon/core/command.h"
#include "daemon/core/instant.h"
#include "daemon/ledger/reader.h"
#include "daemon/recorder.h"

namespace changtong {

class command_desk {
 public:
  /** The label of now, not before anything the ledger has; none while the daemon stops. Any thread, may block shortly.
   */
  using label = std::function<std::optional<wall_t>()>;

  /** `records` outlives the desk. */
  command_desk(std::string ledger, recorder& records, label now);

  [[nodiscard]] entering enter(std::span<const command> what, const author& who);

 private:
  [[nodiscard]] entering drafted(std::span<const command> what, const author& who, wall_t now);

  std::string ledger_;
  recorder& records_;
  label now_;
  std::mutex one_at_a_time_;
  std::unique_ptr<ledger::reader> books_;  ///< opened when first needed, anew after a failure
};

/** A ledger that cannot be read or written just now, as an answer to a person. */
[[nodiscard]] refused ledger_unavailable(std::string_view why);

}  // namespace changtong
