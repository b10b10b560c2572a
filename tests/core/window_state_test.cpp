#include "daemon/core/window_state.h"

#include <gtest/gtest.h>

#include <set>

namespace changtong {
namespace {

TEST(WindowState, HasTheJournalsNameAndOneChineseWord) {
  EXPECT_EQ(window_state_names(), "requested, approved, revised, cancelled") << "bytes of the journal and of JSON";
  std::set<std::string_view> words;
  for (const window_state_words& w : window_states) words.insert(w.cn);
  EXPECT_EQ(words.size(), window_states.size());
  EXPECT_EQ(window_state_named("revised"), window_state::revised);
  EXPECT_EQ(chinese(window_state::revised), "已改待批") << "it must be approved anew";
}

TEST(WindowState, IsNamedAsItIsRead) {
  EXPECT_EQ(values_of<window_state>::all.size(), window_states.size());
  for (const window_state s : values_of<window_state>::all) EXPECT_EQ(window_state_named(name_of(s)), s);
  EXPECT_FALSE(window_state_named("suspended")) << "no word of this version";
  EXPECT_FALSE(window_state_named("已批准")) << "the journal has the names";
  EXPECT_EQ(chinese(window_state::approved), "已批准");
}

}  // namespace
}  // namespace changtong
