#pragma once
/** How a piece of our journal gets to who keeps a copy: it decides nothing (peer_post does), and waits no longer than
 * it is told. */
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "collectors/wire/web_address.h"
#include "daemon/core/instant.h"
#include "daemon/core/phrase.h"
#include "daemon/core/result.h"
#include "daemon/core/secret.h"
#include "daemon/host/post.h"
#include "daemon/ledger/shipment.h"

namespace changtong {

/** Where the copy stands now; none: it went another way. */
using carried = std::optional<ledger::shipment_answer>;

struct shipping_way {
  /** Blocks within `patience`; a stop ends it soon. A problem where nothing was taken, or nobody knows. */
  std::function<result<carried>(std::string body, milliseconds patience, const std::stop_token& stop)> carry;
  /** Bytes of a body; empty: as many as a shipment may have. */
  std::function<std::size_t()> most_bytes{};
};

/** What is asked of whoever is shipped to, and shown there. */
struct shipping_papers {
  secret token;
  std::string ca_file{};                       ///< whom TLS believes; empty: the system's store
  std::string certificate_file{}, key_file{};  ///< to who asks for one; both empty: none
};
/** By POST. `names` empty: the machine's own resolver is asked. */
[[nodiscard]] shipping_way over_http(wire::web_address to, shipping_papers papers, host::look_up names);

/** Why an answer is none, with what it says where that is nothing that was sent. */
[[nodiscard]] problem not_understood();
/** Its sentences, or the beginning of what is no Changtong's. */
[[nodiscard]] phrase words_of_answer(const std::string& body);

}  // namespace changtong
