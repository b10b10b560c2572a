// A ZIP from somebody who means no good.
#include "daemon/audit/zip_file.h"

#include <gtest/gtest.h>
#include <zip.h>
#include <zlib.h>

#include <fstream>
#include <map>
#include <sstream>

#include "daemon/audit/verify.h"
#include "daemon/audit/zip_layout.h"
#include "tests/ledger/desk.h"
#include "tests/reading/two_languages.h"

namespace changtong::audit {
namespace {

struct Zip : testing::Test {
  ledger::desk::folder f;
  std::string path = (f.path / "x.zip").string();

  /** Bypasses our own writer, which would not do such things. */
  void make(const std::vector<std::pair<std::string, std::string>>& files, int compression = ZIP_CM_DEFLATE) const {
    int code = 0;
    zip_t* z = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    for (const auto& [name, text] : files) {
      const zip_int64_t at = zip_file_add(z, name.c_str(), zip_source_buffer(z, text.data(), text.size(), 0), 0);
      zip_set_file_compression(z, static_cast<zip_uint64_t>(at), compression, 0);
    }
    ASSERT_EQ(zip_close(z), 0);
  }
  [[nodiscard]] std::string bytes() const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void put(const std::string& all) const { std::ofstream(path, std::ios::binary) << all; }
  void replace_all(const std::string& was, const std::string& is) const {
    std::string all = bytes();
    for (std::size_t at = all.find(was); at != std::string::npos; at = all.find(was, at + is.size()))
      all.replace(at, was.size(), is);
    put(all);
  }
  /** What is said of the file; empty: it was opened. */
  [[nodiscard]] std::string refusal() const {
    const auto z = zip_reader::open(path);
    return z ? std::string() : z.error().text;
  }
  [[nodiscard]] bool refused(std::string_view why) const { return refusal().find(why) != std::string::npos; }
};

TEST_F(Zip, WhatWasWrittenReadsBackInPieces) {
  auto w = zip_writer::create(path, 1'773'417'600);
  const std::string large(300'000, 'x');
  ASSERT_TRUE(w->add_text("a/b.txt", large));
  ASSERT_TRUE(w->add_text("empty", ""));
  ASSERT_TRUE(w->close([](double) { return true; }));
  const auto z = zip_reader::open(path);
  ASSERT_TRUE(z) << z.error().text;
  EXPECT_EQ(z->text(*z->find("a/b.txt"), large.size()).value(), large);
  EXPECT_EQ(z->text(*z->find("empty"), 0).value(), "");
  EXPECT_FALSE(z->text(*z->find("a/b.txt"), large.size() - 1)) << "more than the caller can use";
  EXPECT_EQ(z->find("b.txt"), nullptr);
}

TEST_F(Zip, NamesThatLeaveTheFolderAreRefused) {
  for (const char* name : {"../x", "/etc/x", "a/../../x", "a\\x", "c:x"}) {
    make({{name, "x"}});
    EXPECT_TRUE(refused("越出所在目录")) << name << ": " << refusal();
  }
}

TEST_F(Zip, ANameThatIsThereTwiceIsRefused) {
  make({{"journal.one", "1"}, {"journal.two", "2"}});
  replace_all("journal.two", "journal.one");
  EXPECT_TRUE(refused("already exists")) << refusal();
}

TEST_F(Zip, AnEncryptedFileIsRefused) {
  int code = 0;
  zip_t* z = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  zip_file_add(z, "x", zip_source_buffer(z, "x", 1, 0), 0);
  ASSERT_EQ(zip_file_set_encryption(z, 0, ZIP_EM_AES_256, "secret"), 0);
  ASSERT_EQ(zip_close(z), 0);
  EXPECT_TRUE(refused("被加密")) << refusal();
}

TEST_F(Zip, AFileThatUnpacksToTooMuchIsRefusedBeforeItIsUnpacked) {
  make({{"bomb", std::string(64 << 20, '\0')}});
  EXPECT_LT(bytes().size(), 70'000U);
  EXPECT_TRUE(refused("过大")) << refusal();
}

TEST_F(Zip, OtherWaysOfPackingAreRefused) {
  make({{"x", std::string(1000, 'x')}}, ZIP_CM_BZIP2);
  EXPECT_TRUE(refused("压缩方式不支持")) << refusal();
}

TEST_F(Zip, TooManyFilesAreRefused) {
  std::vector<std::pair<std::string, std::string>> many;
  for (std::size_t i = 0; i <= most_members; ++i) many.emplace_back("f" + std::to_string(i), "x");
  make(many);
  EXPECT_TRUE(refused("过多")) << refusal();
}

TEST_F(Zip, DamagedContentIsAProblemAndNotText) {
  make({{"x", std::string(1000, 'x') + "needle"}}, ZIP_CM_STORE);
  replace_all("needle", "noodle");
  const auto z = zip_reader::open(path);
  ASSERT_TRUE(z);
  EXPECT_FALSE(z->text(z->members()[0], 2000));
}

TEST_F(Zip, EveryCutOfAnArchiveIsRefused) {
  make({{"a", "first"}, {"b", "second"}});
  const std::string whole = bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    put(whole.substr(0, size));
    EXPECT_FALSE(zip_reader::open(path)) << size;
  }
}

/** The ZIP's numbers made to fit `by` bytes that were put in at `at`. */
std::string moved(std::string zip, std::size_t at, const std::string& junk) {
  const auto number = [&](std::size_t place) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(zip[place])) |
           static_cast<std::uint32_t>(static_cast<unsigned char>(zip[place + 1])) << 8U;  // these ZIPs are small
  };
  const auto add = [&](std::size_t place) {
    if (number(place) < at) return;
    const std::uint32_t now = number(place) + static_cast<std::uint32_t>(junk.size());
    zip[place] = static_cast<char>(now & 255U), zip[place + 1] = static_cast<char>(now >> 8U);
  };
  const std::size_t end = zip.size() - 22;
  for (std::size_t row = number(end + 16); row < end; row += 46U + number(row + 28) + number(row + 30)) add(row + 42);
  add(end + 16);
  zip.insert(at, junk);
  return zip;
}

TEST_F(Zip, BytesThatBelongToNoFileAreRefusedWhereverTheyAre) {
  make({{"a", std::string(100, 'a')}, {"b", std::string(100, 'b')}});
  const std::string whole = bytes();
  const std::size_t second = whole.find("PK\3\4", 4), list = whole.find("PK\1\2");
  ASSERT_TRUE(zip_reader::open(path));
  put("junk" + whole);
  EXPECT_FALSE(zip_reader::open(path)) << "before, and no number fits";
  put(whole + "junk");
  EXPECT_FALSE(zip_reader::open(path)) << "behind";
  for (const auto& [at, what] :
       std::map<std::size_t, std::string>{{0, "before"}, {second, "between"}, {list, "last"}}) {
    put(moved(whole, at, "junk"));
    EXPECT_TRUE(refused("另有内容")) << what << ": " << refusal();
    EXPECT_FALSE(zip_reader::over(bytes())) << what;
  }
  std::string said = whole + "junk";
  said[whole.size() - 2] = 4;
  put(said);
  EXPECT_TRUE(refused("末尾另有内容")) << "as a comment: " << refusal();
}

TEST_F(Zip, BytesBehindPackedDataAndInExtraFieldsAreRefused) {
  int code = 0;
  zip_t* z = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  const std::string text(100, 'a');
  zip_file_add(z, "a", zip_source_buffer(z, text.data(), text.size(), 0), 0);
  const std::string junk = "junk";
  zip_file_extra_field_set(z, 0, 0x1234, ZIP_EXTRA_FIELD_NEW, reinterpret_cast<const zip_uint8_t*>(junk.data()), 4,
                           ZIP_FL_LOCAL);
  ASSERT_EQ(zip_close(z), 0);
  EXPECT_TRUE(refused("附加字段")) << refusal();
  make({{"a", std::string(100, 'a')}});
  std::string longer = moved(bytes(), bytes().find("PK\1\2"), "junk");
  const std::size_t row = longer.find("PK\1\2");
  longer[18] = static_cast<char>(longer[18] + 4);  // the file's packed size, in both places
  longer[row + 20] = static_cast<char>(longer[row + 20] + 4);
  put(longer);
  EXPECT_TRUE(refused("压缩数据之后另有内容")) << refusal();
}

/** One stored file written by hand: what stands before it, in the directory, and in the extra field of each. */
struct by_hand {
  struct sums {
    std::uint32_t crc = 0, packed = 0, unpacked = 0;
  };
  std::string text = "what the file holds", held = text, local_extra{}, extra{}, behind{};
  sums local = true_ones(text), directory = local;
  std::uint16_t flags = 0, method = 0, disk = 0, count = 1, local_version = 20, volumes = 0;
  bool end64 = false;  ///< the directory's size stands in a ZIP64 record

