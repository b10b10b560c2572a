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

result<std::string> of_ledger(const lists::kind& which, const list_options& o) {
  const auto reader = ledger::reader::open(o.ledger);
  if (!reader) return reader.error();
  const auto when = period_between((*reader)->zone(), o.from, o.to);
  if (!when) return when.error();
  auto line = line_named(**reader, o.line);
  if (!line) return line.error();
  const lists::wanted what{.when = *when, .line = std::move(*line), .of = o.of, .open = o.open, .format = o.format};
  auto text = which.write(**reader, what, (*reader)->now(host::wall_now()));
  if (!text && !which.of.empty()) return about_option(fmt::format("--{}", which.of), text.error());
  return text;
}

result<std::string> of_daemon(const lists::kind& which, const list_options& o) {
  secret token;
  if (!o.token_file.empty()) {
    auto read = token_in(o.token_file);
    if (!read) return read.error();
    token = std::move(*read);
  }
  const auto answer = api_get(o.api, token, fmt::format("/api/v1/lists/{}", which.name),
                              {{"from", o.from},
                               {"to", o.to},
                               {"line", o.line},
                               {std::string(which.of), o.of},
                               {"open", o.open ? "1" : ""},
                               {"format", o.format}});
  if (!answer) return answer.error();
  return list_in(*answer);
}

}  // namespace

void list_place_options(grammar sub, list_options& o) {
  sub.add_option("--ledger", o.ledger, "账本文件 / the ledger").plain_file();
  sub.add_option("--api", o.api, "运行中的监测 / the running daemon, http://127.0.0.1:8080");
  sub.add_option("--token-file", o.token_file, "本人的或只读的令牌，与 --api 同用 / a token, with --api");
}

int list_command(const lists::kind& which, const list_options& o) {
  if (o.ledger.empty() == o.api.empty())
    return fail(said("--ledger 与 --api 选一个", "give either --ledger DB or --api URL", problem_class::usage));
  const auto text = o.api.empty() ? of_ledger(which, o) : of_daemon(which, o);
  if (!text) return fail(text.error());
  fmt::print("{}", *text);
  if (text->empty()) fmt::print(stderr, "没有待报的中断 / nothing is due\n");
  return exit_ok;
}

}  // namespace changtong
