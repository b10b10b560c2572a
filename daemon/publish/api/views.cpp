#include "daemon/publish/api/views.h"

#include <memory>
#include <utility>

#include "daemon/publish/api/answers.h"

namespace changtong::api {
namespace {

web_response of_own(context& from, const question& q, view_writer write, shown_view view) {
  const auto own = from.readers.borrow();
  if (!own) return no_ledger(own.error());
  return write(from, q, {.books = **own, .own = **own, .both = nullptr, .view = std::move(view)});
}

std::string key_of(const question& q) {
  std::string key = q.request.path;
  for (const auto& [name, value] : q.request.query) key += '\n' + name + '=' + value;
  return key;
}

/** Its own copy of the question: it may be answered after who asked has gone. */
merged_desk::work of_both(context& from, const question& q, view_writer write) {
  const auto request = std::make_shared<const web_request>(q.request);
  return
      [&from, &of = q.of, request, id = q.id, line = q.line, write](const merged_view& both) -> result<web_response> {
        const question asked{.of = of, .request = *request, .id = id, .line = line};
        const auto alone = alone_in(both);
        if (alone && asked.text("view").empty()) return said(*alone);
        const auto own = from.readers.borrow();
        if (!own) return own.error();
        return write(from, asked, {.books = *both.books, .own = **own, .both = &both, .view = shown_as(both)});
      };
}

}  // namespace

void shown_view::name(json_object& out) const {
  if (of == kind::alone) return;
  out.add("view", of == kind::merged ? "merged" : "own");
  if (of == kind::merged) out.add_raw("observers", json_list(observers)).add_raw("observers_shown", json_list(shown));
  if (!why) return;
  json_object problem;
  problem.add("code", "not_merged").add("text", why->cn).add("text_en", why->en);
  out.add_raw("view_problem", problem.text());
}

shown_view shown_as(const merged_view& both) {
  return {.of = shown_view::kind::merged, .observers = both.observers, .shown = both.shown};
}

std::optional<phrase> alone_in(const merged_view& both) {
  if (both.observers.size() > 1) return std::nullopt;
  if (both.shown.empty()) return phrase{"还没有另一台的副本", "there is no copy of the other node yet"};
  return phrase{"两台的时钟相差超过 1 秒，不能合并；请给两台校时",
                "the clocks are more than a second apart, so the two cannot be laid together: set them right"};
}

web_response in_view(context& from, const question& q, view_writer write) {
  const std::string_view asked = q.text("view");
  if (!from.both.of_a_pair()) {
    if (asked == "merged")
      return bad_parameter(said("view=merged：本机没有配对的另一台", "view=merged: this node has no peer"));
    return of_own(from, q, write, {});
  }
  if (asked == "own") return of_own(from, q, write, {.of = shown_view::kind::own});
  auto both = from.both.answer(key_of(q), of_both(from, q, write));
  if (both) return std::move(*both);
  if (asked == "merged") return no_ledger(both.error());
  return of_own(from, q, write, {.of = shown_view::kind::own, .why = words_of(both.error())});
}

parameter view_parameter() {
  return word("view",
              "of a pair: merged (default): what both observed, laid together by rule, closed periods included; own: "
              "what this node observed, with what people entered on either. A node that is alone has its own",
              {"own", "merged"});
}

}  // namespace changtong::api
