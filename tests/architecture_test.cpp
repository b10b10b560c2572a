// The order of the folders, held by a test: who may include whom (include_table.h), in how many places a third-party
// library may live, that a kind knows no other. The checker works on text that it is given, so that the last tests can
// show it a wrong include.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/include_table.h"
#include "tests/sources.h"

namespace changtong::shape {
namespace {

namespace fs = std::filesystem;

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

/** What a file includes, comments left out. */
std::vector<std::string> includes_of(const std::string& text) {
  static const std::regex include(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
  std::vector<std::string> out;
  std::string plain;
  for (std::size_t i = 0; i < text.size();) {
    if (text.compare(i, 2, "/*") == 0) {
      const auto end = text.find("*/", i + 2);
      if (end == std::string::npos) break;
      plain += '\n';
      i = end + 2;
    } else {
      plain += text[i++];
    }
  }
  std::istringstream lines(plain);
  std::smatch m;
  for (std::string line; std::getline(lines, line);)
    if (std::regex_search(line, m, include)) out.push_back(m[1]);
  return out;
}

bool is_project(const std::string& include) {
  return include.starts_with("daemon/") || include.starts_with("collectors/") || include.starts_with("tests/");
}

/** C and C++ standard headers and the system's own have no folder of a library; libraries do, or are listed by name. */
bool is_library(const std::string& include) {
  static const std::vector<std::string> known{
      "boost/",      "fmt/",      "spdlog/",   "date/",    "sqlite3.h", "SQLiteCpp/",  "sodium.h",
      "openssl/",    "net-snmp/", "yaml-cpp/", "unicode/", "zip.h",     "pugixml.hpp", "xlsxwriter",
      "prometheus/", "CLI/",      "zlib.h",    "gtest/",   "gmock/",    "rapidcheck",  "nlohmann/",
      "curl/",       "libpq",     "ares.h",    "ldap.h",   "nats/"};
  return std::any_of(known.begin(), known.end(), [&](const std::string& k) { return include.starts_with(k); });
}

bool allowed_project(const folder_rule& rule, const std::string& include) {
  if (folder_of(include) == rule.folder) return true;
  return std::any_of(rule.projects.begin(), rule.projects.end(),
                     [&](const std::string& p) { return include == p || folder_of(include) == p; });
}

/** The kinds that a kind's files reach by includes inside collectors/: itself, and by the rule nobody else. */
std::set<std::string> kinds_reached(const std::string& kind, const std::vector<source_file>& files,
                                    const std::vector<std::string>& kinds) {
  std::set<std::string> seen, reached;
  std::vector<std::string> open{"collectors/" + kind + ".cpp"};
  while (!open.empty()) {
    const std::string path = open.back();
    open.pop_back();
    if (folder_of(path) != "collectors" || !seen.insert(path).second) continue;
    const std::string stem = fs::path(path).stem();
    if (std::find(kinds.begin(), kinds.end(), stem) != kinds.end()) reached.insert(stem);
    for (const auto& file : files)
      if (file.path == path)
        for (const auto& include : includes_of(file.text)) open.push_back(include);
  }
  return reached;
}

std::vector<std::string> violations(const source_file& file) {
  std::vector<std::string> out;
  const std::string folder = folder_of(file.path);
  if (folder == "daemon" || folder == "daemon/cli") return out;
  const auto rule = std::find_if(table.begin(), table.end(), [&](const folder_rule& r) { return r.folder == folder; });
  if (rule == table.end()) return {file.path + ": the folder " + folder + " has no row in the include table"};
  const auto extra = exceptions.find(file.path);
  const auto begins_with = [](const std::vector<std::string>& list, const std::string& include) {
    return std::any_of(list.begin(), list.end(), [&](const std::string& p) { return include.starts_with(p); });
  };
  for (const std::string& include : includes_of(file.text)) {
    bool fine = true;
    if (is_project(include))
      fine = allowed_project(*rule, include);
    else if (is_library(include))
      fine = begins_with(everywhere, include) || begins_with(rule->libraries, include) ||
             (extra != exceptions.end() && begins_with(extra->second, include));
    if (!fine) out.push_back(file.path + " includes " + include + ": " + rule->reason);
  }
  return out;
}

std::vector<std::string> kind_names() {
  std::vector<std::string> out;
  std::istringstream lines(read(fs::path(CHANGTONG_SOURCE_DIR) / "collectors/kinds.def"));
  static const std::regex row(R"(^KIND\((\w+),)");
  std::smatch m;
  for (std::string line; std::getline(lines, line);)
    if (std::regex_search(line, m, row)) out.push_back(m[1]);
  return out;
}

std::set<std::string> pairs_including(const std::vector<source_file>& files, const std::vector<std::string>& prefixes) {
  std::set<std::string> out;
  for (const auto& file : files)
    for (const auto& include : includes_of(file.text))
      for (const auto& p : prefixes)
        if (include.starts_with(p)) out.insert(file.path.substr(0, file.path.rfind('.')));
  return out;
}

/** Sources that name at least three kinds as string literals: a second list of kinds. */
bool lists_kinds(const std::string& text, const std::vector<std::string>& kinds) {
  const auto named = std::count_if(kinds.begin(), kinds.end(), [&](const std::string& k) {
    return text.find("\"" + k + "\"") != std::string::npos || text.find(k + "_kind") != std::string::npos;
  });
  return named >= 3;
}

TEST(Architecture, IncludesGoOneWay) {
  ASSERT_GT(sources().size(), 20U);
  std::vector<std::string> wrong;
  for (const auto& file : sources())
    for (auto& v : violations(file)) wrong.push_back(std::move(v));
  EXPECT_TRUE(wrong.empty()) << listed(wrong);
}

TEST(Architecture, AKindKnowsNoOtherKind) {
  for (const auto& kind : kind_names())
    EXPECT_EQ(kinds_reached(kind, sources(), kind_names()), std::set<std::string>{kind});
}

TEST(Architecture, EveryBanHasItsReasonAndNoFolderIsListedTwice) {
  std::set<std::string> seen;
  for (const auto& rule : table) {
    EXPECT_FALSE(rule.reason.empty()) << rule.folder;
    EXPECT_TRUE(seen.insert(rule.folder).second) << rule.folder;
  }
}

TEST(Architecture, AThirdPartyLibraryStaysInItsFilePairs) {
  for (const auto& limit : limits) {
    const auto pairs = pairs_including(sources(), limit.prefixes);
    EXPECT_LE(pairs.size(), limit.pairs) << limit.what << " is included by" << listed({pairs.begin(), pairs.end()});
  }
}

TEST(Architecture, ThereIsOneListOfKinds) {
  const auto kinds = kind_names();
  ASSERT_GE(kinds.size(), 4U);
  EXPECT_EQ(std::set<std::string>(kinds.begin(), kinds.end()).size(), kinds.size());
  for (const auto& kind : kinds)
    EXPECT_TRUE(fs::exists(fs::path(CHANGTONG_SOURCE_DIR) / "collectors" / (kind + ".cpp"))) << kind;
  for (const auto& file : sources())
    EXPECT_FALSE(lists_kinds(file.text, kinds)) << file.path << " names the kinds; derive it from collectors/kinds.def";
}

// The checker itself.

TEST(ArchitectureChecker, SeesAWrongProjectInclude) {
  const source_file wrong{"daemon/verdict/fold.cpp", "#include <vector>\n#include \"daemon/ledger/writer.h\"\n"};
  const auto found = violations(wrong);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("daemon/ledger/writer.h: a pure fold"), std::string::npos);
}

TEST(ArchitectureChecker, SeesAWrongLibrary) {
  EXPECT_EQ(violations({"daemon/core/json.cpp", "#include <spdlog/spdlog.h>\n"}).size(), 1U);
  EXPECT_EQ(violations({"daemon/core/log.cpp", "#include <spdlog/spdlog.h>\n"}).size(), 0U);
  EXPECT_EQ(violations({"daemon/report/csv.cpp", "  #  include <sqlite3.h>\n"}).size(), 1U);
}

TEST(ArchitectureChecker, SeesASiblingInPublish) {
  EXPECT_EQ(violations({"daemon/publish/api/api.cpp", "#include \"daemon/publish/http/server.h\"\n"}).size(), 1U);
}

TEST(ArchitectureChecker, SeesAnotherKindThroughASharedFile) {
  const std::vector<std::string> kinds{"icmp", "tcp"};
  const source_file tcp{"collectors/tcp.cpp", "#include \"collectors/tcp.h\"\n#include \"collectors/shared.h\"\n"};
  const source_file shared{"collectors/shared.h", "#include \"collectors/icmp.h\"\n"};
  EXPECT_EQ(kinds_reached("tcp", {tcp, shared}, kinds), (std::set<std::string>{"icmp", "tcp"}));
  EXPECT_EQ(kinds_reached("tcp", {tcp}, kinds), std::set<std::string>{"tcp"});
}

TEST(ArchitectureChecker, KnowsEveryFolder) {
  EXPECT_EQ(violations({"daemon/helpers/x.cpp", ""}).size(), 1U);
  EXPECT_EQ(violations({"daemon/cli/ending.cpp", "#include <sqlite3.h>\n"}).size(), 0U);
}

TEST(Architecture, TheTableHasNoRowForAFolderThatIsGone) {
  for (const folder_rule& r : table) {
    EXPECT_TRUE(fs::is_directory(fs::path(CHANGTONG_SOURCE_DIR) / r.folder)) << r.folder;
    for (const std::string& p : r.projects)
      EXPECT_TRUE(fs::exists(fs::path(CHANGTONG_SOURCE_DIR) / p)) << r.folder << " may include " << p;
  }
}

/** What README.md says under "## Folders". */
std::string folders_page() {
  const std::string all = read(fs::path(CHANGTONG_SOURCE_DIR) / "README.md");
  const auto from = all.find("\n## Folders\n");
  return from == std::string::npos ? "" : all.substr(from, all.find("\n## ", from + 1) - from);
}

/** The folders that it names, `daemon/publish/{a,b}` as two. */
std::set<std::string> named_in(const std::string& page) {
  static const std::regex path(R"(`((?:daemon|collectors)[a-z/]*)(?:\{([a-z,]+)\})?`)");
  std::set<std::string> out;
  for (std::sregex_iterator m(page.begin(), page.end(), path), none; m != none; ++m) {
    if (!(*m)[2].matched) out.insert((*m)[1]);
    std::istringstream names((*m)[2]);
    for (std::string name; std::getline(names, name, ',');) out.insert((*m)[1].str() + name);
  }
  return out;
}

TEST(Architecture, TheReadmeNamesEveryFolderAndNoOther) {
  std::set<std::string> there;
  for (const source_file& f : sources())
    if (folder_of(f.path) != "daemon") there.insert(folder_of(f.path));
  const std::string page = folders_page();
  EXPECT_EQ(named_in(page), there);
  const std::string picture = page.substr(0, page.rfind("```"));
  for (const std::string& folder : there)
    if (folder.starts_with("daemon/"))
      EXPECT_TRUE(std::regex_search(picture, std::regex("\\b" + fs::path(folder).filename().string() + "\\b")))
          << folder << " is not in the picture";
}

/** A title, and neither a list nor the picture was ever taken for a program by a formatter. */
bool is_prose(const std::string& page) {
  static const std::regex title(R"(^# \S)"), spoilt(R"(\n#+[^#\s\n])");
  return std::regex_search(page, title, std::regex_constants::match_continuous) && !std::regex_search(page, spoilt);
}

TEST(Architecture, EveryFolderHasItsPageOfProse) {
  std::set<std::string> folders{"collectors"};
  for (const source_file& f : sources())
    if (f.path.starts_with("daemon/") && folder_of(f.path) != "daemon") folders.insert(folder_of(f.path));
  for (const std::string& folder : folders) {
    const fs::path page = fs::path(CHANGTONG_SOURCE_DIR) / folder / "README.md";
    ASSERT_TRUE(fs::exists(page)) << folder;
    EXPECT_TRUE(is_prose(read(page))) << folder << "/README.md has to begin with a title: `# forms: what it is`";
  }
}

TEST(ArchitectureChecker, KnowsAPageThatWasFormattedAsAProgram) {
  EXPECT_TRUE(is_prose("# forms: what it is\n\n## Bounds\n\n```\n  #include\n```\n"));
  EXPECT_FALSE(is_prose("#forms : what it is\n"));
  EXPECT_FALSE(is_prose("\n# forms\n"));
  EXPECT_FALSE(is_prose("# forms\n\n##Bounds\n"));
}

TEST(ArchitectureChecker, ReadsThePathsOfAPage) {
  EXPECT_EQ(named_in("| `daemon/core` · `daemon/publish/{http,api}` | `tests/run`, `daemon/core/x.h` |"),
            (std::set<std::string>{"daemon/core", "daemon/publish/http", "daemon/publish/api"}));
}

TEST(ArchitectureChecker, IgnoresWhatIsCommentedOut) {
  EXPECT_TRUE(includes_of("// #include <sqlite3.h>\n/*\n#include <sqlite3.h>\n*/\n").empty());
  EXPECT_EQ(includes_of("/* a */ #include \"x.h\"").size(), 1U);
}

TEST(ArchitectureChecker, CountsPairsNotFiles) {
  const std::vector<source_file> files{{"daemon/ledger/db.h", "#include <sqlite3.h>\n"},
                                       {"daemon/ledger/db.cpp", "#include <sqlite3.h>\n"}};
  EXPECT_EQ(pairs_including(files, {"sqlite3.h"}).size(), 1U);
}

TEST(ArchitectureChecker, SeesASecondListOfKinds) {
  const std::vector<std::string> kinds{"icmp", "snmp", "tcp", "http"};
  EXPECT_TRUE(lists_kinds(R"(if (k == "icmp" || k == "snmp" || k == "tcp") {})", kinds));
  EXPECT_FALSE(lists_kinds(R"(const auto& first = "icmp";)", kinds));
}

}  // namespace
}  // namespace changtong::shape
