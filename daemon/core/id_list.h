#pragma once
/** Ids of lines and sites as one text, separated by blanks, as entries of the journal keep them; ids have none. Pure.
 */
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace changtong {

[[nodiscard]] std::vector<std::string> ids_in(std::string_view list);
[[nodiscard]] std::string list_of_ids(std::span<const std::string> ids);
[[nodiscard]] bool is_among(const std::vector<std::string>& ids, std::string_view id);
/** Those of `more` that are not among `to` yet, in their order; of a hundred thousand too. */
void add_new(std::vector<std::string>& to, std::vector<std::string> more);
/** Takes those of `these` out of `from`; of a hundred thousand too. */
void take_out(std::vector<std::string>& from, const std::vector<std::string>& these);

}  // namespace changtong
