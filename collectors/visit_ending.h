#pragma once
/** How a step of a visit ended. */
#include <string>
#include <utility>

#include "collectors/net/failure.h"

namespace changtong {

/** What a finished step says: nothing yet (go on), or the end of the visit. */
struct ending {
  bool reached = false;
  outcome what = outcome::good;
  cause why = cause::none;
  std::string detail{};

  static ending go_on() { return {}; }
  static ending bad(cause why, std::string detail = {}) { return {true, outcome::bad, why, std::move(detail)}; }
  static ending own(cause why, std::string detail = {}) {
    return {true, outcome::not_measured, why, std::move(detail)};
  }
  static ending of(net::failure f, std::string detail = {}) { return {true, f.what, f.why, std::move(detail)}; }
};

}  // namespace changtong
