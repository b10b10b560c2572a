#pragma once
/** The files that a plan names: read, hashed and decoded. What is not there or cannot be read is said in words and is
 * missing evidence, not a reason to stop. */
#include <map>
#include <string>

#include "daemon/core/plan_tree.h"
#include "daemon/evaluate/sources.h"

namespace changtong {

/** By indicator id. Access logs are streamed, also gzip-compressed ones; a CSV is at most 64 MB. */
[[nodiscard]] std::map<std::string, evaluate::papers> read_papers(const plans::plan& plan,
                                                                  const evaluate::occasion& when);

}  // namespace changtong
