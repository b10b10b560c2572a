// A ledger from whoever: any bytes as the file are refused, or read and verified, in bounded time. Input that does not
// begin as an SQLite file is patches of a real ledger: place (3 bytes), length (1), and so many bytes.
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include "daemon/core/log.h"
#include "daemon/ledger/reader.h"
#include "daemon/ledger/verify.h"
#include "daemon/ledger/writer.h"

namespace {

using namespace changtong;

/** A folder that goes with the process. */
struct workshop {
  std::filesystem::path folder;
  std::string real;
  workshop() {
    log::set_level(log::level::error);
    // In memory where there is some: every input is a database file that is written, synced and opened.
    std::string name = "/dev/shm/hostile-ledger-XXXXXX";
    if (::access("/dev/shm", W_OK) != 0) name = (std::filesystem::temp_directory_path() / "hostile-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder = name;
    make();
  }
  workshop(const workshop&) = delete;
  workshop& operator=(const workshop&) = delete;
  ~workshop() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  [[nodiscard]] std::string path(const char* name) const { return (folder / name).string(); }

 private:
  /** One target, an outage and a note, closed in good order. */
  void make() {
    const wall_t at = wall_from_ms(1'773'417'600'000);
    {
      auto w = ledger::writer::open(path("real"), 0, {.sealing = false});
      if (!w) std::abort();
      const auto told = [&](std::int64_t s, std::vector<record> records) {
        const auto done = (*w)->commit({.heartbeat = at + std::chrono::seconds{s},
                                        .records = std::move(records),
                                        .memory = {{"L1/icmp", "1 0 0 0 0 none none 0 0 0 0 0 0"}}});
        if (!done) std::abort();
      };
      told(1, {started{.at = at, .version = "fuzz", .text = "fuzz"}});
      told(2, {inventory_version{.at = at,
                                 .target = "L1",
                                 .json = R"({"id":"L1","kind":"line","name":"一","category":"village"})",
                                 .author = "config"}});
      told(600,
           {annotation{
               .at = at + std::chrono::seconds{500}, .target = "L1", .about = at, .author = "李工", .text = "雷击"}});
    }
    std::ifstream in(path("real"), std::ios::binary);
    real.assign(std::istreambuf_iterator<char>(in), {});
  }
};

const workshop& shop() {
  static const workshop one;
  return one;
}

std::string patched(std::string file, std::string_view patches) {
  while (patches.size() > 4) {
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(patches[i])); };
    const std::size_t at = (byte(0) << 16 | byte(1) << 8 | byte(2)) % file.size();
    const std::size_t n = std::min({byte(3), patches.size() - 4, file.size() - at});
    file.replace(at, n, patches.substr(4, n));
    patches.remove_prefix(4 + n);
  }
  return file;
}

/** What a reader throws is a sentence for people; anything else is a fault. */
template <class F>
void read(const F& what) {
  try {
    what();
  } catch (const std::runtime_error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(bytes), size);
  const std::string file = all.starts_with("SQLite format 3") ? std::string(all) : patched(shop().real, all);
  const std::string path = shop().path("hostile");
  std::ofstream(path, std::ios::binary | std::ios::trunc) << file;
  for (const char* beside : {"-wal", "-shm", "-journal"}) ::unlink((path + beside).c_str());
  read([&] { (void)ledger::prove(path, {}, {}); });
  read([&] {
    const auto r = ledger::reader::open(path);
    if (!r) return;
    const ledger::reader& books = **r;
    const period always{wall_min, wall_max};
    read([&] { (void)books.targets(); });
    read([&] { (void)books.outages(always, {}, 1000); });
    read([&] { books.histories(always, wall_from_ms(1'773'500'000'000), {}, [](const auto&, const auto&) {}); });
    read([&] { (void)books.windows(); });
    read([&] { (void)books.policies(); });
    read([&] { (void)books.annotations({}, always); });
  });
  return 0;
}
