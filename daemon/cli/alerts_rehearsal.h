#pragma once
/** `changtong alerts test` and `alerts simulate`: one message now, and what would have been told. Exit codes as in
 * ending.h: 1 where a channel does not take the message. */
#include <memory>
#include <string>
#include <vector>

#include "daemon/cli/grammar.h"
#include "daemon/core/target.h"
#include "daemon/ledger/reader.h"
#include "daemon/publish/alerts/simulation.h"

namespace changtong {

struct alert_test_options {
  std::string config, channel, to;  ///< id of a channel, empty: all; name of a person, empty: the channel's own `to`
};
int alert_test_command(const alert_test_options& o);

struct alert_simulate_options {
  std::string ledger, config, from, to;
  std::string format = "table";
};
int alert_simulate_command(const alert_simulate_options& o);

/** Lines and sites as the ledger knows them, without checks. */
[[nodiscard]] std::shared_ptr<const inventory> inventory_of(const ledger::reader& books);
/** The outages that touch `p`, with their causes and ends, and what people acknowledged, as the daemon heard of them:
 * when a recovery was known the books do not say, so it is taken to be known at once. What was inside an approved
 * window is held back as the daemon does. What was up and not well is known only as far as it was told then. In order.
 */
[[nodiscard]] std::vector<alerts::happening> happened_in(const ledger::reader& books, period p);

/** Both, below `alerts`. */
void rehearsal_arguments(grammar alerts, int& code);

}  // namespace changtong
