// Entries a second that a centre verifies and makes durable: every byte as it comes from the network, into a real
// PostgreSQL.
//
//   centre_bench CONNECT [NODES [ENTRIES [A SHIPMENT]]]
#include <fmt/core.h>
#include <time.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "daemon/centre/archive.h"
#include "daemon/host/clocks.h"
#include "tests/centre/shipped.h"

using namespace changtong;

namespace {

struct course {
  std::string node;
  std::vector<std::string> bodies;  // of the requests
};

/** Of entries as long as transitions are. */
course of_node(const std::string& node, int entries, std::size_t at_once) {
  centre::fakes::told_journal book;
  book.write(
      entries,
      R"(V0101\",\"to\":\"down\",\"from\":\"up\",\"began\":1773417600000,\"confirmed\":1773417602000,\"cause\":\"timeout\",)"
      R"(\"decided_by\":\"V0101/icmp\",\"after\":1773417599000,\"before\":1773417600000)");
  course out{.node = node, .bodies = {}};
  for (std::int64_t at = 0; at < entries;) {
    const ledger::shipment s = book.after(at, at_once);
    at += static_cast<std::int64_t>(s.entries.size());
    out.bodies.push_back(ledger::text_of(s));
  }
  return out;
}

double cpu() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return fmt::print(stderr, "centre_bench CONNECT [NODES [ENTRIES [A SHIPMENT]]]\n"), 2;
  const int nodes = argc > 2 ? std::atoi(argv[2]) : 1, entries = argc > 3 ? std::atoi(argv[3]) : 200'000;
  const std::size_t at_once = argc > 4 ? std::strtoul(argv[4], nullptr, 10) : ledger::most_shipped_entries;
  std::vector<std::string> names;
  std::vector<course> courses;
  const std::string run = std::to_string(ms_of(system_clocks().wall()));
  for (int i = 0; i < nodes; ++i) {
    names.push_back(fmt::format("n{}-{}", i, run));
    courses.push_back(of_node(names.back(), entries, at_once));
  }
  const centre::database_place where{.connect = argv[1], .password = {}, .patience = std::chrono::seconds{60}};
  std::atomic<bool> well = true;
  std::vector<std::unique_ptr<centre::archive>> books;
  for (int i = 0; i < nodes; ++i) {
    auto one = centre::archive::open(where, names);
    if (!one) return fmt::print(stderr, "{}\n", to_string(one.error())), 3;
    books.push_back(std::move(*one));
  }
  const double cpu_before = cpu();
  const mono_t begin = system_clocks().mono();
  std::vector<std::thread> workers;
  for (int i = 0; i < nodes; ++i)
    workers.emplace_back([&, i] {
      for (const std::string& body : courses[static_cast<std::size_t>(i)].bodies) {
        const auto s = ledger::read_shipment(body);
        const auto done =
            s ? books[static_cast<std::size_t>(i)]->take(names[static_cast<std::size_t>(i)], *s, system_clocks().wall())
              : result<ledger::taken>(s.error());
        if (!done || done->head.seq != s->entries.back().seq) well = false;
      }
    });
  for (std::thread& t : workers) t.join();
  const double took = std::chrono::duration<double>(system_clocks().mono() - begin).count();
  const double all = static_cast<double>(nodes) * entries;
  fmt::print(
      "{} nodes, {:.0f} entries, {} a shipment: {:.0f} entries/s durable, {:.1f} us of this process's CPU each{}\n",
      nodes, all, at_once, all / took, (cpu() - cpu_before) * 1e6 / all, well ? "" : " - NOT ALL TAKEN");
  return well ? 0 : 1;
}
