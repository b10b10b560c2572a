// What every source file keeps to, wherever it lives: its name says something, it is short, its locks are ones that the
// compiler checks, its problems have two languages. The last tests show the checker a wrong file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/sources.h"

namespace changtong::shape {
namespace {

namespace fs = std::filesystem;

const std::set<std::string> forbidden_words{"manager", "helper", "helpers", "util", "utils", "handler", "handlers",
                                            "item",    "items",  "entity",  "data", "info",  "common",  "misc"};

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

/** Locks that the compiler cannot check: what a file uses instead of core's mutex. */
std::vector<std::string> unchecked_locks(const source_file& file) {
  static const std::regex lock(
      R"(std::(\w*mutex|lock_guard|unique_lock|scoped_lock|shared_lock|condition_variable)\b(?!_any))");
  std::vector<std::string> out;
  if (file.path == "daemon/core/mutex.h") return out;
  for (std::sregex_iterator m(file.text.begin(), file.text.end(), lock), end; m != end; ++m)
    out.push_back(file.path + ": " + m->str() + " is not checked; take daemon/core/mutex.h");
  return out;
}

/** Problems that are made without said() (core/phrase.h) and so have one language. */
std::vector<std::string> one_language(const source_file& file) {
  static const std::regex by_hand(R"(\bproblem\s*\{\s*(\.text\b|"|\w)|return\s*\{\s*\.text\s*=)");
  static const std::set<std::string> still{"daemon/ledger/reader.h"};  // only shrinks
  std::vector<std::string> out;
  if (fs::path(file.path).parent_path() == "daemon/core" || still.contains(file.path)) return out;
  for (std::sregex_iterator m(file.text.begin(), file.text.end(), by_hand), end; m != end; ++m)
    out.push_back(file.path + ": " + m->str() + " has one language; say it by said(both(…))");
  return out;
}

/** The literals that begin at `at`, as one text; `at` is behind them then. */
std::string literal_at(const std::string& text, std::size_t& at) {
  static const std::regex one(R"re(^\s*"((?:[^"\\]|\\.)*)")re");
  std::string out;
  for (std::smatch m; std::regex_search(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), m, one);
       at += static_cast<std::size_t>(m.length()))
    out += m[1];
  return out;
}

/** How many values a sentence takes. */
std::size_t values_in(const std::string& sentence) {
  static const std::regex place(R"(\{(\d*)(:[^}]*)?\})");
  std::set<std::string> named;
  std::size_t unnamed = 0;
  for (std::sregex_iterator m(sentence.begin(), sentence.end(), place), end; m != end; ++m)
    if (m->length(1) == 0)
      ++unnamed;
    else
      named.insert((*m)[1]);
  return unnamed + named.size();
}

/** both("中文 {}", "English"): whoever reads English never learns which. */
std::vector<std::string> losing_values(const source_file& file) {
  std::vector<std::string> out;
  static const std::string call = "both(";
  for (auto at = file.text.find(call); at != std::string::npos; at = file.text.find(call, at + 1)) {
    std::size_t end = at + call.size();
    const std::string chinese = literal_at(file.text, end);
    if (chinese.empty() || file.text[end] != ',') continue;
    const std::string english = literal_at(file.text, ++end);
    if (!english.empty() && values_in(chinese) != values_in(english))
      out.push_back(file.path + ": both(\"" + chinese + "\", …) loses a value in one language");
  }
  return out;
}

TEST(Architecture, BothLanguagesSayAllValues) {
  std::vector<std::string> wrong;
  for (const auto& file : sources())
    for (auto& v : losing_values(file)) wrong.push_back(std::move(v));
  EXPECT_TRUE(wrong.empty()) << listed(wrong);
}

TEST(Architecture, EveryLockIsOneThatTheCompilerChecks) {
  std::vector<std::string> wrong;
  for (const auto& file : sources())
    for (auto& v : unchecked_locks(file)) wrong.push_back(std::move(v));
  EXPECT_TRUE(wrong.empty()) << listed(wrong);
}

TEST(Architecture, AProblemHasTwoLanguages) {
  std::vector<std::string> wrong;
  for (const auto& file : sources())
    for (auto& v : one_language(file)) wrong.push_back(std::move(v));
  EXPECT_TRUE(wrong.empty()) << listed(wrong);
}

TEST(Architecture, NoFileIsNamedAfterNothing) {
  for (const auto& file : sources()) {
    std::istringstream words(fs::path(file.path).stem().string());
    for (std::string word; std::getline(words, word, '_');)
      EXPECT_FALSE(forbidden_words.contains(word)) << file.path << ": '" << word << "' says nothing; name what it is";
  }
}

TEST(Architecture, FilesStayShort) {
  std::vector<std::string> long_files;
  for (const auto& file : sources()) {
    const std::size_t lines = line_count(file.text);
    const bool header = file.path.ends_with(".h");
    if (header) EXPECT_LE(lines, 150U) << file.path;
    if (!header) EXPECT_LE(lines, 450U) << file.path;
    if (!header && lines > 350) long_files.push_back(file.path + ": " + std::to_string(lines));
    if (file.path == "daemon/main.cpp") EXPECT_LE(lines, 120U) << "main is a picture of the wiring, without logic";
  }
  if (!long_files.empty()) std::cout << "sources above the house number of 350 lines:" << listed(long_files) << '\n';
}

// The checker itself.

TEST(ArchitectureChecker, SeesALockThatNobodyChecks) {
  EXPECT_EQ(unchecked_locks({"daemon/run/desk.h", "std::mutex m;\nstd::unique_lock lock(m);\n"}).size(), 2U);
  EXPECT_EQ(unchecked_locks({"daemon/run/desk.h", "mutex m;\nstd::condition_variable_any wake;\n"}).size(), 0U);
}

TEST(ArchitectureChecker, SeesAProblemOfOneLanguage) {
  EXPECT_EQ(one_language({"daemon/run/desk.cpp", "return problem{.text = \"no\"};\nreturn {.text = why};"}).size(), 2U);
  EXPECT_EQ(one_language({"daemon/run/desk.cpp", "problem p = said({\"否\", \"no\"});\nresult<T>(problem{})"}).size(),
            0U);
}

}  // namespace
}  // namespace changtong::shape
