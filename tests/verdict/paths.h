#pragma once
/** Made-up paths. */
#include <initializer_list>
#include <string>
#include <vector>

#include "daemon/verdict/where_cut.h"

namespace changtong::verdict {

inline hop address(const std::string& text) { return parse_address(text); }
/** `*`: a router that does not answer. */
inline std::vector<hop> path(std::initializer_list<const char*> hops) {
  std::vector<hop> all;
  for (const char* h : hops) all.push_back(*h == '*' ? hop{} : address(h));
  return all;
}

}  // namespace changtong::verdict
