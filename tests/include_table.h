#pragma once
/** Who may include whom (design: includes go one way), and in how many places a third-party library may live. A ban
 * without a reason is not here. architecture_test.cpp holds the sources against it. */
#include <map>
#include <string>
#include <vector>

namespace changtong::shape {

/** What a folder may include besides itself and the standard library. */
struct folder_rule {
  std::string folder;
  std::vector<std::string> projects;   // folders (whole, without those below), or single files
  std::vector<std::string> libraries;  // beginnings of third-party includes
  std::string reason;                  // of everything that is not listed
};

inline const std::vector<std::string> asio{"boost/asio", "boost/system"};
inline const std::vector<std::string> asio_beast{"boost/asio", "boost/beast", "boost/system"};

inline std::vector<std::string> join(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// daemon/main.cpp and daemon/cli are not in the table: the command line may include everything. {fmt} and
// boost::system::result are core's own vocabulary (its headers show them), so every folder has them.
inline const std::vector<std::string> everywhere{"fmt/", "boost/system/result.hpp", "boost/multiprecision/cpp_int.hpp"};
inline const std::vector<folder_rule> table{
    {"daemon/core", {}, {}, "core holds the nouns; whoever depends on it must not get I/O, a parser or a loop with it"},
    {"daemon/host",
     {"daemon/core"},
     {"openssl/", "curl/", "ldap.h", "zlib.h"},
     "what the operating system gives, without a word of lines, books or settings"},
    {"collectors/wire",
     {"daemon/core"},
     {"unicode/"},
     "bytes <-> values, pure: fuzzed without a socket and usable from the simulation"},
    {"collectors/net",
     {"daemon/core", "collectors/wire", "daemon/host/curl_handles.h"},
     join(asio, {"net-snmp/", "openssl/", "curl/", "ares.h"}),
     "sockets know packets, not kinds, schedule or settings"},
    {"collectors",
     {"daemon/core", "collectors/wire", "collectors/net", "collectors/kinds.def"},
     asio,
     "a kind measures and nothing else: schedule, verdict, ledger and metrics belong to the daemon"},
    {"daemon/reading",
     {"daemon/core"},
     {"yaml-cpp/", "unicode/", "zip.h", "pugixml.hpp"},
     "text of people -> cells and blocks with their place; what they mean is for settings and plans"},
    {"daemon/layouts",
     {"daemon/core", "daemon/reading"},
     {},
     "which cell of a form stands where, as data: neither what it says nor how it is drawn"},
    {"daemon/plans",
     {"daemon/core", "daemon/host", "daemon/reading", "daemon/layouts/layout.h"},
     {"zlib.h"},
     "a plan and the files that it names are read here; what they score is for evaluate"},
    {"daemon/settings",
     {"daemon/core", "daemon/host", "daemon/reading", "daemon/plans/plan.h", "daemon/accounts/roles.h",
      "collectors/registry.h", "collectors/collector.h", "collectors/credential.h", "collectors/wire/web_address.h"},
     {"unicode/", "boost/json"},
     "text -> checked structs; it starts nothing, so it needs no loop, and a kind is known by the registry alone"},
    {"daemon/sheets",
     {"daemon/core", "daemon/reading", "daemon/settings"},
     {},
     "an office's own sheet against the inventory, decided without a file; the command line and the console write"},
    {"daemon/lines",
     {"daemon/core", "daemon/host", "daemon/settings/settings.h", "daemon/sheets"},
     {},
     "lines.csv on disk, for the command line and the daemon alike: what a change means is for sheets, who may is the "
     "API's"},
    {"daemon/discover",
     {"daemon/core", "collectors/wire"},
     {},
     "what devices say of their neighbours against what is known: no socket, and any answer can be played to it"},
    {"daemon/schedule",
     {"daemon/core", "collectors/collector.h"},
     asio,
     "the schedule knows when, not what it means: no verdict, no ledger, no settings"},
    {"daemon/verdict", {"daemon/core"}, {}, "a pure fold that replay and tests run without clock, loop and disk"},
    {"daemon/availability", {"daemon/core"}, {}, "pure arithmetic on intervals, the same for daemon and auditor"},
    {"daemon/recent", {"daemon/core"}, {}, "figures to look at, in memory alone: no ledger, no clock, no settings"},
    {"daemon/ledger",
     {"daemon/core", "daemon/host", "daemon/availability"},
     {"sqlite3.h", "openssl/", "boost/json"},
     "the ledger proves what it is given; it never asks schedule, verdict or settings"},
    {"daemon/books",
     {"daemon/core", "daemon/availability", "daemon/ledger/reader.h", "daemon/ledger/entry_rules.h",
      "daemon/ledger/windows.h"},
     {"boost/json"},
     "figures of a period from a reader's rows: no SQL, no document, no clock"},
    {"daemon/observers",
     {"daemon/core", "daemon/availability", "daemon/ledger/reader.h", "daemon/ledger/windows.h"},
     {},
     "books of several observers laid together by rule: no SQL, no clock, and whoever reads them sees one reader"},
    {"daemon/centre",
     {"daemon/core",
      "daemon/host",
      "daemon/availability",
      "daemon/ledger/shipment.h",
      "daemon/ledger/second_book.h",
      "daemon/ledger/entry.h",
      "daemon/ledger/exact_line.h",
      "daemon/ledger/read_open.h",
      "daemon/ledger/memory_tables.h",
      "daemon/ledger/projections.h",
      "daemon/ledger/reader.h",
      "daemon/ledger/refusal.h",
      "daemon/ledger/tables.h",
      "daemon/ledger/key.h",
      "daemon/books/books.h",
      "daemon/entries/closing.h",
      "daemon/entries/entry_words.h",
      "daemon/observers/merged_books.h",
      "daemon/observers/observer.h",
      "daemon/observers/parted.h"},
     {"libpq", "nats/", "boost/json"},
     "many nodes' journals in a database, folded and read as a node's own: who may ship or ask is for the door in run"},
    {"daemon/entries",
     {"daemon/core", "daemon/host/digest.h", "daemon/availability", "daemon/books", "daemon/ledger/reader.h",
      "daemon/ledger/entry_rules.h", "daemon/ledger/windows.h"},
     {"boost/json", "boost/system"},
     "what people enter: may it stand, and how it reads; whoever calls commits it"},
    {"daemon/accounts",
     {"daemon/core", "daemon/host"},
     {"sodium.h", "boost/json"},
     "who may come in, as whom, and what is kept of it: no route, no ledger, no settings"},
    {"daemon/claims",
     {"daemon/core", "daemon/availability"},
     {},
     "a written report against itself: it knows sentences and figures, no ledger and no file"},
    {"daemon/forms",
     {"daemon/core", "daemon/reading", "daemon/layouts/layout.h", "daemon/plans/plan.h", "daemon/evaluate/score.h",
      "daemon/report/grid.h"},
     {},
     "a bureau's form in, a sheet to fill in out: cells and plans as text, no file and no ledger"},
    {"daemon/audit",
     {"daemon/core", "daemon/host", "daemon/availability", "daemon/report", "daemon/books", "daemon/reading/csv.h",
      "daemon/entries/closing.h", "daemon/ledger/entry.h", "daemon/ledger/exact_line.h", "daemon/ledger/seal.h",
      "daemon/ledger/key.h", "daemon/ledger/ledger_files.h", "daemon/ledger/journal.h", "daemon/ledger/memory_tables.h",
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
     {"daemon/core", "daemon/availability", "daemon/books", "daemon/evaluate", "daemon/layouts"},
     {"xlsxwriter.h", "boost/json", "zip.h", "pugixml.hpp"},
     "values -> documents: no rule, no formula, no database"},
    {"daemon/lists",
     {"daemon/core", "daemon/books", "daemon/report", "daemon/entries/closing.h", "daemon/ledger/reader.h"},
     {},
     "rows and their text, the same for the command line and for whoever answers it: no file, no clock, no route"},
    {"daemon/publish/http",
     {"daemon/core"},
     join(asio_beast, {"openssl/"}),
     "the one server carries answers; what they say is mounted by main"},
    {"daemon/publish/metrics",
     {"daemon/core", "daemon/host/background.h", "daemon/host/gzip.h", "daemon/availability", "daemon/evaluate",
      "daemon/ledger/reader.h", "daemon/books/books.h", "daemon/books/agreed.h"},
     {"prometheus/"},
     "siblings in publish never include each other, so each can be taken away"},
    {"daemon/publish/alerts",
     {"daemon/core"},
     {"boost/json", "openssl/"},
     "who is told what and when, decided without a clock, a thread or a socket; run enters and sends it"},
    {"daemon/publish/api",
     {"daemon/core",
      "daemon/accounts",
      "daemon/host/background.h",
      "daemon/availability",
      "daemon/evaluate",
      "daemon/report",
      "daemon/audit",
      "daemon/entries/command_json.h",
      "daemon/entries/target_names.h",
      "daemon/ledger/reader.h",
      "daemon/books/books.h",
      "daemon/books/window_list.h",
      "daemon/books/alert_stories.h",
      "daemon/books/outage_notes.h",
      "daemon/books/outage_samples.h",
      "daemon/books/merged_notes.h",
      "daemon/books/tickets.h",
      "daemon/lines/desk.h",
      "daemon/lists/lists.h",
      "daemon/recent"},
     {"boost/json", "boost/system", "openssl/crypto.h"},
     "the API reads books and boards; it opens no socket, and what it writes goes through the doors of others"},
    {"daemon/publish/console",
     {"daemon/core", "daemon/host/plain_file.h", "daemon/host/digest.h"},
     {},
     "built files as they are: it knows neither what they show nor whose they are"},
    {"daemon/traps",
     {"daemon/core", "collectors/wire", "collectors/net/usm.h", "collectors/net/usm_digest.h"},
     {},
     "what devices say unasked, judged without a socket and a clock; run receives, enters and answers"},
    {"daemon/backup",
     {"daemon/core", "daemon/host", "daemon/settings/settings.h", "daemon/ledger/copy.h", "daemon/ledger/verify.h",
      "daemon/ledger/ledger_files.h"},
     {"boost/json"},
     "whole files out and in: what they mean is for settings and ledger"},
    {"daemon/replay",
     {"daemon/core", "daemon/settings", "daemon/verdict", "daemon/ledger/writer.h"},
     {"boost/json"},
     "a trace through the same judge and writer as the daemon's, in virtual time: no socket, no clock"},
    {"daemon/simulate",
     {"daemon/core", "daemon/settings", "daemon/schedule", "collectors/wire", "collectors/net/usm.h",
      "collectors/collector.h", "collectors/registry.h"},
     asio_beast,
     "the simulated district answers packets; it must not see how collectors read them"},
    {"daemon/run",
     {"daemon/core",
      "daemon/accounts",
      "daemon/centre",
      "daemon/host",
      "daemon/settings",
      "daemon/schedule",
      "daemon/verdict",
      "daemon/ledger",
      "daemon/books",
      "daemon/entries",
      "daemon/observers",
      "daemon/lines/desk.h",
      "daemon/plans",
      "daemon/recent",
      "daemon/evaluate",
      "daemon/publish/api",
      "daemon/publish/console",
      "daemon/publish/http",
      "daemon/publish/metrics",
      "daemon/publish/alerts",
      "daemon/report",
      "daemon/traps",
      "collectors",
      "collectors/net/names.h",
      "collectors/net/path_tracer.h",
      "collectors/net/trap_socket.h",
      "collectors/wire/web_address.h"},
     asio,
     "the daemon's wiring: who hands what to whom; it decides nothing that a folder of its own could"},
};

/** Single files that may include more than their folder, each for a reason. */
inline const std::map<std::string, std::vector<std::string>> exceptions{
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
inline const std::vector<pair_limit> limits{
    {"SQLite", {"sqlite3.h"}, 1},
    {"libpq", {"libpq"}, 1},
    {"libnats", {"nats/"}, 1},
    {"libsodium", {"sodium.h"}, 1},
    {"net-snmp", {"net-snmp/"}, 1},
    {"libcurl", {"curl/"}, 1},  // its handles; visits of websites and messages out have them from there
    {"c-ares", {"ares.h"}, 1},
    {"OpenLDAP", {"ldap.h"}, 1},
    {"yaml-cpp", {"yaml-cpp/"}, 2},
    {"prometheus-cpp", {"prometheus/"}, 1},
    {"libxlsxwriter", {"xlsxwriter.h"}, 1},
    {"libzip", {"zip.h"}, 2},         // the pack, and files of offices
    {"pugixml", {"pugixml.hpp"}, 3},  // the pack, workbooks, documents
    {"zlib", {"zlib.h"}, 3},          // answers packed, access logs read, where a pack's files end
    {"date", {"date/"}, 1},
    {"Boost.URL", {"boost/url"}, 1},
    {"spdlog", {"spdlog/"}, 1},
    {"CLI11", {"CLI/"}, 1},  // four seconds of compile time a file
};

}  // namespace changtong::shape
