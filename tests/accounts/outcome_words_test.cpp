// What an outcome of the audit log means: each word that is kept there, and what is kept beside a status.
#include "daemon/accounts/outcome_words.h"

#include <gtest/gtest.h>

namespace changtong::accounts {
namespace {

TEST(OutcomeWords, AWordForProgramsIsASentenceForPeople) {
  EXPECT_EQ(words_of_outcome("ok").cn, "成功");
  EXPECT_EQ(words_of_outcome("wrong_password").cn, "密码不对");
  EXPECT_EQ(words_of_outcome("wrong_password").en, "wrong password");
}

TEST(OutcomeWords, ARefusalSaysWhyAndWithoutAReasonWhatItsStatusMeans) {
  EXPECT_EQ(words_of_outcome("409 changed_meanwhile").cn, "被拒：清单在此期间被别人改过");
  EXPECT_EQ(words_of_outcome("403").cn, "被拒：没有权限");
  EXPECT_EQ(words_of_outcome("409 a_code_to_come").cn, "被拒：与现有的内容冲突");
  EXPECT_EQ(words_of_outcome("409 a_code_to_come").en, "refused: what is there stands against it");
}

TEST(OutcomeWords, WhatNobodyKnowsStaysAsItIs) {
  EXPECT_EQ(words_of_outcome("later").cn, "later");
  EXPECT_EQ(words_of_outcome("").cn, "");
}

}  // namespace
}  // namespace changtong::accounts
