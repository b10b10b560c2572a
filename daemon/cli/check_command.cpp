// `changtong check`: a configuration looked at, without a daemon; its help is the page of every argument.
#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include "collectors/arguments.h"
#include "daemon/accounts/users_file.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/ink.h"
#include "daemon/cli/live_check.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/reading/words.h"
#include "daemon/run/exposure.h"
#include "daemon/run/reception.h"
#include "daemon/settings/centre_file.h"
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

/** What a start would be refused for, though the file is in order. */
std::optional<phrase> not_startable(const settings& s) {
  const std::string ledger = ledger::real_name(s.ledger);
  const auto folder = std::filesystem::path(ledger).parent_path();
  std::error_code failed;
  if (!folder.empty() && !std::filesystem::is_directory(folder, failed))
    return both("账本所在的目录 {} 不存在，请先建立", "the ledger's folder {} is not there: make it", folder.string());
  if (const auto gone = accounts::users_file(ledger).is_missing()) return words_of(*gone);
  // Whoever wrote listen_in_clear says the second word at the start.
  return too_open(s, !std::filesystem::exists(ledger, failed), has_users(s), true);
}

void print_summary(const std::string& said) {
  for (const std::string_view line : reading::split(said, "\n")) {
    const std::size_t head = line.starts_with(warning_head) ? warning_head.size() : 0;
    fmt::print("{}{}\n", inked(ink::doubtful, line.substr(0, head)), line.substr(head));
  }
}

/** Whether the key of seals may be there or be made there; as whoever asks, who may be another user. */
std::optional<phrase> seal_key_trouble(const std::string& key) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (fs::is_directory(key, failed)) return both("seal.key_file：{} 是目录", "seal.key_file: {} is a directory", key);
  if (fs::exists(key, failed)) return std::nullopt;
  const fs::path folder = fs::path(key).has_parent_path() ? fs::path(key).parent_path() : fs::path(".");
  if (::access(folder.c_str(), W_OK) == 0) return std::nullopt;
  return both("seal.key_file：{} 还没有，其目录不能写入：若服务的用户也不能，就永远不会封存",
              "seal.key_file: {} is not there, and its folder cannot be written: if the service's user cannot either, "
              "nothing is ever sealed",
              key);
}

/** Nothing is asked of its database. */
int check_centre(const std::string& config, const surroundings& world) {
  const auto loaded = load_centre(config, world);
  if (!loaded) return fail(loaded.error());
  print_summary(describe(*loaded, config));
  if (const auto why = seal_key_trouble(loaded->value.seal_key_file))
    fmt::print("{} {}\n", warning_head, to_string(*why));
  return exit_ok;
}

int check_configuration(const std::string& config, const std::optional<std::string>& against, bool live) {
  surroundings world = real_surroundings(kinds());
  const auto text = world.read(config);  // once: it may be a pipe
  world.read = [&config, &text, from = world.read](const std::string& path) {
    return path == config ? text : from(path);
  };
  if (text && is_of_centre(*text)) {
    if (against || live)
      return fail(said(both("{}：这是中心的配置，只检查它自己，不能加 --against、--live",
                            "{}: this is a centre's: --against and --live are for a daemon's", config),
                       problem_class::usage));
    return check_centre(config, world);
  }
  const auto loaded = load(config, world);
  if (!loaded) return fail(loaded.error());
  if (const std::string& ledger = loaded->value.ledger; is_something_else(ledger))
    return fail(said(fmt::format("{}：ledger：{} 不是畅通账本，请换一个文件名", config, ledger),
                     "it is no ledger, name another file", problem_class::no));
  if (const auto why = not_startable(loaded->value))
    return fail(said(both("{}：{}", "{}: {}", config, *why), problem_class::no));
  if (!against) {
    print_summary(describe(*loaded));
    for (const phrase& taken : taken_from_people(loaded->value)) fmt::print("{}\n", to_string(taken));
    return exit_ok;
  }
  const auto other = load(*against);
  if (!other) return fail(other.error());
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
    bool live = false;
    network_survey::wishes how;
  };
  const auto o = std::make_shared<options>();
  auto sub = app.add_subcommand("check", "检查配置 / validate everything");
  sub.add_option("--config", o->config, "配置文件，也可以是中心的 / the settings, also a centre's").required();
  sub.add_option("--against", o->against, "与此配置比较，列出变化 / print what would change");
  sub.add_flag("--live", o->live, "问网络：清单的上级与 LLDP、ARP 是否一致 / ask the network whether the parents hold");
  sub.add_option("--credential", o->how.credential,
                 "与 --live 同用：没有 snmp 检查的上级用哪个凭据 / with --live: for parents without an snmp check");
  sub.callback([o, &code] {
    code = check_configuration(o->config, o->against, o->live);
    if (code == exit_ok && o->live) code = live_check(o->config, o->how);
  });
  sub.footer(
      "--live 只问有 snmp 检查的专线和上级，只读；结果为一致、矛盾、未写上级、无法核对\n"
      "  --live only reads, and asks lines with an snmp check; a parent holds, contradicts, is missing or not known\n"
      "退出码 / exit codes: 0 无误 / all well, 1 配置有误，或上级与网络矛盾 / a mistake, or a parent contradicts,\n"
      "  2 选项有误 / wrong option, 3 没有可以问的设备，或都不应答 / nobody to ask, or no device answers\n\n" +
      arguments_page(kinds()));
}

}  // namespace changtong
