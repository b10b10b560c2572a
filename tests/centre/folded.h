#pragma once
/** A centre whose node's journal is taken and folded. */
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "daemon/centre/archive.h"
#include "daemon/centre/folder.h"

namespace changtong::centre::fakes {

/** A centre with one node. */
struct centre_of_one {
  std::string name;
  database_place where;
  std::unique_ptr<archive> books;

  explicit centre_of_one(const database_place& place, std::string of = "东城区")
      : name(std::move(of)), where(place), books(archive::open(place, std::vector<std::string>{name}).value()) {}
  void take(const ledger::shipment& s) {
    const auto done = books->take(name, s, wall_from_ms(1'773'500'000'000));
    ASSERT_TRUE(done) << to_string(done.error());
    EXPECT_FALSE(done->fork);
  }
  [[nodiscard]] folded_head head() const {
    const auto db = database::open(where).value();
    for (folded_head& h : folded_heads(*db).value())
      if (h.node == name) return h;
    ADD_FAILURE() << "no such node";
    return {};
  }
};

inline std::unique_ptr<centre::folder> a_folder(const database_place& where,
                                                const centre::folder::bounds& within = {}) {
  auto made = centre::folder::open(where, "test", within);
  if (!made) ADD_FAILURE() << to_string(made.error());
  return made ? std::move(*made) : nullptr;
}

inline void fold_all(centre::folder& f) {
  while (true) {
    const auto more = f.round({});
    ASSERT_TRUE(more) << to_string(more.error());
    if (!*more) return;
  }
}

}  // namespace changtong::centre::fakes
