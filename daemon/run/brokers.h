#pragma once
/** NATS between a node and its centre: who comes to the brokers, and shipments by request. What is decided stands
 * elsewhere (peer_post, centre_door): a broker only carries. */
#include <memory>
#include <string>

#include "daemon/centre/broker.h"
#include "daemon/run/shipping_way.h"
#include "daemon/settings/parts.h"

namespace changtong {

/** A node; its answers come back below its own name, where nobody else may listen. */
[[nodiscard]] centre::broker_place place_of_node(const broker_settings& s, const std::string& node);
[[nodiscard]] centre::broker_place place_of_centre(const broker_settings& s);

/** By request to `ct.ship.<node>`, answered as over HTTP. */
[[nodiscard]] shipping_way over_nats(std::shared_ptr<centre::broker> by, const std::string& node);

}  // namespace changtong
