// Files that are none: nothing waits for a pipe that nobody writes into, or reads a device for ever.
#include "daemon/host/plain_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "daemon/core/phrase.h"

namespace changtong::host {
namespace {

using testing::HasSubstr;

struct PlainFile : testing::Test {
  PlainFile() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    ::mkfifo((folder / "fifo").c_str(), 0600);
    std::ofstream(folder / "text") << "some text";
  }
  ~PlainFile() override { std::filesystem::remove_all(folder); }
  [[nodiscard]] std::string path(const char* name) const { return (folder / name).string(); }
  std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "plain-file";
};

std::string why(const std::string& path, std::size_t most = 100) {
  const auto text = read_any_file(path, most);
  return text ? "read: " + *text : to_string(text.error());
}

TEST_F(PlainFile, APipeWithoutAWriterIsNotWaitedFor) {
  EXPECT_EQ(why(path("fifo")), "是管道，没有程序向里面写 / it is a pipe into which nobody writes");
  EXPECT_THAT(to_string(is_plain_file(path("fifo")).error()), HasSubstr("管道或设备"));
}

TEST_F(PlainFile, WhatAPipeBringsIsReadToItsEnd) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ASSERT_EQ(::write(ends[1], "from a pipe", 11), 11);
  ::close(ends[1]);
  EXPECT_EQ(why("/dev/fd/" + std::to_string(ends[0])), "read: from a pipe");
  ::close(ends[0]);
}

TEST_F(PlainFile, ADeviceWithoutAnEndEndsAtTheBound) {
  EXPECT_THAT(why("/dev/zero", 1 << 20), HasSubstr("超过 1 MB"));
  EXPECT_FALSE(is_plain_file("/dev/zero"));
}

TEST_F(PlainFile, OtherReasonsAreSaidChineseFirst) {
  EXPECT_EQ(why(path("text")), "read: some text");
  EXPECT_EQ(why(path("none")), "没有这个文件 / no such file");
  EXPECT_EQ(why(folder.string()), "这是目录 / it is a directory");
  EXPECT_TRUE(is_plain_file(path("text")));
  EXPECT_EQ(to_string(is_plain_file(folder.string()).error()), "这是目录 / it is a directory");
  EXPECT_EQ(to_string(is_plain_file(path("none")).error()), "没有这个文件 / no such file");
}

}  // namespace
}  // namespace changtong::host
