// What a carrier opens: a page, and a table in a spreadsheet.
#include "daemon/report/ticket_paper.h"

#include <gmock/gmock.h>

namespace changtong::report {
namespace {

using testing::HasSubstr;

books::due_ticket one_line() {
  books::due_ticket t;
  t.what.number = "T20260314-5001";
  t.what.carrier = "移动";
  t.what.targets = "M1";
  t.what.at = wall_from_ms(1'773'427'562'000);
  books::reported_line l;
  l.id = "M1";
  l.name = "村M1";
  l.circuit = "C<M1>";
  l.town = "龙河镇";
  l.began = wall_from_ms(1'773'427'260'000);
  l.confirmed = wall_from_ms(1'773'427'262'000);
  l.why = cause::timeout;
  l.trace = "到 192.0.2.9 为止";
  t.lines.push_back(l);
  return t;
}

const civil_zone zone = civil_zone::named("Asia/Shanghai").value();

TEST(TicketPaper, TheTableHasARowALine) {
  EXPECT_EQ(ticket_csv(one_line(), zone),
            "\xef\xbb\xbf报障单号,专线,名称,电路编号,乡镇,单位,中断开始,发现（确认）,现象,路径\r\n"
            "T20260314-5001,M1,村M1,C<M1>,龙河镇,,2026-03-14T02:41:00.000+08:00,2026-03-14T02:41:02.000+08:00,"
            "超时无应答,到 192.0.2.9 为止\r\n");
}

/** Names are what somebody typed into an inventory, and the carrier opens the file in Excel. */
TEST(TicketPaper, NoCellIsComputed) {
  auto t = one_line();
  t.lines[0].name = "＝1+1";
  t.lines[0].unit = "\n=cmd";
  t.lines[0].circuit = "-12";
  const std::string csv = ticket_csv(t, zone);
  EXPECT_THAT(csv, HasSubstr(",'＝1+1,-12,"));
  EXPECT_THAT(csv, HasSubstr(",\"'\n=cmd\","));
}

TEST(TicketPaper, ThePageSaysWhatWasTypedAsItIs) {
  const std::string page = ticket_page(one_line(), "区<数据>局", zone);
  EXPECT_THAT(page, HasSubstr("<td>C&lt;M1&gt;</td>"));
  EXPECT_THAT(page, HasSubstr("<td>区&lt;数据&gt;局</td>"));
  EXPECT_THAT(page, HasSubstr("border-collapse"));
  EXPECT_THAT(page, HasSubstr("</html>\n"));
}

}  // namespace
}  // namespace changtong::report
