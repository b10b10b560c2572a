// One tiny bad plan per rule (tests/invalid/plans): the first line says which message the rule gives, and nothing else
// is said.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "daemon/plans/plan.h"
#include "tests/reading/two_languages.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> bad_plans() {
  std::vector<fs::path> out;
  for (const auto& f : fs::directory_iterator(fs::path(CHANGTONG_SOURCE_DIR) / "tests/invalid/plans"))
    if (f.path().extension() == ".yaml") out.push_back(f.path());
  std::ranges::sort(out);
  return out;
}

class invalid_plan : public testing::TestWithParam<fs::path> {};

TEST_P(invalid_plan, GivesExactlyItsMessage) {
  const std::string text = text_of(GetParam()), start = "# expect: ";
  ASSERT_TRUE(text.starts_with(start));
  const auto r = read_plan(text, GetParam().filename().string());
  ASSERT_FALSE(r) << "it loads";
  fakes::expect_says(r.error().list.front(), text.substr(start.size(), text.find('\n') - start.size()));
  for (std::size_t i = 1; i < r.error().list.size(); ++i) ADD_FAILURE() << "also: " << to_string(r.error().list[i]);
}

INSTANTIATE_TEST_SUITE_P(rules, invalid_plan, testing::ValuesIn(bad_plans()), [](const auto& file) {
  std::string name = file.param.stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace changtong
