#pragma once
// The reports of tests/claims/reports with what a careful reader found in them: REPORT.expected.json lists the slips
// (kind, and words that the quotes must hold), further true findings with the reason why they are true, and slips that
// the checker is known to miss.
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "daemon/claims/consistency.h"

namespace changtong::claims {

inline std::string report_text(const std::string& name) {
  std::ifstream in(std::string(CHANGTONG_SOURCE_DIR "/tests/claims/reports/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct expected {
  std::string id, kind;
  std::vector<std::string> words;

  /** The kind is right and each word stands in one of the quotes. */
  [[nodiscard]] bool is(const contradiction& c) const {
    return c.kind == kind && std::ranges::all_of(words, [&](const std::string& w) {
             return std::ranges::any_of(c.quotes, [&](const std::string& q) { return q.find(w) != std::string::npos; });
           });
  }
};

struct expectation {
  std::vector<expected> slips, extra, missed;
};

inline std::vector<expected> expected_list(const boost::json::object& o, const char* key) {
  std::vector<expected> out;
  const auto* list = o.if_contains(key);
  if (list == nullptr) return out;
  for (const auto& v : list->as_array()) {
    expected e{.id = v.at("id").as_string().c_str(), .kind = v.at("kind").as_string().c_str(), .words = {}};
    for (const auto& q : v.at("quotes").as_array()) e.words.emplace_back(q.as_string().c_str());
    out.push_back(std::move(e));
  }
  return out;
}

inline expectation expected_of(const std::string& report) {
  const boost::json::object o = boost::json::parse(report_text(report + ".expected.json")).as_object();
  return {expected_list(o, "slips"), expected_list(o, "extra"), expected_list(o, "missed")};
}

}  // namespace changtong::claims
