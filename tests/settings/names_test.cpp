#include "daemon/settings/names.h"

#include <gtest/gtest.h>

namespace changtong {
namespace {

TEST(Names, SpellingsOfOneNameAreOnePerson) {
  for (const char* other : {"Li Gong", "li gong", "LIGONG", "\uff2c\uff49 \uff27ong", "Li\u200bGong", "Li\u3000Gong",
                            "L\u0456 Gong" /* Cyrillic i */})
    EXPECT_TRUE(one_person("Li Gong", other)) << other;
  EXPECT_TRUE(one_person("王工", "王\u2060 工"));
  EXPECT_TRUE(one_person("王工", "王\u30a8")) << "katakana e";
}

TEST(Names, OtherNamesAreOtherPeople) {
  for (const char* other : {"李工", "王工二", "王", "", "汪工"}) EXPECT_FALSE(one_person("王工", other)) << other;
  EXPECT_FALSE(one_person("张三", "张二"));
}

TEST(Names, TheProgramsOwnNamesAreKnownInAnySpelling) {
  for (const char* name : {"api", "API", "\u0430pi", "a pi"}) EXPECT_EQ(reserved_name(name), "api") << name;
  EXPECT_EQ(reserved_name("sighup"), "SIGHUP");
  EXPECT_EQ(reserved_name("王工"), "");
}

TEST(Names, AnyBytesAreSafe) { EXPECT_FALSE(one_person("\xff\xfe", "\xc3")); }

}  // namespace
}  // namespace changtong