  static sums true_ones(const std::string& text) {
    const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
    return {static_cast<std::uint32_t>(crc), static_cast<std::uint32_t>(text.size()),
            static_cast<std::uint32_t>(text.size())};
  }
  static std::string number(std::uint64_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 255U);
    return out;
  }
  static std::string zip64(const std::string& values) { return number(1, 2) + number(values.size(), 2) + values; }

  [[nodiscard]] std::string written() const {
    const auto fields = [&](const sums& s) {
      return number(flags, 2) + number(method, 2) + number(0x5c6e'0000, 4) + number(s.crc, 4) + number(s.packed, 4) +
             number(s.unpacked, 4);
    };
    std::string out = "PK\3\4" + number(local_version, 2) + fields(local) + number(1, 2) +
                      number(local_extra.size(), 2) + "x" + local_extra + held + behind;
    const std::string row = "PK\1\2" + number(20, 2) + number(20, 2) + fields(directory) + number(1, 2) +
                            number(extra.size(), 2) + number(0, 2) + number(disk, 2) + number(0, 8) + number(0, 2) +
                            "x" + extra;
    const std::size_t start = out.size();
    const std::string large = "PK\6\6" + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8) + number(1, 8) +
                              number(1, 8) + number(row.size(), 8) + number(start, 8) + "PK\6\7" + number(0, 4) +
                              number(start + row.size(), 8) + number(1, 4);
    return out + row + (end64 ? large : "") + "PK\5\6" + number(volumes, 4) + number(count, 2) + number(1, 2) +
           number(end64 ? 0xffff'ffff : row.size(), 4) + number(start, 4) + number(0, 2);
  }
};

struct HandMade : Zip {
  void expect_good(const by_hand& z) const {
    put(z.written());
    EXPECT_EQ(refusal(), "");
  }
  void expect_refused(const by_hand& z, const char* what) const {
    put(z.written());
    EXPECT_NE(refusal(), "") << what;
    std::istringstream file(z.written());
    EXPECT_FALSE(every_byte_is_needed(file)) << what << ": libzip may read the next version of it";
  }
};

TEST_F(HandMade, ValuesOfZip64ThatNobodyNeedsAreRefusedInBothPlaces) {
  const auto n = by_hand::number(by_hand{}.text.size(), 8);
  by_hand z;
  expect_good(z);
  z.local_extra = by_hand::zip64(n + n);
  expect_good(z);
  z.local.packed = z.local.unpacked = 0xffffffff;
  expect_good(z);
  z.directory.unpacked = 0xffffffff, z.extra = by_hand::zip64(n);
  expect_good(z);
  const std::string junk(15'000, 'x');
  for (const std::string& field :
       {by_hand::zip64(n + junk), by_hand::zip64(n + "eightbyt"), by_hand::zip64(""), by_hand::zip64(n + n + n),
        by_hand::zip64(n) + by_hand::zip64(n), by_hand::number(0x7777, 2) + by_hand::number(4, 2) + "junk"}) {
    by_hand bad = z;
    bad.extra = field;
    expect_refused(bad, "in the directory");
    bad = z;
    bad.local_extra = field;
    expect_refused(bad, "before the file");
  }
  z = by_hand{};
  z.local_extra = by_hand::zip64(n + by_hand::number(z.text.size() + 1, 8));
  expect_refused(z, "another size than the header's");
}

TEST_F(HandMade, WhatIsToldTwiceIsToldInOneWay) {
  expect_refused({.local_version = 0x4241}, "the version");
  for (std::uint32_t by_hand::sums::* field : {&by_hand::sums::crc, &by_hand::sums::packed, &by_hand::sums::unpacked}) {
    by_hand z;
    z.local.*field ^= 1U;
    expect_refused(z, "before the file");
  }
  by_hand z;
  z.local = {};
  expect_refused(z, "nothing stands behind it");
  z.flags = 8;
  z.behind = "PK\7\10" + by_hand::number(z.directory.crc, 4) + by_hand::number(z.directory.packed, 4) +
             by_hand::number(z.directory.unpacked, 4);
  expect_good(z);
  for (const std::size_t at : {4U, 8U, 12U}) {
    by_hand bad = z;
    bad.behind[at] = static_cast<char>(bad.behind[at] ^ 1);
    expect_refused(bad, "behind the file");
  }
}

TEST_F(HandMade, AStoredFileIsAsLongAsItsText) {
  by_hand z;
  z.held += "junk";
  z.local.packed += 4, z.directory.packed += 4;
  expect_refused(z, "bytes behind it");
}

TEST_F(HandMade, AnEndBesideThatOfZip64IsNoPlaceForAMessage) {
  expect_good({.end64 = true});
  expect_refused({.volumes = 0x4142, .end64 = true}, "the first volume");
  expect_refused({.count = 2, .end64 = true}, "the files of this volume");
}

TEST_F(HandMade, NumbersOfVolumesAreNoPlaceForAMessage) {
  by_hand z;
  z.disk = 0x6b6a;
  expect_refused(z, "in the directory");
  z = by_hand{};
  z.count = 2;
  expect_refused(z, "at the end");
}

TEST_F(Zip, ARefusalNamesTheFileSoThatItIsAnAnswerAndNoFailure) {
  make({{"a", "first"}, {"b", "second"}});
  put("junk" + bytes());
  EXPECT_EQ(zip_reader::open(path).error().file, path);
  const auto v = verify_pack({path, {}, "0.4.0"}, {});
  ASSERT_TRUE(v) << v.error().text;
  EXPECT_FALSE(v->ok);
  ASSERT_EQ(v->problems.size(), 1U);
  EXPECT_EQ(v->problems[0].file, path);
  EXPECT_EQ(zip_reader::open(path + ".none").error().file, "") << "not there: a failure";
}

TEST_F(Zip, ARefusalIsSaidInTwoLanguagesAndAFindingHasBoth) {
  make({{"a", "first"}, {"b", "second"}});
  put("junk" + bytes());
  const problem p = zip_reader::open(path).error();
  EXPECT_TRUE(fakes::has_chinese(p.text) && !p.text_en.empty() && !fakes::has_chinese(p.text_en)) << to_string(p);
  EXPECT_EQ(verify_pack({path, {}, "0.4.0"}, {})->problems.at(0).text, p.text + " / " + p.text_en);
}

TEST_F(Zip, StoppingWhileItIsWrittenLeavesNoFile) {
  auto w = zip_writer::create(path, 0);
  ASSERT_TRUE(w->add_text("x", std::string(1 << 20, 'x')));
  EXPECT_FALSE(w->close([](double) { return false; }));
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace changtong::audit
