// `changtong export sites`: the sites of a configuration as a file of their own.
#include <fmt/core.h>

#include <filesystem>
#include <memory>
#include <system_error>

#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/cli/output.h"
#include "daemon/core/phrase.h"
#include "daemon/host/plain_file.h"
#include "daemon/settings/settings.h"
#include "daemon/settings/site_list.h"

namespace changtong {
namespace {

struct export_options {
  std::string config, out;
  bool force = false;
};

/** Readable by its owner alone: keys and passwords of sites stand in their headers. */
constexpr unsigned owner_only = 0600;

/** Never over what the configuration is made of, however firmly it is asked for. */
result<void> may_replace(const settings& used, const std::string& config, const std::string& out) {
  if (const auto good = may_write(out); !good) return good;
  for (const std::string& own : {config, used.inventory_file})
    if (std::error_code none; std::filesystem::equivalent(own, out, none))
      return said(both("{} 是配置或它的清单，不可覆盖：请换一个文件名",
                       "{} is the configuration or its inventory and stays: choose another name", out),
                  problem_class::usage);
  // Whatever else the configuration is made of (tokens, keys, a map) is none.
  if (std::error_code none; std::filesystem::exists(out, none) && !out.ends_with(".csv"))
    return said(both("{} 已存在，且不是 .csv 文件，不覆盖：请换一个文件名",
                     "{} is there, is no .csv file, and stays: choose another name", out),
                problem_class::usage);
  return {};
}

result<void> write_out(const export_options& o, const settings& used, const std::string& csv) {
  if (const auto good = may_replace(used, o.config, o.out); !good) return good;
  if (!o.force && std::filesystem::exists(o.out))
    return said(both("{} 已存在，没有写入：请换一个文件名，或确认可以覆盖后加 --force",
                     "{} is there already and was not written: choose another name, or add --force to replace it",
                     o.out));
  const auto done =
      o.force ? host::replace_plain_file(o.out, csv, owner_only) : host::create_plain_file(o.out, csv, owner_only);
  if (done) return {};
  return said(both("{}：无法写入：{}；请检查文件夹是否在、可写、有空间",
                   "{}: cannot be written: {}; see that its folder is there, may be written to and has room", o.out,
                   words_of(done.error())));
}

int export_sites(const export_options& o) {
  if (o.force && o.out.empty())
    return fail(said({"--force 与 --out 同用", "--force goes with --out"}, problem_class::usage));
  const auto loaded = load(o.config);
  if (!loaded) return fail(loaded.error());
  const auto yaml = host::read_document(o.config);
  if (!yaml) return fail(about(o.config, yaml.error()));
  const auto csv = site_list_as_csv(*yaml);
  if (!csv) return fail(about(o.config, as(problem_class::no, csv.error())));
  if (o.out.empty()) {
    fmt::print("{}", *csv);
    return exit_ok;
  }
  if (const auto done = write_out(o, loaded->value, *csv); !done) return fail(done.error());
  fmt::print(
      "已写入 {0}，只有本人可读（附加报头里可能有口令）；监测以别的用户运行时，请把文件交给它：chown changtong {0}\n"
      "written: {0}, readable by you alone (headers may hold secrets); where the daemon runs as another user, give the "
      "file to it: chown changtong {0}\n",
      o.out);
  return exit_ok;
}

}  // namespace

void export_arguments(grammar app, int& code) {
  const auto o = std::make_shared<export_options>();
  auto group = app.add_subcommand("export", "配置里的清单存成文件 / lists of the configuration as files");
  group.needs_subcommand();
  group.footer("例 / examples:\n  changtong export sites --config changtong.yaml --out sites.csv");
  auto sub = group.add_subcommand(
      "sites",
      "把配置里的网站列表存成 CSV，存到配置旁边、改写 sites: sites.csv 之后，可在浏览器里改 / the listed sites as CSV: "
      "kept beside the configuration, which then says sites: sites.csv, they can be changed in the browser");
  sub.add_option("--config", o->config, "配置文件 / the configuration").required();
  sub.add_option("--out", o->out,
                 "写入的文件，只有本人可读；不写则印在标准输出 / the file to write, readable by its owner alone; "
                 "without it on stdout");
  sub.add_flag("--force", o->force, "覆盖已有的文件 / replaces a file that is there");
  sub.footer(
      "不要用 > sites.csv 存：附加报头里可能有口令，那样存下的文件人人可读，也会不声不响地覆盖已有的文件\n"
      "  better not by > sites.csv: headers may hold secrets, and such a file is readable by everybody and replaces\n"
      "  in silence what was there\n"
      "例 / examples:\n  changtong export sites --config changtong.yaml --out sites.csv");
  sub.callback([o, &code] { code = export_sites(*o); });
}

}  // namespace changtong
