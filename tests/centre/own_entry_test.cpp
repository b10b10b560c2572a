// Entries of a centre's own journal are read as they were written, and as nothing else.
#include "daemon/centre/own_entry.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include "daemon/ledger/shipment.h"

namespace changtong::centre {
namespace {

using testing::HasSubstr;

TEST(OwnEntries, ASealOfBeforeIsReadAsItWasWritten) {
  const heads_sealed old{.at = wall_from_ms(1'773'500'000'000),
                         .centre = {},
                         .day = "2026-03-14",
                         .zone = "Asia/Shanghai",
                         .own = {},
                         .heads = {{"东城区", 1, {.seq = 2, .hash = {}}}},
                         .key = "k",
                         .signature = "s"};
  EXPECT_THAT(encode(old).body, HasSubstr(R"("hash":")" + std::string(64, '0') + R"("}],"key")"));
  EXPECT_EQ(std::get<heads_sealed>(decode(encode(old)).value()).heads, old.heads);
}

std::string some_text() { return *rc::gen::container<std::string>(rc::gen::inRange<char>(32, 127)); }
wall_t some_instant() { return wall_from_ms(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000)); }

own_entry any_entry() {
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      return branch_begun{some_instant(), some_text(), *rc::gen::inRange<std::int64_t>(1, 99), some_text(),
                          some_text()};
    case 1:
      return node_retired{some_instant(), some_text(), some_instant(), some_text(), some_text()};
    case 2:
      return ahead_explained{some_instant(), some_instant(), some_text(), some_text()};
    case 3: {
      heads_sealed s{.at = some_instant(),
                     .centre = some_text(),
                     .day = some_text(),
                     .zone = some_text(),
                     .own = {},
                     .heads = {},
                     .key = some_text(),
                     .signature = some_text()};
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        s.heads.push_back(
            {some_text(), i, {.seq = i, .hash = {}}, i % 2 == 0 ? std::optional(some_instant()) : std::nullopt});
      return s;
    }
    case 4:
      return approval_said{some_instant(),
                           static_cast<approval_answer>(*rc::gen::inRange(0, 4)),
                           some_text(),
                           some_text(),
                           some_text(),
                           some_text(),
                           *rc::gen::arbitrary<bool>(),
                           some_text(),
                           some_text(),
                           {some_text(), some_text()}};
    default: {
      month_closed c{.at = some_instant(),
                     .month = some_text(),
                     .zone = some_text(),
                     .when = {some_instant(), some_instant()},
                     .author = some_text(),
                     .reason = some_text(),
                     .figures = {},
                     .nodes = {},
                     .changes = {}};
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
        c.figures.push_back({some_text(), some_text(), some_text(), some_text(), some_text(), {}});
        c.figures.back().sums.up = milliseconds{i}, c.figures.back().sums.outages = i;
        if (i % 2 == 0) c.figures.back().sums.scope = period{some_instant(), some_instant()};
        c.nodes.push_back({some_text(), i, i, i % 2 == 0 ? std::optional(some_instant()) : std::nullopt});
        c.changes.push_back({some_text(), "up_ms", i, i + 1});
      }
      return c;
    }
  }
}

RC_GTEST_PROP(OwnEntries, AreReadAsTheyWereWrittenAndAsNothingElse, ()) {
  const ledger::shipped_entry e = encode(any_entry());
  const auto read = decode(e);
  RC_ASSERT(read.has_value());
  RC_ASSERT(encode(*read) == e);
  ledger::shipped_entry other = e;
  other.body.insert(static_cast<std::size_t>(*rc::gen::inRange<std::size_t>(0, e.body.size())), " ");
  const auto changed = decode(other);
  if (changed) RC_ASSERT(encode(*changed) == other);  // a blank inside a text is another text
  other = e;
  other.at += milliseconds{1};
  RC_ASSERT(!decode(other).has_value());
  other = e;
  other.kind = "transition";
  RC_ASSERT(!decode(other).has_value());
}

}  // namespace
}  // namespace changtong::centre
