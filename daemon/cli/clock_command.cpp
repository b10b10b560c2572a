// `changtong clock confirm`: a person says to the running daemon that the host's clock is right.
#include <fmt/format.h>

#include <memory>
#include <string>

#include "daemon/cli/api_answers.h"
#include "daemon/cli/api_client.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/options.h"

namespace changtong {
namespace {

int confirm(const api_place& daemon) {
  const auto to = peer_at(daemon);
  if (!to) return fail(to.error());
  const auto answer = api_post(*to, "/api/v1/clock", "");
  if (!answer) return fail(answer.error());
  if (answer->status != 200) return fail(refusal_in(*answer));
  fmt::print(
      "已确认：一秒内按系统时钟改正账目时间，账本记明确认人 / confirmed: the labels follow the clock within a "
      "second, and the journal says who confirmed it\n");
  return exit_ok;
}

}  // namespace

void clock_arguments(grammar app, int& code) {
  const auto o = std::make_shared<api_place>();
  auto clock = app.add_subcommand("clock", "系统时钟的大幅跳变 / large steps of the host's clock");
  clock.footer(
      "例 / example:\n"
      "  changtong clock confirm --api http://127.0.0.1:8080 --token-file ~/.changtong.token");
  clock.needs_subcommand();
  auto sub = clock.add_subcommand(
      "confirm",
      "确认系统时钟现在正确，采纳等待中的跳变（须有批准权）/ the clock is right now: adopt the step that waits");
  api_options(sub, *o, "本人的令牌 / your token", true);
  sub.callback([o, &code] { code = confirm(*o); });
}

}  // namespace changtong
