// `changtong pair`: a second machine for an office that has one.
#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <string>

#include "collectors/registry.h"
#include "daemon/backup/second_node.h"
#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/grammar.h"
#include "daemon/core/log.h"
#include "daemon/core/phrase.h"
#include "daemon/core/system_words.h"
#include "daemon/host/digest.h"
#include "daemon/host/file_stamp.h"
#include "daemon/host/plain_file.h"
#include "daemon/settings/settings.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

struct pair_options {
  backup::pair_wish wish;
  std::string out;
  bool apply = false;
};

/** With its mode, and its owner where this process may. */
result<void> write(const backup::node_file& f, const std::string& path) {
  std::error_code failed;
  fs::create_directories(fs::path(path).parent_path(), failed);
  if (failed) return about(path, said(system_words(failed.value())));
  if (const auto done = host::create_plain_file(path, f.text, f.mode); !done) return about(path, done.error());
  (void)backup::give_to(path, f.whose);
  return {};
}

/** The other machine's tree first: should it fail, nothing here has changed. */
result<std::string> carry_out(const backup::pair_plan& p, const std::string& out) {
  for (const backup::node_file& f : p.other)
    if (const auto done = write(f, out + f.path); !done) return done.error();
  if (const auto done = write(p.token, p.token.path); !done) return done.error();
  const std::string kept = p.config.path + "." + host::file_stamp();
  std::error_code failed;
  fs::copy_file(p.config.path, kept, failed);
  if (failed) return about(kept, said(system_words(failed.value())));
  if (const auto done = host::replace_plain_file(p.config.path, p.config.text, p.config.mode); !done)
    return about(p.config.path, done.error());
  return result<std::string>(boost::system::in_place_value, kept);
}

int pair(const pair_options& o) {
  log::set_level(log::level::warn);
  std::error_code failed;
  if (fs::exists(o.out, failed))
    return fail(
        said(both("{}: 已经存在：请写一个还没有的目录", "{}: is there already: name a folder that is not", o.out)));
  const auto p = backup::plan_pair(o.wish, host::hex(host::random_bytes(32)), real_surroundings(kinds()));
  if (!p) return fail(p.error());
  const std::string& node = o.wish.node;
  fmt::print("{} 需要的文件，放在 {} / what {} needs, in {}:\n", node, o.out, node, o.out);
  for (const backup::node_file& f : p->other) fmt::print("  {}\n", f.path);
  fmt::print("本机改动 / here:\n  {}（末尾加上 peer / with peer at its end）\n  {}\n", p->config.path, p->token.path);
  if (!o.apply) {
    fmt::print("以上是预览，没有改动；加 --apply 执行 / a preview: nothing was changed; add --apply to do it\n");
    return exit_ok;
  }
  const auto kept = carry_out(*p, o.out);
  if (!kept) return fail(kept.error());
  fmt::print("原配置另存为 / the configuration as it was: {}\n\n接下来 / next:\n", *kept);
  fmt::print(
      "  1. 在 {0} 上安装畅通，再 / install Changtong there, then:\n"
      "     sudo tar -C {1} -c . | ssh root@{0} tar -C / -x --no-overwrite-dir\n",
      node, o.out);
  int step = 2;
  for (const phrase& what : p->to_be_done) fmt::print("  {}. {} / {}\n", step++, what.cn, what.en);
  fmt::print("  {}. 两台都 / on both:  sudo systemctl restart changtong\n", step++);
  fmt::print("  {}. 核对 / see:  curl -s …/metrics | grep changtong_peer_unshipped_entries\n", step);
  fmt::print("{} 里有口令，送到后请删除 / there are secrets in it: remove it once it is there\n", o.out);
  return exit_ok;
}

}  // namespace

void pair_arguments(grammar app, int& code) {
  const auto o = std::make_shared<pair_options>();
  auto sub = app.add_subcommand("pair", "给本机配第二台监测，互存账本 / a second machine, each keeps the other's book");
  sub.add_option("--config", o->wish.config, "本机的配置文件 / the configuration of this machine").required();
  sub.add_option("--node", o->wish.node, "第二台的名称，如 乙机 / how the other one is called").required();
  sub.add_option("--here", o->wish.here, "第二台访问本机的地址 / how the other one reaches this one").required();
  sub.add_option("--there", o->wish.there, "本机访问第二台的地址 / how this one reaches the other one").required();
  sub.add_option("--ca", o->wish.ca, "两台都信任的根证书文件，缺省为系统的 / whom both believe").plain_file();
  sub.add_option("--out", o->out, "第二台的文件放在这个新目录里 / a new folder for the other one's files").required();
  sub.add_flag("--apply", o->apply, "执行；缺省只预览 / do it; else it is a preview");
  sub.footer(
      "第二台与本机监测同样的线路，从空账本开始；本机的账本、密钥、证书不会给它。\n"
      "The other one watches the same lines, with a ledger of its own; this one's ledger, keys and certificate stay "
      "here.\n"
      "例 / examples:\n  changtong pair --config /etc/changtong/changtong.yaml --node 乙机 --here "
      "https://192.0.2.11:8443 \\\n    --there https://192.0.2.12:8443 --ca /etc/changtong/ca.pem --out 乙机 --apply");
  sub.callback([o, &code] { code = pair(*o); });
}

}  // namespace changtong
