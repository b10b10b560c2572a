#pragma once
/** Sheets: the sums of a branch over whole months and days, in PostgreSQL. One that is there is what the books say of
 * that time: whoever folds something that reaches into it takes it away in the same transaction. Throws a
 * database_refusal where the database does not do it. */
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/centre/cell_sums.h"
#include "daemon/centre/database.h"
#include "daemon/core/civil.h"

namespace changtong::centre {

struct branch_of_node {
  std::int32_t node = 0, branch = 0;
};

/** The civil months that end an hour or more before `known_to`, at most three years of them, in order. */
[[nodiscard]] std::vector<period> months_behind(const civil_zone& zone, wall_t known_to);

/** The civil days, since the last of these months began, that end ten minutes or more before `known_to`, in
 * order; the last one may only have begun, and reaches to a whole multiple of five minutes. */
[[nodiscard]] std::vector<period> days_behind(const civil_zone& zone, const std::vector<period>& months,
                                              wall_t known_to);

/** Of a month or, whole or begun, of a day. */
struct sheet_time {
  period when;
  bool day = false;
};
/** One that may be used, by its number. */
struct ready_sheet : sheet_time {
  std::int64_t number = 0;
};
/** In order of time; one of a day may lie in one of a month. */
[[nodiscard]] std::vector<ready_sheet> ready_sheets(database& db, branch_of_node of);

/** Takes away all that end after `from`, also those that are being made; whether there were any. */
bool drop_sheets(database& db, branch_of_node of, wall_t from);

/** They are being made from what is folded now: what is folded later, and reaches into one, takes it away. Inside the
 * transaction of whoever folds, as finish_sheets(). */
void begin_sheets(database& db, branch_of_node of, const std::vector<sheet_time>& when);
/** Those that nobody has taken away since; the beginning of a day gives way to more of it. Whether the last one is
 * there. */
bool finish_sheets(database& db, branch_of_node of, const std::vector<sheet>& made);
/** Takes away those of days that began earlier. */
void forget_days(database& db, branch_of_node of, wall_t before);

/** Of a month's cells the coarser ones, which most figures want. */
[[nodiscard]] std::map<cell_words, cell_sums> by_category(const std::map<cell_words, cell_sums>& cells);
/** A sheet as it is kept, cell by cell; level 0: by category. */
[[nodiscard]] std::vector<std::pair<cell_words, cell_sums>> cells_of_sheet(database& db, branch_of_node of,
                                                                           std::int64_t sheet, int level);

/** By what of a cell's words rows are told apart. */
struct wanted_words {
  bool category = false, town = false, carrier = false;
};
/** A sheet, and the part of an answer in which it lies. */
struct sheet_in_part {
  std::int64_t sheet = 0;
  std::int64_t part = 0;
};
/** A sum over sheets of one part; of its outages over an edge `since` says the last instant at which a wanted word
 * changed. */
struct sheet_sum {
  std::int64_t part = 0;
  cell_words words;
  availability::seconds sums;
};
struct sheet_edge {
  std::int64_t part = 0;
  cell_words words;
  std::string line;
  wall_t began{}, since{};
};
[[nodiscard]] std::vector<sheet_sum> sums_of_sheets(database& db, branch_of_node of,
                                                    const std::vector<sheet_in_part>& sheets, wanted_words by);
void edges_of_sheets(database& db, branch_of_node of, const std::vector<sheet_in_part>& sheets, wanted_words by,
                     const std::function<void(sheet_edge&&)>& each);

/** The last instant at which a wanted word changed. */
[[nodiscard]] wall_t since_of(const words_since& since, wanted_words by);

}  // namespace changtong::centre
