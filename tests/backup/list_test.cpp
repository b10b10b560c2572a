#include "daemon/backup/list.h"

#include <gtest/gtest.h>

namespace changtong::backup {
namespace {

backup_list example() {
  return {.version = "0.7.0",
          .made = "20261129-213000",
          .node = "区政府机房",
          .entries = 42,
          .variables = {"COMMUNITY"},
          .files = {{.what = part::ledger,
                     .path = "/var/lib/changtong/ledger.db",
                     .stored = "ledger/ledger.db",
                     .size = 8192,
                     .sha256 = host::sha256_of("a"),
                     .mode = 0640,
                     .whose = {"changtong", "changtong"}},
                    {.what = part::settings,
                     .path = "/etc/changtong/a \"b\".yaml",
                     .stored = "files/etc/changtong/a \"b\".yaml",
                     .size = 0,
                     .sha256 = host::sha256_of(""),
                     .mode = 0600,
                     .whose = {}}}};
}

TEST(BackupList, WhatIsWrittenIsReadBack) {
  const auto read = read_list(list_text(example()));
  ASSERT_TRUE(read);
  EXPECT_EQ(list_text(*read), list_text(example()));
  EXPECT_EQ(read->files[0].mode, 0640U);
  EXPECT_EQ(read->files[1].path, "/etc/changtong/a \"b\".yaml");
}

TEST(BackupList, APlaceOutsideTheBackupOrARelativeHomeIsRefused) {
  for (const char* stored :
       {"", "/etc/passwd", "../x", "files/../../x", "files//x", "files/./x", "..", ".", "files/", "files/.."}) {
    backup_list l = example();
    l.files[1].stored = stored;
    EXPECT_FALSE(read_list(list_text(l))) << stored;
  }
  for (const char* path : {"", "etc/x", "/etc/../root/x", "/a//b", "/", "/a/"}) {
    backup_list l = example();
    l.files[1].path = path;
    EXPECT_FALSE(read_list(list_text(l))) << path;
  }
}

TEST(BackupList, ThereIsOneLedger) {
  backup_list l = example();
  l.files[0].what = part::settings;
  EXPECT_FALSE(read_list(list_text(l)));  // without its lock files would be replaced under a daemon
  l.files[0].what = l.files[1].what = part::ledger;
  EXPECT_FALSE(read_list(list_text(l)));
}

TEST(BackupList, WhatNobodyWroteIsRefused) {
  const std::string text = list_text(example());
  EXPECT_FALSE(read_list(""));
  EXPECT_FALSE(read_list("[]"));
  EXPECT_FALSE(read_list(text + " "));
  for (std::size_t cut = 0; cut < text.size(); cut += 7) EXPECT_FALSE(read_list(text.substr(0, cut))) << cut;
  std::string setuid = text;
  setuid.replace(setuid.find("\"mode\":416"), 10, "\"mode\":4095");
  EXPECT_FALSE(read_list(setuid));
}

}  // namespace
}  // namespace changtong::backup
