// Keys: made, kept in files that other tools can read, and never believed beyond what they signed.
#include <sys/stat.h>

#include <fstream>

#include "daemon/host/digest.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/key.h"
#include "tests/ledger/desk.h"

namespace changtong::ledger {
namespace {

using namespace desk;

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Key : testing::TestWithParam<algorithm> {
  folder f;
  std::string path = (f.path / "a.key").string();
};
INSTANTIATE_TEST_SUITE_P(BothKinds, Key, testing::Values(algorithm::ed25519, algorithm::sm2),
                         [](const auto& of) { return of.param == algorithm::ed25519 ? "Ed25519" : "SM2"; });

TEST_P(Key, GoesThereAndBackThroughItsFiles) {
  const auto made = signing_key::make(GetParam()).value();
  ASSERT_TRUE(made.save(path));
  const auto read = signing_key::load(path).value();
  const std::string signature = read.sign("第一天").value();
  const auto keys = read_public_keys(made.half().pem()).value();
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].kind(), GetParam());
  EXPECT_EQ(keys[0].fingerprint(), read.half().fingerprint());
  EXPECT_TRUE(keys[0].verifies("第一天", signature));
}

TEST_P(Key, SignatureHoldsForNoOtherTextKeyOrBit) {
  const auto key = signing_key::make(GetParam()).value();
  std::string signature = key.sign("abc").value();
  EXPECT_FALSE(key.half().verifies("abd", signature));
  EXPECT_FALSE(key.half().verifies("", signature));
  EXPECT_FALSE(signing_key::make(GetParam())->half().verifies("abc", signature));
  EXPECT_FALSE(key.half().verifies("abc", ""));
  for (char& c : signature) {
    c = static_cast<char>(c ^ 1);
    EXPECT_FALSE(key.half().verifies("abc", signature));
    c = static_cast<char>(c ^ 1);
  }
  EXPECT_TRUE(key.half().verifies("abc", signature));
}

