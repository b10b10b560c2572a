// `changtong backup` and `changtong restore`.

#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string>

#include "collectors/registry.h"
#include "daemon/backup/restoring.h"
#include "daemon/backup/taking.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/grammar.h"
#include "daemon/cli/progress.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/host/file_stamp.h"
#include "daemon/settings/settings.h"

namespace changtong {
namespace {

struct backup_options {
  std::string folder, config, ledger;
};

struct restore_options {
  std::string folder, to;
  bool apply = false;
};

/** 6.3 MB */
std::string megabytes(std::uint64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6); }

void print(const backup::backup_list& list, const std::string& folder) {
  std::uint64_t bytes = 0;
  for (const backup::saved_file& f : list.files) bytes += f.size;
  fmt::print("已备份到 {}：{} 个文件，{}，账本 {} 条，副本已核验\n", folder, list.files.size(), megabytes(bytes),
             list.entries);
  fmt::print("backed up to {}: {} files, {}, {} entries of the journal, the copy verified\n", folder, list.files.size(),
             megabytes(bytes), list.entries);
  std::string names;
  for (const std::string& v : list.variables) names += (names.empty() ? "" : " ") + v;
  if (!names.empty())
    fmt::print(
        "配置引用的环境变量不在其中，请另行保存 / the configuration names variables of the environment, keep them "
        "elsewhere: {}\n",
        names);
  fmt::print("其中有私钥与口令，只让该看的人看到 / private keys and passwords are in it: keep it from others\n");
}

int take_backup(const backup_options& o) {
  log::set_level(log::level::warn);
  if (o.config.empty() == o.ledger.empty())
    return fail(said({"--config 与 --ledger 写且只写一个", "give one of --config and --ledger"}, problem_class::usage));
  backup::scope scope;
  if (o.config.empty()) {
    scope = backup::scope_of_ledger(o.ledger);
  } else {
    auto found = backup::scope_of(o.config, real_surroundings(kinds()));
    if (!found) return fail(found.error());
    scope = std::move(*found);
  }
  notice_interrupts();
  const std::string stamp = host::file_stamp(), folder = o.folder + "/changtong-" + stamp;
  const auto made = backup::take(scope, folder, stamp, [](const char* what, std::int64_t done, std::int64_t all) {
    return progress(what, done, all);
  });
  if (!made) return fail(made.error());
  print(*made, folder);
  return exit_ok;
}

const char* word_of(backup::fate f) {
  switch (f) {
    case backup::fate::create:
      return "新建 / new";
    case backup::fate::replace:
      return "替换，现有的另存 / replaces what is there, which is kept aside";
    case backup::fate::same:
      return "相同 / the same";
    case backup::fate::longer:
      break;
  }
  return "本机的更全，保留 / this machine has more, it stays";
}

int restore(const restore_options& o) {
  notice_interrupts();
  const std::string root = o.to.empty() ? o.to : std::filesystem::absolute(o.to).lexically_normal().string();
  const auto what = backup::preview(
      o.folder, root, [](const char* word, std::int64_t done, std::int64_t all) { return progress(word, done, all); });
  if (!what) return fail(what.error());
  fmt::print("备份于 {}，节点 {}，版本 {}，账本 {} 条 / made {}, node {}, version {}, {} entries\n", what->list.made,
             what->list.node.empty() ? "—" : what->list.node, what->list.version, what->list.entries, what->list.made,
             what->list.node.empty() ? "-" : what->list.node, what->list.version, what->list.entries);
  for (const backup::restored_file& f : what->files) fmt::print("  {}  {}\n", f.to, word_of(f.how));
  if (!o.apply) {
    fmt::print(
        "以上是预览，没有改动；停止服务后加 --apply 写入 / a preview: nothing was changed; stop the service, then "
        "add --apply\n");
    return exit_ok;
  }
  const auto done = backup::apply(*what, host::file_stamp());
  if (!done) return fail(done.error());
  for (const std::string& path : done->aside) fmt::print("原有的在 / what was there is in {}\n", path);
  for (const std::string& path : done->not_given)
    fmt::print("{} 的属主没有设成，请自己设 / its owner could not be set, do so yourself\n", path);
  fmt::print("已恢复；启动服务前先运行 / restored; before you start the service: changtong ledger verify --ledger {}\n",
             what->ledger);
  return exit_ok;
}

}  // namespace

void backup_arguments(grammar app, int& code) {
  const auto b = std::make_shared<backup_options>();
  auto take = app.add_subcommand("backup", "备份账本、封存、密钥、配置与清单 / ledger, seals, keys, configuration");
  take.add_option("DIR", b->folder, "备份放在这个目录下的新目录里 / a new folder inside this one").required();
  take.add_option("--config", b->config, "配置文件：它和它引用的一切 / the configuration and all it names");
  take.add_option("--ledger", b->ledger, "只备份这个账本 / this ledger alone");
  take.footer(
      "监测可以照常运行；副本核验通过才算完成。恢复用 changtong restore。\n"
      "The daemon may run meanwhile; a copy that does not verify is none. changtong restore puts it back.\n"
      "例 / examples:\n  changtong backup /backup --config /etc/changtong/changtong.yaml");
  take.callback([b, &code] { code = take_backup(*b); });

  const auto r = std::make_shared<restore_options>();
  auto back = app.add_subcommand("restore", "恢复一份备份，先预览 / puts a backup back, previewed first");
  back.add_option("FOLDER", r->folder, "一份备份：changtong backup 打印的目录 / what changtong backup has printed")
      .required();
  back.add_option("--to", r->to, "放到这个目录下，而不是原来的位置 / below this folder, not where it came from");
  back.add_flag("--apply", r->apply, "写入；服务须先停止 / do it; the service must be stopped");
  back.footer(
      "被替换的文件改名另存，不删除；本机的封存若更全，保留本机的。\n"
      "What is replaced is kept under another name; seals that this machine has and the backup has not yet stay.\n"
      "例 / examples:\n  changtong restore /backup/changtong-20261129-213000\n"
      "  sudo changtong restore /backup/changtong-20261129-213000 --apply");
  back.callback([r, &code] { code = restore(*r); });
}

}  // namespace changtong
