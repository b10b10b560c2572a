#include "daemon/forms/approval.h"

#include <gtest/gtest.h>

#include "tests/forms/form_texts.h"

namespace changtong::forms {
namespace {

std::string listed(const std::vector<plans::approved_figure>& all) {
  std::string out;
  for (const auto& a : all)
    out += a.label + " " + std::string(plans::text_of(a.wanted.how)) + shortest(a.wanted.number) + a.wanted.unit + " " +
           a.place + (a.whole_budget ? " budget" : "") + "\n";
  return out;
}

TEST(Approval, OfAFormHasItsMoneyAndTheTargetsThatAreNumbers) {
  const form_text t = read_form_text(CHANGTONG_SOURCE_DIR "/tests/forms/tuned/declared.txt");
  const auto all = approved_figures({t.table()});
  ASSERT_TRUE(all) << all.error().text;
  EXPECT_EQ(listed(*all),
            "年度资金总额 =921.47万元 「申报表」D5 budget\n"
            "财政拨款 =900万元 「申报表」D6\n"
            "其他资金 =21.47万元 「申报表」D7\n"
            "专线条数 ≥353条 「申报表」E10\n"
            "畅通率 ≥99.9% 「申报表」E11\n"
            "满意度 ≥90% 「申报表」E14\n");
}

TEST(Approval, OfAPlainTableHasNamesBesideFigures) {
  const auto all = approved_figures({table_of({{"关于2024年项目预算的批复", ""},
                                               {"项目名称", "批复金额（万元）"},
                                               {"专线租赁费", "600"},
                                               {"运维服务费", "321.47"},
                                               {"备注", "见附件"},
                                               {"合计", "921.47"}},
                                              "批复"),
                                     table_of({{"指标名称", "计量单位", "指标值"},
                                               {"运维专线条数", "条", "≥353"},
                                               {"专线畅通率", "%", "≥99.9"},
                                               {"完成时间", "", "2024年12月"},
                                               {"公众便利", "", "提升"}},
                                              "目标")});
  ASSERT_TRUE(all) << all.error().text;
  EXPECT_EQ(listed(*all),
            "专线租赁费 =600万元 「批复」B3\n"
            "运维服务费 =321.47万元 「批复」B4\n"
            "合计 =921.47万元 「批复」B6 budget\n"
            "运维专线条数 ≥353条 「目标」C2\n"
            "专线畅通率 ≥99.9% 「目标」C3\n");
}

TEST(Approval, OfNothingIsAProblemThatSaysWhatItHasToBe) {
  for (const auto& t : {table_of({{"甲", "乙"}, {"一", "二"}}), table_of({{"名称", "金额"}, {"甲", "若干"}})}) {
    const auto all = approved_figures({t});
    ASSERT_FALSE(all);
    EXPECT_NE(all.error().text.find("批复金额"), std::string::npos);
  }
}

}  // namespace
}  // namespace changtong::forms
