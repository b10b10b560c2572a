// Packs of programs to come: kinds of entries, rules and fields that neither verifier knows.
#include <gmock/gmock.h>

#include "tests/audit/pack_room.h"

namespace changtong::audit {
namespace {

using namespace room;
using testing::AllOf;
using testing::HasSubstr;

/** The pack with one entry changed or put in (before the last one), everything else signed anew by its own key, as the
 * program to come would. */
struct Unknown : Pack {
  ledger::signing_key key = ledger::signing_key::make(ledger::algorithm::ed25519).value();

  [[nodiscard]] pack with_entry(std::size_t at, const std::string& kind, const std::string& body, bool instead) const {
    pack p = good;
    auto lines = p.lines("journal.jsonl");
    journal_line l = read_line(lines[at]).value();
    l.kind = kind;
    l.body = body;
    if (!instead) lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::string());
    lines[at] = line_of(l);
    p.set_lines("journal.jsonl", lines);
    p.rehash();
    p.reseal(key);
    return p;
  }
  [[nodiscard]] std::pair<int, std::string> in_python(const pack& p) const {
    const std::string path = (f.path / "python.zip").string();
    p.write(path);
    return script(f, path);
  }
  void expect_not_vouched_for(const pack& p, const std::string& what, std::int64_t entry) const {
    const auto v = judged(p);
    EXPECT_FALSE(v.ok);
    EXPECT_FALSE(v.understood);
    EXPECT_TRUE(names(v, "journal.jsonl", what, entry)) << told(v);
    EXPECT_TRUE(names(v, "journal.jsonl", "figures/*", entry)) << told(v);
    EXPECT_EQ(v.problems.size(), 1U) << "the rest is sound, and no figure is compared\n" << told(v);
    const auto [code, words] = in_python(p);
    EXPECT_EQ(code, 1);
    EXPECT_THAT(words, AllOf(HasSubstr(what), HasSubstr("entry " + std::to_string(entry)), HasSubstr("figures/*"),
                             testing::Not(HasSubstr("consistent"))));
  }
};

TEST_F(Unknown, AKindIsNamedWithTheFiguresThatNobodyVouchesFor) {
  const std::size_t last = good.lines("journal.jsonl").size() - 1;
  pack p = with_entry(last, "amendment", R"({"at":1,"target":"L1"})", false);
  p.list(&key);
  expect_not_vouched_for(p, "kind amendment", static_cast<std::int64_t>(last) + 1);
}

TEST_F(Unknown, NewerRulesAreLikeAnUnknownKind) {
  pack p = with_entry(0, "start", R"({"at":1773417600000,"version":"9.0","text":"","rules":99})", true);
  p.list(&key);
  expect_not_vouched_for(p, "rules 99", 1);
}

TEST_F(Unknown, RulesThatAreNoVersionAreNoEntry) {
  for (const char* rules : {"0", "-1", "\"2\"", "1.5", "null"}) {
    pack p = with_entry(0, "start",
                        fmt::format(R"({{"at":1773417600000,"version":"9.0","text":"","rules":{}}})", rules), true);
    p.list(&key);
    EXPECT_FALSE(judged(p).ok) << rules;
    EXPECT_EQ(in_python(p).first, 1) << rules;
  }
}

TEST_F(Unknown, AFieldOfAKnownKindIsNamedAndChangesNoFigure) {
  auto lines = good.lines("journal.jsonl");
  const auto it =
      std::ranges::find_if(lines, [](const std::string& l) { return l.find(R"("kind":"window")") != l.npos; });
  const auto at = static_cast<std::size_t>(it - lines.begin());
  std::string body = read_line(*it).value().body;
  body.insert(body.size() - 1, R"(,"moon":"full")");
  pack p = with_entry(at, "window", body, true);
  p.recompute(scratch());
  p.list(&key);
  const auto v = judged(p);
  EXPECT_TRUE(v.ok) << told(v);
  EXPECT_THAT(v.remarks, testing::Contains(HasSubstr("window.moon (#" + std::to_string(at + 1) + ")")));
  const auto [code, words] = in_python(p);
  EXPECT_EQ(code, 0) << words;
  EXPECT_THAT(words, HasSubstr("window.moon (entry " + std::to_string(at + 1) + ")"));
}

TEST_F(Unknown, EveryKindThatIsWrittenIsKnownToBothVerifiers) {
  EXPECT_EQ(in_python(good).first, 0);
  EXPECT_TRUE(judged(good).understood);
  for (const char* kind :
       {"transition", "resumed", "unconfirmed", "cause", "gap", "start", "stop", "policy", "inventory", "window",
        "annotation", "duty", "closed", "counter", "verdict", "alert", "acknowledgement", "ticket"})
    EXPECT_FALSE(strange_in({1, {}, kind, "{}", {}})) << kind;
  EXPECT_EQ(strange_in({1, {}, "starts", "{}", {}}), "kind starts");
}

TEST_F(Unknown, TheRulesInForceArePrintedOnThePageAndInTheVerdict) {
  EXPECT_THAT(good.files.at("README.html"), HasSubstr("<th>规则版本</th><td>1</td>"));
  EXPECT_EQ(in_words(judged(good).rules), "1");
  EXPECT_EQ(in_words({{1, 1}, {17, 2}}), "1（自第 1 条起 / from entry 1）、2（自第 17 条起 / from entry 17）");
}

TEST_F(Unknown, RulesThatRecordedNothingAreNotPrinted) {
  const journal_line first = read_line(good.lines("journal.jsonl").at(0)).value();
  ASSERT_EQ(first.kind, "start");
  std::string body = first.body;
  body.insert(body.find(R"(,"node")") == body.npos ? body.find(R"(,"branch")") : body.find(R"(,"node")"),
              R"(,"rules":2)");
  pack p = with_entry(0, "start", body, true);
  p.recompute(scratch());
  p.list(&key);
  EXPECT_EQ(in_words(judged(p).rules), "2") << told(judged(p));
  EXPECT_THAT(in_python(p).second, HasSubstr("rules: 2"));
}

TEST_F(Unknown, TheIndependentVerifierLiesInThePackAsTheTestsRunIt) {
  std::ifstream file(CHANGTONG_SOURCE_DIR "/daemon/audit/verify_pack.py", std::ios::binary);
  EXPECT_EQ(good.files.at("verify_pack.py"), (std::string{std::istreambuf_iterator<char>(file), {}}));
}

}  // namespace
}  // namespace changtong::audit
