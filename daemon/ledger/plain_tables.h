#pragma once
/** A ledger from whoever: a view in the place of a table, or a column that computes, may be a question without an end.
 * No program of ours ever made one. Internal to daemon/ledger. */
#include <string>
#include <string_view>

namespace changtong::ledger {

class store;

/** Throws where something of the file computes while it is read, or a trigger is not ours. `among`: only what has one
 * of these names, a list in SQL; empty: all. */
void refuse_what_computes(store& s, const std::string& path, std::string_view among = {});

}  // namespace changtong::ledger
