#include "daemon/publish/console/console.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "daemon/host/scratch.h"
#include "tests/reading/two_languages.h"

namespace changtong::console {
namespace {

namespace fs = std::filesystem;
using fakes::english;
using testing::HasSubstr;

struct ConsoleTest : testing::Test {
  void write(const std::string& name, const std::string& text) const {
    const fs::path path = folder / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  [[nodiscard]] result<files> read() const { return read_folder(folder.string()); }
  [[nodiscard]] web_response ask(const std::string& path, std::multimap<std::string, std::string> headers = {}) const {
    auto all = read();
    const web_request request{"GET", path, {}, std::move(headers), {}, "127.0.0.1"};
    return routes(all ? std::move(*all) : files{}).at(path == "/console" ? 0 : 1).answer(request);
  }
  static std::string header(const web_response& r, std::string_view name) {
    const auto at = std::ranges::find(r.headers, name, &std::pair<std::string, std::string>::first);
    return at == r.headers.end() ? "" : at->second;
  }

  host::scratch made = host::scratch::make(fs::temp_directory_path()).value();
  fs::path folder = made.file("dist");
};

TEST_F(ConsoleTest, TheFolderItselfIsItsPageAndIsAskedForAgain) {
  write("index.html", "<p>你好");
  const auto answer = ask("/console/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "<p>你好");
  EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(header(answer, "Cache-Control"), "no-cache");
  EXPECT_EQ(ask("/console/index.html").body, "<p>你好");
  EXPECT_EQ(header(ask("/console"), "Location"), "/console/");
}

TEST_F(ConsoleTest, WhatHasAHashInItsNameStaysAYear) {
  write("index.html", "x");
  write("assets/index-3f2a.js", "let a");
  const auto answer = ask("/console/assets/index-3f2a.js");
  EXPECT_EQ(answer.content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(header(answer, "Cache-Control"), "public, max-age=31536000, immutable");
}

TEST_F(ConsoleTest, WhoHasItAlreadyGetsNoBytes) {
  write("index.html", "x");
  const std::string tag = header(ask("/console/"), "ETag");
  const auto again = ask("/console/", {{"if-none-match", tag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  write("index.html", "y");
  EXPECT_EQ(ask("/console/", {{"if-none-match", tag}}).status, 200);
}

TEST_F(ConsoleTest, PackedBytesGoToWhoTakesThem) {
  write("index.html", "plain");
  write("index.html.gz", "packed");
  EXPECT_EQ(ask("/console/").body, "plain");
  EXPECT_EQ(ask("/console/", {{"accept-encoding", "gzip;q=0"}}).body, "plain");
  const auto answer = ask("/console/", {{"accept-encoding", "br, gzip"}});
  EXPECT_EQ(answer.body, "packed");
  EXPECT_EQ(header(answer, "Content-Encoding"), "gzip");
  EXPECT_NE(header(answer, "ETag"), header(ask("/console/"), "ETag"));
  EXPECT_EQ(ask("/console/index.html.gz").status, 404) << "it is no file of its own";
}

TEST_F(ConsoleTest, NoPathLeadsOutOfTheFolder) {
  write("index.html", "x");
  write("../secret.txt", "s3cret");
  write(".env.txt", "s3cret");
  write(".git/config.txt", "s3cret");
  write("app.pem", "s3cret");
  fs::create_symlink("../secret.txt", folder / "link.txt");
  fs::create_directory_symlink("..", folder / "up");
  for (const char* path :
       {"/console/../secret.txt", "/console//secret.txt", "/console/link.txt", "/console/up/secret.txt",
        "/console/.env.txt", "/console/.git/config.txt", "/console/app.pem", "/console/assets"})
    EXPECT_EQ(ask(path).status, 404) << path;
}

TEST_F(ConsoleTest, AFolderBeyondTheBoundsIsNoConsole) {
  write("index.html", "x");
  write("large.js", std::string(most_file_bytes + 1, ' '));
  EXPECT_THAT(english(read().error()), HasSubstr("large.js"));
  fs::remove(folder / "large.js");
  for (int i = 0; i < 5; ++i) write(std::to_string(i) + ".js", std::string(most_file_bytes, ' '));
  EXPECT_THAT(english(read().error()), HasSubstr("beyond its bounds"));
  for (int i = 0; i < 5; ++i) fs::remove(folder / (std::to_string(i) + ".js"));
  for (std::size_t i = 0; i < most_files; ++i) write(std::to_string(i) + ".css", "a{}");
  EXPECT_THAT(english(read().error()), HasSubstr("beyond its bounds"));
}

TEST_F(ConsoleTest, WithoutFilesThePageSaysSoAndLeadsToTheStatusPage) {
  EXPECT_THAT(english(read().error()), HasSubstr("cannot read the console's folder"));
  write("other.js", "x");
  EXPECT_THAT(english(read().error()), HasSubstr("no index.html"));
  const auto answer = ask("/console/");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("控制台未安装"));
  EXPECT_THAT(answer.body, HasSubstr("href=\"/status\""));
}

}  // namespace
}  // namespace changtong::console
