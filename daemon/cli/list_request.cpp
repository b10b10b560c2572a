#include "daemon/cli/list_request.h"

#include <fmt/core.h>

#include <utility>

#include "daemon/cli/api_answers.h"
#include "daemon/cli/api_client.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"
#include "daemon/core/phrase.h"
#include "daemon/host/clocks.h"

namespace changtong {
namespace {

constexpr milliseconds patience_with_doubts{600'000};  // the books of years are computed anew

result<told_list> of_ledger(const lists::kind& which, const list_options& o) {
  const auto reader = ledger::reader::open(o.ledger);
  if (!reader) return reader.error();
  const auto when = period_between((*reader)->zone(), o.from, o.to);
  if (!when) return when.error();
  auto line = line_named(**reader, o.line);
  if (!line) return line.error();
  const lists::wanted what{.when = *when, .line = std::move(*line), .of = o.of, .open = o.open, .format = o.format};
  auto text = which.write(**reader, what, (*reader)->now(host::wall_now()));
  if (!text) return which.of.empty() ? text.error() : about_option(fmt::format("--{}", which.of), text.error());
  told_list out{.text = std::move(*text), .doubts = {}};
  if (which.doubts != nullptr) out.doubts = which.doubts(**reader);
  return out;
}

}  // namespace

result<told_list> list_of_daemon(const lists::kind& which, const list_options& o) {
  const auto daemon = peer_at(o.api);
  if (!daemon) return daemon.error();
  const auto answer = api_get(*daemon, fmt::format("/api/v1/lists/{}", which.name),
                              {{"from", o.from},
                               {"to", o.to},
                               {"line", o.line},
                               {std::string(which.of), o.of},
                               {"open", o.open ? "1" : ""},
                               {"format", o.format}},
                              which.doubts != nullptr ? patience_with_doubts : api_patience);
  if (!answer) return answer.error();
  return list_in(*answer);
}

void list_place_options(grammar sub, list_options& o) {
  sub.add_option("--ledger", o.ledger, "账本文件 / the ledger").plain_file();
  api_options(sub, o.api, "本人的或只读的令牌，与 --api 同用 / a token, with --api");
}

problem needs_ledger(std::string_view option) {
  return said(both("{}：运行中的监测不提供，请在主机上用 --ledger 账本文件",
                   "{}: a running daemon does not answer that, use --ledger DB on its machine", option),
              problem_class::usage);
}

problem one_of_both() {
  return said("--ledger 与 --api 选一个", "give either --ledger DB or --api URL", problem_class::usage);
}

int list_command(const lists::kind& which, const list_options& o) {
  if (o.ledger.empty() == o.api.url.empty()) return fail(one_of_both());
  const auto list = o.api.url.empty() ? of_ledger(which, o) : list_of_daemon(which, o);
  if (!list) return fail(list.error());
  fmt::print("{}", list->text);
  if (list->text.empty()) fmt::print(stderr, "没有待报的中断 / nothing is due\n");
  for (const std::string& doubt : list->doubts) fmt::print(stderr, "{}\n", doubt);
  return list->doubts.empty() ? exit_ok : exit_no;
}

}  // namespace changtong
