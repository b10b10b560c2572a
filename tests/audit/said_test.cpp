// Who took care of outages and what carriers answered, in a pack: files of their own where there is any of it.
#include <gmock/gmock.h>

#include "tests/audit/pack_room.h"

namespace changtong::audit {
namespace {

using namespace room;
using testing::HasSubstr;

struct Said : Pack {
  void SetUp() override {
    fill(f);
    {
      const auto w = desk::opened(f);
      ticket_record reported;
      reported.at = desk::at(3 * day + 9050), reported.number = "T20260317-0001", reported.carrier = "电信";
      reported.targets = "L2", reported.began = desk::at(3 * day + 8000), reported.author = "automatic";
      reported.deadline = desk::at(3 * day + 9800), reported.text = "L2 中断, \"急\"\n请处理";
      ticket_record closed = reported;
      closed.step = ticket_step::closed, closed.author = "李工", closed.theirs = "=1+1",
      closed.cause = fault_cause::fibre;
      closed.text = "", closed.deadline = {}, closed.via = "api: 李工@192.0.2.7";
      alert_record opened;
      opened.at = desk::at(3 * day + 8003), opened.alert = "A20260317-0001", opened.began = desk::at(3 * day + 8000);
      opened.targets = "L2";
      desk::commit(*w, 3 * day + 9060,
                   {opened,
                    acknowledgement{desk::at(3 * day + 9040), "A20260317-0001", "", desk::at(3 * day + 8000), "王工",
                                    "已派人", "api: 王工@192.0.2.7"},
                    reported, closed});
    }
    const auto done = export_pack(request_for(f), {});
    ASSERT_TRUE(done) << done.error().text;
    good = pack::read((f.path / "pack.zip").string());
    fingerprint = host::from_hex(done->fingerprint).value();
  }
  std::pair<int, std::string> in_python(const pack& p) const {
    const std::string path = (f.path / "python.zip").string();
    p.write(path);
    return script(f, path);
  }
};

TEST_F(Said, BothVerifiersWriteTheFilesAnew) {
  EXPECT_EQ(good.files.at("acknowledgements.csv").substr(0, 62),
            "seq,alert,line,began,entered,author,text,via\r\n25,A20260317-000");
  EXPECT_THAT(
      good.files.at("tickets.csv"),
      HasSubstr("seq,number,step,carrier,targets,began,entered,author,alert,deadline,theirs,cause,text,answer,via"));
  EXPECT_THAT(good.files.at("tickets.csv"), HasSubstr(",'=1+1,fibre,"));
  const auto v = judged(good);
  EXPECT_TRUE(v.ok) << told(v);
  const auto [code, words] = in_python(good);
  EXPECT_EQ(code, 0) << words;
}

TEST_F(Said, AChangedAnswerIsSeenByBothAlsoUnderAManifestThatFits) {
  pack bad = good;
  bad.replace("tickets.csv", "fibre", "power");
  bad.list();
  EXPECT_TRUE(names(judged(bad), "tickets.csv"));
  EXPECT_THAT(in_python(bad).second, HasSubstr("tickets.csv"));
}

TEST_F(Said, AFileThatIsMissingOrOneTooManyIsSeenByBoth) {
  pack bad = good;
  bad.files.erase("tickets.csv");
  bad.list();
  EXPECT_TRUE(names(judged(bad), "tickets.csv", "缺失"));
  EXPECT_THAT(in_python(bad).second, HasSubstr("tickets.csv: 缺失"));
}

TEST_F(Said, AndAFileOfNothingToo) {
  const desk::folder other;
  fill(other);
  auto request = request_for(other);
  ASSERT_TRUE(export_pack(request, {}));
  pack bare = pack::read(request.out);
  EXPECT_FALSE(bare.files.contains("tickets.csv")) << "as packs were before";
  EXPECT_TRUE(judged(bare).ok);
  bare.files["tickets.csv"] = good.files.at("tickets.csv");
  bare.list();
  EXPECT_TRUE(names(judged(bare), "tickets.csv", "不该有的文件"));
  EXPECT_EQ(in_python(bare).first, 1);
}

}  // namespace
}  // namespace changtong::audit
