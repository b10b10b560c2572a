/** The file of users and the audit log's lines: whatever stands there is refused, or is read as it is written again. */
#include <cstdlib>

#include "daemon/accounts/chain.h"
#include "daemon/accounts/user_book.h"

namespace ac = changtong::accounts;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto book = ac::user_book::read(text)) {
    const auto again = ac::user_book::read(book->text());
    if (!again || *again != *book) std::abort();
  }
  ac::chain_walk walk;
  walk.take(text);
  if (walk.lines() != 1) std::abort();
  const auto line = ac::entry_in(text);
  if (!line) return 0;
  const auto again = ac::entry_in(ac::line_of(line->entry, line->before));
  if (!again || again->entry != line->entry || again->before != line->before) std::abort();
  return 0;
}
