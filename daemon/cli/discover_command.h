#pragma once
/** `changtong discover`: lines and parents that the network proposes. It writes no inventory, only what it is told to.
 */
#include <cstdint>
#include <string>

#include "daemon/cli/network_survey.h"

namespace changtong {

struct discover_options {
  std::string from;              ///< an address; with a configuration also an id or name
  std::string config;            ///< may be empty
  std::string format = "table";  ///< table, json, csv
  std::string out;               ///< a file for the rows; empty: none
  std::string category = "village";
  std::uint32_t depth = 1, limit = 200;
  network_survey::wishes how;
};

/** 0: the first device told; 1: the configuration does not hold; 2: a word names nothing; 3: the device does not tell.
 */
int discover_command(const discover_options& o);

}  // namespace changtong
