// Three edits of a pack that change no figure: a part put into the workbook, the end of the last seal cut, another
// zone.
#include <gmock/gmock.h>

#include "tests/audit/pack_room.h"

namespace changtong::audit {
namespace {

using namespace room;

struct Edited : Pack {};

TEST_F(Edited, APartPutIntoTheWorkbookIsNamed) {
  pack workbook;
  const auto inside = zip_reader::over(good.files["figures.xlsx"]);
  for (const zip_member& m : inside->members()) workbook.files[m.name] = inside->text(m, 1 << 20).value();
  workbook.files["xl/vbaProject.bin"] = "macros";
  const std::string path = (f.path / "workbook.zip").string();
  workbook.write(path);
  std::ifstream file(path, std::ios::binary);
  pack bad = good;
  bad.files["figures.xlsx"] = {std::istreambuf_iterator<char>(file), {}};
  bad.list();
  const auto v = judged(bad);
  EXPECT_FALSE(v.ok);
  EXPECT_TRUE(names(v, "figures.xlsx", "多出部件 xl/vbaProject.bin")) << told(v);
}

TEST_F(Edited, AListOfSealsWithoutItsLastLineEndIsCut) {
  pack bad = good;
  ASSERT_EQ(bad.files["seals.jsonl"].back(), '\n');
  bad.files["seals.jsonl"].pop_back();
  bad.list();
  const auto v = judged(bad);
  EXPECT_FALSE(v.ok);
  EXPECT_TRUE(names(v, "seals.jsonl", "末行不完整")) << told(v);
}

TEST_F(Edited, AnotherZoneThanTheJournalsIsNamed) {
  pack bad = good;
  pack_head h = read_head(bad.files["head.json"]).value();
  h.zone = "Asia/Tokyo";
  bad.files["head.json"] = head_text(h);
  bad.recompute(scratch());
  bad.list();
  const auto v = judged(bad);
  EXPECT_FALSE(v.ok);
  EXPECT_TRUE(names(v, "head.json", "时区与账目不符")) << told(v);
}

}  // namespace
}  // namespace changtong::audit
