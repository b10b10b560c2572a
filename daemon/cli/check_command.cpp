// `changtong check`: a configuration looked at, without a daemon; its help is the page of every argument.
#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include "collectors/arguments.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/settings/settings.h"

namespace changtong {
namespace {

/** There, not empty, and no ledger: the daemon would not start. */
bool is_something_else(const std::string& ledger) {
  std::error_code failed;
  if (!std::filesystem::exists(ledger, failed)) return false;
  if (!std::filesystem::is_regular_file(ledger, failed)) return true;
  return std::filesystem::file_size(ledger, failed) > 0 && !failed && !ledger::is_ledger(ledger);
}

int check_configuration(const std::string& config, const std::optional<std::string>& against) {
  const auto loaded = load(config);
  if (!loaded) return fail_all(exit_no, loaded.error());
  if (const std::string& ledger = loaded->value.ledger; is_something_else(ledger))
    return fail(exit_no, fmt::format("{}：ledger：{} 不是畅通账本，请换一个文件名 / it is no ledger, name another file",
                                     config, ledger));
  if (!against) {
    fmt::print("{}", describe(*loaded));
    return exit_ok;
  }
  const auto other = load(*against);
  if (!other) return fail_all(exit_no, other.error());
  const auto changes = compare(other->value, loaded->value);
  for (const change& c : changes) fmt::print("{}\n", to_string(c.text));
  if (changes.empty()) fmt::print("没有变化 / no change\n");
  return exit_ok;
}

}  // namespace

void check_arguments(grammar app, int& code) {
  struct options {
    std::string config;
    std::optional<std::string> against;
  };
  const auto o = std::make_shared<options>();
  auto sub = app.add_subcommand("check", "检查配置 / validate everything");
  sub.add_option("--config", o->config, "配置文件").required();
  sub.add_option("--against", o->against, "与此配置比较，列出变化 / print what would change");
  sub.callback([o, &code] { code = check_configuration(o->config, o->against); });
  sub.footer(arguments_page(kinds()));
}

}  // namespace changtong
