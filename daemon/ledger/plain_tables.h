#pragma once
/** A ledger from whoever: a view in the place of a table, or a column that computes, may be a question without an end.
 * No program of ours ever made one. Internal to daemon/ledger. */
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/core/phrase.h"

namespace changtong::ledger {

class store;

/** What of the file computes while it is read, or which trigger is not ours, as a sentence; empty: nothing. */
[[nodiscard]] phrase what_computes(store& s, const std::string& path, std::string_view among = {});

/** Throws where something of the file computes while it is read, or a trigger is not ours. `among`: only what has one
 * of these names, a list in SQL; empty: all. */
void refuse_what_computes(store& s, const std::string& path, std::string_view among = {});

/** Whether the file is a copy of another node's ledger (second_book.h): only what is shipped may be added to it. */
[[nodiscard]] bool is_copy(store& s);

/** A target's number as a place in a list. They are given one after the other: throws for one that no ledger of ours
 * can have reached, which a list so long would have to be made for. */
[[nodiscard]] std::size_t place_of_target(std::int64_t number);

}  // namespace changtong::ledger
