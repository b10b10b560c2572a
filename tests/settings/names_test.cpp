#include "daemon/settings/names.h"

#include <gtest/gtest.h>

#include <utility>

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

TEST(Names, IdeographsThatDifferByAStrokesLengthAreOnePerson) {
  for (const auto& [one, other] : {std::pair{"陈日", "陈曰"},
                                   {"王己", "王已"},
                                   {"王已", "王巳"},
                                   {"李未", "李末"},
                                   {"周土", "周士"},
                                   {"吴戊", "吴戌"},
                                   {"吴戌", "吴戍"},
                                   {"郑人", "郑入"},
                                   {"孙晴", "孙睛"},
                                   {"钱茶", "钱荼"},
                                   {"李〇", "李○"},
                                   {"李○", "李◯"},
                                   {"何壶", "何壸"}}) {
    EXPECT_TRUE(one_person(one, other)) << one << " " << other;
    EXPECT_TRUE(one_person(other, one)) << one << " " << other;
  }
  EXPECT_FALSE(one_person("陈日", "陈目")) << "a stroke more is another character to anybody";
  EXPECT_FALSE(one_person("李未", "李朱"));
}

TEST(Names, WhatTheBooksWriteForNobodyIsNobodysName) {
  for (const char* name : {"file, unauthenticated", "File", "unauthenticated", "shared", "ｓｈａｒｅｄ", "cli",
                           "changtong", "file,unauthenticated"})
    EXPECT_NE(reserved_name(name), "") << name;
  EXPECT_EQ(reserved_name("filer"), "");
}

TEST(Names, TheProgramsOwnNamesAreKnownInAnySpelling) {
  for (const char* name : {"api", "API", "\u0430pi", "a pi"}) EXPECT_EQ(reserved_name(name), "api") << name;
  EXPECT_EQ(reserved_name("sighup"), "SIGHUP");
  EXPECT_EQ(reserved_name("王工"), "");
}

TEST(Names, AnyBytesAreSafe) { EXPECT_FALSE(one_person("\xff\xfe", "\xc3")); }

}  // namespace
}  // namespace changtong
