#pragma once
/** `changtong probe`: targets asked now, without a daemon, and what was seen. */
#include <string>
#include <vector>

namespace changtong {

struct probe_options {
  std::string config;                ///< may be empty where an address or a URL is asked
  std::vector<std::string> targets;  ///< ids, names, circuits, addresses, URLs
  std::string format = "text";       ///< text, json
};

/** 0: every check is good; 1: one is not; 2: a word names nothing, or more than one target (which are listed). */
int probe_command(const probe_options& o);

}  // namespace changtong
