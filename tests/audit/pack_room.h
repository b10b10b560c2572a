#pragma once
/** A small sealed ledger, the pack exported from it, and what somebody with a text editor, or with a whole office,
 * might do to the pack. */
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/audit/compare.h"
#include "daemon/audit/contents.h"
#include "daemon/audit/export.h"
#include "daemon/audit/manifest.h"
#include "daemon/audit/verify.h"
#include "daemon/audit/zip_file.h"
#include "daemon/entries/closing.h"
#include "daemon/host/digest.h"
#include "daemon/report/workbook.h"
#include "tests/ledger/desk.h"

namespace changtong::audit::room {

namespace desk = ledger::desk;
inline constexpr double day = 86400;

/** Four days of two lines and a site: outages, a hole, a window, a closing, words of people. Three days are sealed. */
inline void fill(const desk::folder& f, const std::string& more = {}) {
  using namespace desk;
  const auto w = opened(f);
  const policy_version policy{at(0), "Asia/Shanghai",
                              R"({"zone":"Asia/Shanghai","categories":[{"id":"village","name":"村/社区"}]})", "李工"};
  const inventory_version site{at(0), "portal", R"({"id":"portal","kind":"site","name":"门户网站"})", "李工"};
  commit(*w, 10,
         {started{at(0), "0.1.0", "icmp"}, policy, line("L1", 0), line("L2", 0), site, up("L1", 1), up("L2", 1),
          up("portal", 1)});
  commit(*w, 5000, {down("L1", 4000, 3999), up_again("L1", 4600.5, 4599.25)});
  commit(*w, 9000,
         {window("W1", "L2", 6000, 20000, 21000, "requested"), window("W1", "L2", 7000, 20000, 21000, "approved")});
  commit(*w, day + 4000,
         {down("L2", 20100, 20099), up_again("L2", 21500, 21499), stopped_watching(day - 100, day + 50),
          annotation{at(30000), "L1", at(4000), "王工", "雷击，<光缆>断"},
          duty_record{at(30000), "2026-03-14", "王工", "api", "李工", "=HYPERLINK(A1)"},
          counter_record{at(30000), "wechat", at(29000), "51,234", "人", "平台后台", "王工", "counters.csv"},
          indicator_verdict{at(30000), "2026", "X-7", attainment::partly, "4.5", "理由", "验收.pdf",
                            std::string(64, 'a'), "李工", "api"}});
  commit(*w, day + 5000, {window("W2", "L2", day + 4900, day + 4800, day + 6000, "approved")});
  commit(*w, 2 * day + 4000,
         {unconfirmed_run{"L1", "L1/icmp", at(day + 10), at(day + 11), 2, cause::timeout},
          inventory_version{at(2 * day), "L1", line("L1", 0, more).json, "李工"}});
  const auto r = reading(f);
  auto closed = entries::closing_of(*r, *r, {{at(0), at(day)}, "李工", "日结"}, at(2 * day + 4500));
  commit(*w, 2 * day + 5000, {*closed});
  commit(*w, 3 * day + 4000,
         {down("L1", 2 * day + 6000, 2 * day + 5999), up_again("L1", 2 * day + 6300, 2 * day + 6299)});
  commit(*w, 3 * day + 9000, {down("L2", 3 * day + 8000, 3 * day + 7999)});
}

inline export_request request_for(const desk::folder& f) {
  return {.ledger = f.ledger(),
          .key = {},
          .when = {desk::at(0), desk::at(4 * day)},
          .out = (f.path / "pack.zip").string(),
          .overwrite = true,
          .now = desk::at(3 * day + 9100),
          .software = "0.1.0"};
}

/** A pack as its files, to be changed and written again. */
struct pack {
  std::map<std::string, std::string> files;

