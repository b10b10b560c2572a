#include "daemon/cli/accounts_place.h"

#include "daemon/core/phrase.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/run/console_routes.h"
#include "daemon/settings/settings.h"

namespace changtong {

void accounts_options(grammar sub, accounts_place& into) {
  sub.add_option("--ledger", into.ledger, "账本，用户与审计日志在它旁边 / the ledger that they lie beside");
  sub.add_option("--config", into.config, "或配置文件，其中写明账本 / or the configuration that names it");
}

result<accounts_found> find_accounts(const accounts_place& o) {
  if (o.ledger.empty() == o.config.empty())
    return said({"须写 --ledger 或 --config 之一", "give either --ledger or --config"}, problem_class::usage);
  if (!o.ledger.empty()) return accounts_found{.ledger = ledger::real_name(o.ledger), .url = "http://127.0.0.1:8080/"};
  const auto loaded = load(o.config);
  if (!loaded) {
    problem first = loaded.error().list.front();
    first.what = problem_class::no;  // as for every command, also where the file is not there
    return first;
  }
  return accounts_found{.ledger = ledger::real_name(loaded->value.ledger),
                        .url = url_of(loaded->value, loaded->value.listen.port)};
}

}  // namespace changtong
