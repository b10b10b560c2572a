// The order of the folders, held by a test: who may include whom (design: includes go one way), in how many places a
// third-party library may live, which names a file may not have, how long it may be. A ban without a reason is not
// here. The checker works on text that it is given, so that the last tests can show it a wrong include.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/sources.h"

namespace changtong::shape {
namespace {

namespace fs = std::filesystem;

/** What a folder may include besides itself and the standard library. */
struct folder_rule {
  std::string folder;
  std::vector<std::string> projects;   // folders (whole, without those below), or single files
  std::vector<std::string> libraries;  // beginnings of third-party includes
  std::string reason;                  // of everything that is not listed
};

const std::vector<std::string> asio{"boost/asio", "boost/system"};
const std::vector<std::string> asio_beast{"boost/asio", "boost/beast", "boost/system"};

std::vector<std::string> join(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// daemon/main.cpp and daemon/cli are not in the table: the command line may include everything. {fmt} and
// boost::system::result are core's own vocabulary (its headers show them), so every folder has them.
const std::vector<std::string> everywhere{"fmt/", "boost/system/result.hpp", "boost/multiprecision/cpp_int.hpp"};
const std::vector<folder_rule> table{
    {"daemon/core", {}, {}, "core holds the nouns; whoever depends on it must not get I/O, a parser or a loop with it"},
    {"daemon/host",
     {"daemon/core"},
     {"openssl/", "curl/"},
     "what the operating system gives, without a word of lines, books or settings"},
    {"collectors/wire",
     {"daemon/core"},
     {"unicode/"},
     "bytes <-> values, pure: fuzzed without a socket and usable from the simulation"},
    {"collectors/net",
     {"daemon/core", "collectors/wire"},
     join(asio, {"net-snmp/", "openssl/", "curl/", "ares.h"}),
     "sockets know packets, not kinds, schedule or settings"},
    {"collectors",
     {"daemon/core", "collectors/wire", "collectors/net", "collectors/kinds.def"},
     asio,
     "a kind measures and nothing else: schedule, verdict, ledger and metrics belong to the daemon"},
    {"daemon/reading",
     {"daemon/core"},
     {"yaml-cpp/", "unicode/"},
     "text of people -> cells and blocks with their place; what they mean is for settings and plans"},
    {"daemon/plans",
     {"daemon/core", "daemon/host", "daemon/reading"},
     {"zlib.h"},
     "a plan and the files that it names are read here; what they score is for evaluate"},
    {"daemon/settings",
     {"daemon/core", "daemon/host", "daemon/reading", "daemon/plans/plan.h", "collectors/registry.h",
      "collectors/collector.h", "collectors/wire/web_address.h"},
     {"unicode/", "zip.h", "pugixml.hpp"},
     "text -> checked structs; it starts nothing, so it needs no loop, and a kind is known by the registry alone"},
    {"daemon/schedule",
     {"daemon/core", "collectors/collector.h"},
     asio,
     "the schedule knows when, not what it means: no verdict, no ledger, no settings"},
    {"daemon/verdict", {"daemon/core"}, {}, "a pure fold that replay and tests run without clock, loop and disk"},
    {"daemon/availability", {"daemon/core"}, {}, "pure arithmetic on intervals, the same for daemon and auditor"},
    {"daemon/ledger",
     {"daemon/core", "daemon/host", "daemon/availability"},
     {"sqlite3.h", "openssl/", "boost/json"},
     "the ledger proves what it is given; it never asks schedule, verdict or settings"},
    {"daemon/books",
     {"daemon/core", "daemon/availability", "daemon/ledger/reader.h", "daemon/ledger/entry_rules.h",
      "daemon/ledger/windows.h"},
     {"boost/json"},
     "figures of a period from a reader's rows: no SQL, no document, no clock"},
    {"daemon/entries",
     {"daemon/core", "daemon/host/digest.h", "daemon/availability", "daemon/books", "daemon/ledger/reader.h",
      "daemon/ledger/entry_rules.h", "daemon/ledger/windows.h"},
     {"boost/json", "boost/system"},
     "what people enter: may it stand, and how it reads; whoever calls commits it"},
    {"daemon/claims",
     {"daemon/core", "daemon/availability"},
     {},
     "a written report against itself: it knows sentences and figures, no books and no plan"},
    {"daemon/audit",
     {"daemon/core", "daemon/host", "daemon/availability", "daemon/report", "daemon/books", "daemon/reading/csv.h",
      "daemon/entries/closing.h", "daemon/ledger/entry.h", "daemon/ledger/seal.h", "daemon/ledger/key.h",
      "daemon/ledger/ledger_files.h", "daemon/ledger/journal.h", "daemon/ledger/memory_tables.h",
      "daemon/ledger/projections.h", "daemon/ledger/reader.h", "daemon/ledger/branches.h", "daemon/ledger/last_word.h"},
     {"zip.h", "zlib.h", "boost/json", "pugixml.hpp"},
     "a pack is verified without the ledger: the same fold, books and words as the daemon's, over memory, never SQL"},
    {"daemon/evaluate",
     {"daemon/core", "daemon/availability", "daemon/books", "daemon/claims/consistency.h", "daemon/plans/papers.h",
      "daemon/plans/access_log.h", "daemon/ledger/reader.h"},
     {"boost/json"},
     "an evaluation reads books, with the words, contracts and duty rules of their time, and writes values; files "
     "belong to report and plans"},
    {"daemon/report",
     {"daemon/core", "daemon/availability", "daemon/books", "daemon/evaluate"},
     {"xlsxwriter.h", "boost/json", "zip.h", "pugixml.hpp"},
     "values -> documents: no rule, no formula, no database"},
    {"daemon/publish/http",
     {"daemon/core"},
     join(asio_beast, {"openssl/"}),
     "the one server carries answers; what they say is mounted by main"},
    {"daemon/publish/metrics",
     {"daemon/core", "daemon/host/background.h", "daemon/availability", "daemon/evaluate", "daemon/ledger/reader.h",
      "daemon/books/books.h", "daemon/books/agreed.h"},
     {"prometheus/", "zlib.h"},
     "siblings in publish never include each other, so each can be taken away"},
    {"daemon/publish/alerts",
     {"daemon/core"},
     {"boost/json", "openssl/"},
     "who is told what and when, decided without a clock, a thread or a socket; run enters and sends it"},
    {"daemon/publish/api",
     {"daemon/core", "daemon/host/background.h", "daemon/availability", "daemon/evaluate", "daemon/report",
      "daemon/audit", "daemon/entries/command_json.h", "daemon/ledger/reader.h", "daemon/books/books.h",
      "daemon/books/window_list.h", "daemon/books/alert_stories.h", "daemon/books/outage_notes.h",
      "daemon/books/tickets.h"},
     {"boost/json", "boost/system", "openssl/crypto.h"},
     "the API reads books and boards; it opens no socket and writes nothing"},
    {"daemon/replay",
     {"daemon/core", "daemon/settings", "daemon/verdict", "daemon/ledger/writer.h"},
     {"boost/json"},
     "a trace through the same judge and writer as the daemon's, in virtual time: no socket, no clock"},
    {"daemon/simulate",
     {"daemon/core", "daemon/settings", "daemon/schedule", "collectors/wire", "collectors/collector.h",
      "collectors/registry.h"},
     asio_beast,
     "the simulated district answers packets; it must not see how collectors read them"},
    {"daemon/run",
     {"daemon/core", "daemon/host", "daemon/settings", "daemon/schedule", "daemon/verdict", "daemon/ledger",
      "daemon/books", "daemon/entries", "daemon/plans", "daemon/evaluate", "daemon/publish/api", "daemon/publish/http",
      "daemon/publish/metrics", "daemon/publish/alerts", "collectors", "collectors/net/names.h",
      "collectors/wire/web_address.h"},
     asio,
     "the daemon's wiring: who hands what to whom; it decides nothing that a folder of its own could"},
};

/** Single files that may include more than their folder, each for a reason. */
const std::map<std::string, std::vector<std::string>> exceptions{
    {"daemon/core/log.cpp", {"spdlog/"}},                 // the one door to the log
    {"daemon/core/civil.cpp", {"date/"}},                 // the one door to the zone database
    {"daemon/core/url.cpp", {"boost/url"}},               // the one reader of addresses
    {"daemon/core/plain_text.cpp", {"unicode/uchar.h"}},  // what kind of character it is, of all that Unicode has
};

/** A library whose types must not spread: at most this many pairs of .h and .cpp include it. */
struct pair_limit {
  std::string what;
  std::vector<std::string> prefixes;
  std::size_t pairs;
};
const std::vector<pair_limit> limits{
    {"SQLite", {"sqlite3.h"}, 1},
    {"net-snmp", {"net-snmp/"}, 1},
    {"libcurl", {"curl/"}, 2},  // visits of websites, messages out
    {"c-ares", {"ares.h"}, 1},
    {"yaml-cpp", {"yaml-cpp/"}, 2},
    {"prometheus-cpp", {"prometheus/"}, 1},
    {"libxlsxwriter", {"xlsxwriter.h"}, 1},
    {"libzip", {"zip.h"}, 2},         // the pack, and inventories
    {"pugixml", {"pugixml.hpp"}, 2},  // likewise
    {"zlib", {"zlib.h"}, 3},          // answers packed, access logs read, where a pack's files end
    {"date", {"date/"}, 1},
    {"Boost.URL", {"boost/url"}, 1},
    {"spdlog", {"spdlog/"}, 1},
    {"CLI11", {"CLI/"}, 1},  // four seconds of compile time a file
};

const std::set<std::string> forbidden_words{"manager", "helper", "helpers", "util", "utils", "handler", "handlers",
                                            "item",    "items",  "entity",  "data", "info",  "common",  "misc"};

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
      "boost/",    "fmt/",      "spdlog/",  "date/",      "sqlite3.h",   "SQLiteCpp/", "sodium.h",    "openssl/",
      "net-snmp/", "yaml-cpp/", "unicode/", "zip.h",      "pugixml.hpp", "xlsxwriter", "prometheus/", "CLI/",
      "zlib.h",    "gtest/",    "gmock/",   "rapidcheck", "nlohmann/",   "curl/",      "libpq",       "ares.h"};
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

std::string listed(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& l : lines) out += "\n  " + l;
  return out;
}

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::set<std::string> pairs_including(const std::vector<source_file>& files, const std::vector<std::string>& prefixes) {
  std::set<std::string> out;
  for (const auto& file : files)
    for (const auto& include : includes_of(file.text))
      for (const auto& p : prefixes)
        if (include.starts_with(p)) out.insert(file.path.substr(0, file.path.rfind('.')));
  return out;
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

TEST(Architecture, EveryLockIsOneThatTheCompilerChecks) {
  std::vector<std::string> wrong;
  for (const auto& file : sources())
    for (auto& v : unchecked_locks(file)) wrong.push_back(std::move(v));
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

TEST(ArchitectureChecker, SeesALockThatNobodyChecks) {
  EXPECT_EQ(unchecked_locks({"daemon/run/desk.h", "std::mutex m;\nstd::unique_lock lock(m);\n"}).size(), 2U);
  EXPECT_EQ(unchecked_locks({"daemon/run/desk.h", "mutex m;\nstd::condition_variable_any wake;\n"}).size(), 0U);
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
