#pragma once
/** What tests of reports share: March 2026 in Shanghai, lines of carriers, and a document as people would read it. */
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "daemon/books/report_figures.h"
#include "daemon/report/report_layout.h"
#include "tests/ledger/desk.h"

namespace changtong::report_room {

using namespace ledger::desk;

inline constexpr double day_s = 86'400;
inline constexpr double march = -13 * day_s,
                        april = 18 * day_s;  // seconds from 2026-03-14, where the desk's time begins

inline civil_zone shanghai() { return *civil_zone::named("Asia/Shanghai"); }
inline report_period period_of(std::string_view text) {
  const auto p = report_period_named(shanghai(), text);
  if (!p) throw std::runtime_error(p.error().text);
  return *p;
}

inline inventory_version of_carrier(const std::string& id, const std::string& carrier) {
  inventory_version v = line(id, march);
  v.json = R"({"id":")" + id + R"(","name":"线路)" + id + R"(","category":"village","town":"城南镇","carrier":")" +
           carrier + R"(","accepted":)" + std::to_string(ms_of(at(march))) + "}";
  v.at = at(march);
  return v;
}

/** Every text of the document, one line a row: what people would read. */
inline std::string shown(const report::document& d) {
  std::string out = d.title + "\n";
  for (const auto& s : d.sheets) {
    out += "== " + s.name + "\n";
    for (const auto& n : s.notes) out += n + "\n";
    for (const auto& b : s.bars)
      if (b.length > 0) out += b.label + ": " + b.text + "\n";
    for (const auto& t : s.tables) {
      out += "-- " + t.title + "\n";
      for (const auto& h : t.columns) out += h.text + "|";
      out += "\n";
      for (const auto& row : t.rows) {
        EXPECT_EQ(row.size(), t.columns.size()) << s.name << " " << t.title;
        for (const auto& c : row) out += c.text + "|";
        out += "\n";
      }
      if (t.rows.empty()) out += t.if_empty + "\n";
    }
  }
  return out;
}

}  // namespace changtong::report_room
