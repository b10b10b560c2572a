#include "daemon/report/evaluation_lists.h"

#include "daemon/report/declared_list.h"

namespace changtong {

using report::the_word;

std::string write_counters(const std::vector<counter_record>& entered, report::format f, const civil_zone& zone) {
  return report::declared_list(entered, {"counts", "计入", "计入", "已更正", counting(entered)}, f, zone,
                               {"counter", "about", "value", "unit", "source", the_word, "author", "at", "via"},
                               {"counter", "about", "value", "unit", "source", the_word, "author", "at"});
}

std::string write_verdicts(const std::vector<indicator_verdict>& entered, report::format f, const civil_zone& zone) {
  return report::declared_list(
      entered, {"counts", "计入", "计入", "已取代", counting(entered)}, f, zone,
      {"plan", "indicator", "verdict", "points", "text", "document", "sha256", the_word, "author", "at", "via"},
      {"plan", "indicator", "verdict", "points", "document", "sha256", the_word, "author", "at", "text"});
}

}  // namespace changtong
