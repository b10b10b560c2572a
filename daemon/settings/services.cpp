// How often services are asked, and how long they may take: nothing that is stated for lines.
#include "daemon/settings/layers.h"

namespace changtong::reading {
namespace {

timing_layer layer(milliseconds interval, milliseconds timeout, milliseconds fast) {
  return {.interval = stated<milliseconds>{interval, {}},
          .timeout = stated<milliseconds>{timeout, {}},
          .fast = stated<milliseconds>{fast, {}}};
}

}  // namespace

const timing_layer* timing_of_service(std::string_view kind) {
  // 15 s is when a page counts as not opening in the national inspection; a doubtful site is asked again after 5 s, not
  // 250 ms.
  static const timing_layer page = layer(milliseconds{60'000}, milliseconds{15'000}, milliseconds{5000});
  // A name server that has to ask others first may take its time.
  static const timing_layer names = layer(milliseconds{30'000}, milliseconds{3000}, milliseconds{1000});
  return kind == "http" ? &page : kind == "dns" ? &names : nullptr;
}

}  // namespace changtong::reading