TEST_P(Key, PrivateFileIsForItsOwnerAlone) {
  ASSERT_TRUE(signing_key::make(GetParam())->save(path));
  struct stat about{};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_P(Key, IsNeverWrittenOverAnotherOne) {
  ASSERT_TRUE(signing_key::make(GetParam())->save(path));
  const std::string before = text_of(path);
  EXPECT_FALSE(signing_key::make(GetParam())->save(path));
  EXPECT_EQ(text_of(path), before);
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
}

/** A peer that is not us: the openssl command. */
TEST_P(Key, OpensslCommandAgreesWithTheSignature) {
  ASSERT_EQ(std::system("command -v openssl >/dev/null"), 0) << "tests/run installs openssl";
  const auto key = signing_key::make(GetParam()).value();
  const auto file = [&](const char* name) { return (f.path / name).string(); };
  std::ofstream(file("text"), std::ios::binary) << "对外可核验";
  std::ofstream(file("signature"), std::ios::binary) << key.sign("对外可核验").value();
  std::ofstream(file("pub"), std::ios::binary) << key.half().pem();
  const char* sm2 = GetParam() == algorithm::sm2 ? " -digest sm3 -pkeyopt distid:1234567812345678" : "";
  const std::string command =
      fmt::format("cd {} && openssl pkeyutl -verify -pubin -inkey pub -rawin -in text -sigfile signature{} >/dev/null",
                  f.path.string(), sm2);
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::ofstream(file("text"), std::ios::binary) << "对外不可核验";
  EXPECT_NE(std::system((command + " 2>&1").c_str()), 0);
}

struct KeyFile : testing::Test {
  folder f;
  std::string path = (f.path / "a.key").string();
  [[nodiscard]] std::string refusal_of(const std::string& text) const {
    std::ofstream(path, std::ios::binary) << text;
    const auto read = signing_key::load(path);
    return read ? "" : read.error().text;
  }
};

TEST_F(KeyFile, WhatIsNoKeyIsRefusedWithItsPathAndNotItsText) {
  for (const std::string& text : {std::string(), std::string("s3cret"), std::string(20'000, 'x'),
                                  "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n" + std::string()}) {
    const std::string said = refusal_of(text);
    EXPECT_NE(said.find(path), std::string::npos) << said;
    EXPECT_EQ(said.find("s3cret"), std::string::npos) << said;
  }
}

TEST_F(KeyFile, KeyOfAnotherKindIsRefused) {
  ASSERT_EQ(std::system("command -v openssl >/dev/null"), 0) << "tests/run installs openssl";
  ASSERT_EQ(std::system(("openssl genpkey -algorithm X25519 -out " + path + " 2>/dev/null").c_str()), 0);
  EXPECT_FALSE(signing_key::load(path));
}

TEST_F(KeyFile, EncryptedKeyIsRefusedAndNobodyIsAskedForAPassword) {
  ASSERT_EQ(std::system("command -v openssl >/dev/null"), 0) << "tests/run installs openssl";
  ASSERT_EQ(
      std::system(("openssl genpkey -algorithm ED25519 -aes256 -pass pass:abcd -out " + path + " 2>/dev/null").c_str()),
      0);
  EXPECT_FALSE(signing_key::load(path));
}

/** The reason is a sentence of its own, in two languages too. */
TEST_F(KeyFile, ARefusalKeepsItsLanguagesApart) {
  const problem p = signing_key::load(f.path.string()).error();
  EXPECT_EQ(p.text, "封存私钥 " + f.path.string() + " 读不出来：不是普通文件");
  EXPECT_EQ(p.text_en, "the key of seals " + f.path.string() + " cannot be read: it is no regular file");
}

TEST_F(KeyFile, FolderAndPipeAreNoKeys) {
  EXPECT_FALSE(signing_key::load(f.path.string()));
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_FALSE(signing_key::load(path));
}

TEST(PublicKeys, SeveralStandInOneFileInOrder) {
  const auto a = signing_key::make(algorithm::ed25519).value(), b = signing_key::make(algorithm::sm2).value();
  const auto keys = read_public_keys(a.half().pem() + b.half().pem()).value();
  ASSERT_EQ(keys.size(), 2U);
  EXPECT_EQ(keys[0].fingerprint(), a.half().fingerprint());
  EXPECT_EQ(keys[1].fingerprint(), b.half().fingerprint());
}

TEST(PublicKeys, NothingReadableIsAProblem) {
  EXPECT_FALSE(read_public_keys(""));
  EXPECT_FALSE(read_public_keys("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"));
  EXPECT_FALSE(read_public_keys(std::string(70'000, 'x')));
}

TEST(Fingerprint, OfAKnownKeyIsTheHashOfItsRawBytes) {
  // RFC 8032, 7.1, TEST 1: d75a9801…; its SHA-256 was computed with hashlib.
  const auto key = read_public_keys(
                       "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
                       "-----END PUBLIC KEY-----\n")
                       .value();
  EXPECT_EQ(host::hex(bytes_of(key[0].fingerprint())),
            "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9");
  EXPECT_EQ(short_form(key[0].fingerprint()), "21fe 31df a154 a261 626b f854 046f d227");
}

TEST(Fingerprint, IsReadAsPeopleWriteIt) {
  const std::string whole = "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9";
  EXPECT_EQ(host::hex(read_fingerprint(whole).value()), whole);
  EXPECT_EQ(host::hex(read_fingerprint("21FE 31df a154:a261 626b f854 046f d227").value()), whole.substr(0, 32));
  for (const char* wrong : {"", "21fe", "zz", "21fe 31df a154 a261 626b f854 046f d22"})
    EXPECT_FALSE(read_fingerprint(wrong)) << wrong;
}

TEST(Hex, IsItsOwnInverseAndRefusesWhatItNeverWrites) {
  const std::string all("\x00\x7f\xff", 3);
  EXPECT_EQ(host::hex(all), "007fff");
  EXPECT_EQ(host::from_hex("007fff"), all);
  EXPECT_FALSE(host::from_hex("0"));
  EXPECT_FALSE(host::from_hex("0G"));
  EXPECT_FALSE(host::from_hex("FF"));
}

}  // namespace
}  // namespace changtong::ledger
