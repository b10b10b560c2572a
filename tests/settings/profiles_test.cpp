#include "daemon/settings/profiles.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/core/fact_table.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files() {
  std::vector<fs::path> all;
  for (const auto& f : fs::directory_iterator(fs::path(CHANGTONG_SOURCE_DIR) / "config/profiles"))
    if (f.path().extension() == ".yaml") all.push_back(f.path());
  std::ranges::sort(all);
  return all;
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(Profiles, EveryFileIsReadWithoutAComplaintAndIsPartOfTheProgram) {
  const auto built_in = built_in_profiles();
  ASSERT_EQ(files().size(), built_in->size());
  for (std::size_t k = 0; k < built_in->size(); ++k) {
    const std::string path = files()[k].string();
    reading::findings found;
    const auto p = reading::read_profile_file(text_of(files()[k]), path, found);
    for (const problem& wrong : found.sorted_errors(path)) ADD_FAILURE() << to_string(wrong);
    EXPECT_EQ(p.name, files()[k].stem());
    EXPECT_EQ(built_in->at(k).name, p.name) << "in order of name";
    EXPECT_EQ(built_in->at(k).facts.size(), p.facts.size());
    EXPECT_FALSE(p.title.empty());
  }
}

TEST(Profiles, OneForEachMakerIsFoundBySysObjectId) {
  const auto all = built_in_profiles();
  const std::vector<std::pair<std::string, std::string>> makers{
      {"1.3.6.1.4.1.2011.2.23.339", "huawei-vrp"}, {"1.3.6.1.4.1.25506.1.1208", "h3c-comware"},
      {"1.3.6.1.4.1.2011.10.1.31", "h3c-comware"}, {"1.3.6.1.4.1.4881.1.1.10.1.5", "ruijie"},
      {"1.3.6.1.4.1.3902.3.100.11", "zte"},        {"1.3.6.1.4.1.8072.3.2.10", "generic"}};
  for (const auto& [object, name] : makers) EXPECT_EQ(profile_for(*all, parse_object(object).value())->name, name);
}

TEST(Profiles, EveryObjectSaysHowFarItIsKnown) {
  for (const device_profile& p : *built_in_profiles())
    for (const profile_fact& f : p.facts) {
      EXPECT_FALSE(f.status.empty()) << p.name << " " << name_of(f.name);
      if (f.status == "second-hand") EXPECT_FALSE(f.option.empty()) << p.name << ": never a default";
    }
}

TEST(Profiles, HuaweiOpticsAreReadByBothUnitsUnlessTheCheckSays) {
  const auto* p = profile_named(*built_in_profiles(), "huawei-vrp");
  ASSERT_NE(p, nullptr);
  const auto of = [&](const std::string& option) {
    return std::ranges::count_if(p->facts, [&](const profile_fact& f) { return f.option == option; });
  };
  EXPECT_EQ(of("optics-uw"), 2);
  EXPECT_EQ(of("optics-dbm"), 2);
  EXPECT_EQ(std::ranges::count(p->facts, profile_form::mixed, &profile_fact::form), 2);
}

TEST(Profiles, OnesOwnStandsInForTheBuiltIn) {
  surroundings world;
  world.read = [](const std::string&) -> result<std::string> {
    return result<std::string>(boost::system::in_place_value,
                               "name: zte\ntitle: 我们的中兴\nobjects: [1.3.6.1.4.1.3902.3]\nfacts:\n"
                               "  - { fact: temperature, column: 1.3.6.1.4.1.3902.9, unit: celsius, rows: non_zero, "
                               "status: unverified, source: 本局实测 }\n");
  };
  reading::findings found;
  const std::vector<std::string> own{"own.yaml"};
  const auto all = reading::read_profiles(own, {{"c.yaml", 3, 12}}, world, found);
  EXPECT_EQ(found.errors(), 0U);
  EXPECT_EQ(all->size(), built_in_profiles()->size());
  EXPECT_EQ(profile_named(*all, "zte")->title, "我们的中兴");
}

TEST(Profiles, FileThatCannotBeReadIsReportedWhereItIsNamed) {
  surroundings world;
  world.read = [](const std::string&) -> result<std::string> { return said("没有这个文件", "no such file"); };
  reading::findings found;
  const std::vector<std::string> own{"nofile.yaml"};
  static_cast<void>(reading::read_profiles(own, {{"c.yaml", 3, 12}}, world, found));
  EXPECT_EQ(found.errors(), 1U);
  const auto all = found.sorted_errors("c.yaml");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].file, "c.yaml");
  EXPECT_EQ(all[0].line, 3);
}

}  // namespace
}  // namespace changtong
