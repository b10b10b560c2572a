// A node's name as part of a subject, and back.
#include "daemon/centre/subjects.h"

#include <gmock/gmock.h>
#include <rapidcheck.h>

namespace changtong::centre {
namespace {

TEST(subjects, ANameStandsThereAsItIsWhereItMay) {
  EXPECT_EQ(subject_of(shipping_subject, "东城区"), "ct.ship.东城区");
  EXPECT_EQ(subject_of(beat_subject, "east 1.2*>%"), "ct.beat.east%201%2E2%2A%3E%25");
  EXPECT_EQ(node_in(shipping_subject, "ct.ship.东城区"), "东城区");
}

TEST(subjects, WhatIsNoneNamesNobody) {
  for (const char* text : {"", "ct.ship", "ct.ship.", "ct.ships.东城区", "ct.beat.东城区", "ct.ship.a.b", "ct.ship.a b",
                           "ct.ship.%", "ct.ship.%4", "ct.ship.%41", "ct.ship.%2e", "ct.ship.>"})
    EXPECT_EQ(node_in(shipping_subject, text), std::nullopt) << text;
}

TEST(subjects, AnAnswerReachesWhoAskedAndNobodyElse) {
  EXPECT_TRUE(answers_to("东城区", "ct.answer.东城区.6f1d"));
  EXPECT_TRUE(answers_to("east 1.2", "ct.answer.east%201%2E2.6f1d"));
  for (const char* text : {"", "ct.answer.东城区", "ct.answer.东城区.", "ct.answer.西城区.6f1d",
                           "ct.answer.东城区2.6f1d", "ct.cmd.西城区", "ct.ship.东城区", "_INBOX.6f1d",
                           "ct.answer.东城区.*", "ct.answer.东城区.>", "ct.answer.东城区.a.b", "ct.answer.东城区.a b"})
    EXPECT_FALSE(answers_to("东城区", text)) << text;
}

TEST(subjects, EveryNameComesBack) {
  EXPECT_TRUE(rc::check([](const std::string& name) {
    RC_PRE(!name.empty());
    const std::string subject = subject_of(command_subject, name);
    RC_ASSERT(node_in(command_subject, subject) == name);
    RC_ASSERT(std::ranges::count(subject, '.') == 2);
  }));
}

}  // namespace
}  // namespace changtong::centre