  static pack read(const std::string& path) {
    pack p;
    const auto zip = zip_reader::open(path);
    EXPECT_TRUE(zip) << (zip ? "" : zip.error().text);
    for (const zip_member& m : zip->members()) p.files[m.name] = zip->text(m, 1 << 28).value();
    return p;
  }
  void write(const std::string& path) const {
    std::filesystem::remove(path);
    auto zip = zip_writer::create(path, 1'773'417'600);
    for (const auto& [name, text] : files) ASSERT_TRUE(zip->add_text(name, text));
    ASSERT_TRUE(zip->close([](double) { return true; }));
  }

  [[nodiscard]] std::vector<std::string> lines(const std::string& name) const {
    return ledger::lines_in(files.at(name));
  }
  void set_lines(const std::string& name, const std::vector<std::string>& all) {
    files[name].clear();
    for (const std::string& l : all) files[name] += l + "\n";
  }
  void replace(const std::string& name, std::string_view was, std::string_view is) {
    const std::size_t at = files.at(name).find(was);
    ASSERT_NE(at, std::string::npos) << was << " in " << name;
    files[name].replace(at, was.size(), is);
  }

  /** A manifest that fits, unsigned or signed with `key`. */
  void list(const ledger::signing_key* key = nullptr, std::string_view format = pack_format) {
    std::vector<listed_file> all;
    files.erase("manifest.json");
    files.erase("manifest.sig");
    for (const auto& [name, text] : files) {
      running_digest d;
      d.add(text);
      all.push_back(d.finish(name));
    }
    const std::string text = manifest_text({.format = format, .files = all});
    files["manifest.json"] = text;
    if (key != nullptr)
      files["manifest.sig"] = signature_text({key->half().kind(), key->half().fingerprint(), key->sign(text).value()});
  }

  /** Numbers, hashes and head made to fit the bodies that are there. */
  void rehash() {
    ledger::digest last{};
    std::vector<std::string> all;
    for (const std::string& text : lines("journal.jsonl")) {
      journal_line l = read_line(text).value();
      l.seq = static_cast<std::int64_t>(all.size()) + 1;
      l.hash = last = ledger::chain(last, l.seq, l.at, l.kind, l.body);
      all.push_back(line_of(l));
    }
    set_lines("journal.jsonl", all);
    pack_head h = read_head(files["head.json"]).value();
    h.entries = static_cast<std::int64_t>(all.size());
    h.hash = last;
    files["head.json"] = head_text(h);
  }

  /** Every seal made anew over the journal as it is, with a key of one's own. */
  void reseal(const ledger::signing_key& key) {
    std::vector<ledger::digest> hashes;
    for (const std::string& text : lines("journal.jsonl")) hashes.push_back(read_line(text).value().hash);
    std::vector<std::string> all;
    ledger::digest previous{};
    for (const std::string& text : lines("seals.jsonl")) {
      ledger::seal s = ledger::read_seal(text).value();
      s.hash = hashes.at(static_cast<std::size_t>(s.seq) - 1);
      s.previous = previous;
      ASSERT_TRUE(ledger::sign(s, key));
      all.push_back(ledger::line_of(s));
      previous = ledger::digest_of(all.back());
    }
    set_lines("seals.jsonl", all);
    files["key.pub"] = key.half().pem();
  }

  /** Every figure made to follow from the journal as it is. */
  void recompute(const std::string& scratch) {
    folding fold;
    for (const std::string& text : lines("journal.jsonl")) ASSERT_TRUE(fold.take(read_line(text).value()));
    const pack_head h = read_head(files["head.json"]).value();
    const auto books = fold.finish(h.heartbeat);
    std::vector<ledger::seal> seals;
    for (const std::string& text : lines("seals.jsonl")) seals.push_back(ledger::read_seal(text).value());
    const auto figures = each_content(
        {*books, h, seals}, [&](const std::string& name, std::string text) { files[name] = std::move(text); });
    ASSERT_TRUE(report::write_workbook(figures, scratch));
    std::ifstream file(scratch, std::ios::binary);
    files["figures.xlsx"] = {std::istreambuf_iterator<char>(file), {}};
  }
};

struct Pack : testing::Test {
  desk::folder f;
  pack good;
  std::string fingerprint;  ///< raw, of the ledger's own key

  void SetUp() override {
    fill(f);
    const auto done = export_pack(request_for(f), {});
    ASSERT_TRUE(done) << done.error().text;
    good = pack::read((f.path / "pack.zip").string());
    fingerprint = host::from_hex(done->fingerprint).value();
  }
  [[nodiscard]] pack_proof judged(const pack& p, std::vector<std::string> fingerprints = {}) const {
    const std::string path = (f.path / "judged.zip").string();
    p.write(path);
    const auto v = verify_pack({path, std::move(fingerprints), "0.1.0"}, {});
    EXPECT_TRUE(v) << (v ? "" : v.error().text);
    return *v;
  }
  [[nodiscard]] std::string scratch() const { return (f.path / "again.xlsx").string(); }
};

/** The independent verifier: exit code, and what it says. */
inline std::pair<int, std::string> script(const desk::folder& f, const std::string& pack,
                                          const std::string& print = {}) {
  const std::string out = (f.path / "out.txt").string();
  const int code = std::system(
      ("python3 " CHANGTONG_SOURCE_DIR "/daemon/audit/verify_pack.py '" + pack + "' " + print + " > '" + out + "'")
          .c_str());
  std::ifstream file(out);
  return {WEXITSTATUS(code), {std::istreambuf_iterator<char>(file), {}}};
}

inline std::string told(const pack_proof& v) {
  std::string all;
  for (const finding& p : v.problems) all += p.file + " #" + std::to_string(p.entry) + ": " + p.text + "\n";
  for (const std::string& r : v.remarks) all += "remark: " + r + "\n";
  return all;
}
/** Some problem of this file says this. */
inline bool names(const pack_proof& v, const std::string& file, const std::string& words = {},
                  std::int64_t entry = -1) {
  return std::ranges::any_of(v.problems, [&](const finding& p) {
    return p.file == file && p.text.find(words) != std::string::npos && (entry < 0 || p.entry == entry);
  });
}

}  // namespace changtong::audit::room
