// One tiny bad file per rule (tests/invalid): the first line says which message the rule gives, and nothing else is
// wrong.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/reading/two_languages.h"
#include "tests/settings/world.h"

namespace changtong {
namespace {

using namespace fakes;
namespace fs = std::filesystem;

const fs::path folder = fs::path(CHANGTONG_SOURCE_DIR) / "tests/invalid";

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/** Files are named as seen from tests/invalid, so that the messages do not depend on where the project lies. */
surroundings invalid_world() {
  static const world variables = [] {
    world w;
    w.variables = {};
    return w;
  }();
  surroundings s = variables.view();
  s.read = [](const std::string& path) -> result<std::string> {
    if (!fs::is_regular_file(folder / path)) return said("没有这个文件", "no such file");
    return result<std::string>(boost::system::in_place_value, text_of(folder / path));
  };
  return s;
}

std::string expected(const fs::path& file) {
  const std::string text = text_of(file), start = "# expect: ";
  if (!text.starts_with(start)) return "its first line does not begin with '# expect: '";
  return text.substr(start.size(), text.find('\n') - start.size());
}

std::vector<fs::path> bad_configurations() {
  std::vector<fs::path> out;
  for (const auto& f : fs::directory_iterator(folder))
    if (f.path().extension() == ".yaml") out.push_back(f.path());
  std::ranges::sort(out);
  return out;
}

class invalid : public testing::TestWithParam<fs::path> {};

TEST_P(invalid, GivesExactlyItsMessage) {
  const auto r = load(GetParam().filename().string(), invalid_world());
  ASSERT_FALSE(r) << "it loads";
  expect_says(r.error().list.front(), expected(GetParam()));
  for (std::size_t i = 1; i < r.error().list.size(); ++i) ADD_FAILURE() << "also: " << to_string(r.error().list[i]);
}

TEST_P(invalid, GivesItWithTheRealKindsToo) {
  surroundings s = invalid_world();
  s.kinds = kinds();
  const auto r = load(GetParam().filename().string(), s);
  ASSERT_FALSE(r) << "it loads";
  expect_says(r.error().list.front(), expected(GetParam()));
  for (std::size_t i = 1; i < r.error().list.size(); ++i) ADD_FAILURE() << "also: " << to_string(r.error().list[i]);
}

TEST_P(invalid, SaysTheSameInItsInventory) {
  const fs::path csv = fs::path(GetParam()).replace_extension(".csv");
  if (fs::exists(csv)) EXPECT_EQ(expected(csv), expected(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(rules, invalid, testing::ValuesIn(bad_configurations()), [](const auto& file) {
  std::string name = file.param.stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(invalid_files, AreAtLeastOneForEachOfTwentyFiveRules) { EXPECT_GE(bad_configurations().size(), 25u); }

TEST(invalid_files, LoadOnceTheBadPartIsGone) {
  surroundings s = invalid_world();
  const auto read = s.read;
  s.read = [&](const std::string& path) -> result<std::string> {
    if (path == "c.yaml")
      return result<std::string>(boost::system::in_place_value,
                                 "inventory: good/lines.csv\nanchors: [198.51.100.1, 198.51.100.2]\n"
                                 "credentials: { public: { version: 2c, community_file: good/community } }\n");
    return read(path);
  };
  const auto r = load("c.yaml", s);
  EXPECT_TRUE(r) << (r ? "" : to_string(r.error().list.front()));
}

}  // namespace
}  // namespace changtong
