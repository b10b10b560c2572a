#pragma once
/** Whose books an answer is of: this node's, or those of both nodes of a pair. README.md holds the rule. */
#include "daemon/publish/api/routes.h"
#include "daemon/publish/api/shown_view.h"

namespace changtong::api {

/** What a question is answered from. */
struct asked_books {
  const ledger::reader& books;
  const ledger::reader& own;          ///< with what people entered on either; the same where `books` are
  const merged_view* both = nullptr;  ///< null: this node's
  shown_view view{};
};
using view_writer = web_response (*)(context& from, const question& q, const asked_books& of);

/** `write` of the view that is asked for; where none is, of a pair's both, or of this node's with the reason why not.
 * 503 where the ledger cannot be read; 400 for `merged` of a node that is alone. */
[[nodiscard]] web_response in_view(context& from, const question& q, view_writer write);
/** The parameter that in_view() reads. */
[[nodiscard]] parameter view_parameter();

}  // namespace changtong::api
